"""The made-up figures of 2016 and of the year before, month by month; nothing here was ever measured.

August holds what the tests and the pages look for: the districts' managed rate with one of them missing. Everything
before leads up to it, so that rates grow, running totals never fall, and a seed makes the rest the same every time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from factory.fuzzy import FuzzyInteger
from factory.random import reseed_random

from apps.calculation.rounding import half_up

SEED: Final = 2016
LAST_MONTH: Final = 8
HUNDRED: Final = Decimal(100)

Values = dict[str, Any]

MANAGED_IN_AUGUST: Final = {
    "440103": (92_000, 100_000),
    "440104": (118_000, 125_000),
    "440105": (255_000, 300_000),
    "440106": (360_000, 440_000),
    "440111": (930_000, 1_300_000),
    "440112": (300_000, 360_000),
    "440113": (720_000, 980_000),
    "440114": (250_000, 320_000),
    "440115": (190_000, 222_000),
    "440117": (64_000, 70_000),
    "440118": (310_000, 380_000),
}
INSTALLED_IN_AUGUST: Final = {
    "440103": (880, 1_000),
    "440104": (462, 600),
    "440105": (770, 1_100),
    "440106": (828, 1_200),
    "440111": (960, 2_000),
    "440112": (648, 900),
    "440113": (804, 1_200),
    "440114": (544, 800),
    "440115": (365, 500),
    "440117": (231, 300),
    "440118": (280, 400),
}
BEHIND_ACCESS_CONTROL: Final = {
    1: ("90.10", "23.5"),
    2: ("92.60", "24.1"),
}
HAZARDS: Final = {
    2015: (88, 72, 96, 104, 110, 118, 108, 112, 104, 98, 96, 94),
    2016: (84, 70, 90, 97, 101, 106, 98, 94),
}
HAZARD_SHARES: Final = {
    "440103": 6,
    "440104": 6,
    "440105": 11,
    "440106": 12,
    "440111": 24,
    "440112": 9,
    "440113": 13,
    "440114": 7,
    "440115": 4,
    "440117": 3,
    "440118": 5,
}
CASES: Final = {2015: (210, 220, 225, 205), 2016: (214, 226)}
ACCIDENTS: Final = {2015: (12, 11, 12, 10), 2016: (10, 9)}
TERMINALS: Final = ((820, 2_380), (1_030, 2_450))
SETTLED: Final = (0, 1_180)
QUALIFIED: Final = (820, 2_310)
APPLICATIONS: Final = (0, 0, 640, 1_480, 1_920, 1_710, 1_350, 1_040)
SERVICES: Final = {
    "school": (0, 0, 310, 920, 1_240, 860, 240, 60),
    "examination": (420, 260, 180, 90, 0, 0, 0, 0),
    "housing": (40, 22, 55, 61, 48, 52, 44, 39),
    "medical": (28, 19, 33, 35, 31, 36, 30, 27),
}
PETITIONS: Final = {
    "window": ((410, 410), (280, 280), (455, 457), (470, 470), (462, 463), (481, 481), (475, 478), (490, 490)),
    "telephone": ((520, 523), (390, 391), (560, 566), (575, 579), (590, 592), (604, 610), (611, 613), (298, 300)),
    "online": ((150, 150), (120, 121), (185, 185), (190, 192), (204, 205), (211, 211), (223, 226), (230, 231)),
    "12345": ((880, 889), (610, 616), (930, 944), (965, 972), (990, 998), (1_012, 1_021), (1_034, 1_043), (0, 0)),
}
SPENT_BY_AUGUST: Final = {
    "execution-p01": "41.5",
    "execution-p02": "64.2",
    "execution-p03": "66.0",
    "execution-p04": "38.4",
    "execution-p05": "57.3",
    "execution-p06": "60.8",
    "execution-p07": "62.1",
    "execution-p08": "59.0",
    "execution-p09": "88.6",
    "execution-p10": "72.0",
    "execution-p11": "24.0",
    "execution-p12": "0",
}
SPENT_ELSEWHERE: Final = "60"
RESULTS_OF_2015: Final = {
    "managed-rate": ("74.20", 3_317_000, 4_470_000),
    "terminals-per-manager": ("0.38", 866, 2_280),
    "access-control-managed": ("88.40", 19_890, 22_500),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a figure is asked for: the measure's and member's codes, and the period; `budget` in 元 for spending."""

    measure: str
    member: str
    starts_on: date
    ends_on: date
    budget: Decimal | None = None


class Figures:
    """The made-up figures; two of these answer alike.

    A district's slope is what its rate gains in a month, in percentage points; its growth the share by which those to be
    managed become more.
    """

    def __init__(self) -> None:
        reseed_random(SEED)
        hundredths, ten_thousandths = FuzzyInteger(35, 60), FuzzyInteger(15, 30)
        self.slopes = {code: Decimal(hundredths.fuzz()) / 100 for code in MANAGED_IN_AUGUST}
        self.growths = {code: Decimal(ten_thousandths.fuzz()) / 10_000 for code in MANAGED_IN_AUGUST}

    def of(self, cell: Cell) -> Values | None:
        """Return the columns of the cell's revision; None where the demonstration has no figure for it."""
        if cell.measure.startswith("execution-"):
            return self._spent(cell)
        story = self._stories.get(cell.measure)
        return story(cell) if story else None

    @property
    def _stories(self) -> dict[str, Callable[[Cell], Values | None]]:
        return {
            "managed-rate": self._managed,
            "access-control-installed": self._installed,
            "access-control-managed": self._behind_access_control,
            "safety-hazards": self._hazards,
            "criminal-cases": lambda cell: _quarter_of(CASES[cell.ends_on.year], cell),
            "accidents": lambda cell: _quarter_of(ACCIDENTS[cell.ends_on.year], cell),
            "terminals-per-manager": lambda cell: _pair(*TERMINALS[_quarter(cell)]),
            "points-settled": lambda cell: _quarter_of(SETTLED, cell),
            "points-qualified": lambda cell: _quarter_of(QUALIFIED, cell),
            "points-applications": lambda cell: _all(APPLICATIONS[_month(cell)]),
            "service-applications": lambda cell: _all(SERVICES[cell.member][_month(cell)]),
            "petition-replies": lambda cell: _pair(*PETITIONS[cell.member][_month(cell)]),
            "window-standard": lambda _cell: {
                "band": "partial",
                "percent": Decimal(76),
                "note": "演示：四项中宣传栏一项未达标。",
            },
        }

    def _managed(self, cell: Cell) -> Values:
        """Lead up to August along a line of the district's own."""
        numerator, denominator = (Decimal(number) for number in MANAGED_IN_AUGUST[cell.member])
        left = LAST_MONTH - cell.ends_on.month
        if not left:
            return _pair(numerator, denominator)
        then = half_up(denominator * (1 - self.growths[cell.member] * left) / HUNDRED, 0) * HUNDRED
        rate = numerator / denominator - self.slopes[cell.member] * left / HUNDRED
        return _pair(half_up(then * rate / 10, 0) * 10, then)

    def _installed(self, cell: Cell) -> Values:
        """Install slowly at first: the share of a month is the square of the time gone, mixed with the time itself."""
        installed, planned = INSTALLED_IN_AUGUST[cell.member]
        gone = Decimal(cell.ends_on.month) / LAST_MONTH
        return _pair(half_up(installed * (gone + gone * gone) / 2, 0), planned)

    def _behind_access_control(self, cell: Cell) -> Values:
        """Follow what was installed: so many residents behind each door."""
        rate, residents = BEHIND_ACCESS_CONTROL[_quarter(cell) + 1]
        installed, _planned = INSTALLED_IN_AUGUST[cell.member]
        denominator = half_up(installed * Decimal(residents), 0)
        own = Decimal(rate) + (self.slopes[cell.member] - Decimal("0.475")) * 20
        return _pair(half_up(denominator * own / HUNDRED, 0), denominator)

    def _hazards(self, cell: Cell) -> Values:
        total = HAZARDS[cell.ends_on.year][_month(cell)]
        return {"value": Decimal(_portions(total, HAZARD_SHARES)[cell.member])}

    def _spent(self, cell: Cell) -> Values | None:
        """Spend a little faster towards the end, to the cent."""
        if cell.budget is None:
            return None
        share = Decimal(SPENT_BY_AUGUST.get(cell.measure, SPENT_ELSEWHERE)) / HUNDRED
        gone = Decimal(cell.ends_on.month) / LAST_MONTH
        return {"value": half_up(cell.budget * share * (gone * 2 + gone * gone) / 3)}


def _month(cell: Cell) -> int:
    return cell.ends_on.month - 1


def _quarter(cell: Cell) -> int:
    return (cell.ends_on.month - 1) // 3


def _quarter_of(figures: tuple[int, ...], cell: Cell) -> Values:
    return {"value": Decimal(figures[_quarter(cell)])}


def _pair(numerator: Decimal | int, denominator: Decimal | int) -> Values:
    return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}


def _all(number: int) -> Values:
    """Return "all of them": as many as there were, none of none included."""
    return _pair(number, number)


def _portions(total: int, shares: dict[str, int]) -> dict[str, int]:
    """Return a whole number cut by shares of 100 so that the pieces add up again; the largest remainders get the rest."""
    exact = {code: Decimal(total) * share / HUNDRED for code, share in shares.items()}
    pieces = {code: int(part) for code, part in exact.items()}
    by_remainder = sorted(shares, key=lambda code: (pieces[code] - exact[code], code))
    for code in by_remainder[: total - sum(pieces.values())]:
        pieces[code] += 1
    return pieces

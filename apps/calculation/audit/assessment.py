"""A filled 项目支出绩效自评表 as it was published: cells as text, with what can be read in them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from apps.calculation.numerals import NotANumber, read_number
from apps.calculation.terms import Refusal, Sentence

LONGEST_CELL: Final = 1000
MOST_LINES: Final = 1000
PLACES: Final = 10
QUOTED: Final = 30
NONE: Final = "无"
BLANKS: Final = frozenset({"", "-", "--", "—", "——", "―", "－", "/", "\\", NONE, "无偏差", "none", "n/a"})
SCALES: Final = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "亿元": Decimal(10) ** 8}
MONEY: Final = re.compile(r"(.*?)\s*(亿元|万元|千元|元)?", re.DOTALL)


class AssessmentUnreadable(Refusal):
    """Not the shape of a self-assessment; `sentence` names the key, what was read and what is expected."""

    def __init__(self, key: str, *, zh: str, en: str) -> None:
        super().__init__(Sentence(zh=f"自评表的“{key}”应为{zh}。", en=f"The assessment's {key} must be {en}."))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that should hold a number. Blank cells have neither a text nor a value."""

    text: str
    value: Decimal | None

    @property
    def is_unreadable(self) -> bool:
        """Whether something stands there that is no number."""
        return bool(self.text) and self.value is None

    @property
    def quote(self) -> str:
        """The text, short enough for a sentence."""
        return self.text if len(self.text) <= QUOTED else f"{self.text[:QUOTED]}…"


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with its target and actual as printed, its points (分值), its score (得分) and the reason given."""

    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    points: Cell
    score: Cell
    reason: str

    @property
    def is_satisfaction(self) -> bool:
        """Whether a scheme that pays satisfaction by steps would mean this line."""
        return "满意" in self.level1 + self.level2

    @property
    def numbers(self) -> tuple[Cell, Cell]:
        """The cells that must hold numbers."""
        return self.points, self.score


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """The total row of 项目资金: amounts in one unit, the printed rate in percent, and the points of the execution."""

    initial: Cell
    adjusted: Cell
    executed: Cell
    points: Cell
    rate: Cell
    score: Cell
    reason: str

    @property
    def budget(self) -> Decimal | None:
        """The year's budget: the adjusted one, or the initial one where nothing was adjusted; None where none stands."""
        return self.initial.value if self.adjusted.value is None else self.adjusted.value

    @property
    def numbers(self) -> tuple[Cell, ...]:
        """The cells that must hold numbers."""
        return self.initial, self.adjusted, self.executed, self.points, self.rate, self.score


@dataclass(frozen=True, slots=True)
class Assessment:
    """A whole form. `is_truncated` says that lines are missing, so that nothing can be added up."""

    year: int | None
    budget: BudgetRow | None
    lines: tuple[Line, ...]
    total_points: Cell
    total_score: Cell
    is_truncated: bool

    @classmethod
    def from_data(cls, data: object) -> "Assessment":
        """Return the form that an object describes, with the keys of a published table; unknown keys are left aside.

        Numbers may be written as text or as numbers. Raises `AssessmentUnreadable` for another shape.
        """
        table = _object(data, "assessment")
        budget = table.get("budget")
        return cls(
            year=_year(table.get("year")),
            budget=None if budget is None else _budget(_object(budget, "budget")),
            lines=tuple(_line(row, number) for number, row in enumerate(_rows(table.get("indicators")), start=1)),
            total_points=_cell(table, "total_points"),
            total_score=_cell(table, "total_score"),
            is_truncated=_switch(table.get("truncated")),
        )

    @property
    def has_scores(self) -> bool:
        """Whether anything was scored at all."""
        cells = [line.score for line in self.lines] + ([self.budget.score] if self.budget else [])
        return any(cell.text for cell in (*cells, self.total_score))


def _line(row: object, number: int) -> Line:
    cells = _object(row, f"indicators.{number}")
    texts = {key: _text(cells, key) for key in ("level1", "level2", "level3", "target_text", "actual_text")}
    return Line(
        level1=texts["level1"],
        level2=texts["level2"],
        level3=texts["level3"],
        target=_unless_blank(texts["target_text"]),
        actual=texts["actual_text"].strip()
        if _plain(texts["actual_text"]) == NONE
        else _unless_blank(texts["actual_text"]),
        points=_cell(cells, "points"),
        score=_cell(cells, "score"),
        reason=_unless_blank(_text(cells, "deviation")),
    )


def _budget(cells: Mapping[str, Any]) -> BudgetRow:
    unit = SCALES.get(_plain(_text(cells, "unit")), SCALES["万元"])
    return BudgetRow(
        initial=_money(cells, "initial", unit),
        adjusted=_money(cells, "adjusted", unit),
        executed=_money(cells, "executed", unit),
        points=_cell(cells, "points"),
        rate=_cell(cells, "rate"),
        score=_cell(cells, "score"),
        reason=_unless_blank(_text(cells, "deviation")),
    )


def _cell(cells: Mapping[str, Any], key: str) -> Cell:
    """Return a number with 分 or % behind it or nothing."""
    text = _unless_blank(_text(cells, key))
    return Cell(text, _number(_plain(text).removesuffix("分").removesuffix("%")))


def _money(cells: Mapping[str, Any], key: str, unit: Decimal) -> Cell:
    """Return an amount in the unit of its row, also where the cell names another one."""
    text = _unless_blank(_text(cells, key))
    digits, own = MONEY.fullmatch(_plain(text)).groups()  # type: ignore[union-attr]  # it takes any text
    value = _number(digits)
    return Cell(text, value if value is None or own is None else value * SCALES[own] / unit)


def _number(text: str) -> Decimal | None:
    try:
        return read_number(text, PLACES)
    except NotANumber:
        return None


def _unless_blank(text: str) -> str:
    """Return a text, empty where it only says that there is none."""
    return "" if _plain(text).lower() in BLANKS else text.strip()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _text(cells: Mapping[str, Any], key: str) -> str:
    """Return a cell as text, empty for null."""
    found = cells.get(key)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal) or len(str(found)) > LONGEST_CELL:
        raise AssessmentUnreadable(
            key, zh=f"不超过 {LONGEST_CELL} 字的文字或空值", en=f"a text of at most {LONGEST_CELL} characters, or null"
        )
    return str(found)


def _object(found: object, key: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise AssessmentUnreadable(key, zh="由键和值组成的对象", en="an object of keys and values")
    return found


def _rows(found: object) -> Sequence[object]:
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > MOST_LINES:
        raise AssessmentUnreadable(
            "indicators", zh=f"最多 {MOST_LINES:,} 行的列表", en=f"a list of at most {MOST_LINES:,} lines"
        )
    return found


def _switch(found: object) -> bool:
    if found is None or isinstance(found, bool):
        return bool(found)
    raise AssessmentUnreadable("truncated", zh=" true 或 false", en="true or false")


def _year(found: object) -> int | None:
    """Return the year of the form; null where it does not say."""
    text = "" if found is None else str(found)
    if not text:
        return None
    if isinstance(found, bool) or not re.fullmatch(r"(19|20|21)\d\d", text, re.ASCII):
        raise AssessmentUnreadable("year", zh="年份", en="a year")
    return int(text)

"""The figures of a whole year for indicators of every kind, written as reviewed without the detour over the pages."""

from datetime import date
from decimal import Decimal

from apps.progress.models import Entry, Revision
from tests.factories import EntryFactory, ReviewFactory, RevisionFactory, RoundFactory, UserFactory
from tests.progress.world import values

QUARTERS = {3: (1, 3), 6: (4, 6), 9: (7, 9), 12: (10, 12)}


class Year:
    """Reviewed figures by period: `report(measure, {8: [...]})` with one figure per member, None for one that is missing."""

    def __init__(self, bureau):
        self.bureau = bureau
        self.reporter, self.head = UserFactory(), UserFactory()
        self.rounds = {}

    def round_of(self, measure, month: int, year: int):
        """Return the round of the measure's frequency that ends with a month."""
        first = {"monthly": month, "season": month, "quarterly": month - 2, "half_yearly": month - 5}.get(
            measure.frequency, 1
        )
        key = (measure.frequency, measure.season_id, month, year)
        if key not in self.rounds:
            self.rounds[key] = RoundFactory(
                bureau=self.bureau,
                frequency=measure.frequency,
                season=measure.season,
                fiscal_year=year,
                starts_on=date(year, first, 1),
                ends_on=RoundFactory.build(bureau=None, fiscal_year=year, month=month).ends_on,
            )
        return self.rounds[key]

    def report(self, measure, months, year: int = 2016) -> None:
        members = [row.member for row in measure.memberships.select_related("member").order_by("member__position")]
        for month, figures in months.items():
            row = self.round_of(measure, month, year)
            listed = figures if isinstance(figures, list) else [figures]
            for member, figure in zip(members, listed + [None] * (len(members) - len(listed)), strict=True):
                entry = EntryFactory(measure=measure, member=member, round=row)
                if figure is not None:
                    self.approve(entry, figure)

    def approve(self, entry: Entry, figure) -> Revision:
        columns = {"value": None, **values(figure)}
        revision = RevisionFactory(entry=entry, submitted_by=self.reporter, **columns)
        ReviewFactory(revision=revision, reviewer=self.head)
        return revision


def each_month(figure, until: int) -> dict:
    return dict.fromkeys(range(1, until + 1), figure)


def passed(day: str) -> dict:
    return {"outcome": "passed", "decided_on": date.fromisoformat(day), "decided_by": "市综治办"}


def judged(band: str, percent: int) -> dict:
    return {"band": band, "percent": Decimal(percent), "note": "现场检查"}

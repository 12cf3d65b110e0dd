"""What a long table of figures is held against, and what the pages of one show."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit, User
from apps.accounts.querysets import below
from apps.calculation.periods import Period, periods_of
from apps.calculation.terms import Frequency
from apps.plans.enums import Kind
from apps.plans.models import Measure, MeasureMember, Member, Plan
from apps.progress.enums import UploadKind
from apps.progress.models import FigureUpload, Round

TOLD_FOR: Final = 3600
MOST_BULK_ROWS: Final = 100_000
MOST_TOLD: Final = 200
BULK_HEADS: Final = {
    "code": "数据项编码",
    "measure": "数据项",
    "member": "成员",
    "period": "期间",
    "numerator": "分子",
    "denominator": "分母",
    "value": "数值",
    "note": "说明",
    "reason": "更正原因",
}
"""What stands above the columns, in Chinese in every language, for the files travel."""
RoundKey = tuple[str, int | None, date]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, or with one cell of it: `place` is its sheet's number and its row, `column` empty for the row."""

    place: Place
    column: str
    why: str

    def told(self, sheets: Sequence[str]) -> str:
        """Return the problem with its address, for somebody who looks at the file; `sheets` are the names of its tables."""
        number, row = self.place
        words = {"sheet": sheets[number - 1], "row": row, "column": self.column, "why": self.why}
        if len(sheets) == 1:
            return (_("第 %(row)d 行 %(column)s 列：%(why)s") if self.column else _("第 %(row)d 行：%(why)s")) % words
        if self.column:
            return _("工作表“%(sheet)s”第 %(row)d 行 %(column)s 列：%(why)s") % words
        return _("工作表“%(sheet)s”第 %(row)d 行：%(why)s") % words


@dataclass
class Surroundings:
    """What a bureau's rows may name: its measures with their members, and its rounds; read once for a whole file.

    `plans_from` is the first year for which the bureau has an approved plan, None while it has none.
    """

    bureau: Unit
    measures: dict[int, Measure]
    memberships: dict[int, list[MeasureMember]]
    rounds: dict[RoundKey, Round]
    units: dict[int, Unit]
    plans_from: int | None
    _asked: dict[tuple[str, int | None, int], frozenset[Period]] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[tuple[int, int], MeasureMember]:
        """Return the memberships by measure and member."""
        return {(row.measure_id, row.member_id): row for rows in self.memberships.values() for row in rows}

    def is_asked(self, measure: Measure, period: Period) -> bool:
        """Tell whether the measure's frequency has the period; a milestone's round is no period of its own."""
        if measure.frequency == Frequency.MILESTONE:
            return False
        key = (measure.frequency, measure.season_id, period.ends_on.year)
        if key not in self._asked:
            season = Period(measure.season.starts_on, measure.season.ends_on) if measure.season else None
            self._asked[key] = frozenset(periods_of(Frequency(measure.frequency), period.ends_on.year, season))
        return period in self._asked[key]

    def round_of(self, measure: Measure, period: Period) -> Round | None:
        """Return the round of a period, None while there is none."""
        return self.rounds.get((measure.frequency, measure.season_id, period.starts_on))


def surroundings_of(bureau: Unit) -> Surroundings:
    """Return what the rows of a file may name. Five queries."""
    measures = {
        row.pk: row for row in Measure.objects.filter(bureau=bureau).select_related("season", "division", "bureau")
    }
    memberships: dict[int, list[MeasureMember]] = defaultdict(list)
    for place in MeasureMember.objects.filter(measure__in=measures).select_related("member"):
        memberships[place.measure_id].append(place)
    approved = Plan.objects.filter(project__bureau=bureau, approved__isnull=False)
    return Surroundings(
        bureau=bureau,
        measures=measures,
        memberships=memberships,
        rounds=rounds_of(bureau),
        units=Unit.objects.in_bulk(),
        plans_from=approved.aggregate(first=Min("year"))["first"],
    )


def rounds_of(bureau: Unit) -> dict[RoundKey, Round]:
    """Return the bureau's rounds by frequency, season and first day; extra ones and those of milestones not. One query."""
    found = {}
    for row in Round.objects.filter(bureau=bureau, title="").exclude(frequency=Frequency.MILESTONE):
        row.bureau = bureau
        found[row.frequency, row.season_id, row.starts_on] = row
    return found


def officers_bureaus(user: User) -> list[Unit]:
    """Return the bureaus whose performance officer the person is. One query."""
    bureaus = Unit.objects.filter(below("path", user.paths(Role.OFFICER)), kind=UnitKind.BUREAU)
    return list(bureaus.order_by("path"))


def bulk_uploads(user: User) -> QuerySet[FigureUpload]:
    """Return the long tables of the bureaus whose officer the person is, the latest first."""
    rows = FigureUpload.objects.filter(below("bureau__path", user.paths(Role.OFFICER)), kind=UploadKind.BULK)
    joined = rows.select_related("bureau", "job", "uploaded_by", "file", "document", "annotated")
    return joined.order_by("-uploaded_at", "-pk")


def summary_of(upload: FigureUpload) -> dict[str, Any]:
    """Return what is kept of a file beside its counts: what was chosen, what it touches, a sample. Empty before."""
    return dict(upload.rows[0]) if upload.rows else {}


def told_progress(upload: FigureUpload) -> int:
    """Return how many figures of the file are written so far, 0 where nobody can tell.

    They are written in one transaction, whose own rows nobody else sees before its end; so this is told in the cache.
    """
    try:
        return int(cache.get(_key(upload), 0))
    except RedisError:
        return 0


def tell_progress(upload: FigureUpload, count: int) -> None:
    """Say how many figures are written so far; without a cache nobody hears it, and nothing is lost."""
    try:
        cache.set(_key(upload), count, timeout=TOLD_FOR)
    except RedisError:
        return


def _key(upload: FigureUpload) -> str:
    return f"progress:bulk:{upload.pk}"


def share_done(upload: FigureUpload) -> int:
    """Return how much of the work under way is done, in whole percent; reading is counted by the job, writing by the cache."""
    if upload.job is None or not upload.job.steps:
        return 0
    done = upload.job.finished_steps + told_progress(upload)
    return min(99, done * 100 // upload.job.steps)


def named_in_templates(bureaus: Sequence[Unit]) -> list[tuple[Measure, list[Member]]]:
    """Return the measures that a long table may bring with their members, for the empty form. Two queries."""
    figured = Measure.objects.filter(bureau__in=bureaus, kind__in=(Kind.RATIO, Kind.NUMBER, Kind.MONEY))
    rows = figured.exclude(frequency=Frequency.MILESTONE).prefetch_related("members").order_by("bureau", "name", "pk")
    return [(row, list(row.members.all())) for row in rows]

"""Playing the year up to a September morning: figures, reviews, last year, and one decision that was never taken."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import F, OuterRef, Prefetch, Subquery
from django.utils.translation import gettext as _
from factory.declarations import LazyAttribute
from factory.django import DjangoModelFactory

from apps.accounts.models import Unit, User
from apps.calculation.periods import Period, periods_of
from apps.calculation.terms import Frequency
from apps.calculation.workdays import RollRule, Workdays
from apps.calendars.models import DemonstrationDay
from apps.calendars.queries import SHANGHAI, workdays
from apps.journal.actions import Change, listed, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import Dimension, Operator, Origin, Path, ScopeRule, TargetStatus
from apps.plans.models import Definition, Indicator, Measure, Member, Plan, Result, Target, TargetMember
from apps.plans.queries import adjusted_budget
from apps.progress.actions.demonstration.figures import RESULTS_OF_2015, Cell, Figures
from apps.progress.actions.demonstration.people import Cast, demonstration_accounts, ensure_cast
from apps.progress.actions.rounds import DAYS_TO_REPORT, open_rounds
from apps.progress.actions.standings import rebuild_standings
from apps.progress.enums import EntryState, Mark, RevisionOrigin, Verdict
from apps.progress.models import CheckMark, Entry, Review, Revision, Round

DEMONSTRATION_DAY: Final = date(2016, 9, 6)
YEAR: Final = 2016
YEAR_CLOSED_AT: Final = datetime(2016, 1, 15, 17, tzinfo=SHANGHAI)
LAST_ROUND_ENDS: Final = date(2016, 8, 31)
DAYS_TO_REVIEW: Final = 2
IMPORTED: Final = ("safety-hazards", "criminal-cases", "accidents")
EXCELLENT: Final = ("440103", "440104", "440117")
FAILED_ITEM: Final = 3
PENDING: Final = {
    ("managed-rate", "440117"),
    ("access-control-installed", "440103"),
    ("petition-replies", "12345"),
    ("execution-p08", "general"),
}
WAITING: Final = {
    ("access-control-installed", "440106"),
    ("access-control-installed", "440113"),
    ("points-applications", "unit"),
    ("execution-p03", "general"),
    ("execution-p05", "general"),
}
RETURNED: Final = {("petition-replies", "telephone"): "应答复数比上月少了一半，请核对是否漏报。"}
CORRECTED: Final = {
    ("managed-rate", "440114", date(2016, 6, 30)): ("分母比5月少了18%，请核对口径。", Decimal("0.82")),
}


class NoPlan(Exception):
    """A database without an approved plan of the year; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a load did: revisions made, and the accounts that can sign in. No revision where the figures were there."""

    revisions: int
    accounts: tuple[str, ...]


class RevisionFactory(DjangoModelFactory[Revision]):
    """A made-up figure, submitted on a working day."""

    class Meta:
        model = Revision

    number = 1
    origin = RevisionOrigin.DEMONSTRATION
    submitted_at = LazyAttribute(lambda row: _moment(row.day, hour=9 + row.entry.member.position % 8))

    class Params:
        day = None


class ReviewFactory(DjangoModelFactory[Review]):
    """What the demonstration's head said of a figure, one morning."""

    class Meta:
        model = Review

    verdict = Verdict.APPROVED
    reviewed_at = LazyAttribute(lambda row: _moment(row.day, hour=8))

    class Params:
        day = None


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 10), SHANGHAI)


@transaction.atomic
def load_demonstration(
    *, bureau: Unit, password: str, at: datetime, channel: Channel = Channel.COMMAND
) -> Demonstration:
    """Play 2016 up to the sixth of September in cells where nobody has reported yet; all or nothing.

    Made-up figures are of demonstration origin, their moments lie in 2016, and `DemonstrationDay` says which day it is.
    Where they are there already only the accounts are woken and their password is set. Raises `NoPlan` and `TooShort`.
    One event per plan that gained figures.
    """
    plans = list(
        Plan.objects.filter(project__bureau=bureau, year=YEAR, approved__isnull=False).select_related("project")
    )
    if not plans:
        raise NoPlan(_("还没有载入%(year)s年的绩效目标，请先运行 load_plan_2016。") % {"year": YEAR})
    cast = ensure_cast(bureau, password, at)
    open_rounds(bureau=bureau, today=DEMONSTRATION_DAY, at=at, channel=channel)
    calendar = workdays(date(YEAR - 1, 1, 1), date(YEAR, 12, 31))
    past = _open_last_year(bureau, cast, calendar)
    _ensure_results(bureau)
    _name_excellent_districts(bureau)
    scenes = _play(bureau, plans, cast, calendar)
    made = Counter(scene.entry.measure_id for scene in scenes for _revision in scene.revisions)
    DemonstrationDay.objects.update_or_create(pk=1, defaults={"date": DEMONSTRATION_DAY})
    rebuild_standings(bureau=bureau, today=DEMONSTRATION_DAY)
    record(bureau=bureau, actor=None, changes=_changes(plans, made, past, scenes), at=at, channel=channel)
    awake = demonstration_accounts().filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Demonstration(sum(made.values()), tuple(awake.order_by("pk").values_list("username", flat=True)))


def _open_last_year(bureau: Unit, cast: Cast, calendar: Workdays) -> list[Round]:
    """Make the closed rounds of the year before, with the cells of the measures that are held against it; return the rounds."""
    measures = list(
        Measure.objects.filter(bureau=bureau, code__in=IMPORTED).prefetch_related("members").order_by("code")
    )
    last_year = Round.objects.filter(bureau=bureau, season=None, fiscal_year=YEAR - 1)
    known = set(last_year.values_list("frequency", "starts_on"))
    fresh = [
        _past_round(bureau, frequency, period, calendar)
        for frequency in sorted({measure.frequency for measure in measures})
        for period in periods_of(Frequency(frequency), YEAR - 1)
        if (frequency, period.starts_on) not in known
    ]
    Round.objects.bulk_create(fresh)
    there = set(Entry.objects.filter(round__in=last_year).values_list("measure", "member", "round"))
    cells = [
        Entry(
            measure=measure,
            member=member,
            round=row,
            reporting_unit=cast.division,
            reviewing_unit=cast.division,
        )
        for measure in measures
        for row in last_year.filter(frequency=measure.frequency)
        for member in measure.members.all()
        if (measure.pk, member.pk, row.pk) not in there
    ]
    Entry.objects.bulk_create(cells, batch_size=500)
    return fresh


def _past_round(bureau: Unit, frequency: str, period: Period, calendar: Workdays) -> Round:
    return Round(
        bureau=bureau,
        frequency=frequency,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        fiscal_year=YEAR - 1,
        opens_on=period.ends_on + timedelta(days=1),
        due_on=calendar.roll(period.ends_on + timedelta(days=DAYS_TO_REPORT), RollRule.PREVIOUS),
        closed_at=YEAR_CLOSED_AT,
    )


def _ensure_results(bureau: Unit) -> None:
    """Write down what last year came to where its months are not imported."""
    for measure in Measure.objects.filter(bureau=bureau, code__in=RESULTS_OF_2015):
        value, numerator, denominator = RESULTS_OF_2015[measure.code]
        Result.objects.get_or_create(
            measure=measure,
            year=YEAR - 1,
            member=None,
            defaults={
                "value": Decimal(value),
                "numerator": numerator,
                "denominator": denominator,
                "origin": Origin.DEMONSTRATION,
                "document": "演示数据，无真实依据",
            },
        )


def _name_excellent_districts(bureau: Unit) -> None:
    """Decide the list that the source leaves open, as a demonstration target on every indicator that waits for one."""
    members = Member.objects.filter(bureau=bureau, dimension=Dimension.DISTRICT, code__in=EXCELLENT)
    waiting = Indicator.objects.filter(
        plan__project__bureau=bureau,
        plan__year=YEAR,
        targets__number=1,
        targets__status=TargetStatus.PENDING,
        targets__scope=ScopeRule.ALL,
    ).exclude(targets__number__gt=1)
    for indicator in waiting:
        target = Target.objects.create(
            indicator=indicator,
            number=2,
            operator=Operator.AT_LEAST,
            value=indicator.targets.get(number=1).value,
            scope=ScopeRule.ALL,
            path=Path.FROM_BASELINE,
            status=TargetStatus.FINAL,
            effective_on=date(YEAR, 3, 1),
            document="演示：优秀区名单（不是真实文件）",
            decided_by="演示",
            reason="演示数据：以荔湾、越秀、从化三个区为优秀区。",
            origin=Origin.DEMONSTRATION,
            entered_at=_moment(date(YEAR, 3, 1), hour=9),
        )
        TargetMember.objects.bulk_create([TargetMember(target=target, member=member) for member in members])


def _play(bureau: Unit, plans: list[Plan], cast: Cast, calendar: Workdays) -> "list[Scene]":
    """Fill the cells that nobody has filled and return what was played in them."""
    figures = Figures()
    budgets = adjusted_budget(plans)
    budget_of = {plan.project.execution_id: budgets.get(plan.pk) for plan in plans}
    entries = list(
        Entry.objects.filter(round__bureau=bureau, latest=None, round__ends_on__lte=LAST_ROUND_ENDS)
        .select_related("measure", "member", "round")
        .prefetch_related(Prefetch("measure__definitions", Definition.objects.settled().order_by("number")))
        .order_by("pk")
    )
    scenes = [
        scene
        for entry in entries
        if (scene := _scene(entry, figures.of(_cell(entry, budget_of.get(entry.measure_id))), cast, calendar))
    ]
    _keep(scenes)
    return scenes


@dataclass(frozen=True, slots=True)
class Scene:
    """What happened in one cell: revisions in order, and a review of each that was looked at."""

    entry: Entry
    revisions: list[Revision]
    reviews: list[Review]

    @property
    def state(self) -> EntryState:
        """Return how the last review left the cell, submitted where the last revision has none."""
        is_reviewed = self.reviews and self.reviews[-1].revision is self.revisions[-1]
        return EntryState(self.reviews[-1].verdict) if is_reviewed else EntryState.SUBMITTED


def _cell(entry: Entry, budget: Decimal | None) -> Cell:
    return Cell(entry.measure.code, entry.member.code, entry.round.starts_on, entry.round.ends_on, budget)


def _scene(entry: Entry, values: dict[str, Any] | None, cast: Cast, calendar: Workdays) -> Scene | None:
    """Return the play of one cell, None where it stays pending."""
    key = (entry.measure.code, entry.member.code)
    is_last = entry.round.ends_on == LAST_ROUND_ENDS
    if values is None or (is_last and key in PENDING):
        return None
    typist = cast.reporters.get(entry.reporting_unit_id, cast.reporters[cast.division.pk])
    day = calendar.after(calendar.roll(entry.round.opens_on, RollRule.NEXT), entry.member.position % 2)
    looked_on = calendar.after(day, DAYS_TO_REVIEW if day.month != DEMONSTRATION_DAY.month else 1)
    first = _revision(entry, values, typist, day)
    if is_last and key in WAITING:
        return Scene(entry, [first], [])
    if is_last and key in RETURNED:
        return Scene(entry, [first], [_review(first, cast.head, looked_on, RETURNED[key])])
    if (again := CORRECTED.get((*key, entry.round.ends_on))) is not None:
        reason, slip = again
        wrong = _revision(entry, values | {"denominator": values["denominator"] * slip}, typist, day)
        right = _revision(entry, values, typist, calendar.after(looked_on, 1), number=2, reason="已按口径核对分母。")
        approved = _review(right, cast.head, calendar.after(looked_on, 2))
        return Scene(entry, [wrong, right], [_review(wrong, cast.head, looked_on, reason), approved])
    return Scene(entry, [first], [_review(first, cast.head, looked_on)])


def _revision(
    entry: Entry, values: dict[str, Any], typist: User, day: date, number: int = 1, reason: str = ""
) -> Revision:
    is_imported = entry.round.fiscal_year < YEAR
    return RevisionFactory.build(
        entry=entry,
        number=number,
        reason=reason,
        definition=_wording(entry),
        submitted_by=typist,
        day=YEAR_CLOSED_AT.date() if is_imported else day,
        document=f"演示：{entry.round.fiscal_year}年台账（不是真实文件）" if is_imported else "",
        **values,
    )


def _wording(entry: Entry) -> Definition | None:
    """Return the definition that a figure is reported under, None where there was none by the end of its round. No query."""
    by_then = [row for row in entry.measure.definitions.all() if row.effective_on <= entry.round.ends_on]
    return by_then[-1] if by_then else None


def _review(revision: Revision, head: User, day: date, reason: str = "") -> Review:
    imported_on = YEAR_CLOSED_AT.date() + timedelta(days=3)
    return ReviewFactory.build(
        revision=revision,
        reviewer=head,
        verdict=Verdict.RETURNED if reason else Verdict.APPROVED,
        reason=reason,
        day=imported_on if revision.entry.round.fiscal_year < YEAR else day,
    )


def _keep(scenes: list[Scene]) -> None:
    """Write the scenes and leave each cell in the state its last review put it in. A fixed number of statements."""
    Revision.objects.bulk_create([row for scene in scenes for row in scene.revisions], batch_size=500)
    Review.objects.bulk_create([row for scene in scenes for row in scene.reviews], batch_size=500)
    CheckMark.objects.bulk_create(list(_marks(scenes)))
    newest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number").values("pk")[:1]
    for state in EntryState:
        cells = Entry.objects.filter(pk__in=[scene.entry.pk for scene in scenes if scene.state == state])
        cells.update(state=state, latest=Subquery(newest))
        if state == EntryState.APPROVED:
            cells.update(approved=F("latest"))


def _marks(scenes: list[Scene]) -> Iterator[CheckMark]:
    """Yield what was found for the items of a checklist: all passed but one."""
    for scene in scenes:
        if scene.revisions[-1].percent is None:
            continue
        for item in scene.entry.measure.items.all():
            mark = Mark.FAILED if item.number == FAILED_ITEM else Mark.PASSED
            yield CheckMark(revision=scene.revisions[-1], item=item, mark=mark)


def _changes(plans: list[Plan], made: Counter[int], past: list[Round], scenes: list[Scene]) -> list[Change]:
    """Return an event for each plan whose measures gained figures, the first of them with a list of all rows made."""
    looked_at: dict[int, set[int | None]] = {plan.pk: {plan.project.execution_id} for plan in plans}
    for plan_id, measure_id in Indicator.objects.filter(plan__in=plans).values_list("plan", "measure"):
        looked_at[plan_id].add(measure_id)
    counts = {plan: sum(made[measure] for measure in looked_at[plan.pk] if measure) for plan in plans}
    told: dict[Plan, dict[str, Any]] = {
        plan: {"demonstration_revisions": count} for plan, count in counts.items() if count
    }
    rows = [*past, *(row for scene in scenes for row in (*scene.revisions, *scene.reviews))]
    if rows:
        told.setdefault(next(iter(told), plans[0]), {}).update(listed(rows))
    return [Change(Verb.LOAD, plan, after=after) for plan, after in told.items()]

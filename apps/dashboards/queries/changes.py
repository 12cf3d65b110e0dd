"""What changed between two moments: figures, targets, plans, money and rounds, read from the rows that say so."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.calendars.queries import SHANGHAI
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.plans.enums import Origin, VersionState
from apps.plans.models import BudgetLine, IndicatorTerms, Plan, PlanVersion, Target, TargetMember
from apps.plans.queries import known_targets
from apps.progress.enums import Verdict
from apps.progress.models import Entry, Reopening, Review, Round
from apps.progress.queries.history import FigureChange, figure_changes, figure_text
from apps.ui import formats
from apps.ui.formats import in_language
from apps.ui.targets import target_text

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: when, what it is, of what, from what to what, by whom and why. `entry_id` leads to a cell's history."""

    at: datetime
    word: str
    subject: str
    before: str = ""
    after: str = ""
    person: str = ""
    reason: str = ""
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one indicator, the newest first; or of figures that several share, of money, of the plan as a whole."""

    name: str
    lines: list[ChangeLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two moments. `rest` is how many older changes are not listed."""

    groups: list[ChangeGroup]
    total: int
    rest: int


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """How many changes there are in one plan."""

    plan: Plan
    count: int


Key = tuple[str, int]
PLAN: Key = ("plan", 0)


def changes(plan: Plan, since: datetime, until: datetime, indicator_id: int | None = None) -> Changes:
    """Return what changed in a plan between two moments, of one indicator where it is named. Ten queries.

    Grouped by indicator; the groups with the newest change first, at most 200 lines in all. `project__execution` loaded.
    """
    terms = _terms(plan, indicator_id)
    keys = _keys(terms)
    if plan.project.execution_id and indicator_id is None:
        keys.setdefault(plan.project.execution_id, ("money", 0))
    figures, total = figure_changes(list(keys), [plan.year], since, until, MOST_SHOWN)
    found = [(keys[row.entry.measure_id], _figure_line(row)) for row in figures]
    others = [*_target_lines(terms, since, until), *_again_lines(plan, keys, since, until)]
    if indicator_id is None:
        others += [*_version_lines(plan, since, until), *_money_lines(plan, since, until)]
    total += len(others)
    newest = sorted([*found, *others], key=lambda pair: pair[1].at, reverse=True)[:MOST_SHOWN]
    return Changes(_groups(newest, terms, plan), total, total - len(newest))


def _keys(terms: Sequence[IndicatorTerms]) -> dict[int, Key]:
    """Return the group of each measure's figures: its indicator's, or one of their own where several look at them."""
    lookers = Counter(row.indicator.measure_id for row in terms)
    return {
        row.indicator.measure_id: ("indicator", row.indicator_id)
        if lookers[row.indicator.measure_id] == 1
        else ("measure", row.indicator.measure_id)
        for row in terms
    }


def _groups(pairs: Iterable[tuple[Key, ChangeLine]], terms: Sequence[IndicatorTerms], plan: Plan) -> list[ChangeGroup]:
    names: dict[Key, str] = {("money", 0): _("预算执行"), PLAN: _("目标与资金")}
    for row in terms:
        name = f"{row.indicator.code} {in_language(row.name, row.name_en)}"
        names["indicator", row.indicator_id] = name
        shared: Key = ("measure", row.indicator.measure_id)
        names[shared] = formats.names([text for text in (names.get(shared), name) if text])
    groups: dict[Key, ChangeGroup] = {}
    for key, line in pairs:
        groups.setdefault(key, ChangeGroup(names.get(key, str(plan)))).lines.append(line)
    return list(groups.values())


def _terms(plan: Plan, indicator_id: int | None) -> list[IndicatorTerms]:
    """Return what the plan's versions said of the indicators, the last word on each. One query."""
    rows = IndicatorTerms.objects.filter(indicator__plan=plan, version__state=VersionState.APPROVED)
    if indicator_id is not None:
        rows = rows.filter(indicator=indicator_id)
    return list(
        {
            row.indicator_id: row for row in rows.select_related("indicator__measure").order_by("version__number")
        }.values()
    )


def _figure_line(row: FigureChange) -> ChangeLine:
    measure, revision = row.entry.measure, row.review.revision
    is_taken_back = row.review.verdict == Verdict.TAKEN_BACK
    reason = row.review.reason if is_taken_back else revision.reason
    return ChangeLine(
        at=row.review.reviewed_at,
        word=_("撤回审核") if is_taken_back else (_("更正审定") if row.before else _("审核通过")),
        subject=f"{row.entry.round} · {row.entry.member}",
        before=figure_text(row.before, measure) if row.before else "",
        after=figure_text(row.after, measure) if row.after else _("不再计入"),
        person=str(row.review.reviewer),
        reason=reason,
        entry_id=row.entry.pk,
    )


def _target_lines(
    terms: Sequence[IndicatorTerms], since: datetime, until: datetime
) -> Iterator[tuple[Key, ChangeLine]]:
    """Yield the targets that became known between the moments, beside the ones before them. Two queries."""
    measures = {row.indicator_id: row.indicator.measure for row in terms}
    rows = known_targets(until).filter(indicator__in=measures).select_related("version__approved_by", "entered_by")
    before: dict[int, Target] = {}
    named = Prefetch("named", TargetMember.objects.select_related("member").order_by("member__position", "pk"))
    for row in rows.prefetch_related(named).order_by("indicator", "number"):
        measure, old = measures[row.indicator_id], before.get(row.indicator_id)
        before[row.indicator_id] = row
        approved_at = row.version.approved_at if row.version else None
        at = _known_since(row.origin, row.effective_on, row.entered_at, approved_at)
        if since < at <= until:
            person = row.version.approved_by if row.version else row.entered_by
            yield (
                ("indicator", row.indicator_id),
                ChangeLine(
                    at=at,
                    word=_("指标值"),
                    subject=_("%(day)s 起") % {"day": f"{row.effective_on:%Y-%m-%d}"},
                    before=target_text(old, measure),
                    after=target_text(row, measure),
                    person=str(person or row.decided_by),
                    reason=formats.clauses([text for text in (row.document, row.reason) if text]),
                ),
            )


def _known_since(origin: str, effective_on: date, entered_at: datetime, approved_at: datetime | None) -> datetime:
    """Return since when a target is known: since its version was approved, it was published, or it was entered."""
    if approved_at:
        return approved_at
    return _morning(effective_on) if origin == Origin.PUBLISHED else entered_at


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _versions(since: datetime, until: datetime) -> QuerySet[PlanVersion]:
    return PlanVersion.objects.filter(state=VersionState.APPROVED, approved_at__gt=since, approved_at__lte=until)


def _version_lines(plan: Plan, since: datetime, until: datetime) -> Iterator[tuple[Key, ChangeLine]]:
    """Yield the versions that were approved. One query."""
    for row in _versions(since, until).filter(plan=plan).select_related("approved_by").order_by("number"):
        yield (
            PLAN,
            ChangeLine(
                at=row.approved_at or since,
                word=_("目标版本批复"),
                subject=_("第 %(n)d 版") % {"n": row.number},
                person=str(row.approved_by or ""),
                reason=formats.clauses([text for text in (row.document, row.reason) if text]),
            ),
        )


def _lines_of_money(since: datetime, until: datetime) -> QuerySet[BudgetLine]:
    """Return the money that became known: with its version, or on its day where no version asks for it."""
    days = Q(effective_on__gt=localdate(since), effective_on__lte=localdate(until))
    return BudgetLine.objects.filter(Q(days, version=None) | Q(version__in=_versions(since, until)))


def _money_lines(plan: Plan, since: datetime, until: datetime) -> Iterator[tuple[Key, ChangeLine]]:
    """Yield the money that was given or taken away. One query."""
    rows = _lines_of_money(since, until).filter(plan=plan).select_related("source", "version__approved_by")
    for row in rows.order_by("pk"):
        approved_at = row.version.approved_at if row.version else None
        yield (
            PLAN,
            ChangeLine(
                at=approved_at or _morning(row.effective_on),
                word=str(row.get_kind_display()),
                subject=str(row.source),
                after=_("%(amount)s 万元") % {"amount": formats.money(row.amount)},
                person=str(row.version.approved_by or "") if row.version else "",
                reason=formats.clauses([text for text in (row.document, row.reason) if text]),
            ),
        )


def _again_lines(
    plan: Plan, keys: dict[int, Key], since: datetime, until: datetime
) -> Iterator[tuple[Key, ChangeLine]]:
    """Yield the cells that were opened again for somebody, and the rounds opened again as a whole. Two queries."""
    cells = Reopening.objects.filter(
        entry__measure__in=keys, entry__round__fiscal_year=plan.year, opened_at__gt=since, opened_at__lte=until
    )
    for row in cells.select_related("entry__round", "entry__member", "person", "opened_by").order_by("pk"):
        yield (
            keys[row.entry.measure_id],
            ChangeLine(
                at=row.opened_at,
                word=_("单格重新开放"),
                subject=f"{row.entry.round} · {row.entry.member}",
                after=_("%(person)s，到 %(day)s") % {"person": row.person, "day": f"{row.until:%Y-%m-%d}"},
                person=str(row.opened_by),
                reason=row.reason,
                entry_id=row.entry_id,
            ),
        )
    asked = Entry.objects.filter(measure__in=keys, round__fiscal_year=plan.year)
    for event in _rounds_again(asked, since, until):
        yield (
            PLAN,
            ChangeLine(
                at=event.at,
                word=_("填报期重新开放"),
                subject=event.subject_label,
                person=event.actor_name,
                reason=event.reason,
            ),
        )


def _rounds_again(cells: QuerySet[Entry], since: datetime, until: datetime) -> QuerySet[Event]:
    events = Event.objects.filter(verb=Verb.REOPEN, subject_type=Round._meta.label_lower, at__gt=since, at__lte=until)
    return events.filter(subject_id__in=cells.order_by().values("round")).order_by("pk")


def change_counts(plans: Collection[Plan], since: datetime, until: datetime) -> list[PlanChanges]:
    """Return the plans in which something changed between two moments, with how much; the most first. Six queries.

    Rounds opened again as a whole are told on the pages of the projects only. `project__execution` should be loaded.
    """
    found: Counter[int] = Counter()
    places = _places(plans)
    for (measure, year), count in _counted_cells(places, since, until).items():
        for plan_id in places[measure, year]:
            found[plan_id] += count
    targets = known_targets(until).filter(indicator__plan__in=plans).select_related("version")
    for row in targets.values_list("indicator__plan", "origin", "effective_on", "entered_at", "version__approved_at"):
        found[row[0]] += since < _known_since(*row[1:]) <= until
    for rows in (_versions(since, until), _lines_of_money(since, until)):
        for plan_id, count in rows.filter(plan__in=plans).order_by().values_list("plan").annotate(count=Count("pk")):
            found[plan_id] += count
    listed = [PlanChanges(plan, found[plan.pk]) for plan in plans if found[plan.pk]]
    return sorted(listed, key=lambda row: (-row.count, row.plan.pk))


def _places(plans: Collection[Plan]) -> dict[tuple[int, int], set[int]]:
    """Return the plans that look at a measure in a year, money spent included. One query."""
    places: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = IndicatorTerms.objects.filter(indicator__plan__in=plans, version__state=VersionState.APPROVED)
    for measure, year, plan_id in rows.order_by().values_list(
        "indicator__measure", "indicator__plan__year", "indicator__plan"
    ):
        places[measure, year].add(plan_id)
    for plan in plans:
        if plan.project.execution_id:
            places[plan.project.execution_id, plan.year].add(plan.pk)
    return places


def _counted_cells(places: Collection[tuple[int, int]], since: datetime, until: datetime) -> Counter[tuple[int, int]]:
    """Return how many reviews changed what counts, and how many cells were opened again, by measure and year. Two queries."""
    measures, years = {measure for measure, _year in places}, {year for _measure, year in places}
    reviews = Review.objects.filter(
        verdict__in=[Verdict.APPROVED, Verdict.TAKEN_BACK],
        reviewed_at__gt=since,
        reviewed_at__lte=until,
        revision__entry__measure__in=measures,
        revision__entry__round__fiscal_year__in=years,
    ).values_list("revision__entry__measure", "revision__entry__round__fiscal_year")
    again = Reopening.objects.filter(
        opened_at__gt=since, opened_at__lte=until, entry__measure__in=measures, entry__round__fiscal_year__in=years
    ).values_list("entry__measure", "entry__round__fiscal_year")
    found: Counter[tuple[int, int]] = Counter()
    for rows in (reviews, again):
        for measure, year, count in rows.order_by().annotate(count=Count("pk")):
            if (measure, year) in places:
                found[measure, year] += count
    return found

"""What the lists of plans and indicators show beside the rows themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from apps.accounts.models import Assignment, Unit, User
from apps.calculation.schemes import Scheme
from apps.plans.enums import OPEN_STATES, Span, VersionState
from apps.plans.models import (
    BudgetLine,
    Indicator,
    IndicatorTerms,
    MeasureMember,
    Plan,
    PlanVersion,
    Target,
    TargetMember,
)
from apps.plans.queries.people import REVIEWER


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as a list shows it: by the version on its way, else by the approved one; None where it has neither.

    `weight` is the sum of the weights, None where nothing is weighted; `lacks` what the scheme's sum wants more, negative
    for too many. `proposed` is the money in 元 that the version on its way brings. `holders` are who has it now.
    """

    version: PlanVersion | None
    indicators: int = 0
    weight: Decimal | None = None
    lacks: Decimal | None = None
    proposed: Decimal | None = None
    holders: tuple[User, ...] = ()


def plan_rows(plans: Collection[Plan]) -> dict[int, PlanRow]:
    """Return what the list says of each plan, by the plan's id. Six queries however many."""
    ids = [plan.pk for plan in plans]
    approved = {plan.approved_id for plan in plans}
    rows = PlanVersion.objects.filter(Q(state__in=OPEN_STATES) | Q(pk__in=approved), plan__in=ids)
    joined = rows.select_related("plan__project__bureau", "plan__project__division", "scheme")
    shown = {row.plan_id: row for row in joined.prefetch_related("authors").order_by("number")}
    counts = _counts(shown.values())
    money = _proposed(shown.values())
    holders = holders_of(shown.values())
    return {
        plan.pk: _plan_row(shown[plan.pk], counts, money, holders) if plan.pk in shown else PlanRow(None)
        for plan in plans
    }


def _plan_row(
    version: PlanVersion,
    counts: dict[int, tuple[int, Decimal | None]],
    money: dict[int, Decimal],
    holders: dict[int, tuple[User, ...]],
) -> PlanRow:
    count, weight = counts.get(version.pk, (0, None))
    lacks = None
    if version.scheme is not None and count:
        lacks = Scheme.from_data(version.scheme.content).declared_weight - (weight or Decimal(0))
    return PlanRow(version, count, weight, lacks, money.get(version.pk), holders.get(version.pk, ()))


def _counts(versions: Iterable[PlanVersion]) -> dict[int, tuple[int, Decimal | None]]:
    rows = IndicatorTerms.objects.filter(version__in=[row.pk for row in versions]).order_by()
    found = rows.values_list("version").annotate(Count("pk"), Sum("weight"))
    return {version: (count, weight) for version, count, weight in found}


def _proposed(versions: Iterable[PlanVersion]) -> dict[int, Decimal]:
    ids = [row.pk for row in versions if row.state != VersionState.APPROVED]
    return dict(BudgetLine.objects.filter(version__in=ids).order_by().values_list("version").annotate(Sum("amount")))


def holders_of(versions: Iterable[PlanVersion]) -> dict[int, tuple[User, ...]]:
    """Return who has each open version now, by its id: its authors while it is a draft, then those who may decide on it.

    `authors`, and the plan's project with bureau and division, should be loaded. One query.
    """
    open_ones = [row for row in versions if row.state in OPEN_STATES]
    seats = _seats({role for row in open_ones if (role := REVIEWER.get(VersionState(row.state)))})
    return {row.pk: _holders(row, seats) for row in open_ones}


def _seats(roles: Collection[str]) -> dict[str, list[Assignment]]:
    """Return who holds each role, by role."""
    found = defaultdict(list)
    rows = Assignment.objects.in_force().filter(role__in=roles, user__is_active=True)
    for row in rows.select_related("user", "unit").order_by("user__name", "user_id"):
        found[row.role].append(row)
    return found


def _holders(version: PlanVersion, seats: dict[str, list[Assignment]]) -> tuple[User, ...]:
    authors = list(version.authors.all())
    role = REVIEWER.get(VersionState(version.state))
    if role is None:
        return tuple(authors)
    unit = _deciding_unit(version)
    people = {row.user_id: row.user for row in seats.get(role, []) if unit and unit.path.startswith(row.unit.path)}
    return tuple(person for person in people.values() if person not in authors)


def _deciding_unit(version: PlanVersion) -> Unit | None:
    """Return the unit whose people decide on the version at its stage: the division first, then the bureau."""
    project = version.plan.project
    return project.division if version.state == VersionState.DIVISION_REVIEW else project.bureau


def indicator_terms(plans: QuerySet[Plan]) -> QuerySet[IndicatorTerms]:
    """Return what plans say of their indicators now: the approved version, or the one on its way where none is approved yet.

    With `certainty`, how certain the latest target is. Plan, project, measure and goal are loaded.
    """
    current = Q(version__in=plans.filter(approved__isnull=False).values("approved"))
    first = Q(version__plan__approved=None, version__state__in=OPEN_STATES, version__plan__in=plans)
    mine = Q(version=None) | Q(version__state=VersionState.APPROVED) | Q(version=OuterRef("version"))
    targets = Target.objects.filter(mine, indicator=OuterRef("indicator"), span=Span.YEAR).order_by("-number")
    return (
        IndicatorTerms.objects.filter(current | first)
        .annotate(certainty=Subquery(targets.values("status")[:1]))
        .select_related(
            "version__plan__project__bureau",
            "version__plan__project__division",
            "indicator__measure__division",
            "goal",
        )
    )


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator's target as its version has it, None without one, and the units that report its figures."""

    target: Target | None
    units: tuple[Unit, ...]


def indicator_rows(terms: Sequence[IndicatorTerms], today: date) -> dict[int, IndicatorRow]:
    """Return what the list says of each indicator, by the id of its terms. Three queries however many."""
    targets = _targets(terms, today)
    units = _reporting_units(terms)
    return {row.pk: IndicatorRow(targets.get(row.pk), units[row.pk]) for row in terms}


def _targets(terms: Sequence[IndicatorTerms], today: date) -> dict[int, Target]:
    named = Prefetch("named", TargetMember.objects.select_related("member").order_by("member__position", "pk"))
    rows = Target.objects.filter(indicator__in=[row.indicator_id for row in terms], span=Span.YEAR)
    found = defaultdict(list)
    for target in rows.select_related("version").prefetch_related(named).order_by("number"):
        found[target.indicator_id].append(target)
    chosen = {row.pk: [t for t in found[row.indicator_id] if _counts_for(row, t, today)] for row in terms}
    return {pk: targets[-1] for pk, targets in chosen.items() if targets}


def _counts_for(terms: IndicatorTerms, target: Target, today: date) -> bool:
    """Tell whether a target is the version's word by today: its own, or a settled one that is in effect."""
    if target.version_id == terms.version_id:
        return True
    is_settled = target.version is None or target.version.state == VersionState.APPROVED
    return is_settled and target.effective_on <= today


def _reporting_units(terms: Sequence[IndicatorTerms]) -> dict[int, tuple[Unit, ...]]:
    """Return who reports each indicator: the membership's unit, else the member's, else the responsible one."""
    rows = MeasureMember.objects.filter(measure__in={row.indicator.measure_id for row in terms})
    places = defaultdict(list)
    for row in rows.select_related("reporting_unit", "member__unit").order_by("member__position", "pk"):
        places[row.measure_id].append(row)
    return {row.pk: tuple(_units(row.indicator, places[row.indicator.measure_id], row)) for row in terms}


def _units(indicator: Indicator, members: Iterable[MeasureMember], terms: IndicatorTerms) -> list[Unit]:
    responsible = indicator.measure.division or terms.version.plan.project.bureau
    found = [row.reporting_unit or row.member.unit or responsible for row in members]
    return list(dict.fromkeys(found))

"""One indicator: where it stands, how it came there, and from which figures."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.plans.models import Definition, Indicator, IndicatorTerms, Measure, Target
from apps.plans.queries import as_known, known_targets, target_in_force
from apps.progress.models import Revision, Round, Standing
from apps.progress.queries import (
    Coverage,
    MemberFigure,
    Point,
    cases,
    coverage_in,
    coverages,
    current_standings,
    member_figures,
    trend,
)
from apps.progress.queries.members import course
from apps.progress.queries.standings import standing_of
from apps.ui.formats import in_language

REVISIONS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """What the page of one indicator shows at once."""

    terms: IndicatorTerms
    indicator: Indicator
    standing: Standing
    definition: Definition | None
    points: list[Point]
    coverage: Coverage

    @property
    def name(self) -> str:
        """Return the name that the approved plan gives the indicator."""
        return in_language(self.terms.name, self.terms.name_en)

    @property
    def target(self) -> Target | None:
        """Return the target in force."""
        return self.standing.target

    @property
    def round(self) -> Round | None:
        """Return the latest round with a figure, None while there is none."""
        return self.standing.round

    @property
    def named(self) -> int:
        """Return how many members the target names."""
        return len(self.target.named.all()) if self.target else 0


def indicator_page(indicator: Indicator, today: date, known_at: datetime | None = None) -> IndicatorPage | None:
    """Return the page of an indicator, None when the approved plan does not have it.

    Seven queries; `plan__approved` and `measure` should be loaded. With a moment, what was known then: twelve.
    """
    as_known([indicator.plan], known_at)
    terms = (
        IndicatorTerms.objects.filter(indicator=indicator, version=indicator.plan.approved_id)
        .select_related("goal")
        .first()
    )
    if terms is None:
        return None
    standing, behind, points = _course(indicator, today, known_at)
    definitions = indicator.measure.definitions.settled(known_at).filter(effective_on__lte=today)
    return IndicatorPage(
        terms=terms,
        indicator=indicator,
        standing=standing,
        definition=definitions.order_by("-number").first(),
        points=points,
        coverage=behind,
    )


def _course(indicator: Indicator, today: date, known_at: datetime | None) -> tuple[Standing, Coverage, list[Point]]:
    """Return where an indicator stands, who stands behind it and how its year went; a past day is read from the figures once."""
    if known_at is None:
        standing = current_standings([indicator.plan], today)[indicator.pk]
        behind = coverages([standing], today)[indicator.pk]
        return standing, behind, trend(indicator.measure, indicator.plan.year, today)
    case = cases([indicator], today, known_at=known_at)[0]
    standing = standing_of(case)
    return standing, coverage_in(standing, case.shown), course(case.series, today)


@dataclass(frozen=True, slots=True)
class MemberPage:
    """An indicator's members, best line first, beside the target that some or all of them must reach."""

    measure: Measure
    target: Target | None
    rows: list[MemberFigure]
    named: set[int]


def member_page(indicator: Indicator, today: date, known_at: datetime | None = None) -> MemberPage:
    """Return the members of an indicator with their figures. At most five queries, seven as it was known at a moment."""
    as_known([indicator.plan], known_at)
    targets = target_in_force([indicator], today, known_at)
    target = targets.get(indicator.pk)
    named = {row.member_id for row in target.named.all()} if target else set()
    return MemberPage(indicator.measure, target, member_figures(indicator, today, targets, known_at), named)


@dataclass(frozen=True, slots=True)
class FigurePage:
    """The figures that count in an indicator's year, the latest first, and the versions of its target."""

    measure: Measure
    revisions: list[Revision]
    has_more: bool
    targets: list[Target]


def figure_page(indicator: Indicator, known_at: datetime | None = None) -> FigurePage:
    """Return what an indicator's figure is made of, or was at a moment. Four queries."""
    revisions = list(
        (Revision.objects.counted_at(known_at) if known_at else Revision.objects.in_fact())
        .filter(entry__measure=indicator.measure_id, entry__round__fiscal_year=indicator.plan.year)
        .select_related("entry__round", "entry__member", "submitted_by")
        .order_by("-entry__round__ends_on", "entry__member__position", "-pk")[: REVISIONS_SHOWN + 1]
    )
    return FigurePage(
        measure=indicator.measure,
        revisions=revisions[:REVISIONS_SHOWN],
        has_more=len(revisions) > REVISIONS_SHOWN,
        targets=list(
            known_targets(known_at).filter(indicator=indicator).prefetch_related("named__member").order_by("number")
        ),
    )

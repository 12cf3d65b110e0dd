"""What was measured before, in other plans and years: to be used again instead of being made up anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, Q

from apps.accounts.models import Unit, User
from apps.plans.enums import OPEN_STATES, Kind, Level1, Level2, Span, VersionState
from apps.plans.models import Indicator, IndicatorTerms, Measure, Plan, Target, TargetMember
from apps.plans.queries.members import visible_measures
from apps.ui.targets import target_text

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A measure, and the latest indicator that looks at it: its terms and target; None where no plan uses the measure."""

    measure: Measure
    indicator_terms: IndicatorTerms | None = None
    target: Target | None = None

    @property
    def plan(self) -> Plan | None:
        """Return the plan of the indicator."""
        return self.indicator_terms.version.plan if self.indicator_terms else None

    @property
    def year(self) -> int | None:
        """Return the year of the plan."""
        return self.plan.year if self.plan else None

    @property
    def target_text(self) -> str:
        """Return the target in words, a dash where there is none."""
        return target_text(self.target, self.measure)


def library(user: User, words: str, bureau: Unit) -> list[LibraryRow]:
    """Return measures of a bureau that the person may see and that have every word in them, by name; fifty at most.

    Words are looked for in name, code, unit and kind of the measure, and in name and class of its indicators. The measures of
    spending are left out: each belongs to one project. Four queries.
    """
    rows = visible_measures(user).filter(bureau=bureau, project=None).select_related("season", "division", "bureau")
    for word in words.split():
        rows = rows.filter(_holds(word))
    measures = list(rows.order_by("name", "pk")[:MOST])
    terms = _latest_terms(user, measures)
    targets = _targets(list(terms.values()))
    return [
        LibraryRow(row, found := terms.get(row.pk), targets.get(found.indicator_id) if found else None)
        for row in measures
    ]


def _holds(word: str) -> Q:
    """Return the condition that a measure or one of its indicators has the word."""
    kinds = [kind.value for kind in Kind if word in kind.label]
    classes = [row.value for row in (*Level1, *Level2) if word in row.label]
    return (
        Q(name__icontains=word)
        | Q(name_en__icontains=word)
        | Q(code__icontains=word)
        | Q(unit_name__iexact=word)
        | Q(kind__in=kinds)
        | Q(indicators__terms__name__icontains=word)
        | Q(indicators__terms__level1__in=classes)
        | Q(indicators__terms__level2__in=classes)
    )


def _latest_terms(user: User, measures: Sequence[Measure]) -> dict[int, IndicatorTerms]:
    """Return what the latest plan says of an indicator on each measure, by the measure's id."""
    rows = IndicatorTerms.objects.filter(
        indicator__in=Indicator.objects.visible_to(user).filter(measure__in=[row.pk for row in measures]),
        version__state__in=[VersionState.APPROVED, *OPEN_STATES],
    )
    joined = rows.select_related("version__plan__project", "indicator", "goal")
    ordered = joined.order_by("version__plan__year", "version__number", "-position", "-pk")
    return {row.indicator.measure_id: row for row in ordered}


def _targets(terms: Sequence[IndicatorTerms]) -> dict[int, Target]:
    """Return the latest target of each indicator, by its id; what a draft proposes too."""
    named = Prefetch("named", TargetMember.objects.select_related("member").order_by("member__position", "pk"))
    rows = Target.objects.filter(indicator__in=[row.indicator_id for row in terms], span=Span.YEAR)
    return {row.indicator_id: row for row in rows.prefetch_related(named).order_by("number")}

"""Plans under all rules."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from apps.plans.enums import Severity
from apps.plans.models import Explanation, PlanVersion
from apps.plans.queries.checks import coverage, directions, head, history, indicators, measures
from apps.plans.queries.checks.checked import Checked, checked_versions
from apps.plans.queries.checks.findings import PARTS, CheckFinding, parts_of

RULES: Final = (
    *head.RULES,
    *directions.RULES,
    *indicators.RULES,
    *measures.RULES,
    *coverage.RULES,
    *history.RULES,
)


def check_plan(version: PlanVersion) -> list[CheckFinding]:
    """Return what is to be mended or explained in a version, errors first, then by place in the order of the form.

    At most twenty-five queries, however many indicators there are.
    """
    return check_plans([version])[version.pk]


def check_plans(versions: Collection[PlanVersion]) -> dict[int, list[CheckFinding]]:
    """Return the findings of several versions by their ids, for as many queries as one takes."""
    if not versions:
        return {}
    words = _Words(versions)
    return {
        checked.version.pk: [words.given(checked.version, finding) for finding in findings_of(checked)]
        for checked in checked_versions(versions)
    }


def findings_of(checked: Checked) -> list[CheckFinding]:
    """Return what the rules find, without the words that were given for it. No query."""
    found = [finding for rule in RULES for finding in rule(checked)]
    places = _places(checked)
    last = len(places)
    return sorted(found, key=lambda finding: (_weight(finding), places.get(_piece(finding.place), last)))


def _weight(finding: CheckFinding) -> int:
    return list(Severity).index(finding.severity)


def _piece(place: str) -> str:
    """Return the piece that a place belongs to: `indicators.1-1` for its target, the whole for the head."""
    part, name, _column = parts_of(place)
    return f"{part}.{name}" if name else part


def _places(checked: Checked) -> dict[str, int]:
    """Return the pieces in the order of the form: parts as wholes before their pieces."""
    return {place: number for number, place in enumerate(_in_order(checked))}


def _in_order(checked: Checked) -> Iterator[str]:
    content = checked.content
    named: dict[str, Iterable[int | str]] = {
        "directions": [row.number for row in content.directions],
        "goals": [row.number for row in content.goals],
        "indicators": [row.code for row in content.indicators],
        "measures": [row.code for row in content.measures],
    }
    for part in PARTS:
        yield part
        yield from (f"{part}.{name}" for name in named.get(part, ()))


class _Words:
    """The explanations that were given for the findings of some plans, in this version and in earlier ones. One query."""

    def __init__(self, versions: Collection[PlanVersion]) -> None:
        plans = [version.plan_id for version in versions]
        rows = Explanation.objects.filter(version__plan__in=plans).select_related("person", "version")
        self.own: dict[tuple[int, str], Explanation] = {}
        self.by_plan: dict[tuple[int, str], list[Explanation]] = {}
        for row in rows.order_by("version__number", "pk"):
            self.own[row.version_id, row.finding] = row
            self.by_plan.setdefault((row.version.plan_id, row.finding), []).append(row)

    def given(self, version: PlanVersion, finding: CheckFinding) -> CheckFinding:
        """Return a warning with the word given for it, and the last one of an earlier version."""
        if not finding.is_warning:
            return finding
        before = [
            row for row in self.by_plan.get((version.plan_id, finding.key), ()) if row.version.number < version.number
        ]
        own = self.own.get((version.pk, finding.key))
        return replace(finding, explanation=own, earlier=before[-1] if before else None)

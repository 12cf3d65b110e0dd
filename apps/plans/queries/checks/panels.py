"""The plan check as people see it: beside the editor, and as a list of plans."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef

from apps.accounts.models import User
from apps.plans.enums import OPEN_STATES, Severity, VersionState
from apps.plans.models import GoalTerms, IndicatorTerms, Plan, PlanVersion
from apps.plans.queries.checks.findings import CheckFinding
from apps.plans.queries.checks.plans import check_plan, check_plans
from apps.plans.queries.people import may_draft

NOT_FOR_IDS: Final = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A finding with what is typed into its field and what is wrong with that; `is_next` takes the cursor."""

    finding: CheckFinding
    typed: str = ""
    refusal: str = ""
    is_next: bool = False

    @property
    def name(self) -> str:
        """Return an id for its field."""
        return NOT_FOR_IDS.sub("-", self.finding.key)


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The findings of one severity."""

    severity: Severity
    lines: list[CheckLine]

    @property
    def open(self) -> int:
        """Return how many of them keep the plan from being submitted."""
        return sum(line.finding.is_open for line in self.lines)


@dataclass(frozen=True, slots=True)
class CheckPanel:
    """A version's findings by severity; `may_explain` tells whether the person may give words for warnings now."""

    version: PlanVersion
    groups: list[CheckGroup]
    may_explain: bool

    @property
    def is_ahead(self) -> bool:
        """Tell whether the version has yet to be approved."""
        return self.version.state in OPEN_STATES

    @property
    def errors(self) -> int:
        """Return how many things have to be mended."""
        return self._open(Severity.ERROR)

    @property
    def unexplained(self) -> int:
        """Return how many warnings lack a word."""
        return self._open(Severity.WARNING)

    def _open(self, severity: Severity) -> int:
        return sum(group.open for group in self.groups if group.severity == severity)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A plan in the list: its version under check, None where it has no goals to look at, and its findings."""

    plan: Plan
    version: PlanVersion | None
    findings: list[CheckFinding]

    @property
    def errors(self) -> int:
        """Return how many things have to be mended."""
        return self._of(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Return how many things ask for a word."""
        return self._of(Severity.WARNING)

    @property
    def unexplained(self) -> int:
        """Return how many warnings lack a word."""
        return sum(row.is_warning and row.is_open for row in self.findings)

    @property
    def hints(self) -> int:
        """Return how many hints there are."""
        return self._of(Severity.HINT)

    @property
    def first(self) -> CheckFinding | None:
        """Return what to begin with."""
        return next((row for row in self.findings if row.is_open), None)

    def _of(self, severity: Severity) -> int:
        return sum(row.severity == severity for row in self.findings)


def versions_under_check(plans: Collection[Plan]) -> dict[int, PlanVersion]:
    """Return the version of each plan that a check looks at, by the plan's id: the latest that was not withdrawn. One query.

    An approved version without a goal or indicator is not looked at: that none was published is no fault of the plan.
    """
    rows = PlanVersion.objects.filter(plan__in=plans).exclude(state=VersionState.WITHDRAWN).order_by("number")
    here = {"version": OuterRef("pk")}
    says = Exists(GoalTerms.objects.filter(**here)) | Exists(IndicatorTerms.objects.filter(**here))
    rows = rows.annotate(says_something=says)
    rows = rows.select_related("plan__project__bureau", "plan__project__division")
    latest = {row.plan_id: row for row in rows}
    return {pk: row for pk, row in latest.items() if row.says_something or row.state != VersionState.APPROVED}


def check_panel(version: PlanVersion, user: User, typed: str = "", of: str = "", refusal: str = "") -> CheckPanel:
    """Return the panel; `typed` is what stands in the field of the warning `of`, with what is wrong with it.

    Without a refusal `of` was just explained: the cursor goes to the next warning without a word. As many queries as
    `check_plan`.
    """
    found = check_plan(version)
    after = _next_open(found, of) if of and not refusal else ""
    lines = [
        CheckLine(
            finding=row,
            typed=typed if refusal and row.key == of else _known(row),
            refusal=refusal if row.key == of else "",
            is_next=row.key == (after or (of if refusal else None)),
        )
        for row in found
    ]
    groups = [CheckGroup(kind, [line for line in lines if line.finding.severity == kind]) for kind in Severity]
    return CheckPanel(
        version=version,
        groups=[group for group in groups if group.lines],
        may_explain=version.is_draft and may_draft(user, version.plan.project),
    )


def _known(row: CheckFinding) -> str:
    """Return the word that was given, now or for an earlier version."""
    word = row.explanation or row.earlier
    return word.text if word else ""


def _next_open(found: list[CheckFinding], key: str) -> str:
    """Return the key of the first warning without a word behind another, from the top where there is none; empty if all have."""
    keys = [row.key for row in found]
    place = keys.index(key) + 1 if key in keys else 0
    waiting = (row.key for row in [*found[place:], *found[:place]] if row.is_warning and row.is_open)
    return next(waiting, "")


def check_rows(plans: Collection[Plan]) -> list[CheckRow]:
    """Return the plans with their findings, in their order. At most twenty-six queries however many there are."""
    versions = versions_under_check(plans)
    found = check_plans(list(versions.values()))
    return [
        CheckRow(plan, versions.get(plan.pk), found[versions[plan.pk].pk] if plan.pk in versions else [])
        for plan in plans
    ]

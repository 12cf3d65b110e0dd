"""Where a version is on its way to approval: the stages, who has it now, what happened, and what one person may do."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.plans.enums import StepKind, VersionState
from apps.plans.models import Plan, PlanVersion, Step
from apps.plans.queries.people import STAGES, holds_stage, may_draft, passed_alone, reviewers
from apps.ui import formats

WAY = (VersionState.DRAFT, *STAGES, VersionState.APPROVED)
FORWARD = (StepKind.SUBMITTED, StepKind.PASSED, StepKind.PASSED_OVER)


@dataclass(frozen=True, slots=True)
class Station:
    """One stage of the way: the step that left it since the last return, None where the version has not left it."""

    state: VersionState
    step: Step | None
    is_now: bool

    @property
    def label(self) -> str:
        """Return the stage's name."""
        return str(self.state.label)

    @property
    def is_done(self) -> bool:
        """Tell whether the version went through it."""
        return self.step is not None

    @property
    def is_passed_over(self) -> bool:
        """Tell whether nobody had to decide there."""
        return self.step is not None and self.step.kind == StepKind.PASSED_OVER


@dataclass(frozen=True, slots=True)
class Approval:
    """A version on its way, as one person sees it. `seen` is the id of its latest step, 0 before the first.

    `waits_for` are the names of who has it now; empty for what is approved or withdrawn, and where nobody can. `returned`
    is the step that sent it back, while it has not been submitted again. `latest` is the plan's version on its way, if
    it is another one than this.
    """

    version: PlanVersion
    stations: list[Station]
    steps: list[Step]
    waits_for: list[str]
    latest: PlanVersion | None
    may_submit: bool
    may_review: bool
    may_recall: bool
    may_withdraw: bool
    may_adjust: bool

    @property
    def seen(self) -> int:
        """Return the id of the latest step that the page shows."""
        return self.steps[-1].pk if self.steps else 0

    @property
    def returned(self) -> Step | None:
        """Return the step that sent the version back, None unless it is the last word."""
        last = self.steps[-1] if self.steps else None
        return last if last is not None and last.kind == StepKind.RETURNED else None

    @property
    def names(self) -> str:
        """Return who has it now as one text."""
        return formats.names(self.waits_for) or _("无人可以办理，请系统管理员指定")

    @property
    def is_last_stage(self) -> bool:
        """Tell whether passing it now approves it."""
        return self.version.state == STAGES[-1]

    @property
    def is_open(self) -> bool:
        """Tell whether it is on its way."""
        return self.version.state in WAY[:-1]


def approval_of(version: PlanVersion, user: User) -> Approval:
    """Return where a version stands and what the person may do. Six queries at most.

    `plan__project` with bureau and division should be loaded.
    """
    steps = list(version.steps.select_related("person").order_by("pk"))
    authors = list(version.authors.order_by("name", "pk"))
    drafts, is_draft = may_draft(user, version.plan.project), version.state == VersionState.DRAFT
    is_own = user.pk in {person.pk for person in authors}
    latest = PlanVersion.objects.open().filter(plan=version.plan_id).exclude(pk=version.pk).first()
    return Approval(
        version=version,
        stations=_stations(version, steps),
        steps=steps,
        waits_for=[str(person) for person in _has_it(version, authors)],
        latest=latest,
        may_submit=drafts and is_draft,
        may_review=holds_stage(user, version) and not is_own and not passed_alone(user, version),
        may_recall=is_own and version.state == STAGES[0],
        may_withdraw=drafts and is_draft,
        may_adjust=drafts and latest is None and version.plan.approved_id == version.pk,
    )


def last_step(version: PlanVersion) -> int:
    """Return the id of the latest step of a version, 0 before the first: what a page shows is what is decided on. One query."""
    return version.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def versions_of(plan: Plan) -> list[PlanVersion]:
    """Return the versions of a plan, oldest first, without those that were dropped. One query."""
    return list(plan.versions.exclude(state=VersionState.WITHDRAWN).order_by("number"))


def _stations(version: PlanVersion, steps: list[Step]) -> list[Station]:
    """Return the way with what was done at each stage in the present run; a return or recall starts a new one."""
    left: dict[str, Step] = {}
    for step in steps:
        if step.kind in FORWARD:
            left[step.stage] = step
        else:
            left.clear()
    return [Station(state, left.get(state), state == version.state) for state in WAY]


def _has_it(version: PlanVersion, authors: list[User]) -> list[User]:
    if version.state == VersionState.DRAFT:
        return authors
    return reviewers(version, VersionState(version.state)) if version.state in STAGES else []


@dataclass(frozen=True, slots=True)
class WaitingVersion:
    """A version that waits for a person: its steps so far, and who wrote it."""

    version: PlanVersion
    steps: list[Step]
    authors: str

    @property
    def last(self) -> Step | None:
        """Return the step that brought it here."""
        return self.steps[-1] if self.steps else None

    @property
    def seen(self) -> int:
        """Return the id of the latest step that the page shows."""
        return self.last.pk if self.last else 0


def waiting_versions(user: User) -> list[WaitingVersion]:
    """Return what waits for the person's word, the longest waiting first. Three queries."""
    rows = (
        PlanVersion.objects.waiting_for(user)
        .select_related("plan__project__division", "plan__approved")
        .prefetch_related(Prefetch("steps", Step.objects.select_related("person").order_by("pk")), "authors")
    )
    found = [
        WaitingVersion(row, list(row.steps.all()), formats.names([str(person) for person in row.authors.all()]))
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.seen, row.version.pk))

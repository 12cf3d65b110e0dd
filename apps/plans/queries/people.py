"""Who may do what with a plan on its way to approval."""

from typing import Final

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, User
from apps.plans.enums import VersionState
from apps.plans.models import PlanVersion, Project

DRAFTERS: Final = (Role.REPORTER, Role.HEAD)
STAGES: Final = (VersionState.DIVISION_REVIEW, VersionState.OFFICER_REVIEW, VersionState.LEADER_REVIEW)
REVIEWER: Final = {
    VersionState.DIVISION_REVIEW: Role.HEAD,
    VersionState.OFFICER_REVIEW: Role.OFFICER,
    VersionState.LEADER_REVIEW: Role.LEADER,
}


def may_draft(user: User, project: Project) -> bool:
    """Tell whether a person may write a project's plans: the bureau's officers, and who works in the responsible division.

    `bureau` and `division` of the project should be loaded.
    """
    if _holds_at(user, project.bureau.path, Role.OFFICER):
        return True
    return project.division is not None and _holds_at(user, project.division.path, *DRAFTERS)


def may_review(user: User, version: PlanVersion) -> bool:
    """Tell whether it is the person's turn to pass or return a version; never for words of their own.

    `plan__project` with bureau and division should be loaded. One query for whoever holds the role.
    """
    role = REVIEWER.get(VersionState(version.state))
    if role is None or not _holds_at(user, _place(version), role):
        return False
    return not version.authors.filter(pk=user.pk).exists()


def reviewers(version: PlanVersion, stage: VersionState) -> list[User]:
    """Return who may decide on a version at a stage, by name: holders of the stage's role who are not its authors. One query.

    A head answers for the responsible division; without one nobody does.
    """
    if stage == VersionState.DIVISION_REVIEW and version.plan.project.division is None:
        return []
    path = _place(version, stage)
    above = [path[:end] for end in range(len(path), 0, -1)]
    rows = Assignment.objects.in_force().filter(role=REVIEWER[stage], unit__path__in=above, user__is_active=True)
    people = {row.user_id: row.user for row in rows.exclude(user__in=version.authors.all()).select_related("user")}
    return sorted(people.values(), key=lambda person: (person.name, person.pk))


def next_stage(after: VersionState) -> VersionState:
    """Return the stage that follows another; approved after the last."""
    if after == VersionState.DRAFT:
        return STAGES[0]
    place = STAGES.index(after)
    return STAGES[place + 1] if place + 1 < len(STAGES) else VersionState.APPROVED


def _place(version: PlanVersion, stage: VersionState | None = None) -> str:
    project = version.plan.project
    if (stage or version.state) == VersionState.DIVISION_REVIEW and project.division is not None:
        return project.division.path
    return project.bureau.path


def _holds_at(user: User, path: str, *roles: Role) -> bool:
    return any(path.startswith(held) for held in user.paths(*roles))

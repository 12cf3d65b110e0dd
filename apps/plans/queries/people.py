"""Who may do what with a plan on its way to approval."""

from typing import Final

from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, User
from apps.plans.enums import StepKind, VersionState
from apps.plans.models import PlanVersion, Project
from apps.ui import formats

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


def may_decide(user: User, project: Project) -> bool:
    """Tell whether a person may fix a target by its deciding document: the bureau's officers. `bureau` should be loaded."""
    return _holds_at(user, project.bureau.path, Role.OFFICER)


def holds_stage(user: User, version: PlanVersion) -> bool:
    """Tell whether a person has the role that decides at the version's stage, whoever wrote the words. No query.

    A head answers for the responsible division; without one nobody does. `plan__project` with bureau and division should
    be loaded.
    """
    place = _place(version, VersionState(version.state))
    role = REVIEWER.get(VersionState(version.state))
    return role is not None and place is not None and _holds_at(user, place, role)


def may_review(user: User, version: PlanVersion) -> bool:
    """Tell whether it is the person's turn to pass or return a version; never for words of their own.

    `plan__project` with bureau and division should be loaded. Two queries for whoever holds the role.
    """
    return holds_stage(user, version) and not is_author(user, version) and not passed_alone(user, version)


def is_author(user: User, version: PlanVersion) -> bool:
    """Tell whether words of the person are in the version, or they submitted it. One query."""
    return version.authors.filter(pk=user.pk).exists()


def passed_alone(user: User, version: PlanVersion) -> bool:
    """Tell whether everything that was passed since the last submission was passed by this person, the last word ahead.

    Somebody may hold two roles, but a plan is approved by two people at least. One query at the leader's stage.
    """
    if version.state != VersionState.LEADER_REVIEW:
        return False
    submitted = version.steps.filter(kind=StepKind.SUBMITTED).order_by("-pk").values("pk")[:1]
    passed = version.steps.filter(kind=StepKind.PASSED, pk__gt=submitted)
    return set(passed.values_list("person", flat=True)) == {user.pk}


def holders(version: PlanVersion, stage: VersionState) -> list[User]:
    """Return who has the role that decides at a stage, its authors among them, by name. One query."""
    place = _place(version, stage)
    if place is None:
        return []
    above = [place[:end] for end in range(len(place), 0, -1)]
    rows = Assignment.objects.in_force().filter(role=REVIEWER[stage], unit__path__in=above, user__is_active=True)
    people = {row.user_id: row.user for row in rows.select_related("user")}
    return sorted(people.values(), key=lambda person: (person.name, person.pk))


def reviewers(version: PlanVersion, stage: VersionState) -> list[User]:
    """Return who may decide on a version at a stage, by name: holders of the stage's role who are not its authors. Two queries.

    A head answers for the responsible division; without one nobody does.
    """
    authors = set(version.authors.values_list("pk", flat=True))
    return [person for person in holders(version, stage) if person.pk not in authors]


def lacking(version: PlanVersion) -> list[str]:
    """Return, in sentences, why a version would get stuck on its way; empty where somebody can pass it at every stage.

    The officers' stage may be passed over where they wrote the words, so it lacks people only without any officer. Eight
    queries at most.
    """
    project = version.plan.project
    if project.division is None:
        return [_("“%(project)s”没有责任处室，请先指定") % {"project": project}]
    found = [
        _lacking_at(version, VersionState.DIVISION_REVIEW, _("%(unit)s的处室负责人") % {"unit": project.division}),
        _lacking_at(version, VersionState.LEADER_REVIEW, _("%(unit)s的局领导") % {"unit": project.bureau}),
    ]
    if not holders(version, VersionState.OFFICER_REVIEW):
        found.append(_("没有%(unit)s的绩效管理岗，请系统管理员指定") % {"unit": project.bureau})
    return [row for row in found if row] or _lacking_second(version)


def _lacking_at(version: PlanVersion, stage: VersionState, role: str) -> str:
    """Return who is missing at one stage, naming those who hold the role and may not; empty where somebody can pass it."""
    everybody = holders(version, stage)
    authors = set(version.authors.values_list("pk", flat=True))
    if any(person.pk not in authors for person in everybody):
        return ""
    if not everybody:
        return _("没有%(role)s，请系统管理员指定") % {"role": role}
    names = formats.names([str(person) for person in everybody])
    return _("%(role)s（%(names)s）参与了编制，不能审核自己的目标，须另有一位") % {"role": role, "names": names}


def _lacking_second(version: PlanVersion) -> list[str]:
    people = {person.pk: str(person) for stage in STAGES for person in reviewers(version, stage)}
    if len(people) > 1:
        return []
    return [_("各环节都只有%(name)s一人可以审核，须另有一位") % {"name": next(iter(people.values()))}]


def next_stage(after: VersionState) -> VersionState:
    """Return the stage that follows another; approved after the last."""
    if after == VersionState.DRAFT:
        return STAGES[0]
    place = STAGES.index(after)
    return STAGES[place + 1] if place + 1 < len(STAGES) else VersionState.APPROVED


def _place(version: PlanVersion, stage: VersionState) -> str | None:
    """Return the unit path at which a stage's role is held, None where no unit answers."""
    project = version.plan.project
    if stage == VersionState.DIVISION_REVIEW:
        return project.division.path if project.division else None
    return project.bureau.path


def _holds_at(user: User, path: str, *roles: Role) -> bool:
    return any(path.startswith(held) for held in user.paths(*roles))

"""Where monitorings are on their way, and who may do what with them."""

from dataclasses import dataclass

from apps.accounts.models import Assignment, User
from apps.plans.queries.people import REVIEWER
from apps.progress.enums import (
    MonitoringState,
)
from apps.progress.models import (
    Monitoring,
    MonitoringStep,
)

STAGES = (MonitoringState.DIVISION_REVIEW, MonitoringState.OFFICER_REVIEW, MonitoringState.LEADER_REVIEW)
ROLE_OF_STAGE = {stage: role for (_version_state, role), stage in zip(REVIEWER.items(), STAGES, strict=True)}


def stages_of(monitoring: Monitoring) -> list[MonitoringState]:
    """Return the stages that a monitoring passes: head, officer, and the leader where the round asks for one.

    Where no division is responsible the officers fill it in themselves, so the leader is the one who passes it.
    """
    if monitoring.plan.project.division_id is None:
        return [MonitoringState.LEADER_REVIEW]
    return list(STAGES) if monitoring.round.has_leader_stage else list(STAGES[:2])


def may_fill(user: User, monitoring: Monitoring) -> bool:
    """Tell whether a person fills a monitoring in. One query."""
    return Monitoring.objects.fillable_by(user).filter(pk=monitoring.pk).exists()


def stage_holders(monitoring: Monitoring, stage: MonitoringState) -> list[User]:
    """Return who may pass a monitoring at a stage, by name: who has the role there and did not write it. Two queries."""
    project = monitoring.plan.project
    place = project.division if stage == MonitoringState.DIVISION_REVIEW else project.bureau
    above = [place.path[:end] for end in range(len(place.path), 0, -1)] if place else []
    rows = Assignment.objects.in_force().filter(role=ROLE_OF_STAGE[stage], unit__path__in=above, user__is_active=True)
    authors = set(monitoring.authors.values_list("pk", flat=True))
    people = {row.user_id: row.user for row in rows.select_related("user") if row.user_id not in authors}
    return sorted(people.values(), key=lambda person: (person.name, person.pk))


def last_monitoring_step(monitoring: Monitoring) -> int:
    """Return the id of the latest step, 0 before the first: what a page shows is what is decided on. One query."""
    return monitoring.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class MonitoringWay:
    """Where a monitoring is on its way, for one person."""

    steps: list[MonitoringStep]
    holders: list[User]
    may_fill: bool
    may_review: bool
    may_recall: bool

    @property
    def seen(self) -> int:
        """Return the id of the latest step that the page shows."""
        return self.steps[-1].pk if self.steps else 0

    @property
    def returned(self) -> MonitoringStep | None:
        """Return the step that sent it back, None unless it waits for a mending."""
        last = self.steps[-1] if self.steps else None
        return last if last and last.kind == "returned" else None


def monitoring_way(monitoring: Monitoring, user: User) -> MonitoringWay:
    """Return where a monitoring is on its way, and what a person may do with it. Seven queries at most."""
    state = MonitoringState(monitoring.state)
    mine = Monitoring.objects.filter(pk=monitoring.pk)
    return MonitoringWay(
        steps=list(monitoring.steps.select_related("person", "report").order_by("pk")),
        holders=stage_holders(monitoring, state) if state in STAGES else [],
        may_fill=state == MonitoringState.DRAFT and may_fill(user, monitoring),
        may_review=mine.waiting_for(user).exists(),
        may_recall=state == stages_of(monitoring)[0] and monitoring.authors.filter(pk=user.pk).exists(),
    )


def monitorings_to_fill(user: User) -> list[Monitoring]:
    """Return what the person's division has to fill in, the most urgent first. One query."""
    rows = Monitoring.objects.fillable_by(user).open().select_related("round", "plan__project")
    return list(rows.order_by("round__due_on", "plan__project__number", "pk"))


def monitorings_to_review(user: User) -> list[Monitoring]:
    """Return what waits for the person's word, the most urgent first. One query."""
    rows = Monitoring.objects.waiting_for(user).select_related("round", "plan__project").distinct()
    return list(rows.order_by("round__due_on", "plan__project__number", "pk"))

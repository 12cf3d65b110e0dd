"""Starting next year from this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.plans.actions.contents import ContentRefused
from apps.plans.actions.drafts import DraftRefused, open_plan, sentence_of
from apps.plans.models import Plan, PlanVersion
from apps.plans.queries.roll_over import Hint, proposals


class NothingApproved(DraftRefused):
    """A plan that has no approved version to start from."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What became of one plan: the draft of its next year and what to judge there, or the sentence why there is none."""

    plan: Plan
    version: PlanVersion | None
    hints: tuple[Hint, ...] = ()
    refusal: str = ""


def roll_over(*, plans: Sequence[Plan], person: User, at: datetime) -> list[Rolled]:
    """Draft the next year of each plan from what is approved, in their order; each in a transaction of its own.

    One that is refused leaves the others alone. A year that has a plan already is left as it is, so doing it twice does
    nothing twice. `project` with bureau and division, and `approved`, should be loaded.
    """
    return [_rolled(plan, person, at) for plan in plans]


def _rolled(plan: Plan, person: User, at: datetime) -> Rolled:
    try:
        return _roll(plan, person, at)
    except (DraftRefused, ContentRefused) as refused:
        return Rolled(plan, None, refusal=str(refused))
    except IntegrityError as broken:
        return Rolled(plan, None, refusal=sentence_of(broken))


@transaction.atomic
def _roll(plan: Plan, person: User, at: datetime) -> Rolled:
    if plan.approved is None:
        raise NothingApproved(_("“%(plan)s”还没有批复，不能结转。") % {"plan": plan})
    proposal = proposals([plan])[plan.pk]
    version = open_plan(project=plan.project, year=plan.year + 1, content=proposal.content, person=person, at=at)
    return Rolled(plan, version, proposal.hints)

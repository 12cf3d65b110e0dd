"""Words for warnings: why a plan stands as it is although its check asks."""

import re
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.drafts import DraftRefused, NotYours, PlanLocked
from apps.plans.models import Explanation, PlanVersion
from apps.plans.queries.checks import CheckFinding
from apps.plans.queries.people import may_draft

LONGEST: Final = 300
SHORTEST: Final = 4
COPIES: Final = 2
"""How many warnings of a plan one sentence may stand for; auditors ask about the same sentence everywhere."""
NOTHING: Final = re.compile(r"[\W_]*(?:(?:暂)?无|没有|不适用|无说明|见附件|同上|已核实?|情况属实)?[\W_]*")


class NoWord(DraftRefused):
    """A word that says nothing."""


class SameWord(DraftRefused):
    """One sentence for everything."""


class NotToExplain(DraftRefused):
    """An error, which has to be mended, or a hint, which asks for nothing."""


@transaction.atomic
def explain(
    *,
    version: PlanVersion,
    finding: CheckFinding,
    text: str,
    person: User,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> Explanation:
    """Keep the word that somebody gives for a warning of a draft, in place of the one before, and return it.

    Whoever explains becomes one of the version's authors: the word is theirs, so they do not pass the plan. Raises
    `NotYours`, `PlanLocked`, `NotToExplain`, `NoWord` and `SameWord`.
    """
    rows = PlanVersion.objects.select_for_update(of=("self",), no_key=True)
    version = rows.select_related("plan__project__bureau", "plan__project__division").get(pk=version.pk)
    _require_drafter(version, person)
    if not finding.is_warning:
        raise NotToExplain(_("“必须改正”的事项要改好，不能用说明代替；“提示”不需要说明。"))
    word = _required_word(version, finding, text)
    before = version.explanations.filter(finding=finding.key).first()
    if before is not None and before.text == word:
        return before
    row, _is_new = Explanation.objects.update_or_create(
        version=version, finding=finding.key, defaults={"text": word, "person": person, "at": at}
    )
    version.authors.add(person)
    change = Change(
        Verb.EXPLAIN, version, before={finding.key: before.text} if before else None, after={finding.key: word}
    )
    record(bureau=version.plan.project.bureau, actor=person, changes=[change], at=at, channel=channel)
    return row


def _require_drafter(version: PlanVersion, person: User) -> None:
    if not may_draft(person, version.plan.project):
        raise NotYours(_("您可以查看体检结果，不能填写说明；说明由编制人填写。"))
    if not version.is_draft:
        raise PlanLocked(
            _("“%(version)s”%(state)s，不能再填写说明。") % {"version": version, "state": version.get_state_display()}
        )


def _required_word(version: PlanVersion, finding: CheckFinding, text: str) -> str:
    """Return the word without blanks around it. Raises `NoWord` and `SameWord`."""
    word = " ".join(text.replace("\0", "").split())
    if len(word) < SHORTEST or NOTHING.fullmatch(word):
        raise NoWord(_("请写一句具体的说明：为什么保持现状，或打算怎么处理。"))
    if len(word) > LONGEST:
        raise NoWord(
            _("说明有%(count)s个字，最多%(longest)s个字，请写短一些。") % {"count": len(word), "longest": LONGEST}
        )
    if version.explanations.filter(text=word).exclude(finding=finding.key).count() >= COPIES:
        raise SameWord(_("同一句说明已用于%(count)s处，请针对这一项写明具体情况。") % {"count": COPIES})
    return word

"""What happened: one append-only event per change, chained by hashes within each bureau."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.journal.enums import Channel, Verb
from apps.journal.querysets import ChainQuerySet, EventQuerySet


@dataclass(frozen=True, slots=True)
class Testimony:
    """How rows of a kind are told by events about another row: a review by the event about the revision.

    `subject` is the column that names the other row; `verdict` the one whose values `verbs` turns into verbs of events;
    `person`, `moment` and `reason` must be what the event says too. A model declares it as `told_as`.
    """

    subject: str
    verdict: str
    person: str
    moment: str
    reason: str
    verbs: Mapping[str, Verb]

    def about(self, model: type[models.Model]) -> str:
        """Return the label of the kind of row that the events speak of."""
        related = model._meta.get_field(self.subject).related_model
        return related if isinstance(related, str) or related is None else related._meta.label  # type: ignore[return-value]


class Chain(models.Model):
    """The end of one bureau's chain. Its row is the only lock a writer takes, so bureaus never wait for each other.

    `anchored_at` and `anchored_length` say when the end was last written down outside the database and how long the chain
    was then, so that a file that was lost or cut short shows; NULL while it never was.
    """

    bureau = models.OneToOneField(Unit, models.PROTECT, related_name="chain", verbose_name=_("单位"))
    length = models.PositiveBigIntegerField(_("事件数"), default=0)
    head = models.CharField(_("链尾哈希"), max_length=64, blank=True)
    anchored_at = models.DateTimeField(_("最近锚定"), null=True, blank=True)
    anchored_length = models.PositiveBigIntegerField(_("锚定时的事件数"), default=0)

    objects = ChainQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("日志链")

    def __str__(self) -> str:
        return f"{self.bureau} · {self.length}"


class Event(models.Model):
    """One change of one row: who, when, what, before, after, why, by which door.

    `content_hash` is the hash of the row after the change; `hash` covers the event and the hash before it, so an edit, a
    gap or a cut tail shows.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="events", verbose_name=_("日志链"))
    number = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("操作人")
    )
    actor_name = models.CharField(_("操作人姓名"), max_length=60)
    verb = models.CharField(_("动作"), max_length=20, choices=Verb)
    subject_type = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.BigIntegerField(_("对象编号"))
    subject_label = models.CharField(_("对象"), max_length=300)
    before = models.JSONField(_("变更前"), encoder=DjangoJSONEncoder, null=True, blank=True)
    after = models.JSONField(_("变更后"), encoder=DjangoJSONEncoder, null=True, blank=True)
    reason = models.TextField(_("原因"), blank=True)
    channel = models.CharField(_("途径"), max_length=20, choices=Channel)
    content_hash = models.CharField(_("内容哈希"), max_length=64)
    previous_hash = models.CharField(_("前一事件哈希"), max_length=64, blank=True)
    hash = models.CharField(_("哈希"), max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("日志事件")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="event_number_once")]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_verb_display()} {self.subject_label}"

"""What was said in a cell, by whom, and what was found and thought of it."""

from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.calculation.plausibility import is_word
from apps.calculation.spending import in_wan
from apps.files.models import StoredFile
from apps.journal.enums import Verb
from apps.journal.models import Testimony
from apps.plans.enums import Kind
from apps.plans.models import ChecklistItem, Definition, Measure, Member
from apps.plans.models.measures import FIGURES
from apps.progress.enums import Band, EntryState, Mark, Outcome, RevisionOrigin, Verdict
from apps.progress.models.rounds import Round
from apps.progress.querysets import AskedManager, EntryQuerySet, RevisionQuerySet
from apps.ui import formats

UNTYPED: Final = ("seen", "shown", "choice")
"""Fields of a row that the page fills by itself."""


class Entry(models.Model):
    """One cell: a measure, a member, a round. What it says are its revisions.

    `latest` is the last that was submitted, `approved` the one that counts; both NULL while nothing was. Who reports and
    who reviews is fixed when the round opens. `asked_at` is NULL for a cell that came with its round, else the moment it was
    added; `released_at` is the moment from which an empty cell asks nobody any more. `objects` are the cells that ask or say
    something now; `everything`, what related rows lead to as well, has the released ones too.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="entries", verbose_name=_("数据项"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="entries", verbose_name=_("成员"))
    round = models.ForeignKey(Round, models.PROTECT, related_name="entries", verbose_name=_("填报期"))
    reporting_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="reported_entries", verbose_name=_("填报单位")
    )
    reviewing_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="reviewed_entries", verbose_name=_("审核处室")
    )
    state = models.CharField(_("状态"), max_length=20, choices=EntryState, default=EntryState.PENDING)
    latest = models.OneToOneField(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("最近提交")
    )
    approved = models.OneToOneField(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("有效数据")
    )
    asked_at = models.DateTimeField(_("要求填报时间"), null=True, blank=True)
    released_at = models.DateTimeField(_("不再要求时间"), null=True, blank=True)

    everything = EntryQuerySet.as_manager()
    objects = AskedManager()

    class Meta:
        verbose_name = verbose_name_plural = _("填报")
        ordering = ["round", "measure", "member__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "member", "round"], condition=models.Q(released_at=None), name="entry_once"
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(latest=None),
                name="released_entry_is_empty",
                violation_error_message=_("填过数据的格子不能取消。"),
            ),
        ]
        indexes = [
            models.Index(fields=["reporting_unit", "state"], name="entry_to_report"),
            models.Index(fields=["reviewing_unit", "state"], name="entry_to_review"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} · {self.member} · {self.round}"

    def get_absolute_url(self) -> str:
        """Return the page on which everything that the cell has said stands."""
        return reverse("progress:history", args=[self.pk])

    def is_backed_anew(self, reason: str, on_behalf_of: str = "", source: StoredFile | None = None) -> bool:
        """Tell whether a returned figure comes again with another reason, or for an office with another letter or name of it.

        That is something new even where every figure is as it was. An empty reason says nothing, and only who types for others
        has a letter: a workbook is none. `latest` should be loaded.
        """
        latest, reason, office = self.latest, reason.strip(), on_behalf_of.strip()
        if latest is None or self.state != EntryState.RETURNED:
            return False
        is_other_letter = source is not None and source.pk != latest.source_id
        if is_word(reason) and reason != latest.reason:
            return True
        return bool(office) and (is_other_letter or office != latest.on_behalf_of)


class Draft(models.Model):
    """What a person has typed into a cell and not submitted, letter by letter as typed: no revision, no event."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="drafts", verbose_name=_("填报"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("填报人")
    )
    fields = models.JSONField(_("内容"))
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("草稿")
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.entry} · {self.person}"

    @property
    def says_something(self) -> bool:
        """Tell whether anything was typed; what the page put into a hidden field was not."""
        return any(text.strip() for name, text in self.fields.items() if name not in UNTYPED)


class Revision(models.Model):
    """What an entry said from one submission on; append-only. NULL is unknown, zero is zero.

    A ratio has numerator and denominator and never a typed value; numbers and money (in 元) have a value; a milestone an
    outcome; a judgement a band, a percent within it and the reason in `note`. `source` is the file that it came by: a letter
    for an office without an account, a workbook. `questions` are what was asked about it when it was submitted, which the
    note answers, as code and facts.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="revisions", verbose_name=_("填报"))
    number = models.PositiveSmallIntegerField(_("版本"))
    definition = models.ForeignKey(
        Definition, models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name=_("口径")
    )
    numerator = models.DecimalField(_("分子"), **FIGURES, null=True, blank=True)
    denominator = models.DecimalField(_("分母"), **FIGURES, null=True, blank=True)
    value = models.DecimalField(_("数值"), **FIGURES, null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome, blank=True)
    decided_on = models.DateField(_("认定日期"), null=True, blank=True)
    decided_by = models.CharField(_("认定单位"), max_length=100, blank=True)
    document = models.CharField(_("文件"), max_length=200, blank=True)
    band = models.CharField(_("档次"), max_length=20, choices=Band, blank=True)
    percent = models.DecimalField(_("百分比"), max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)
    reason = models.TextField(_("更正原因"), blank=True)
    origin = models.CharField(_("来源"), max_length=20, choices=RevisionOrigin)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="revisions", verbose_name=_("填报人")
    )
    on_behalf_of = models.CharField(_("代"), max_length=100, blank=True)
    source = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name=_("来源文件")
    )
    source_name = models.CharField(_("来源文件名"), max_length=200, blank=True)
    questions = models.JSONField(_("核对事项"), default=list, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"))

    always_told = models.Q()
    journal_needs = ("entry__measure",)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("填报版本")
        ordering = ["entry", "number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="revision_once"),
            models.CheckConstraint(
                name="revision_says_one_thing",
                condition=models.Q(
                    numerator__isnull=False, denominator__isnull=False, value=None, outcome="", band="", percent=None
                )
                | models.Q(numerator=None, denominator=None, value__isnull=False, outcome="", band="", percent=None)
                | (
                    models.Q(numerator=None, denominator=None, value=None, band="", percent=None)
                    & ~models.Q(outcome="")
                )
                | (
                    models.Q(numerator=None, denominator=None, value=None, outcome="", percent__isnull=False)
                    & ~models.Q(band="")
                ),
                violation_error_message=_("一条填报只能是比率、数值、结果或评定中的一种，且要填完整。"),
            ),
            models.CheckConstraint(
                name="revision_on_behalf_has_source",
                condition=models.Q(on_behalf_of="") | models.Q(source__isnull=False),
                violation_error_message=_("代填的数据要附上来函等依据文件。"),
            ),
            models.CheckConstraint(
                name="revision_percent_in_range",
                condition=models.Q(percent=None) | models.Q(percent__gte=0, percent__lte=100),
                violation_error_message=_("百分比应在 0 到 100 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.number}"

    def get_absolute_url(self) -> str:
        """Return the page on which it stands among everything that its cell has said."""
        return reverse("progress:history", args=[self.entry_id])

    def printed(self, column: str, value: Decimal) -> str:
        """Return a figure of one of its columns exactly, in the unit of pages: money in 万元. `journal_needs` must have been read.

        Pages round; the journal shows every place there is, and at least as many as pages do.
        """
        measure, is_value = self.entry.measure, column == "value"
        if column == "percent":
            return formats.percent(value)
        is_money = measure.kind == Kind.MONEY
        shown = (in_wan(value) if is_money else value).normalize()
        least = 2 if is_money else measure.decimals if is_value else 0
        text = formats.figure(shown, max(least, -int(shown.as_tuple().exponent)))
        unit = formats.unit("万元") if is_money else formats.unit(measure.unit_name, value) if is_value else ""
        return f"{text} {unit}".rstrip()


class CheckMark(models.Model):
    """What a revision found for one item of a checklist."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="marks", verbose_name=_("填报版本"))
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="marks", verbose_name=_("检查项"))
    mark = models.CharField(_("结果"), max_length=20, choices=Mark)

    class Meta:
        verbose_name = verbose_name_plural = _("检查结果")
        ordering = ["revision", "item__number"]
        constraints = [models.UniqueConstraint(fields=["revision", "item"], name="check_mark_once")]

    def __str__(self) -> str:
        return f"{self.item} · {self.get_mark_display()}"


class Review(models.Model):
    """What a reviewer said of a revision; append-only, so "as known on a day" can be answered."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews", verbose_name=_("填报版本"))
    verdict = models.CharField(_("结论"), max_length=20, choices=Verdict)
    reason = models.TextField(_("原因"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("审核人")
    )
    reviewed_at = models.DateTimeField(_("审核时间"))

    told_as = Testimony(
        subject="revision",
        verdict="verdict",
        person="reviewer",
        moment="reviewed_at",
        reason="reason",
        verbs={
            Verdict.APPROVED: Verb.APPROVE,
            Verdict.RETURNED: Verb.RETURN,
            Verdict.TAKEN_BACK: Verb.TAKE_BACK,
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = _("审核")
        ordering = ["revision", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.APPROVED) | ~models.Q(reason=""),
                name="review_return_has_reason",
                violation_error_message=_("退回或撤回审核必须写明原因。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision} · {self.get_verdict_display()}"


class Reopening(models.Model):
    """One cell opened again for one person until the end of a day, with the reason; append-only, it ends by itself."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reopenings", verbose_name=_("填报"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reopenings", verbose_name=_("填报人")
    )
    until = models.DateField(_("截止日"))
    reason = models.TextField(_("原因"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="given_reopenings", verbose_name=_("开放人")
    )
    opened_at = models.DateTimeField(_("开放时间"))

    always_told = models.Q()

    class Meta:
        verbose_name = verbose_name_plural = _("单格重新开放")
        ordering = ["entry", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="reopening_has_reason",
                violation_error_message=_("重新开放要写明原因。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.person} · {self.until:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the page on which the figures of its cell stand."""
        return reverse("progress:history", args=[self.entry_id])

"""What happened, as a list in the words of the rows that it happened to."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

import django_tables2 as tables
from django.apps import apps
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.journal.models import Event
from apps.journal.queries.subjects import Subjects, column_of, kind_named, model_of, subjects_of
from apps.ui import formats
from apps.ui.tables import MomentColumn, Table

FACTS: Final = {
    "asked": gettext_lazy("要求填报"),
    "author": gettext_lazy("拟稿人"),
    "cell": gettext_lazy("填报格"),
    "cells": gettext_lazy("格数"),
    "counts": gettext_lazy("计入的版本"),
    "days": gettext_lazy("天数"),
    "demonstration_revisions": gettext_lazy("演示数据"),
    "digest": gettext_lazy("依据哈希"),
    "drafts": gettext_lazy("移交的草稿"),
    "kept_drafts": gettext_lazy("留在原名下的草稿"),
    "findings": gettext_lazy("文件里注意到的"),
    "lines": gettext_lazy("指标"),
    "measures": gettext_lazy("数据项"),
    "money": gettext_lazy("资金"),
    "open": gettext_lazy("未定分值"),
    "open_cells": gettext_lazy("没报的格数"),
    "plans": gettext_lazy("移交的目标草稿"),
    "points": gettext_lazy("得分"),
    "number": gettext_lazy("版本"),
    "person": gettext_lazy("人员"),
    "removed": gettext_lazy("已清除"),
    "rows": gettext_lazy("载入的行"),
    "reopenings": gettext_lazy("移交的单独开放"),
    "roles": gettext_lazy("移交的任职"),
    "sha256": gettext_lazy("文件指纹（SHA-256）"),
    "successor": gettext_lazy("接手人"),
    "until": gettext_lazy("截止日"),
    "workdays": gettext_lazy("工作日"),
    "year": gettext_lazy("年度"),
}


MOST_NAMED: Final = 12
"""How many parts of a list are named; the rest is counted."""
MOST_SHOWN: Final = 6
"""How many columns that changed stand in a cell; the rest is folded."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column or fact before and after the change, as text; a dash where there was or is nothing."""

    word: str
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        """Tell whether there was anything before."""
        return self.before != formats.UNKNOWN

    def __str__(self) -> str:
        """Return it on one line, as a file has it."""
        change = f"{self.before} → {self.after}" if self.is_change else self.after
        return f"{self.word}：{change}"


def _named(word, look=""):
    """Name a cell for narrow screens, where every event is a list of its own."""
    return {"td": {"data-label": word, **({"class": look} if look else {})}}


class EventTable(Table):
    """Who, when, what, before and after, why, by which door. Files also say each event's number and hash."""

    number = tables.Column(gettext_lazy("序号"), visible=False)
    at = MomentColumn(verbose_name=gettext_lazy("时间"), order_by=("at", "pk"), attrs=_named(gettext_lazy("时间")))
    actor_name = tables.Column(
        gettext_lazy("操作人"), order_by=("actor_name", "pk"), attrs=_named(gettext_lazy("操作人"))
    )
    verb = tables.Column(gettext_lazy("动作"), order_by=("verb", "pk"), attrs=_named(gettext_lazy("动作"), "pt-short"))
    subject_type = tables.Column(gettext_lazy("对象类别"), visible=False)
    subject_label = tables.Column(gettext_lazy("对象"), orderable=False, attrs=_named(gettext_lazy("对象")))
    change = tables.Column(
        gettext_lazy("变更前 → 变更后"), empty_values=(), orderable=False, attrs=_named(gettext_lazy("变更"))
    )
    reason = tables.Column(
        gettext_lazy("原因"), orderable=False, default=formats.UNKNOWN, attrs=_named(gettext_lazy("原因"))
    )
    channel = tables.Column(gettext_lazy("途径"), orderable=False, attrs=_named(gettext_lazy("途径"), "pt-short"))
    hash = tables.Column(gettext_lazy("哈希"), visible=False)

    class Meta(Table.Meta):
        model = Event
        attrs = {"class": "table table-vcenter card-table pt-table journal-table"}
        fields = ()
        order_by = ("-at",)
        empty_text = gettext_lazy("没有符合条件的记录。")

    subjects = Subjects()

    def load(self, records):
        """Read what the events' rows are called, where they are shown and how their figures are printed."""
        self.subjects = subjects_of(records)

    def value_at(self, value):
        """Return the moment to the second, as text: a file knows no time zones."""
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"

    def render_actor_name(self, record, value):
        """Return the person by the name they had then; what nobody did was done by the system."""
        return value if record.actor_id else _("系统")

    def value_subject_type(self, record):
        """Return the name for people of the kind of row."""
        return kind_of(record)

    def render_subject_label(self, record, value):
        """Return what was changed, under the name of its kind, leading to its page and to all that happened to it."""
        return render_to_string(
            "journal/_subject.html",
            {"kind": kind_of(record), "label": value, "event": record, "address": self.subjects.address(record)},
        )

    def value_subject_label(self, value):
        """Return the name of what was changed."""
        return value

    def render_change(self, record):
        """Return the columns that changed."""
        found = list(differences(record, self.subjects))
        if len(found) == MOST_SHOWN + 1:  # one line is no reason to fold
            return render_to_string("journal/_change.html", {"shown": found, "folded": []})
        return render_to_string("journal/_change.html", {"shown": found[:MOST_SHOWN], "folded": found[MOST_SHOWN:]})

    def value_change(self, record):
        """Return the columns that changed on one line."""
        return "；".join(str(row) for row in differences(record, self.subjects))


def kind_of(event: Event) -> str:
    """Return the name for people of the kind of row that an event speaks of."""
    model = model_of(event.subject_type)
    return str(model._meta.verbose_name) if model is not None else event.subject_type


def differences(event: Event, subjects: Subjects | None = None) -> Iterator[Difference]:
    """Yield what an event says about its row, each column by its name for people. No query.

    What is the same before and after is left out. Rows and figures that `subjects` does not know stand as their ids and
    without units.
    """
    before, after = event.before or {}, event.after or {}
    told = _Teller(event, subjects or Subjects())
    for name in {**before, **after}:
        if before.get(name) == after.get(name):
            continue
        if parts := told.subjects.told(event, name, after.get(name)):
            yield from (Difference(word, formats.UNKNOWN, text) for word, text in parts)
        else:
            row = Difference(told.word(name), told.value(name, before.get(name)), told.value(name, after.get(name)))
            if row.before != row.after:  # nothing became nothing
                yield row


class _Teller:
    """The words of one event's facts."""

    def __init__(self, event: Event, subjects: Subjects) -> None:
        self.event, self.subjects = event, subjects
        self.model = model_of(event.subject_type)

    def word(self, name: str) -> str:
        field = column_of(self.model, name)
        if field is not None:
            return str(field.verbose_name)
        return str(getattr(self.model, "journal_words", {}).get(name) or FACTS.get(name) or _kind(name) or name)

    def value(self, name: str, value) -> str:
        """Return a plain value as text: the words of a choice, yes and no, figures as printed, rows by their names."""
        if value is None or value in ("", [], {}):
            return formats.UNKNOWN
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, list | dict):
            return _listing(value)
        if label := kind_named(self.event, name):
            return self._row(label, value)
        return self._of_column(column_of(self.model, name), value)

    def _row(self, label: str, pk: int) -> str:
        """Return the name of a row; of the subject's own kind only by what tells it from the subject: its last part."""
        if (label, pk) == (self.event.subject_type, self.event.subject_id):
            return _("本版本")
        name = self.subjects.names.get((label, pk), str(pk))
        place, _dot, number = name.rpartition(" · ")
        is_sibling = label == self.event.subject_type and place == self.event.subject_label.rpartition(" · ")[0]
        return _("第 %(number)s 版") % {"number": number} if is_sibling and number.isdecimal() else name

    def _of_column(self, field: models.Field | None, value) -> str:
        if isinstance(field, models.DecimalField):
            return self._number(field, value)
        if isinstance(field, models.DateTimeField) and (at := parse_datetime(str(value))):
            return formats.moment(at)
        return str(dict(field.flatchoices).get(value, value)) if field is not None else str(value)

    def _number(self, field: models.Field, value) -> str:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        places = max(0, -int(number.normalize().as_tuple().exponent))
        return self.subjects.printed(self.event, field.name, number) or formats.figure(number, places)


def _kind(name: str) -> str:
    """Return the name for people of a kind of row that was counted, empty where it is none: budgetline, 预算."""
    return next((str(model._meta.verbose_name) for model in apps.get_models() if model._meta.model_name == name), "")


def _listing(value: list | dict) -> str:
    """Return a list in words: plain parts by name, rows of a kind by their count, anything else as it was written."""
    if isinstance(value, dict):
        counted = [(model_of(label), _count(part)) for label, part in value.items() if "." in label]
        if counted and len(counted) == len(value) and all(model for model, _count_ in counted):
            return "、".join(f"{model._meta.verbose_name} {count}" for model, count in counted)
    elif all(isinstance(part, str | int) for part in value):
        rest = len(value) - MOST_NAMED
        named = "、".join(str(part) for part in value[:MOST_NAMED])
        return _("%(named)s等 %(all)d 项") % {"named": named, "all": len(value)} if rest > 0 else named
    return json.dumps(value, ensure_ascii=False)


def _count(ids: Sequence) -> int:
    """Return how many rows are listed: ids, or the first and the last of ids that follow each other."""
    return sum(part[1] - part[0] + 1 if isinstance(part, list) else 1 for part in ids)

"""What happened, as a list in the words of the rows that it happened to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import django_tables2 as tables
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.journal.models import Event
from apps.ui import formats
from apps.ui.tables import MomentColumn, Table

FACTS: Final = {
    "author": gettext_lazy("拟稿人"),
    "cell": gettext_lazy("填报格"),
    "cells": gettext_lazy("格数"),
    "counts": gettext_lazy("计入的版本"),
    "days": gettext_lazy("天数"),
    "demonstration_revisions": gettext_lazy("演示数据"),
    "digest": gettext_lazy("依据哈希"),
    "drafts": gettext_lazy("移交的草稿"),
    "kept_drafts": gettext_lazy("留在原名下的草稿"),
    "measures": gettext_lazy("数据项"),
    "open": gettext_lazy("未定分值"),
    "open_cells": gettext_lazy("没报的格数"),
    "plans": gettext_lazy("移交的目标草稿"),
    "points": gettext_lazy("得分"),
    "removed": gettext_lazy("已清除"),
    "reopenings": gettext_lazy("移交的单独开放"),
    "roles": gettext_lazy("移交的任职"),
    "successor": gettext_lazy("接手人"),
    "workdays": gettext_lazy("工作日"),
    "year": gettext_lazy("年度"),
}


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


class EventTable(Table):
    """Who, when, what, before and after, why, by which door."""

    at = MomentColumn(verbose_name=gettext_lazy("时间"), order_by=("at", "pk"))
    actor_name = tables.Column(gettext_lazy("操作人"), order_by=("actor_name", "pk"))
    verb = tables.Column(gettext_lazy("动作"), order_by=("verb", "pk"))
    subject_label = tables.Column(gettext_lazy("对象"), orderable=False)
    change = tables.Column(gettext_lazy("变更前 → 变更后"), empty_values=(), orderable=False)
    reason = tables.Column(gettext_lazy("原因"), orderable=False, default=formats.UNKNOWN)
    channel = tables.Column(gettext_lazy("途径"), orderable=False)

    class Meta(Table.Meta):
        model = Event
        fields = ()
        order_by = ("-at",)
        empty_text = gettext_lazy("没有符合条件的记录。")

    def render_actor_name(self, record, value):
        """Return the person by the name they had then; what nobody did was done by the system."""
        return value if record.actor_id else _("系统")

    def render_subject_label(self, record, value):
        """Return what was changed, under the name of its kind."""
        return render_to_string("journal/_subject.html", {"kind": kind_of(record), "label": value})

    def render_change(self, record):
        """Return the columns that changed."""
        return render_to_string("journal/_change.html", {"differences": list(differences(record))})


def kind_of(event: Event) -> str:
    """Return the name for people of the kind of row that an event speaks of."""
    model = _model(event)
    return str(model._meta.verbose_name) if model is not None else event.subject_type


def differences(event: Event) -> Iterator[Difference]:
    """Yield what an event says about its row, each column by its name for people. No query."""
    before, after = event.before or {}, event.after or {}
    for name in {**before, **after}:
        field = _field(_model(event), name)
        word = field.verbose_name if field is not None else FACTS.get(name) or _kind(name) or name
        yield Difference(str(word), _told(before.get(name), field), _told(after.get(name), field))


def _model(event: Event) -> type[models.Model] | None:
    """Return the model of the row that an event speaks of, None when the product no longer has it."""
    try:
        return apps.get_model(event.subject_type)
    except (LookupError, ValueError):
        return None


def _kind(name: str) -> str:
    """Return the name for people of a kind of row that was counted, empty where it is none: budgetline, 预算."""
    return next((str(model._meta.verbose_name) for model in apps.get_models() if model._meta.model_name == name), "")


def _field(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def _told(value, field: models.Field | None) -> str:
    """Return a plain value as text: the words of a choice, yes and no, numbers without idle zeros."""
    if value is None or value == "":
        return formats.UNKNOWN
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(field, models.DecimalField):
        return _number(Decimal(str(value)))
    return str(dict(field.flatchoices).get(value, value)) if field is not None else str(value)


def _number(value: Decimal) -> str:
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return formats.figure(value, places)

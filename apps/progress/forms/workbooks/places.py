"""Whose cell a row is: by its hidden key, by the names where the key is gone."""

import re
from collections import defaultdict
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.calculation.periods import Period
from apps.progress.forms.periods import read_period
from apps.progress.forms.workbooks.tables import PLACES, SheetRow, folded
from apps.progress.layouts import read_key
from apps.progress.models import Entry
from apps.progress.queries.uploads import ASKED_WITH
from apps.ui import formats

ITEM = re.compile(r"(?:检查项|item)\s*(\d{1,4})", re.IGNORECASE)


def identify(rows: list[SheetRow], user, today: date) -> None:
    """Tell each row its cell: by its key, by the names where the key is gone."""
    nameless = [row for row in rows if "key" not in row.texts and not row.is_total]
    known = _names(user, today) if nameless else {}
    for row in rows:
        if "key" in row.texts:
            key = read_key(row.texts["key"])
            if key is None:
                row.problem = _(
                    "隐藏的行号被改动过，认不出是哪一格。请清空这一行的行号，保留数据项、成员和填报期，再上传。"
                )
            else:
                row.entry_id, row.seen, row.item = key
    for row in nameless:
        measure, member, period = (row.texts.get(name, "") for name in PLACES)
        named = (folded(measure), folded(member))
        found = known.get((*named, folded(period))) or known.get((*named, read_period(period)), set())
        row.entry_id = next(iter(found)) if len(found) == 1 else None
        item = ITEM.match(row.texts.get("asks", ""))
        row.item = int(item[1]) if item else 0


def _names(user, today: date) -> dict[tuple[str, str, str | Period | None], set[int]]:
    """Return the person's cells of this fiscal year and the last by what a row calls them. One query.

    A round is called by its name, in any language, or by its days.
    """
    found = defaultdict(set)
    recent = today - timedelta(days=2 * 366)
    rows = Entry.objects.reportable_by(user).filter(round__ends_on__gte=recent, round__opens_on__lte=today)
    for entry in rows.select_related("measure", "member", "round"):
        for measure in {entry.measure.name, entry.measure.name_en, entry.measure.code} - {""}:
            for member in {entry.member.name, entry.member.name_en} - {""}:
                for period in (*_titles(entry.round), Period(entry.round.starts_on, entry.round.ends_on)):
                    found[folded(measure), folded(member), period].add(entry.pk)
    return found


def _titles(row) -> set[str]:
    """Return what a round is called, in any language."""
    names = {str(row)}
    for code in ("zh-hans", "en"):
        with override(code):
            period = formats.period(row.starts_on, row.ends_on)
            names.add(f"{row.title} · {period}" if row.title else period)
    return {folded(name) for name in names}


def reported_entries(rows: list[SheetRow], user) -> dict[int, Entry]:
    """Return the cells that rows speak of, of those that the person reports and no others. Two queries."""
    wanted = {row.entry_id for row in rows if row.entry_id}
    found = Entry.objects.reportable_by(user).filter(pk__in=wanted).select_related(*ASKED_WITH)
    return {entry.pk: entry for entry in found.prefetch_related("measure__items")}

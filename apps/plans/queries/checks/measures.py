"""Rules about what is collected: what it counts, and whether anybody is asked for it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from apps.plans.enums import Kind
from apps.plans.queries.checks import sources
from apps.plans.queries.checks.checked import Checked
from apps.plans.queries.checks.findings import CheckFinding, error, warning
from apps.plans.queries.contents import MeasureContent
from apps.ui.formats import names

PERCENT_SIGNS: Final = ("%", "％", "‰")
MOST_NAMED: Final = 3


def rate_without_parts(checked: Checked) -> Iterator[CheckFinding]:
    """A rate that does not say what is divided by what."""
    for row in checked.content.measures:
        if row.kind == Kind.RATIO and not (row.numerator_name and row.denominator_name):
            sentence = _("数据项“%(name)s”是比率，却没有写明分子和分母，请补上。") % {"name": row.name}
            yield error("rate_without_parts", f"measures.{row.code}", sentence, sources.RATE)


def rate_typed_whole(checked: Checked) -> Iterator[CheckFinding]:
    """A percentage that is typed as a number: members cannot be pooled, and nobody sees what it was divided by."""
    for row in checked.content.measures:
        if row.kind == Kind.NUMBER and row.unit_name in PERCENT_SIGNS:
            sentence = _(
                "数据项“%(name)s”以“%(unit)s”计量，却按数量直接填写；请改为比率并写明分子和分母，或说明为什么只有现成的百分数。"
            ) % {"name": row.name, "unit": row.unit_name}
            yield warning("rate_typed_whole", f"measures.{row.code}", sentence, sources.RATE)


def nobody_asked(checked: Checked) -> Iterator[CheckFinding]:
    """A figure that has no member this year, so that no cell would be opened for it."""
    for row in checked.content.measures:
        if not checked.asked_of(row):
            sentence = _("数据项“%(name)s”在%(year)s年没有成员，不会生成填报任务，请选定成员。") % {
                "name": row.name,
                "year": checked.year,
            }
            yield error("nobody_asked", f"measures.{row.code}.members", sentence, sources.ASKED)


def nobody_reports(checked: Checked) -> Iterator[CheckFinding]:
    """Units that are to report and have nobody who does, told once for all measures."""
    silent: dict[str, list[MeasureContent]] = defaultdict(list)
    for row in checked.content.measures:
        for code in checked.asked_of(row):
            if code not in checked.reporting:
                silent[code].append(row)
    if silent:
        waiting = {row.code for rows in silent.values() for row in rows}
        sentence = _("%(units)s没有填报人，%(count)s个数据项没有人填报；请指定填报人，或改由别的单位填报。") % {
            "units": _listed([checked.offices.get(code, code) for code in silent]),
            "count": len(waiting),
        }
        rows = [row for row in checked.content.measures if row.code in waiting]
        pieces = [f"measures.{row.code}.members" for row in rows]
        found = error("nobody_reports", "measures", sentence, sources.ASKED, *pieces)
        yield replace(found, labels=tuple(row.name for row in rows))


def _listed(words: list[str]) -> str:
    """Return names one after another, of many the first few and how many there are."""
    if len(words) <= MOST_NAMED:
        return names(words)
    return _("%(names)s等%(count)s个") % {"names": names(words[:MOST_NAMED]), "count": len(words)}


def definition_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Measures that do not say what exactly is counted, told once."""
    rows = [row for row in checked.content.measures if not row.definition.strip()]
    if rows:
        sentence = _("%(count)s个数据项没有口径（%(names)s），请写明统计什么、怎么算、取自哪里。") % {
            "count": len(rows),
            "names": _listed([row.name for row in rows]),
        }
        pieces = [f"measures.{row.code}.definition" for row in rows]
        found = warning("definition_missing", "measures", sentence, sources.DEFINITION, *pieces)
        yield replace(found, labels=tuple(row.name for row in rows))


RULES: Final = (rate_without_parts, rate_typed_whole, nobody_asked, nobody_reports, definition_missing)

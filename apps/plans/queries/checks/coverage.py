"""Rules about the indicators as a whole: what the scheme wants points for, and what is not measured at all."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.spending import share_of
from apps.plans.enums import Level1, Level2
from apps.plans.queries.checks import sources
from apps.plans.queries.checks.checked import Checked
from apps.plans.queries.checks.findings import CheckFinding, error, hint, warning
from apps.plans.queries.contents import IndicatorContent
from apps.ui.formats import names, percent, points

HALF: Final = Decimal(50)
"""Percent of the points from which on one indicator carries most of them."""
OF_COST: Final = (Level2.COST, Level2.ECONOMIC_COST, Level2.SOCIAL_COST, Level2.ECOLOGICAL_COST)
WORKS: Final = ("购置", "修缮", "工程", "基建", "信息系统", "信息化建设")
"""Words of projects that buy or build: there a cost indicator is usual (财预〔2021〕101号, as it is generally read)."""
UNITS_OF_TIME: Final = ("天", "日", "工作日", "个工作日", "小时", "分钟", "周", "月", "个月")


def weights_total(checked: Checked) -> Iterator[CheckFinding]:
    """The points declared are those of the scheme; it says by how many they are off."""
    if checked.scheme is None:
        return
    total, wanted = _sum(checked.content.indicators), checked.scheme.declared_weight
    if total != wanted:
        sentence = _("各指标分值合计 %(total)s 分，方案为 %(wanted)s 分，%(off)s。") % _words(total, wanted)
        yield error("weights_total", "indicators", sentence, sources.SCHEME)


def weights_of_classes(checked: Checked) -> Iterator[CheckFinding]:
    """The same for each class; a scheme that shares its points among goals says nothing of classes."""
    if checked.scheme is None or checked.scheme.goals_weight:
        return
    for level1 in (Level1.OUTPUT, Level1.BENEFIT, Level1.SATISFACTION, Level1.COST):
        rows = [row for row in checked.content.indicators if row.level1 == level1]
        total, wanted = _sum(rows), checked.scheme.class_weights[level1]
        if total == wanted or (level1 == Level1.SATISFACTION and not rows):
            continue
        words = {"level": level1.label, **_words(total, wanted)}
        sentence = _("%(level)s合计 %(total)s 分，方案为 %(wanted)s 分，%(off)s。") % words
        pieces = [f"indicators.{row.code}.weight" for row in rows]
        yield error(f"weights_{level1}", "indicators", sentence, sources.SCHEME, *pieces)


def _words(total: Decimal, wanted: Decimal) -> dict[str, str]:
    off = _("还差 %(off)s 分") if total < wanted else _("多 %(off)s 分")
    return {"total": points(total), "wanted": points(wanted), "off": off % {"off": points(abs(wanted - total))}}


def satisfaction_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Nobody is asked whether they are content: points lost where the scheme has them, else something to think of."""
    if any(row.level1 == Level1.SATISFACTION for row in checked.content.indicators):
        return
    wanted = checked.scheme.class_weights["satisfaction"] if checked.scheme else Decimal(0)
    if wanted:
        sentence = _("没有满意度指标，而方案给满意度留了 %(points)s 分；请添加，或换用不设满意度的方案。") % {
            "points": points(wanted)
        }
        yield error("satisfaction_missing", "indicators", sentence, sources.SATISFACTION)
    else:
        sentence = _("没有满意度指标。服务对象是群众的项目，建议设置并写明调查方式。")
        yield hint("satisfaction_missing", "indicators", sentence, sources.NO_SATISFACTION)


def cost_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Nothing says what it may cost; the points of a cost block are told by the weights."""
    if any(row.level1 == Level1.COST or row.level2 in OF_COST for row in checked.content.indicators):
        return
    if works := [word for word in WORKS if word in checked.version.plan.project.name]:
        sentence = _("没有成本指标，而项目名称里有“%(word)s”：这类项目应写明成本控制在多少以内。") % {"word": works[0]}
        yield warning("cost_missing", "indicators", sentence, sources.COST_OF_WORKS)
    else:
        sentence = _("没有成本指标，请写明成本控制的要求，例如单位成本不超过多少。")
        yield warning("cost_missing", "indicators", sentence, sources.COST)


def timeliness_missing(checked: Checked) -> Iterator[CheckFinding]:
    """No indicator of the class 时效 says by when or how fast; dates under another class are named."""
    rows = checked.content.indicators
    if any(row.level2 == Level2.TIMELINESS and _is_timed(row, checked) for row in rows):
        return
    dated = [row for row in rows if row.target and row.target.due_on]
    if dated:
        sentence = _("没有带期限的时效指标；有期限的只有%(codes)s，归在%(levels)s里。") % {
            "codes": names([row.code for row in dated]),
            "levels": names(list(dict.fromkeys(str(Level2(row.level2).label) for row in dated))),
        }
    else:
        sentence = _("没有时效指标：哪项工作要在什么日期前完成，没有写明。")
    yield warning("timeliness_missing", "indicators", sentence, sources.FRAMEWORK)


def _is_timed(row: IndicatorContent, checked: Checked) -> bool:
    has_date = row.target is not None and row.target.due_on is not None
    return has_date or checked.measure(row).unit_name in UNITS_OF_TIME


def output_one_sided(checked: Checked) -> Iterator[CheckFinding]:
    """Quantity without quality, or the other way round."""
    there = {row.level2 for row in checked.content.indicators}
    for level2 in (Level2.QUANTITY, Level2.QUALITY):
        if level2 not in there:
            sentence = _("没有%(level)s。数量和质量一般都要有。") % {"level": level2.label}
            yield hint(f"{level2}_missing", "indicators", sentence, sources.FRAMEWORK)


def one_carries_most(checked: Checked) -> Iterator[CheckFinding]:
    """One indicator with more than half of the points."""
    total = _sum(checked.content.indicators)
    for row in checked.content.indicators:
        if row.weight and share_of(row.weight, total) > HALF:
            sentence = _("指标%(code)s一项就占 %(weight)s 分，是全部分值的 %(share)s，请分散分值或拆分指标。") % {
                "code": row.code,
                "weight": points(row.weight),
                "share": percent(share_of(row.weight, total)),
            }
            yield warning("one_carries_most", f"indicators.{row.code}.weight", sentence, sources.SPREAD)


def tracked_only(checked: Checked) -> Iterator[CheckFinding]:
    """Indicators that earn nothing."""
    open_ = [row.code for row in checked.content.indicators if row.weight is None]
    if open_:
        sentence = _("%(count)s项指标没有分值，只跟踪、不计分；若要计分，请填分值。") % {"count": len(open_)}
        pieces = [f"indicators.{code}.weight" for code in open_]
        yield hint("tracked_only", "indicators", sentence, sources.TRACKED, *pieces)


def _sum(rows: tuple[IndicatorContent, ...] | list[IndicatorContent]) -> Decimal:
    return sum((row.weight for row in rows if row.weight is not None), Decimal(0))


RULES: Final = (
    weights_total,
    weights_of_classes,
    satisfaction_missing,
    cost_missing,
    timeliness_missing,
    output_one_sided,
    one_carries_most,
    tracked_only,
)

"""Two versions of a plan side by side, in the words of the form: what stayed, what changed, what came and went."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.models import Unit
from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Attribute,
    BudgetKind,
    Dimension,
    EconomicItem,
    EqualMeans,
    Frequency,
    Kind,
    Level1,
    Level2,
    Operator,
    Pairing,
    Path,
    TargetStatus,
    VersionState,
)
from apps.plans.models import BudgetLine, Member, PlanVersion, Scheme
from apps.plans.queries.contents import (
    SCHEME_VERSION,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlanContent,
    TargetContent,
    contents_of,
)
from apps.ui import formats
from apps.ui.targets import target_text

Words = dict[str, str]
LABELS: Final = {"kind": Kind, "dimension": Dimension, "frequency": Frequency, "aggregation": Aggregation}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a piece says, in both versions; empty where a version says nothing."""

    label: str
    left: str
    right: str

    @property
    def is_changed(self) -> bool:
        """Tell whether the versions say different things."""
        return self.left != self.right


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the plan by the name that both versions call it, with what either says of it."""

    name: str
    title: str
    lines: list[Line]
    is_new: bool = False
    is_gone: bool = False

    @property
    def is_changed(self) -> bool:
        """Tell whether anything differs."""
        return self.is_new or self.is_gone or any(line.is_changed for line in self.lines)

    @property
    def changed(self) -> list[Line]:
        """Return the lines that differ; of a piece that stayed as it was, all."""
        return [line for line in self.lines if line.is_changed] or self.lines

    @property
    def same(self) -> list[Line]:
        """Return the lines that stayed in a piece that changed."""
        return [line for line in self.lines if not line.is_changed] if self.is_changed else []


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form with its pieces, in the order of the newer version, what went away last."""

    title: str
    pieces: list[Piece]

    @property
    def changed(self) -> list[Piece]:
        """Return the pieces that differ."""
        return [piece for piece in self.pieces if piece.is_changed]

    @property
    def same(self) -> list[Piece]:
        """Return the pieces that do not."""
        return [piece for piece in self.pieces if not piece.is_changed]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two versions of one plan, section by section."""

    left: PlanVersion
    right: PlanVersion
    sections: list[Section]

    @property
    def changes(self) -> int:
        """Return how many pieces differ."""
        return sum(len(section.changed) for section in self.sections)


@dataclass(frozen=True, slots=True)
class Names:
    """What people call the codes of contents: members by dimension and code, units by code, schemes by code and number."""

    members: Mapping[tuple[str, str], str]
    units: Mapping[str, str]
    schemes: Mapping[str, str]

    def member(self, dimension: str, code: str) -> str:
        """Return a member's name, its code where nobody knows it."""
        return self.members.get((dimension, code), code)


def side_by_side(left: PlanVersion, right: PlanVersion) -> SideBySide:
    """Return two versions of one plan side by side. About seventeen queries, however much they say.

    `plan__project__bureau` should be loaded.
    """
    contents = contents_of([left, right])
    names = _names(left, contents.values())
    money = _section(_("资金"), _money(left), _money(right), dict)
    return SideBySide(left, right, [*sections(contents[left.pk], contents[right.pk], names), money])


def sections(old: PlanContent, new: PlanContent, names: Names) -> list[Section]:
    """Return two contents side by side without their money, whose sum only the plan's rows tell. No query."""
    before, after = _measures(old), _measures(new)
    return [
        _section(_("基本信息"), {"": old}, {"": new}, lambda content: _head(content, names)),
        _section(pgettext("several", "绩效目标"), _by(old.goals, "number"), _by(new.goals, "number"), _goal),
        Section(
            _("绩效指标"),
            _pieces(
                {row.code: _indicator(row, before[row.measure], names) for row in old.indicators},
                {row.code: _indicator(row, after[row.measure], names) for row in new.indicators},
            ),
        ),
        _section(
            pgettext("several", "资金支出方向"),
            _by(old.directions, "number"),
            _by(new.directions, "number"),
            _direction,
        ),
        _section(pgettext("several", "数据项"), before, after, lambda row: _measure(row, names)),
    ]


def _names(version: PlanVersion, contents: Collection[PlanContent]) -> Names:
    """Return the names of all that the contents mention. Three queries."""
    bureau = version.plan.project.bureau
    members = Member.objects.filter(bureau=bureau)
    units = Unit.objects.filter(path__startswith=bureau.path)
    schemes = {content.scheme.partition(SCHEME_VERSION)[0] for content in contents}
    return Names(
        members={(row.dimension, row.code): str(row) for row in members},
        units={row.code: str(row) for row in units},
        schemes={
            f"{row.code}{SCHEME_VERSION}{row.number}": str(row) for row in Scheme.objects.filter(code__in=schemes)
        },
    )


def _money(version: PlanVersion) -> dict[str, Words]:
    """Return what each source gives by this version, all that was settled before it included. One query."""
    before = Q(version__state=VersionState.APPROVED, version__number__lt=version.number)
    lines = BudgetLine.objects.filter(Q(version=None) | Q(version=version) | before, plan=version.plan_id)
    found: dict[str, list[BudgetLine]] = {}
    for line in lines.select_related("source").order_by("effective_on", "pk"):
        found.setdefault(str(line.source), []).append(line)
    return {source: _source(rows) for source, rows in found.items()}


def _source(rows: list[BudgetLine]) -> Words:
    total = sum((row.amount for row in rows), Decimal(0))
    return {
        _("合计（万元）"): formats.money(total),
        **{
            f"{BudgetKind(row.kind).label} {row.effective_on}": " · ".join(
                text for text in (formats.money(row.amount), row.document, row.reason) if text
            )
            for row in rows
        },
    }


def _section(title: str, old: Mapping[str, Any], new: Mapping[str, Any], say: Callable[[Any], Words]) -> Section:
    return Section(
        title,
        _pieces({key: say(row) for key, row in old.items()}, {key: say(row) for key, row in new.items()}),
    )


def _pieces(old: Mapping[str, Words], new: Mapping[str, Words]) -> list[Piece]:
    return [_piece(name, old.get(name), new.get(name)) for name in dict.fromkeys([*new, *old])]


def _piece(name: str, old: Words | None, new: Words | None) -> Piece:
    said = new or old or {}
    title = next((said[label] for label in (_("指标名称"), _("名称")) if label in said), "")
    return Piece(name, title, _lines(old or {}, new or {}), is_new=old is None, is_gone=new is None)


def _lines(old: Words, new: Words) -> list[Line]:
    labels = dict.fromkeys([*new, *old])
    found = [Line(label, old.get(label, ""), new.get(label, "")) for label in labels]
    return [line for line in found if line.left or line.right]


def _by(rows: Collection[Any], column: str) -> dict[str, Any]:
    return {str(getattr(row, column)): row for row in rows}


def _measures(content: PlanContent) -> dict[str, MeasureContent]:
    return {row.code: row for row in content.measures}


def _head(content: PlanContent, names: Names) -> Words:
    return {
        _("项目属性"): _choice(Attribute, content.attribute),
        _("起止时间"): f"{content.starts_on} – {content.ends_on}",
        _("评分方案"): names.schemes.get(content.scheme, content.scheme),
        _("上年度项目绩效完成情况"): content.last_year_completion,
        _("文件"): content.document,
        _("调整原因"): content.reason,
    }


def _goal(goal: GoalContent) -> Words:
    return {_("目标内容"): goal.text, _("原文"): goal.original_text if goal.original_text != goal.text else ""}


def _direction(row: DirectionContent) -> Words:
    return {
        _("支出方向"): row.text,
        _("经济分类"): _choice(EconomicItem, row.economic_item),
        _("金额（万元）"): "" if row.amount is None else formats.money(row.amount),
        _("服务的目标"): formats.names([str(number) for number in row.goals]),
    }


def _indicator(row: IndicatorContent, measure: MeasureContent, names: Names) -> Words:
    return {
        _("指标名称"): row.name,
        _("英文名称"): row.name_en,
        _("绩效目标"): str(row.goal),
        _("分类"): f"{Level1(row.level1).label} · {Level2(row.level2).label}",
        _("分值"): _weight(row),
        **_target(row.target, measure, names, ""),
        **_target(row.whole_target, measure, names, pgettext("before a label", "整个项目期")),
        _("佐证要求"): row.evidence,
        _("与目标的对应"): _choice(Pairing, row.pairing),
        _("软性表述"): _yes(row.is_soft),
        _("原文"): row.original_text,
        _("数据项"): f"{measure.name}{formats.in_brackets(measure.code)}",
    }


def _weight(row: IndicatorContent) -> str:
    if row.weight is None:
        return _("不计分")
    return formats.points(row.weight) + (_("（建议值）") if row.has_suggested_weight else "")


def _target(target: TargetContent | None, measure: MeasureContent, names: Names, of: str) -> Words:
    """Return all that a target says; `of` goes before the labels of one that covers the whole project."""
    if target is None:
        return {f"{of}{_('指标值')}": ""}
    members = [names.member(measure.dimension, code) for code in target.members]
    reference = f"{target.reference_year or ''} {_plain(target.reference_value, measure)}".strip()
    said = {
        _("指标值"): target_text(target, measure, names=members),
        _("确定程度"): _choice(TargetStatus, target.status),
        _("审定文件"): target.document,
        _("审定机关"): target.decided_by,
        _("“＝”的含义"): _choice(EqualMeans, target.equal_means if target.operator == Operator.EQUAL else ""),
        _("待定前的数"): _plain(target.value, measure) if target.status == TargetStatus.PENDING else "",
        _("名单"): formats.names(members),
        _("进度路径"): _choice(Path, target.path),
        _("分期计划"): formats.names([f"{row.ends_on} {_plain(row.value, measure)}" for row in target.planned]),
        _("最小变动"): _plain(target.step, measure),
        _("期限"): _day(target.due_on),
        _("参考值"): reference,
        _("指标值说明"): target.reason,
    }
    return {f"{of}{label}": text for label, text in said.items()}


def _measure(row: MeasureContent, names: Names) -> Words:
    parts = [row.numerator_name, row.denominator_name]
    return {
        _("名称"): row.name,
        _("英文名称"): " / ".join(
            text for text in (row.name_en, row.numerator_name_en, row.denominator_name_en) if text
        ),
        **{_label(name): _choice(choices, getattr(row, name)) for name, choices in LABELS.items()},
        _("计量单位"): row.unit_name,
        _("小数位"): str(row.decimals),
        _("比率系数"): "" if row.factor is None else formats.points(row.factor),
        _("分子 ÷ 分母"): " ÷ ".join(text for text in parts if text),
        _("分子是分母的一部分"): _yes(row.is_part_of_whole),
        _("期间累积"): _choice(Accumulation, row.accumulation),
        _("分母期间累积"): _choice(Accumulation, row.denominator_accumulation),
        _("填报季"): row.season,
        _("责任处室"): names.units.get(row.division, row.division),
        _("口径"): row.definition,
        _("检查项"): formats.names(list(row.items)),
        pgettext("several", "成员"): formats.names([_membership(member, row, names) for member in row.members]),
    }


def _label(column: str) -> str:
    return {
        "kind": pgettext("measure", "类别"),
        "dimension": _("维度"),
        "frequency": _("填报频率"),
        "aggregation": _("成员汇总"),
    }[column]


def _membership(row: MembershipContent, measure: MeasureContent, names: Names) -> str:
    """Return a member with who reports it and from when to when, where that is said."""
    said = [names.units.get(row.reporting_unit, row.reporting_unit)]
    if row.starts_on or row.ends_on:
        said.append(f"{_day(row.starts_on)} – {_day(row.ends_on)}")
    more = " ".join(text for text in said if text)
    name = names.member(measure.dimension, row.member)
    return f"{name}{formats.in_brackets(more)}" if more else name


def _choice(choices: Any, value: str) -> str:
    return str(choices(value).label) if value else ""


def _plain(value: Decimal | None, measure: MeasureContent) -> str:
    return "" if value is None else formats.part(value, measure)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day}"


def _yes(is_so: bool) -> str:
    return _("是") if is_so else ""

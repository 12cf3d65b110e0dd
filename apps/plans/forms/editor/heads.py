"""The head of a plan, its money, its spending directions and its goals, as they are typed."""

from dataclasses import replace
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.plans.enums import Attribute, BudgetKind, Dimension, EconomicItem
from apps.plans.forms.editor.fields import AmountField, DayField, choice, text
from apps.plans.models import Scheme
from apps.plans.queries.contents import SCHEME_VERSION, BudgetContent, DirectionContent, GoalContent
from apps.plans.queries.editing import HEAD, EditorPage, is_typed

LONGEST_WORDS = 5000
EMPTY = ("", gettext_lazy("请选择"))


class PieceForm(forms.Form):
    """A form for one piece; `piece` is None for one that is being made."""

    def __init__(self, data=None, *, page: EditorPage, piece=None, initial=None):
        self.page, self.piece = page, piece
        super().__init__(data, initial={**self.shown(piece), **(initial or {})}, use_required_attribute=False)

    def shown(self, piece) -> dict:
        """Return what stands in the fields at first: the columns of the piece."""
        if piece is None:
            return {}
        return piece if isinstance(piece, dict) else {name: getattr(piece, name, None) for name in self.base_fields}


class HeadForm(PieceForm):
    """项目属性, 起止时间, 评分方案 and what the form says of last year; of an adjustment also why."""

    attribute = choice(gettext_lazy("项目属性"), [EMPTY, *Attribute.choices], required=False)
    starts_on = DayField(label=gettext_lazy("起始日期"))
    ends_on = DayField(label=gettext_lazy("截止日期"))
    scheme = choice(gettext_lazy("评分方案"), required=False)
    last_year_completion = text(
        gettext_lazy("上年度项目绩效完成情况"),
        LONGEST_WORDS,
        rows=4,
        required=False,
        help_text=gettext_lazy("持续项目、跨年度项目须写明上年预算完成情况和绩效目标完成情况；新增项目不填。"),
    )
    document = text(gettext_lazy("依据文件"), 200, required=False)
    reason = text(gettext_lazy("调整原因"), LONGEST_WORDS, rows=2, required=False)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        schemes = Scheme.objects.order_by("code", "-number")
        self.fields["scheme"].choices = [EMPTY, *((f"{row.code}{SCHEME_VERSION}{row.number}", row) for row in schemes)]
        if not self.page.version.is_adjustment:
            del self.fields["reason"]

    def clean(self):
        """Refuse a project that ends before it starts, and an adjustment that does not say why."""
        typed = super().clean()
        starts_on, ends_on = typed.get("starts_on"), typed.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("截止日期早于起始日期。"))
        if "reason" in self.fields and not typed.get("reason"):
            self.add_error("reason", _("请写明调整原因。"))
        return typed

    def columns(self) -> dict:
        """Return the clean columns of the head."""
        return {name: self.cleaned_data[name] for name in HEAD if name in self.cleaned_data}


class BudgetLineForm(PieceForm):
    """One line of money: initial while the plan is first drafted, an adjustment later."""

    source = choice(gettext_lazy("资金来源"))
    kind = choice(gettext_lazy("类别"))
    amount = AmountField(label=gettext_lazy("金额（万元）"), error_messages={"required": gettext_lazy("请填写金额。")})
    effective_on = DayField(label=gettext_lazy("生效日期"))
    document = text(gettext_lazy("依据文件"), 200)
    reason = text(gettext_lazy("原因"), 1000, required=False)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.fields["source"].choices = list(self.page.places.names(Dimension.FUNDING).items())
        first = [] if self.page.version.is_adjustment else [BudgetKind.INITIAL]
        kinds = [*first, BudgetKind.ADJUSTMENT, BudgetKind.CARRIED_OVER]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["effective_on"].initial = self.page.content.starts_on
        self.fields["document"].initial = self.page.content.document
        if not self.fields["source"].choices:
            self.fields["source"].help_text = _("还没有资金来源，请先到“成员”页添加。")

    def clean(self):
        """Refuse money given that is none, and an adjustment that moves nothing or does not say why."""
        typed = super().clean()
        amount, kind = typed.get("amount"), typed.get("kind")
        if amount is not None and kind != BudgetKind.ADJUSTMENT and amount < 0:
            self.add_error("amount", _("年初预算和上年结转不能是负数；调减请选“年中调整”。"))
        if amount is not None and kind == BudgetKind.ADJUSTMENT and not amount:
            self.add_error("amount", _("调整金额为 0，没有调整。"))
        if kind == BudgetKind.ADJUSTMENT and not typed.get("reason"):
            self.add_error("reason", _("年中调整请写明原因。"))
        return typed

    def content(self) -> BudgetContent:
        """Return the line."""
        return BudgetContent(**self.cleaned_data)


class DirectionForm(PieceForm):
    """A spending direction: what for, by which economic item, how much, for which goals."""

    text = text(gettext_lazy("支出方向"), 200)
    economic_item = choice(
        gettext_lazy("经济分类"), [("", gettext_lazy("未填")), *EconomicItem.choices], required=False
    )
    amount = AmountField(label=gettext_lazy("金额（万元）"), required=False)
    goals = forms.TypedMultipleChoiceField(
        label=gettext_lazy("对应的绩效目标"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.fields["goals"].choices = goal_choices(self.page)

    def clean_amount(self) -> Decimal | None:
        """Refuse less than nothing."""
        amount = self.cleaned_data["amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("金额不能是负数。"))
        return amount

    def content(self) -> DirectionContent:
        """Return the direction; a new one gets its number where it is put."""
        number = self.piece.number if self.piece else 0
        typed = {**self.cleaned_data, "goals": tuple(sorted(self.cleaned_data["goals"]))}
        return DirectionContent(number=number, **typed)


class GoalForm(PieceForm):
    """A goal's number and words."""

    number = forms.IntegerField(
        label=gettext_lazy("序号"),
        min_value=1,
        max_value=999,
        error_messages={
            "required": gettext_lazy("请填写序号。"),
            "invalid": gettext_lazy("序号应为 1 至 999 的整数。"),
            "min_value": gettext_lazy("序号应为 1 至 999 的整数。"),
            "max_value": gettext_lazy("序号应为 1 至 999 的整数。"),
        },
    )
    text = text(gettext_lazy("目标内容"), LONGEST_WORDS, rows=3)

    def content(self) -> GoalContent:
        """Return the goal. What was typed here is its own source; words of an imported or published form stay."""
        words = self.cleaned_data["text"]
        if self.piece is None:
            return GoalContent(**self.cleaned_data, original_text=words)
        typed_here = is_typed_here(self.page, self.piece.original_text, self.piece.text)
        return replace(self.piece, **self.cleaned_data, original_text=words if typed_here else self.piece.original_text)


def goal_choices(page: EditorPage) -> list[tuple[str, str]]:
    """Return the plan's goals by number, with the beginning of their words."""
    return [(str(row.number), f"{row.number} {shortened(row.text)}") for row in page.content.goals]


def shortened(words: str, length: int = 24) -> str:
    """Return the beginning of a sentence."""
    return words if len(words) <= length else f"{words[:length]}…"


def is_typed_here(page: EditorPage, original: str, present: str) -> bool:
    """Tell whether words have no other source than this editor, so that their original follows them."""
    return is_typed(page.version) and original == present

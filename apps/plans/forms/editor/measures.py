"""A measure as it is typed: what is collected, how it adds up, how often, by whom."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.enums import UnitKind
from apps.plans.enums import Accumulation, Aggregation, Dimension, Frequency, Kind
from apps.plans.forms.editor.fields import CalmForm, DayField, choice, text
from apps.plans.models import Member, Season
from apps.plans.queries.contents import MeasureContent, MembershipContent
from apps.plans.queries.editing import EditorPage, accumulation_examples

FIGURED = (Kind.RATIO, Kind.NUMBER, Kind.MONEY)
FACTORS = [
    ("100", gettext_lazy("百分比（×100）")),
    ("1000", gettext_lazy("千分比（×1000）")),
    ("1", gettext_lazy("比值（如台/人）")),
]
BROKEN_DOWN_BY = [(value, label) for value, label in Dimension.choices if value != Dimension.FUNDING]
DECIMALS = {Kind.RATIO: 2, Kind.MONEY: 2}


@dataclass
class MemberFields:
    """A member's line in the form: in or out, who reports it, and from when to when."""

    member: Member
    is_in: bool
    tick: BoundField
    unit: BoundField
    starts_on: BoundField
    ends_on: BoundField


class MeasureForm(CalmForm):
    """A measure. What its kind does not have is left out, and what is left empty gets the usual value of its kind.

    `lock` says why only the wording may change. `is_brief` is the form beside a new indicator: members are all that are
    valid, and the name is the indicator's.
    """

    name = text(gettext_lazy("数据项名称"), 100)
    name_en = text(gettext_lazy("英文名称"), 160, required=False)
    kind = choice(gettext_lazy("类别"), Kind.choices)
    unit_name = text(gettext_lazy("计量单位"), 20, required=False)
    decimals = forms.TypedChoiceField(
        label=gettext_lazy("小数位"),
        choices=[("", "—"), *((str(n), str(n)) for n in range(5))],
        required=False,
        coerce=int,
        empty_value=None,
    )
    factor = choice(gettext_lazy("比率系数"), [("", gettext_lazy("按单位")), *FACTORS], required=False)
    numerator_name = text(gettext_lazy("分子"), 60, required=False)
    numerator_name_en = text(gettext_lazy("分子英文名称"), 100, required=False)
    denominator_name = text(gettext_lazy("分母"), 60, required=False)
    denominator_name_en = text(gettext_lazy("分母英文名称"), 100, required=False)
    is_part_of_whole = forms.BooleanField(label=gettext_lazy("分子是分母的一部分（不会超过 100 %）"), required=False)
    accumulation = choice(
        gettext_lazy("各期怎样累积"), [("", gettext_lazy("请选择")), *Accumulation.choices], required=False
    )
    denominator_accumulation = choice(
        gettext_lazy("分母怎样累积"), [("", gettext_lazy("与分子相同")), *Accumulation.choices], required=False
    )
    aggregation = choice(
        gettext_lazy("各成员怎样汇总"), [("", gettext_lazy("按类别")), *Aggregation.choices], required=False
    )
    dimension = choice(gettext_lazy("按什么分列"), BROKEN_DOWN_BY, required=False)
    frequency = choice(gettext_lazy("填报频率"), Frequency.choices, required=False)
    season = choice(gettext_lazy("填报季"), required=False)
    division = choice(gettext_lazy("责任处室"), required=False)
    definition = text(
        gettext_lazy("口径"),
        2000,
        rows=2,
        required=False,
        help_text=gettext_lazy("统计范围、时点、数据来源；分子分母各指什么。"),
    )
    items = text(gettext_lazy("检查项（每行一项）"), 2000, rows=3, required=False)
    shown_dimension = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data=None, *, page: EditorPage, piece: MeasureContent | None = None, lock="", is_brief=False, initial=None
    ):
        self.page, self.piece, self.lock, self.is_brief = page, piece, lock, is_brief
        first = {**self._shown(piece), **(initial or {})}
        super().__init__(data, prefix="measure", initial=first, use_required_attribute=False)
        self._offer_places()
        self._add_members()
        if is_brief:
            self.fields["name"].required = False
        if lock:
            for name, field in self.fields.items():
                field.disabled = name not in ("definition", "shown_dimension")

    def _shown(self, piece) -> dict:
        if piece is None:
            division = self.page.plan.project.division
            return {
                "kind": Kind.RATIO,
                "dimension": Dimension.UNIT,
                "frequency": Frequency.QUARTERLY,
                "accumulation": Accumulation.RUNNING_TOTAL,
                "division": division.code if division else "",
            }
        values = {name: getattr(piece, name, None) for name in self.base_fields}
        factor = "" if piece.factor is None else f"{piece.factor.normalize():f}"
        return values | {"factor": factor, "items": "\n".join(piece.items)}

    def _offer_places(self) -> None:
        places = self.page.places
        divisions = [row for row in places.units if row.kind == UnitKind.DIVISION]
        self.fields["division"].choices = [("", str(places.bureau)), *((row.code, str(row)) for row in divisions)]
        seasons = Season.objects.filter(bureau=places.bureau).order_by("-starts_on")
        self.fields["season"].choices = [("", _("请选择")), *((row.name, row.name) for row in seasons)]
        factor = self.initial.get("factor")
        if factor and factor not in dict(self.fields["factor"].choices):
            self.fields["factor"].choices += [(factor, factor)]
        if self.piece and self.piece.dimension == Dimension.FUNDING:
            self.fields["dimension"].choices = list(Dimension.choices)

    # Members ----------------------------------------------------------------------------------------------------------

    @property
    def asked_dimension(self) -> str:
        """Return the dimension whose members the form shows: as typed, else as it stands."""
        typed = self.data.get(self.add_prefix("dimension")) if self.is_bound and not self.lock else None
        asked = typed or self.initial.get("dimension")
        return asked if asked in Dimension.values else Dimension.UNIT

    def _add_members(self) -> None:
        """Add the fields of each member of the dimension: a tick, who reports, from when to when."""
        dimension = self.asked_dimension
        self.initial["shown_dimension"] = dimension
        there = {row.member: row for row in self.piece.members} if self.piece else {}
        rows = self.page.places.of(dimension)
        self.members = [row for row in rows if row.code in there or self._is_valid(row)]
        units = [(row.code, str(row)) for row in self.page.places.units]
        answering = self.page.places.unit(self.initial.get("division") or "") or self.page.places.bureau
        for row in self.members:
            member = there.get(row.code, MembershipContent(member=row.code))
            is_in = row.code in there if self.piece and self.piece.dimension == dimension else self._is_valid(row)
            self.fields[f"in-{row.code}"] = forms.BooleanField(label=str(row), required=False, initial=is_in)
            usual = ("", _("默认：%(unit)s") % {"unit": row.unit or answering})
            self.fields[f"unit-{row.code}"] = choice(
                _("填报单位"), [usual, *units], required=False, initial=member.reporting_unit
            )
            self.fields[f"from-{row.code}"] = DayField(label=_("启用"), required=False, initial=member.starts_on)
            self.fields[f"until-{row.code}"] = DayField(label=_("停用"), required=False, initial=member.ends_on)

    def _is_valid(self, row: Member) -> bool:
        """Tell whether a member is there at any time of the plan's year."""
        year = self.page.plan.year
        starts_on, ends_on = row.starts_on, row.ends_on
        return (starts_on is None or starts_on.year <= year) and (ends_on is None or ends_on.year >= year)

    @property
    def member_lines(self) -> list[MemberFields]:
        """Return a line for each member of the dimension that is there in the plan's year."""
        return [
            MemberFields(
                row,
                bool(self[f"in-{row.code}"].value()),
                self[f"in-{row.code}"],
                self[f"unit-{row.code}"],
                self[f"from-{row.code}"],
                self[f"until-{row.code}"],
            )
            for row in self.members
        ]

    @property
    def examples(self) -> list[tuple[str, str]]:
        """Return for each way of adding up what it comes to."""
        return accumulation_examples()

    def _memberships(self) -> tuple[MembershipContent, ...]:
        """Return the chosen members; where the form could not show those of this dimension, all that are valid."""
        typed = self.cleaned_data
        if self.is_brief or typed.get("shown_dimension") != self.asked_dimension:
            return tuple(MembershipContent(member=row.code) for row in self.members if self._is_valid(row))
        return tuple(
            MembershipContent(
                member=row.code,
                reporting_unit=typed.get(f"unit-{row.code}", ""),
                starts_on=typed.get(f"from-{row.code}"),
                ends_on=typed.get(f"until-{row.code}"),
            )
            for row in self.members
            if typed.get(f"in-{row.code}")
        )

    # What is clean ----------------------------------------------------------------------------------------------------

    def clean(self):
        """Ask for what the kind needs, beside the field where it is missing."""
        typed = super().clean()
        if not self.lock:
            self._clean_kind(typed)
            self._clean_aggregation(typed)
            self._clean_members(typed)
        return typed

    def _clean_kind(self, typed) -> None:
        for name in ("numerator_name", "denominator_name"):
            if typed.get("kind") == Kind.RATIO and not typed.get(name):
                self.add_error(name, _("比率要写明分子和分母各是什么。"))
        if typed.get("kind") == Kind.CHECKLIST and not typed.get("items", "").strip():
            self.add_error("items", _("检查清单至少要有一项。"))
        if typed.get("frequency") == Frequency.SEASON and not typed.get("season"):
            self.add_error("season", _("按季节填报请选择填报季。"))

    def _clean_aggregation(self, typed) -> None:
        if typed.get("aggregation") == Aggregation.POOLED and typed.get("kind") in (Kind.NUMBER, Kind.MONEY):
            self.add_error("aggregation", _("只有比率能按“合并比率”汇总；数量和金额一般求和。"))

    def _clean_members(self, typed) -> None:
        for row in self.members:
            starts_on, ends_on = typed.get(f"from-{row.code}"), typed.get(f"until-{row.code}")
            if starts_on and ends_on and ends_on < starts_on:
                self.add_error(f"until-{row.code}", _("停用早于启用。"))
        if not self.members:
            name = Dimension(self.asked_dimension).label
            self.add_error("dimension", _("“%(name)s”还没有成员，请先到“成员”页添加。") % {"name": name})
        elif not self.errors and not self._memberships():
            self.add_error("dimension", _("至少要有一个成员。"))

    def content(self, *, code: str, name: str = "") -> MeasureContent:
        """Return the measure under a code; `name` stands in where none was typed."""
        typed = self.cleaned_data
        if self.lock and self.piece:
            return replace(self.piece, definition=typed["definition"])
        kind = typed["kind"]
        return MeasureContent(
            code=code,
            name=typed["name"] or name[:100],
            name_en=typed["name_en"],
            kind=kind,
            unit_name=self._unit(kind),
            decimals=typed["decimals"] if typed["decimals"] is not None else DECIMALS.get(kind, 0),
            dimension=typed["dimension"] or Dimension.UNIT,
            frequency=self._frequency(kind),
            season=typed["season"] if typed["frequency"] == Frequency.SEASON else "",
            division=typed["division"],
            definition=typed["definition"],
            items=tuple(line.strip()[:100] for line in typed["items"].splitlines() if line.strip()),
            members=self._memberships(),
            **self._method(kind),
        )

    def _frequency(self, kind: str) -> str:
        default = Frequency.MILESTONE if kind == Kind.MILESTONE else Frequency.QUARTERLY
        return self.cleaned_data["frequency"] or default

    def _unit(self, kind: str) -> str:
        usual = {Kind.RATIO: "%", Kind.MONEY: "元"}.get(kind, "")
        if kind == Kind.MONEY:
            return usual
        return (self.cleaned_data["unit_name"] or usual) if kind in FIGURED else ""

    def _method(self, kind: str) -> dict:
        """Return how figures of a kind combine; what a kind does not have stays out."""
        typed = self.cleaned_data
        if kind not in FIGURED:
            return {}
        accumulation = typed["accumulation"] or Accumulation.RUNNING_TOTAL
        usual = Aggregation.POOLED if kind == Kind.RATIO else Aggregation.SUM
        method = {"accumulation": accumulation, "aggregation": typed["aggregation"] or usual}
        if kind != Kind.RATIO:
            return method
        unit = self._unit(kind)
        factor = typed["factor"] or {"%": "100", "‰": "1000"}.get(unit, "1")
        names = ("numerator_name", "numerator_name_en", "denominator_name", "denominator_name_en", "is_part_of_whole")
        return method | {
            "factor": Decimal(factor),
            "denominator_accumulation": typed["denominator_accumulation"] or accumulation,
            **{name: typed[name] for name in names},
        }

"""An indicator as it is typed: its place in the form, what it wants, and the measure that it looks at."""

from dataclasses import replace
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calculation.schemes import Scheme as ScoringScheme
from apps.plans.actions.pieces import Change, free_code, put_indicator
from apps.plans.enums import Attribute, Basis, Dimension, Frequency, Kind, Level1, Level2, Pairing, Path
from apps.plans.forms.editor.fields import CalmForm, NumberField, choice, text
from apps.plans.forms.editor.heads import goal_choices, is_typed_here
from apps.plans.forms.editor.measures import MeasureForm
from apps.plans.forms.editor.targets import TargetForm, is_same_way, keeps_basis, refilled
from apps.plans.queries.contents import IndicatorContent, MeasureContent, MembershipContent, TargetContent
from apps.plans.queries.editing import EditorPage, WordedTarget, read_words

NEW = "+"
MOST = Decimal(100)
CLASSES = {
    Level1.COST: (Level2.ECONOMIC_COST, Level2.SOCIAL_COST, Level2.ECOLOGICAL_COST),
    Level1.OUTPUT: (Level2.QUANTITY, Level2.QUALITY, Level2.TIMELINESS, Level2.COST),
    Level1.BENEFIT: (Level2.ECONOMIC, Level2.SOCIAL, Level2.ECOLOGICAL, Level2.SUSTAINABLE),
    Level1.SATISFACTION: (Level2.SATISFACTION,),
}
USUAL_FREQUENCY = {
    Kind.MILESTONE: Frequency.MILESTONE,
    Kind.JUDGEMENT: Frequency.HALF_YEARLY,
    Kind.CHECKLIST: Frequency.HALF_YEARLY,
}


class TermsForm(CalmForm):
    """Where an indicator stands and how much it counts. `suggested` is the kind that the words of the target suggested."""

    name = text(gettext_lazy("指标名称"), 100)
    goal = forms.TypedChoiceField(
        label=gettext_lazy("所属目标"), coerce=int, error_messages={"required": gettext_lazy("请选择目标。")}
    )
    classes = choice(gettext_lazy("类别（一级 / 二级）"))
    weight = NumberField(label=gettext_lazy("分值"), places=2, required=False, help_text=gettext_lazy("不计分请留空。"))
    evidence = text(gettext_lazy("佐证要求"), 200, required=False)
    code = text(gettext_lazy("编号"), 20, required=False)
    name_en = text(gettext_lazy("英文名称"), 160, required=False)
    is_soft = forms.BooleanField(label=gettext_lazy("软性表述（争取、力求、初见成效）"), required=False)
    is_unverified = forms.BooleanField(label=gettext_lazy("与目标的对应关系待核"), required=False)
    measure = choice(gettext_lazy("数据项"), required=False)
    suggested = forms.CharField(required=False, widget=forms.HiddenInput)
    library = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, page: EditorPage, measures, is_fixed=False, initial=None):
        super().__init__(data, prefix="terms", initial=initial, use_required_attribute=False)
        self.fields["goal"].choices = goal_choices(page)
        self.fields["classes"].choices = class_choices(page, (initial or {}).get("classes", ""))
        self.fields["measure"].choices = [(NEW, _("新建数据项")), *((row.code, row.name) for row in measures)]
        self.fields["code"].disabled = is_fixed
        self.fields["measure"].disabled = is_fixed

    def clean_weight(self) -> Decimal | None:
        """Refuse a weight that is none."""
        weight = self.cleaned_data["weight"]
        if weight is not None and not 0 < weight <= MOST:
            raise forms.ValidationError(_("分值应大于 0，且不超过 100；不计分的指标请留空。"))
        return weight


class IndicatorForms:
    """The forms of one indicator together: its terms, its targets, and its measure where that is being made.

    `borrowed` is a measure of another plan that was chosen from the library, with the indicator that looks at it there, and
    `library` the id by which it is found again. `is_fixed` is an approved indicator: its code and measure stay.
    Words of a target that were not read yet are read here, so that nothing depends on a script having done so.
    """

    template = "plans/_editor_indicator_form.html"

    def __init__(
        self,
        data=None,
        *,
        page: EditorPage,
        piece: IndicatorContent | None = None,
        borrowed: tuple[IndicatorContent, MeasureContent] | None = None,
        library: int | None = None,
        is_fixed: bool = False,
        goal: int | None = None,
    ):
        self.library = library
        self.page, self.piece, self.borrowed, self.is_fixed = page, piece, borrowed, is_fixed
        self.worded: WordedTarget | None = None
        self.shares: dict[str, Decimal | None] = {}
        self.model = model = piece or (_without_papers(borrowed[0]) if borrowed else None)
        self.measures = [*page.content.measures]
        if borrowed and borrowed[1].code not in {row.code for row in self.measures}:
            self.measures.append(borrowed[1])
        if data is not None:
            data = self._with_words_read(data)
        self.terms = TermsForm(
            data, page=page, measures=self.measures, is_fixed=is_fixed, initial=self._terms(model, goal)
        )
        self.measure_form = MeasureForm(data, page=page, is_brief=True) if self.is_making else None
        self.target = self._target("target", data, model.target if model else None)
        self.whole = self._target("whole", data, model.whole_target if model else None) if self.is_multi_year else None

    # What is shown ----------------------------------------------------------------------------------------------------

    @property
    def is_multi_year(self) -> bool:
        """Tell whether a target for the whole project has a place in the form."""
        return self.page.content.attribute == Attribute.MULTI_YEAR

    @property
    def measure_code(self) -> str:
        """Return the code of the chosen measure, `NEW` for one that is being made."""
        chosen = self.terms["measure"].value()
        return chosen if chosen in {row.code for row in self.measures} else NEW

    @property
    def is_making(self) -> bool:
        """Tell whether a measure is being made along."""
        return self.measure_code == NEW

    @property
    def measure(self) -> MeasureContent:
        """Return the chosen measure, or a sketch of the one that is being made as far as it can be seen yet."""
        found = next((row for row in self.measures if row.code == self.measure_code), None)
        return found or self._sketch()

    @property
    def bound(self) -> list[CalmForm]:
        """Return the forms that count."""
        return [form for form in (self.terms, self.target, self.whole, self.measure_form) if form is not None]

    def _terms(self, model: IndicatorContent | None, goal: int | None) -> dict:
        """Return what stands in the terms at first."""
        if model is None:
            return {
                "goal": goal,
                "code": "" if goal is None else free_code(self.page.content, goal),
                "classes": f"{Level1.OUTPUT}/{Level2.QUANTITY}",
                "measure": NEW,
                "suggested": Kind.RATIO,
            }
        shown = {name: getattr(model, name) for name in ("name", "name_en", "weight", "evidence", "is_soft", "measure")}
        shown |= {"library": self.library or ""}
        shown |= {"classes": f"{model.level1}/{model.level2}", "code": model.code, "goal": model.goal}
        if self.piece is None:
            return shown | {"goal": goal, "code": free_code(self.page.content, goal or 0), "weight": None}
        return shown | {"is_unverified": self.piece.pairing == Pairing.UNVERIFIED}

    def _target(self, prefix: str, data, target) -> TargetForm:
        form = TargetForm(data, prefix=prefix, page=self.page, measure=self.measure, target=target)
        form.share = self.shares.get(prefix)
        return form

    def _sketch(self) -> MeasureContent:
        form = self.measure_form
        kind = (form["kind"].value() if form else "") or Kind.RATIO
        dimension = form.asked_dimension if form else Dimension.UNIT
        unit = (form["unit_name"].value() if form else "") or {Kind.RATIO: "%", Kind.MONEY: "元"}.get(kind, "")
        members = form.members if form else self.page.places.of(dimension)
        return MeasureContent(
            code=NEW,
            name="",
            kind=kind if kind in Kind.values else Kind.RATIO,
            unit_name=unit,
            dimension=dimension,
            frequency=(form["frequency"].value() if form else "") or Frequency.QUARTERLY,
            members=tuple(MembershipContent(member=row.code) for row in members),
        )

    # Words ------------------------------------------------------------------------------------------------------------

    def _with_words_read(self, data):
        """Return the data with the fields of each target filled from its words, where those are newer."""
        for prefix in ("target", "whole"):
            words = data.get(f"{prefix}-words", "").strip()
            if not words:
                continue
            worded = self._worded(data, words)
            self.shares[prefix] = worded.share if worded.kind == Kind.RATIO or self._known(data) else None
            if words != data.get(f"{prefix}-read", ""):
                worded = _with_kept_basis(data, prefix, self._with_lost_way(data, prefix, worded))
                data = self._refilled(data, prefix, words, worded)
                self.worded = worded if prefix == "target" else self.worded
            elif prefix == "target" and self.piece is None:
                self.worded = worded
        return data

    def _before(self, prefix: str) -> TargetContent | None:
        """Return the target that was there before anything was typed."""
        if self.model is None:
            return None
        return self.model.target if prefix == "target" else self.model.whole_target

    def _with_lost_way(self, data, prefix: str, worded: WordedTarget) -> WordedTarget:
        """Return what was read with a word about the way to the target, where the old one cannot be gone any more."""
        before, after = data.get(f"{prefix}-operator") or "", worded.target
        if self._before(prefix) is None or not before or is_same_way(before, after.operator):
            return worded
        sentence = _("指标性质变了，“年内怎样推进”改为“%(path)s”，请核对。") % {"path": Path(after.path).label}
        return replace(worded, said=(*worded.said, sentence))

    def _known(self, data) -> MeasureContent | None:
        return next((row for row in self.measures if row.code == data.get("terms-measure")), None)

    def _worded(self, data, words: str) -> WordedTarget:
        """Return what words are read as, in the light of the class, the name and the measure's unit."""
        level1, _slash, level2 = data.get("terms-classes", "").partition("/")
        known, name = self._known(data), data.get("terms-name", "")
        unit = known.unit_name if known else None
        return read_words(words, level1=level1, level2=level2, name=name, year=self.page.plan.year, unit_name=unit)

    def _refilled(self, data, prefix: str, words: str, worded: WordedTarget):
        known = self._known(data)
        kind = worded.kind
        if known is None and data.get("measure-kind") not in (None, data.get("terms-suggested")):
            kind = data["measure-kind"]
        shape = known or replace(self._blank(), kind=kind if kind in Kind.values else Kind.NUMBER)
        data = refilled(data, prefix, words, worded, shape, has_target=self._before(prefix) is not None)
        return data if known or prefix != "target" else self._suggested(data, worded)

    def _blank(self) -> MeasureContent:
        return MeasureContent(code=NEW, name="", kind=Kind.NUMBER, dimension=Dimension.UNIT, frequency=Frequency.YEARLY)

    def _suggested(self, data, worded: WordedTarget):
        """Return the data with what the words say of a new measure, unless its kind was chosen by hand."""
        if worded.is_soft:
            data["terms-is_soft"] = "on"
        if data.get("measure-kind", Kind.RATIO) == (data.get("terms-suggested") or Kind.RATIO):
            data["measure-kind"] = data["terms-suggested"] = worded.kind
            data["measure-unit_name"] = worded.unit_name
            data["measure-factor"] = "" if worded.factor is None else f"{worded.factor.normalize():f}"
            data["measure-frequency"] = USUAL_FREQUENCY.get(worded.kind, data.get("measure-frequency", ""))
        return data

    # What comes of it -------------------------------------------------------------------------------------------------

    def hush(self) -> None:
        """Leave out what is wrong so far: somebody is still typing."""
        for form in self.bound:
            form.hush()

    def is_valid(self) -> bool:
        """Tell whether everything that was typed is clean; every form says what is wrong with it."""
        valid = [form.is_valid() for form in self.bound]
        return all(valid)

    def change(self, name: str, *, measure_code: str, below: str | None = None) -> Change:
        """Return the change that puts the indicator where it belongs; `measure_code` is for a measure that comes along."""
        code = None if name == NEW else name
        indicator, measure = self._indicator(code), self._measure(measure_code)
        wanted = replace(indicator, measure=measure.code)

        def put(content):
            own = wanted if wanted.code else replace(wanted, code=free_code(content, wanted.goal))
            return put_indicator(content, own, code, measure=measure, below=below)

        return put

    def _measure(self, code: str) -> MeasureContent:
        if self.measure_form is None:
            return self.measure
        return self.measure_form.content(code=code, name=self.terms.cleaned_data["name"])

    def _indicator(self, code: str | None) -> IndicatorContent:
        typed = self.terms.cleaned_data
        level1, _slash, level2 = typed["classes"].partition("/")
        old = self.piece
        return IndicatorContent(
            code=typed["code"] or (code or ""),
            goal=typed["goal"],
            name=typed["name"],
            name_en=typed["name_en"],
            original_text=self._original(),
            level1=level1,
            level2=level2,
            weight=typed["weight"],
            has_suggested_weight=bool(old and old.has_suggested_weight and old.weight == typed["weight"]),
            pairing=Pairing.UNVERIFIED if typed["is_unverified"] else Pairing.CONFIRMED,
            is_soft=typed["is_soft"],
            evidence=typed["evidence"],
            measure="",
            target=self.target.content(),
            whole_target=self.whole.content() if self.whole else None,
        )

    def _original(self) -> str:
        """Return the words of the source: what was typed here, unless a form that was read in has words of its own."""
        words = self.target.cleaned_data["words"]
        if self.piece is None:
            return words
        is_ours = is_typed_here(self.page, self.piece.original_text, self.piece.original_text)
        return words if is_ours and "words" in self.target.changed_data else self.piece.original_text


def _with_kept_basis(data, prefix: str, worded: WordedTarget) -> WordedTarget:
    """Return what was read with a word about the basis, where it stays another than the one that is read by default."""
    basis = data.get(f"{prefix}-basis", "")
    if not keeps_basis(data, prefix, worded) or basis in (worded.target.basis, "") or basis not in Basis.values:
        return worded
    sentence = _("这里没有写明与什么相比，依据仍为原来选定的“%(basis)s”。") % {"basis": Basis(basis).label}
    return replace(worded, said=(*worded.said, sentence))


def _without_papers(indicator: IndicatorContent) -> IndicatorContent:
    """Return an indicator of another project without what holds there only: the papers behind its target, its soft mark."""
    target, whole = (
        None if row is None else replace(row, document="", decided_by="")
        for row in (indicator.target, indicator.whole_target)
    )
    return replace(indicator, target=target, whole_target=whole, is_soft=False)


def class_choices(page: EditorPage, present: str) -> list:
    """Return the classes by first level. Cost stands where the scheme has it: a block of its own, or among the outputs."""
    scheme = ScoringScheme.from_data(page.version.scheme.content) if page.version.scheme else None
    has_block = scheme is None or bool(scheme.class_weights.get(Level1.COST))
    groups = []
    for level1, below in CLASSES.items():
        pairs = [(f"{level1}/{level2}", level2.label) for level2 in below]
        if not has_block and level1 == Level1.COST:
            pairs = [pair for pair in pairs if pair[0] == present]
        if has_block and scheme is not None:
            pairs = [pair for pair in pairs if pair[0] in (present,) or pair[0] != f"{Level1.OUTPUT}/{Level2.COST}"]
        if pairs:
            groups.append((level1.label, pairs))
    return groups

"""One row of a long table: which cell it means, and the figure that it gives it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.periods import Period
from apps.plans.enums import Frequency, Kind
from apps.plans.models import Measure, MeasureMember
from apps.progress.actions.bulk import BulkFigure
from apps.progress.actions.rounds import is_valid
from apps.progress.forms.bulk.tables import NUMBERS
from apps.progress.forms.cells import FIELDS_OF_KIND, read_cell
from apps.progress.forms.periods import read_period
from apps.progress.forms.texts import failed_formula, squeezed
from apps.progress.queries.bulk import Place, Surroundings
from apps.ui import formats

USUAL: Final = {
    Frequency.MONTHLY: "2016-08",
    Frequency.SEASON: "2016-08",
    Frequency.QUARTERLY: "2016Q1",
    Frequency.HALF_YEARLY: "2016上半年",
    Frequency.YEARLY: "2016",
}


class _Unread(Exception):
    """A cell that cannot be read; `name` is its field."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name, self.why = name, why


class FigureReader:
    """Reads rows; what a text stands for is looked up once however often it comes."""

    def __init__(self, known: Surroundings) -> None:
        self._known = known
        self._codes = {squeezed(row.code): row for row in known.measures.values()}
        self._names: dict[str, list[Measure]] = defaultdict(list)
        for row in known.measures.values():
            self._names[squeezed(row.name)].append(row)
        self._found: dict[tuple[str, str], Measure] = {}
        self._periods: dict[str, Period | None] = {}
        self._members: dict[int, dict[str, list[MeasureMember]]] = {}

    def read(
        self, place: Place, texts: Mapping[str, str], failed: Mapping[str, str]
    ) -> BulkFigure | list[tuple[str, str]]:
        """Return the figure of a row, or its problems as field and sentence."""
        if failed:
            return [(key, failed_formula(shown)) for key, shown in failed.items()]
        try:
            measure = self._measure(texts.get("code", ""), texts.get("measure", ""))
            period = self._period(texts["period"], measure)
            membership = self._membership(texts["member"], measure, period)
        except _Unread as unread:
            return [(unread.name, unread.why)]
        return self._figure(place, texts, measure, membership, period)

    def _figure(
        self, place: Place, texts: Mapping[str, str], measure: Measure, membership: MeasureMember, period: Period
    ) -> BulkFigure | list[tuple[str, str]]:
        wanted = FIELDS_OF_KIND[Kind(measure.kind)]
        stray = next((name for name in NUMBERS if name not in wanted and texts.get(name)), None)
        if stray is not None:
            return [(stray, _stray(measure))]
        reading = read_cell(measure, {name: texts.get(name, "") for name in wanted})
        if reading.errors:
            return list(reading.errors.items())
        if reading.is_empty:
            return [(wanted[0], _("没有填数。没有发生请填 0；没有数据请删去这一行。"))]
        note, reason = texts.get("note", ""), texts.get("reason", "")
        return BulkFigure(place, membership, period, reading.values, note, reason)

    def _measure(self, code: str, name: str) -> Measure:
        key = (code, name)
        if key not in self._found:
            self._found[key] = self._measure_of(squeezed(code), squeezed(name))
        return self._found[key]

    def _measure_of(self, code: str, name: str) -> Measure:
        measure = self._coded(code, name) if code else self._named(name)
        if not measure.is_figured:
            words = {"measure": measure, "kind": measure.get_kind_display()}
            raise _Unread("code", _("“%(measure)s”填的是%(kind)s，不能批量上传；请在填报页填写。") % words)
        return measure

    def _coded(self, code: str, name: str) -> Measure:
        measure = self._codes.get(code)
        if measure is None:
            raise _Unread("code", _("本单位没有编码为“%(code)s”的数据项。") % {"code": code})
        if name and squeezed(measure.name) != name:
            words = {"code": code, "measure": measure.name, "name": name}
            raise _Unread("measure", _("编码 %(code)s 是“%(measure)s”，与“%(name)s”不符。") % words)
        return measure

    def _named(self, name: str) -> Measure:
        found = self._names.get(name, [])
        if not name:
            raise _Unread("measure", _("没有写是哪个数据项。"))
        if not found:
            raise _Unread("measure", _("本单位没有叫“%(name)s”的数据项。") % {"name": name})
        if len(found) > 1:
            raise _Unread(
                "measure",
                _("有 %(count)d 个数据项叫“%(name)s”，请写数据项编码。") % {"name": name, "count": len(found)},
            )
        return found[0]

    def _period(self, text: str, measure: Measure) -> Period:
        if text not in self._periods:
            self._periods[text] = read_period(text)
        period = self._periods[text]
        if period is None:
            why = _(
                "“%(text)s”读不出期间，应写成 2016-08、2016Q1、2016上半年、2016，或起止两日 2016-08-01至2016-08-31。"
            )
            raise _Unread("period", why % {"text": text} if text else _("没有写期间。"))
        if not self._known.is_asked(measure, period):
            raise _Unread("period", _other_period(measure, period))
        return period

    def _membership(self, text: str, measure: Measure, period: Period) -> MeasureMember:
        if measure.pk not in self._members:
            self._members[measure.pk] = _by_name(self._known.memberships.get(measure.pk, []))
        called = self._members[measure.pk].get(squeezed(text), [])
        valid = [row for row in called if is_valid(row, period.ends_on) and is_valid(row.member, period.ends_on)]
        if len(valid) == 1:
            return valid[0]
        raise _Unread("member", _no_member(text, measure, period, called, valid))


def _by_name(memberships: Collection[MeasureMember]) -> dict[str, list[MeasureMember]]:
    """Return a measure's members by name and code; where there is only one, it need not be named."""
    found: dict[str, list[MeasureMember]] = defaultdict(list)
    for row in memberships:
        for name in {squeezed(row.member.name), squeezed(row.member.code)}:
            found[name].append(row)
    if len(memberships) == 1:
        found[""] = list(memberships)
    return found


def _no_member(
    text: str, measure: Measure, period: Period, called: Sequence[MeasureMember], valid: Sequence[MeasureMember]
) -> str:
    words = {"text": text, "measure": measure, "period": formats.period(period.starts_on, period.ends_on)}
    if not text:
        return _("没有写是哪个成员。")
    if not called:
        return _("“%(measure)s”没有叫“%(text)s”的成员。") % words
    if not valid:
        return _("“%(text)s”在 %(period)s 不是“%(measure)s”的成员（尚未启用或已停用）。") % words
    return _("“%(measure)s”有几个叫“%(text)s”的成员，请写成员编码。") % words


def _other_period(measure: Measure, period: Period) -> str:
    words = {
        "period": formats.period(period.starts_on, period.ends_on),
        "measure": measure,
        "frequency": measure.get_frequency_display(),
        "usual": USUAL.get(Frequency(measure.frequency), ""),
    }
    if measure.frequency == Frequency.MILESTONE:
        return _("“%(measure)s”按节点填报，没有固定的期间，请在填报页填写。") % words
    return _("%(period)s 不是“%(measure)s”的填报期：它%(frequency)s填报，应写成 %(usual)s 的样子。") % words


def _stray(measure: Measure) -> str:
    if measure.kind == Kind.RATIO:
        words = {"measure": measure, "numerator": measure.numerator, "denominator": measure.denominator}
        return (
            _("“%(measure)s”按分子（%(numerator)s）和分母（%(denominator)s）填报，这里应留空，比率由系统计算。") % words
        )
    return _("“%(measure)s”只填数值，这里应留空。") % {"measure": measure}

"""Results of closed years, written down by hand with the document they stand in."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.aggregation import Figure, ratio_of
from apps.calculation.rounding import half_up
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import Kind, Origin
from apps.plans.models import Measure, Member, Result

DECIMALS: Final = 4  # as many as the column keeps
# Only what was written down by hand may be corrected by hand; a sealed assessment or a published table may not.
CORRECTABLE: Final = (Origin.TYPED, Origin.IMPORTED)


class ResultRefused(Exception):
    """A figure of a past year that is not written down; the message is the sentence for people."""


class NotYourMeasure(ResultRefused):
    """Somebody who writes no plans for the measure's division or bureau."""


class WithoutDocument(ResultRefused):
    """A figure that nobody could look up."""


class YearNotOver(ResultRefused):
    """A year whose figures are still being reported."""


class CorrectionWithoutReason(ResultRefused):
    """Another figure over one that is there."""


class ResultSettled(ResultRefused):
    """A figure from a sealed assessment or a published table."""


@transaction.atomic
def note_result(
    *,
    measure: Measure,
    year: int,
    member: Member | None,
    value: Decimal | None,
    document: str,
    person: User,
    at: datetime,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    reason: str = "",
    origin: Origin = Origin.TYPED,
    channel: Channel = Channel.PAGE,
) -> Result:
    """Write down what a measure came to in a past year, for one member or (None) for all of them together.

    Values in the measure's own unit: percentages as printed, money in 元. Of a ratio with both parts the value is derived and
    `value` is not asked. The same figure again changes nothing; another one corrects it, with a `reason`. Raises a
    `ResultRefused`.
    """
    _require_writer(person, measure)
    if not document.strip():
        raise WithoutDocument(_("请写明这个数出自哪份文件。"))
    if year >= timezone.localdate(at).year:
        raise YearNotOver(_("%(year)s 年还没有结束，不能作为上年结果。") % {"year": year})
    figures = _figures(measure, value, numerator, denominator)
    rows = Result.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(measure=measure, year=year, member=member).first()
    told = figures | {"document": document.strip()}
    if row is None:
        row = Result.objects.create(measure=measure, year=year, member=member, origin=origin, **told)
        _note(row, Verb.ADD, None, told, person, at, channel, reason)
        return row
    before = {name: getattr(row, name) for name in told}
    if before == told:
        return row
    _require_correction(row, reason)
    for name, new in (told | {"origin": origin}).items():
        setattr(row, name, new)
    row.save()
    _note(row, Verb.CORRECT, before, told, person, at, channel, reason.strip())
    return row


def _require_writer(person: User, measure: Measure) -> None:
    """Raise `NotYourMeasure` unless the person is the bureau's officer or works in the responsible division."""
    is_officer = any(measure.bureau.path.startswith(path) for path in person.paths(Role.OFFICER))
    division = measure.division
    is_of_division = division is not None and any(
        division.path.startswith(path) for path in person.paths(Role.REPORTER, Role.HEAD)
    )
    if not (is_officer or is_of_division):
        raise NotYourMeasure(_("您不能填写“%(measure)s”的往年数。") % {"measure": measure})


def _require_correction(row: Result, reason: str) -> None:
    if row.origin not in CORRECTABLE:
        raise ResultSettled(
            _("%(year)s 年的数出自“%(origin)s”，不能在这里改。")
            % {"year": row.year, "origin": row.get_origin_display()}
        )
    if not reason.strip():
        raise CorrectionWithoutReason(_("%(year)s 年已有数，更正请写明原因。") % {"year": row.year})


def _figures(
    measure: Measure, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> dict[str, Any]:
    """Return the columns of the figure; a ratio's value from its parts where both are known."""
    if measure.kind == Kind.RATIO and numerator is not None and denominator is not None:
        value = ratio_of(Figure(numerator, denominator), measure.factor or Decimal(1))
    if value is None:
        raise ResultRefused(_("请填写数值；比率可以只填分子和分母，分母不能为零。"))
    return {"value": half_up(value, DECIMALS), "numerator": numerator, "denominator": denominator}


def _note(
    row: Result,
    verb: Verb,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    person: User,
    at: datetime,
    channel: Channel,
    reason: str,
) -> None:
    change = Change(verb, row, before=before, after=after, reason=reason)
    record(bureau=row.measure.bureau, actor=person, changes=[change], at=at, channel=channel)

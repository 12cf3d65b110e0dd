"""Holding the printed sums of a published budget against its lines, before anything of it is kept."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.plans.actions.rows import printed_number
from apps.plans.enums import StatementNumber

RATE = "printed_rate"
WORDS = ("code", "name", RATE)


class PrintedSumDiffers(Exception):
    """A table whose printed sum is not the sum of its lines; the message is a sentence for people."""


def check_sums(budget: dict[str, Any], projects: dict[str, Any]) -> None:
    """Raise `PrintedSumDiffers` for the first sum of 表四, 表六, 表九 or 表十 that does not hold. Amounts in 万元."""
    for number, where, printed, parts in _sums(budget, projects):
        total = sum((part for part in parts if part is not None), Decimal(0))
        if (printed or Decimal(0)) != total:
            raise PrintedSumDiffers(
                _("%(table)s“%(where)s”印出的合计是 %(printed)s 万元，各行相加是 %(sum)s 万元，请核对。")
                % {"table": number.label, "where": where, "printed": printed, "sum": total}
            )


Sum = tuple[StatementNumber, str, Decimal | None, Iterable[Decimal | None]]


def _sums(budget: dict[str, Any], projects: dict[str, Any]) -> Iterator[Sum]:
    yield from _of_general(budget["general"])
    yield from _of_three_expenses(budget["three_expenses"])
    printed = {row["number"]: printed_number(row["printed_total"]) for row in budget["statements"]}
    bought = [printed_number(line[-1]) for line in budget["procurement"]["lines"]]
    yield StatementNumber.PROCUREMENT, _("合计"), printed[StatementNumber.PROCUREMENT], bought
    for key, natures in {
        "printed_recurring": ("recurring",),
        "printed_one_off": ("one_off",),
        "printed_total": ("recurring", "one_off"),
    }.items():
        given = [printed_number(row["amount"]) for row in projects["projects"] if row["nature"] in natures]
        yield StatementNumber.PROJECTS, key, printed_number(projects[key]), given


def _of_general(table: dict[str, Any]) -> Iterator[Sum]:
    """Yield every amount column of every printed sum, over the lines below its code; the empty code is the whole."""
    lines = [dict(zip(table["columns"], line, strict=True)) for line in table["lines"]]
    for values in table["printed_sums"]:
        printed = dict(zip(table["columns"], values, strict=True))
        below = [line for line in lines if line["code"].startswith(printed["code"])]
        for column in table["columns"]:
            if column not in WORDS:
                parts = [printed_number(line[column]) for line in below]
                yield StatementNumber.GENERAL, printed["name"], printed_number(printed[column]), parts


def _of_three_expenses(table: dict[str, Any]) -> Iterator[Sum]:
    for year, printed in table["printed_sums"].items():
        rows = [[printed_number(amount) for amount in line[year]] for line in table["lines"]]
        for item, total, column in zip(table["columns"], printed["lines"], zip(*rows, strict=True), strict=True):
            yield StatementNumber.THREE_EXPENSES, f"{year} {item}", printed_number(total), column
        three = [amount for row in rows for amount in row[:-1]]
        yield StatementNumber.THREE_EXPENSES, year, printed_number(printed["three"]), three

"""Operators and targets as they are sent."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from apps.api.schemas.cells import Unfit
from apps.calculation.targets import Target
from apps.calculation.terms import Operator, Refusal, Sentence

# 每2名配备1台 is read as "at least so many for each".
READ_AS: Final = {"ratio": Operator.AT_LEAST}


class Unresolved(Refusal):
    """A change against last year, whose figure only the sender knows."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                zh="“change”须先化为上年实际值：下降写 <，增长写 >，并给出上年数。",
                en="A change must first be resolved: send < or > with last year's actual figure as the target.",
            )
        )


def an_operator(symbol: str) -> Operator:
    """Return the operator that a symbol names; raises `Unfit`, and `Unresolved` for a change."""
    if symbol == "change":
        raise Unresolved
    if symbol in READ_AS:
        return READ_AS[symbol]
    try:
        return Operator.from_symbol(symbol)
    except ValueError as error:
        known = ">= <= > < = range date ratio qualitative"
        raise Unfit(symbol, zh=f"运算符 {known} 之一", en=f"one of the operators {known}") from error


def a_target(symbol: str, value: Decimal | None, high: Decimal | None) -> Target:
    """Return a target; raises `Unfit` for an unknown operator and for a range that is upside down."""
    target = Target(an_operator(symbol), value, high=high)
    if target.operator is Operator.RANGE and value is not None and high is not None and high < value:
        raise Unfit(f"{value:f}–{high:f}", zh="由低到高的区间", en="a range from low to high")
    return replace(target, high=high if target.operator is Operator.RANGE else None)

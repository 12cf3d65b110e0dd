"""Scoring indicators beside the bare Decimal operations that any score needs."""

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from apps.calculation.schemes import Scheme
from apps.calculation.scoring import score_value
from apps.calculation.targets import Target
from apps.calculation.terms import Operator
from benchmarks.measuring import Comparison, compare

COUNT = 20_000
CENT = Decimal("0.01")
SCHEME = Path(__file__).parent.parent / "fixtures" / "schemes" / "national-2020.json"


def measure() -> Comparison:
    """Score 20,000 indicators, half of them met, with their sentences; beside it one division, product and rounding each."""
    scheme = Scheme.from_data(json.loads(SCHEME.read_text(encoding="utf-8")))
    weight, bound = Decimal(8), Decimal(80)
    target = Target(Operator.AT_LEAST, bound)
    actuals = [Decimal(60 + number % 40) for number in range(COUNT)]

    def ours() -> None:
        for actual in actuals:
            score_value(target, actual, weight, scheme)

    def bare() -> None:
        for actual in actuals:
            (actual / bound * weight).quantize(CENT, rounding=ROUND_HALF_UP)

    return compare(ours, bare)

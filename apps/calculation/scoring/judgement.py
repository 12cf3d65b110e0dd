"""Points for a qualitative indicator: a band, and a percent that belongs to it."""

from decimal import Decimal
from typing import Final

from apps.calculation.rounding import half_up, written
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.results import Score, ScoreStatus, actual_missing
from apps.calculation.terms import Band, Refusal, Sentence

LABELS: Final = {
    Band.ACHIEVED: Sentence(zh="达成", en="Achieved"),
    Band.PARTIAL: Sentence(zh="部分达成", en="Partly achieved"),
    Band.MISSED: Sentence(zh="未达成", en="Not achieved"),
}


class PercentOutsideBand(Refusal):
    """A percent that belongs to another band than the one that was chosen."""

    def __init__(self, band: Band, percent: Decimal, scheme: Scheme) -> None:
        low, high = (written(limit) for limit in scheme.judgement_bands.limits(band))
        above = ("且不超过", "up to") if band is Band.ACHIEVED else ("而低于", "and below")
        label = LABELS[band]
        super().__init__(
            Sentence(
                zh=f"“{label.zh}”应在 {low} % 以上{above[0]} {high} %，读到 {written(percent)} %。",
                en=f"{label.en} takes from {low} % {above[1]} {high} %; read {written(percent)} %.",
            )
        )


def score_judgement(band: Band | None, percent: Decimal | None, weight: Decimal, scheme: Scheme) -> Score:
    """Return the points of a judged indicator: the percent of its weight.

    Without a band or a percent the line is open. Raises `PercentOutsideBand` when the two do not belong together;
    a percent on the edge belongs to the better band.
    """
    if band is None or percent is None:
        return actual_missing(weight)
    if not scheme.judgement_bands.has(band, percent):
        raise PercentOutsideBand(band, percent, scheme)
    points = half_up(weight * percent / 100, scheme.rounding_places)
    return Score(
        ScoreStatus.MET if band is Band.ACHIEVED else ScoreStatus.NOT_MET,
        points,
        weight,
        None,
        (),
        LABELS[band]
        + Sentence(
            zh=f" {written(percent)} %，× {written(weight)} 分 = {points} 分。",
            en=f" at {written(percent)} %, × {written(weight)} points = {points} points.",
        ),
    )

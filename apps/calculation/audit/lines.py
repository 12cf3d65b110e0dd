"""One indicator: do its points follow from target and actual?"""

from decimal import Decimal
from typing import Final

from apps.calculation.audit.assessment import Line
from apps.calculation.audit.findings import (
    Checked,
    Finding,
    FindingKind,
    cap_broken,
    lost_without_reason,
    shown,
    unreadable,
)
from apps.calculation.audit.holding import Held, hold
from apps.calculation.audit.rules import HUNDRED, Allowed, Ground, allowed, due, explaining, is_reached, printed
from apps.calculation.rounding import half_up
from apps.calculation.schemes import Scheme
from apps.calculation.terms import Sentence

NOTHING: Final = Decimal(0)
LEAST_PLACES: Final = 1  # in whole points too many products look alike


def audit_line(line: Line, number: str, ground: Ground) -> Checked:
    """Return what is wrong with a line, and the points it comes to.

    Without points of its own (some forms print only scores) a line keeps its score: there is no rule to hold it against.
    """
    bad = unreadable(number, [cell.quote for cell in line.numbers if cell.is_unreadable])
    points, score = line.points.value, line.score.value
    if bad or (points is None and score is None):
        return Checked(bad, None)
    if score is None:
        return Checked((_unscored(number),), None)
    held = hold(line, ground.year)
    if points is None:
        return Checked((), score)
    found = _Scored(line, number, ground, held, points, score).checked()
    if held.obstacle is None:
        return found
    return Checked((Finding(number, FindingKind.UNREADABLE, held.obstacle), *found.findings), found.points)


class _Scored:
    """A line with points and a score, both numbers."""

    def __init__(self, line: Line, number: str, ground: Ground, held: Held, points: Decimal, score: Decimal) -> None:
        self.line, self.number, self.ground, self.held = line, number, ground, held
        self.weight, self.score = points, score

    def checked(self) -> Checked:
        """Return the findings, the most telling first."""
        if self.score > self.weight:
            return Checked((cap_broken(self.number, self.score, self.weight),), self._due())
        if self.score < 0:
            below = Sentence(zh=f"得分 {shown(self.score)} 为负。", en=f"The score {shown(self.score)} is below zero.")
            return Checked((Finding(self.number, FindingKind.NOT_BY_RULE, below),), self._due())
        if self.score == self.weight:
            return self._full()
        return self._partial()

    def _due(self) -> Decimal | None:
        """Return the points by the rule where the score itself is impossible."""
        return self._allowed().main.points if self.held.pairs else None

    def _allowed(self) -> Allowed:
        return self._allowed_by(self.ground.scheme)

    def _allowed_by(self, scheme: Scheme) -> Allowed:
        is_satisfaction = self.line.is_satisfaction
        return allowed(self.held, self.weight, scheme, self.ground.places, is_satisfaction=is_satisfaction)

    def _full(self) -> Checked:
        if self.held.shortcoming is not None:
            why = self.held.shortcoming + Sentence(
                zh=f"，却记满分 {shown(self.score)} 分。", en=f", and yet {shown(self.score)} points, full marks."
            )
            return Checked((Finding(self.number, FindingKind.FULL_MARKS_MISSED, why),), None)
        if not self.held.pairs or is_reached(self.held):
            return Checked((), self.score)
        main = self._allowed().main
        name = self.ground.scheme.name
        told = Sentence(
            zh=f"未完成而记满分；按“{name.zh}”应为：", en=f"Missed, and yet full marks; by {name.en} it should be: "
        )
        why = told + main.sentence
        return Checked((Finding(self.number, FindingKind.FULL_MARKS_MISSED, why),), main.points)

    def _partial(self) -> Checked:
        found = self._off_rule() if self.held.pairs else None
        findings = [found] if found else []
        if not self.line.reason:
            findings.append(lost_without_reason(self.number, self.score, self.weight))
        return Checked(tuple(findings), self._allowed().main.points if found else self._kept())

    def _kept(self) -> Decimal:
        """Return the score that is right, as exactly as the rule has it where the form rounds to fewer places."""
        exact = self._allowed().exact if self.held.pairs else None
        is_rounded = exact is not None and half_up(exact, self.ground.places) == self.score
        return half_up(exact) if exact is not None and is_rounded else self.score

    def _off_rule(self) -> Finding | None:
        """Return what is wrong with points that are fewer than all; None where a rule gives them or none can."""
        rule = self._allowed()
        if rule.main.points is None or self.score in rule.points:
            return None
        return self._twice(rule.exact or NOTHING) or self._not_by_rule(rule.main.points)

    def _twice(self, points: Decimal) -> Finding | None:
        """Return the finding of a rate whose points were multiplied by a percentage once more than the rule does."""
        shares = [percent / HUNDRED for percent in self.held.percents]
        if shares:
            shares.append(points / self.weight)
        for share in shares:
            if 0 < share < 1 and self.score in printed(points * share, max(self.ground.places, LEAST_PLACES)):
                return self._multiplied(points, share)
        return None

    def _multiplied(self, points: Decimal, share: Decimal) -> Finding:
        percent = shown(share * HUNDRED)
        sums = f"{shown(points)} × {percent} % = {shown(self.score)}"
        return Finding(
            self.number,
            FindingKind.MULTIPLIED_TWICE,
            Sentence(
                zh=f"应得 {shown(points)} 分，又乘了一次百分比：{sums}。",
                en=f"{shown(points)} points are due, and were multiplied by the percentage once more: {sums}.",
            ),
        )

    def _not_by_rule(self, points: Decimal) -> Finding:
        others = tuple(scheme.code for scheme in self.ground.others if self.score in self._allowed_by(scheme).points)
        why = due(self.ground.scheme, points, self.score) + explaining(self.ground.others, others)
        return Finding(self.number, FindingKind.NOT_BY_RULE, why, others)


def _unscored(number: str) -> Finding:
    return Finding(
        number,
        FindingKind.UNREADABLE,
        Sentence(zh="有分值而无得分，无从核对。", en="There are points but no score; it cannot be checked."),
    )

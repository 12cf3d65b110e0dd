"""The cheapest ways to a better grade: "再得 0.39 分即为优"."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.calculation.rounding import written
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.levers import Lever, Line
from apps.calculation.scoring.results import NOTHING
from apps.calculation.scoring.totals import grade_label, summary
from apps.calculation.terms import Sentence

MOST_WAYS: Final = 5
DEAREST: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Move:
    """One line's part of a way: the figure it must come to, what that gains, and the share of the figure it takes."""

    lever: Lever
    steps: int

    @property
    def to(self) -> Decimal:
        """The figure to reach."""
        return self.lever.figure(self.steps)

    @property
    def line(self) -> Line:
        """The line as it will be scored."""
        return self.lever.after(self.steps)

    @property
    def gain(self) -> Decimal:
        """The points that it brings."""
        return (self.line.points or NOTHING) - (self.lever.score.points or NOTHING)

    @property
    def effort(self) -> Decimal:
        """The share of the figure that must still be made."""
        return self.lever.effort(self.steps)

    @property
    def sentence(self) -> Sentence:
        """The move in words, with its gain."""
        lever, gain = self.lever, f"+{self.gain}"
        if lever.doing is not None:
            return Sentence(
                zh=f"“{lever.name}”{lever.doing.zh}（{gain} 分）", en=f"{lever.name} {lever.doing.en} ({gain})"
            )
        to = written(self.to)
        if lever.start is None:
            return Sentence(zh=f"“{lever.name}”达到 {to}（{gain} 分）", en=f"{lever.name} at {to} ({gain})")
        start = written(lever.start)
        return Sentence(
            zh=f"“{lever.name}”由 {start} 到 {to}（{gain} 分）", en=f"{lever.name} from {start} to {to} ({gain})"
        )


@dataclass(frozen=True, slots=True)
class Way:
    """Moves that together reach the grade, and the total to which they lead. `effort` is the sum of theirs."""

    moves: tuple[Move, ...]
    total: Decimal

    @property
    def effort(self) -> Decimal:
        """The sum of what the moves take, each as a share of its own figure."""
        return sum((move.effort for move in self.moves), NOTHING)


@dataclass(frozen=True, slots=True)
class Ways:
    """The points that a grade still lacks, and the cheapest ways to it, cheapest first.

    `lacking` is 0 for a grade that is reached. Without ways and with points lacking it cannot be reached any more;
    `highest` is what can.
    """

    grade: str
    lacking: Decimal
    ways: tuple[Way, ...]
    highest: Decimal
    sentence: Sentence


def needed_for(code: str, levers: Sequence[Lever], others: Sequence[Line], scheme: Scheme) -> Ways:
    """Return what a grade of the scheme still needs, by the lines that can move, beside all `others` that cannot.

    A way moves one line just far enough; or several, those first that bring most points for the share of their figure
    that has to be made, and none that is not needed. Every step is checked by scoring the whole form anew, so where the
    execution rate caps the total, lifting the cap is part of every way. Lines that are open among `others` count as nothing.
    Raises `KeyError` for a grade that the scheme does not have.
    """
    return _Search(levers, others, scheme, {step.code: step.at_least for step in scheme.grades}[code]).ways(code)


@dataclass(frozen=True, slots=True)
class _Search:
    levers: Sequence[Lever]
    others: Sequence[Line]
    scheme: Scheme
    threshold: Decimal

    def ways(self, code: str) -> Ways:
        now, highest = self._total([]), self._total([Move(lever, lever.steps) for lever in self.levers])
        lacking = max(self.threshold - now, NOTHING)
        found = self._found() if lacking and highest >= self.threshold else []
        label = grade_label(code, self.scheme)
        return Ways(code, lacking, tuple(found), highest, _told(label, now, lacking, highest, found))

    def _found(self) -> list[Way]:
        """Return the ways, cheapest first: each line alone, several together, and several without one of those."""
        found = [self._combined([lever]) for lever in self.levers]
        best = self._combined(self.levers)
        found += [best, *(self._combined([lever for lever in self.levers if lever is not each.lever]) for each in best)]
        unique = {tuple((id(move.lever), move.steps) for move in moves): moves for moves in found if moves}
        ways = [Way(tuple(moves), self._total(moves)) for moves in unique.values()]
        return sorted(ways, key=lambda way: (way.effort, len(way.moves)))[:MOST_WAYS]

    def _combined(self, levers: Sequence[Lever]) -> list[Move]:
        """Return the moves of the cheapest lines, the last just far enough; nothing where all of them do not suffice."""
        moves: list[Move] = []
        for lever in sorted(levers, key=_price):
            steps = self._fewest(moves, lever)
            if steps is not None:
                return self._pruned([*moves, Move(lever, steps)])
            moves.append(Move(lever, lever.steps))
        return []

    def _pruned(self, moves: Sequence[Move]) -> list[Move]:
        """Return the moves without those that the others make needless, each cut to what is needed; dearest first."""
        kept = sorted(moves, key=lambda move: -move.effort)
        for move in list(kept):
            others = [each for each in kept if each is not move]
            steps = self._fewest(others, move.lever) or 0
            kept = [*others, Move(move.lever, steps)] if steps else others
        return sorted(kept, key=lambda move: -move.gain)

    def _fewest(self, moves: Sequence[Move], lever: Lever) -> int | None:
        """Return the fewest steps of a line that reach the grade once the other moves are made."""
        return lever.fewest(lambda line: self._total(moves, (lever, line)) >= self.threshold)

    def _total(self, moves: Sequence[Move], last: tuple[Lever, Line] | None = None) -> Decimal:
        """Return the total of the form after these moves and the last one; what is open counts as nothing."""
        moved = {id(move.lever): move.line for move in moves}
        if last is not None:
            moved[id(last[0])] = last[1]
        lines = [moved.get(id(lever), lever.score) for lever in self.levers]
        return summary([*self.others, *lines], self.scheme).points


def _price(lever: Lever) -> Decimal:
    """Return what a point of this line takes, as a share of its figure; what brings no points comes last."""
    whole = Move(lever, lever.steps)
    return whole.effort / whole.gain if whole.gain > 0 else DEAREST


def _told(label: Sentence, now: Decimal, lacking: Decimal, highest: Decimal, ways: Sequence[Way]) -> Sentence:
    if not lacking:
        return Sentence(zh=f"现得 {now} 分，已达到“{label.zh}”。", en=f"{now} points, {label.en} is reached.")
    if not ways:
        return Sentence(
            zh=f"距“{label.zh}”还差 {lacking} 分，最多可得 {highest} 分，已无法达到。",
            en=f"{lacking} points short of {label.en}; at most {highest} can be reached, so it is out of reach.",
        )
    moves = [move.sentence for move in ways[0].moves]
    return Sentence(
        zh=f"再得 {lacking} 分即为{label.zh}，最省力：{'；'.join(move.zh for move in moves)}。",
        en=f"{lacking} points more make it {label.en}; with least effort: {'; '.join(move.en for move in moves)}.",
    )

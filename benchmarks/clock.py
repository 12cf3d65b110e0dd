"""Timing that stays fair on a noisy machine: the two sides take turns, and the median ratio is told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Comparison:
    """Median seconds of both sides and the median of the ratios, turn by turn."""

    ours: float
    theirs: float
    ratio: float


def compare(ours: Callable[[], object], theirs: Callable[[], object]) -> Comparison:
    """Run both sides in turn, one warm-up first, and return what it took."""
    ours()
    theirs()
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS)]
    return Comparison(
        ours=median(pair[0] for pair in pairs),
        theirs=median(pair[1] for pair in pairs),
        ratio=median(pair[0] / pair[1] for pair in pairs),
    )


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def peak_memory() -> float:
    """Return how much memory this process held at most, in MB.

    The kernel's own account of it: `ru_maxrss` begins with what the parent held when it started this process.
    """
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024

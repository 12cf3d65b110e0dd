"""Measuring that stays fair on a noisy machine: the two sides take turns, and the median ratio is told."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    return compare_rounds(lambda _number: ours(), lambda _number: theirs(), ROUNDS)


def compare_rounds(ours: Callable[[int], object], theirs: Callable[[int], object], rounds: int) -> Comparison:
    """Run both sides in turn, without a warm-up and each with the number of its round, and return what it took."""
    pairs = [(_seconds(ours, number), _seconds(theirs, number)) for number in range(rounds)]
    return Comparison(
        ours=median(pair[0] for pair in pairs),
        theirs=median(pair[1] for pair in pairs),
        ratio=median(pair[0] / pair[1] for pair in pairs),
    )


def _seconds(work: Callable[[int], object], number: int) -> float:
    started = perf_counter()
    work(number)
    return perf_counter() - started


@contextmanager
def own_database() -> Iterator[None]:
    """Set Django up on an empty database that is gone afterwards. Once in a process."""
    with tempfile.TemporaryDirectory(prefix="perftrack-bench-") as folder:
        os.environ["PERFTRACK_VAR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perftrack.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield


def peak_of(module: str) -> float:
    """Return how much memory a module's own run takes at most, in MB: in a process of its own, which calls `print_peak`."""
    answer = subprocess.run([sys.executable, "-m", module], check=True, capture_output=True, text=True)
    return float(answer.stdout.split()[-1])


def print_peak(work: Callable[[], object]) -> None:
    """Do the work on a database of its own and print how much memory this process held at most, in MB.

    The kernel's own account of it: `ru_maxrss` begins with what the parent held when it started this process.
    """
    with own_database():
        work()
        told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        print(int(told["VmHWM"].split()[0]) / 1024)

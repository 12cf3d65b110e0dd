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
from time import perf_counter, process_time

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Comparison:
    """Median seconds of both sides and the median of the ratios, turn by turn.

    The ratio is that of the seconds in which this process worked. The database works in it too; what is left is waiting for
    neighbours on the machine, which over minutes hits one side or the other.
    """

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
        ours=median(ours_took[0] for ours_took, _theirs_took in pairs),
        theirs=median(theirs_took[0] for _ours_took, theirs_took in pairs),
        ratio=median(ours_took[1] / theirs_took[1] for ours_took, theirs_took in pairs),
    )


def _seconds(work: Callable[[int], object], number: int) -> tuple[float, float]:
    """Return how long it took, and how much of that this process worked."""
    started, worked = perf_counter(), process_time()
    work(number)
    return perf_counter() - started, process_time() - worked


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

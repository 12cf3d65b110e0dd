"""Everything that can be known without a person: the checks, then the tests on SQLite and, beside it, on PostgreSQL.

The end says in one place what failed and what was not run and why; the last line has pytest's plain form.
"""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from deploy import assets, browser, check
from deploy.group import ROOT
from tests.servers.postgres import PostgresServer, ServerMissing

REPORTS = ROOT / "var" / "test"
COVERAGE = ["--cov", "--cov-report=term:skip-covered"]


class Tally:
    """What the passes came to."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.not_run: Counter[str] = Counter()
        self.troubles: list[str] = []

    def read(self, report: Path, name: str) -> None:
        """Add a pass's JUnit report; a pass without one did not get as far as running."""
        if not report.exists():
            self.counts["error"] += 1
            self.troubles.append(f"{name}: no test ran")
            return
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - written by pytest a moment ago
            state, why = _state(case)
            self.counts[state] += 1
            if state == "skipped":
                self.not_run[f"{name}: {why}"] += 1
            elif state != "passed":
                self.troubles.append(f"{name}: {case.get('classname')}::{case.get('name')}")

    def line(self, seconds: float) -> str:
        """Return the counts as pytest prints them."""
        words = ("failed", "passed", "skipped", "error")
        named = [f"{self.counts[word]} {word}" for word in words if self.counts[word] or word == "passed"]
        return f"{', '.join(named)} in {seconds:.2f}s"


def _state(case: ET.Element) -> tuple[str, str]:
    for tag, state in (("failure", "failed"), ("error", "error"), ("skipped", "skipped")):
        if (found := case.find(tag)) is not None:
            return state, (found.get("message") or "").strip()
    return "passed", ""


class Pass:
    """One run of pytest on one database; `start` does not wait for it, and its output is printed in one piece by `end`."""

    def __init__(self, name: str, *arguments: str, processes: int, **environment: str) -> None:
        self.name, self.report, self.said = name, REPORTS / f"{name}.xml", REPORTS / f"{name}.txt"
        self.command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            str(processes),
            "--dist=loadscope",
        ]  # see `tests/conftest.py`
        self.command += ["--durations=10", f"--junitxml={self.report}", *arguments]
        self.environment = {**os.environ, **environment}

    def start(self, output: IO[str] | None = None) -> subprocess.Popen[bytes]:
        """Start it in front of the reader, or with its words in a file."""
        return subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)

    def run_beside(self, other: "Pass | None", tally: Tally) -> None:
        """Run it in front of the reader with another behind it, and add what both came to."""
        if other is None:
            print(f"\n=== pytest, {self.name} ===", flush=True)
            self.add(self.start().wait(), tally)
            return
        with other.said.open("w") as output:
            behind = other.start(output)
        try:
            self.run_beside(None, tally)
            code = behind.wait()
        finally:
            behind.terminate()
            behind.wait()
        print(f"\n=== pytest, {other.name} ===\n{other.said.read_text()}", flush=True)
        other.add(code, tally)

    def add(self, code: int, tally: Tally) -> None:
        """Add what it came to; a code without a failed test is a trouble too."""
        before = len(tally.troubles)
        tally.read(self.report, self.name)
        if code and len(tally.troubles) == before:
            why = f"pytest ended with {code} (coverage below the floor, or a warning at the end)"
            tally.troubles.append(f"{self.name}: {why}")


@contextmanager
def postgres(tally: Tally) -> Iterator[str | None]:
    """Give the address of a PostgreSQL, the one given or one of our own, and None where there can be none."""
    if given := os.environ.get("TEST_DATABASE_URL", "").strip():
        yield given
        return
    with ExitStack() as stack:
        try:
            address = stack.enter_context(PostgresServer()).url
        except ServerMissing as why:
            tally.not_run[f"the whole pass on PostgreSQL: {why}"] += 1
            address = None
        yield address


def passes(address: str | None) -> tuple[Pass, Pass | None]:
    """Return the pass on SQLite and that on PostgreSQL, which run at the same time.

    The first has more to do, for it counts what is covered and runs what needs no database. Together they are one process
    more than there are cores by default, since many tests wait for programs that they started.
    """
    processes = int(os.environ.get("PERFTRACK_TEST_PROCESSES", "2"))
    first = Pass("SQLite", *COVERAGE, processes=processes, TEST_DATABASE_URL="")
    if address is None:
        return first, None
    second = Pass("PostgreSQL", "-m", "not once", processes=(processes + 1) // 2, TEST_DATABASE_URL=address)
    return first, second


def main() -> int:
    """Run it all and return 1 where anything failed."""
    began, tally = time.monotonic(), Tally()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what one process has compiled, hundreds of others need
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    assets.prepare()
    print("=== check ===", flush=True)
    tally.troubles += [f"make check: {name}" for name in check.failed(check.CHECKS)]
    os.environ["PERFTRACK_CHROMIUM"] = browser.found() or browser.fetch() or ""
    with postgres(tally) as address:
        first, second = passes(address)
        first.run_beside(second, tally)
    return summary(tally, time.monotonic() - began)


def summary(tally: Tally, seconds: float) -> int:
    """Print what failed, what was not run, and the counts; returns the exit code."""
    print("\n=== summary ===")
    for trouble in tally.troubles:
        print(f"FAILED   {trouble}")
    for why, count in sorted(tally.not_run.items()):
        print(f"NOT RUN  {count} × {why}")
    if not os.environ.get("PERFTRACK_LONG"):
        print(
            "NOT RUN  the full counts of the long tests, and on PostgreSQL PAGES of tests/conftest.py: make test-long"
        )
    print(tally.line(seconds), flush=True)
    return int(bool(tally.troubles))


if __name__ == "__main__":
    sys.exit(main())

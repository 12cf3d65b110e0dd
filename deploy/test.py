"""Everything that can be known without a person: the checks, then the tests on SQLite and once more on PostgreSQL.

The end says in one place what failed and what was not run and why; the last line has pytest's plain form.
"""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from deploy import assets, browser, check
from deploy.group import ROOT
from tests.servers.postgres import PostgresServer, ServerMissing

REPORTS = ROOT / "var" / "test"
COVERAGE = ["--cov", "--cov-report=term:skip-covered", "--cov-report=html:htmlcov"]


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


def run_pass(name: str, arguments: list[str], environment: dict[str, str], tally: Tally) -> None:
    """Run pytest on one database and add what it came to."""
    print(f"\n=== pytest, {name} ===", flush=True)
    report = REPORTS / f"{name}.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        os.environ.get("PERFTRACK_TEST_PROCESSES", "2"),
        "--dist=loadgroup",
    ]
    code = subprocess.run(
        [*command, "--durations=10", f"--junitxml={report}", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    ).returncode
    before = len(tally.troubles)
    tally.read(report, name)
    if code and len(tally.troubles) == before:
        tally.troubles.append(f"{name}: pytest ended with {code} (coverage below the floor, or a warning at the end)")


def on_postgres(tally: Tally) -> None:
    """Run what touches the database again on PostgreSQL: one given, or one of our own."""
    if given := os.environ.get("TEST_DATABASE_URL", "").strip():
        run_pass("PostgreSQL", ["-m", "not once"], {"DATABASE_URL": given}, tally)
        return
    try:
        with PostgresServer() as server:
            run_pass("PostgreSQL", ["-m", "not once"], {"TEST_DATABASE_URL": server.url}, tally)
    except ServerMissing as why:
        tally.not_run[f"the whole pass on PostgreSQL: {why}"] += 1


def main() -> int:
    """Run it all and return 1 where anything failed."""
    began, tally = time.monotonic(), Tally()
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    assets.prepare()
    print("=== check ===", flush=True)
    tally.troubles += [f"make check: {name}" for name in check.failed(check.CHECKS)]
    chromium = browser.found() or browser.fetch()
    environment = {"PERFTRACK_CHROMIUM": chromium or ""}
    run_pass("SQLite", COVERAGE, environment | {"TEST_DATABASE_URL": ""}, tally)
    os.environ.update(environment)
    on_postgres(tally)
    return summary(tally, time.monotonic() - began)


def summary(tally: Tally, seconds: float) -> int:
    """Print what failed, what was not run, and the counts; returns the exit code."""
    print("\n=== summary ===")
    for trouble in tally.troubles:
        print(f"FAILED   {trouble}")
    for why, count in sorted(tally.not_run.items()):
        print(f"NOT RUN  {count} × {why}")
    if not os.environ.get("PERFTRACK_LONG"):
        print("NOT RUN  the full counts of the long tests: make test-long")
    print(tally.line(seconds), flush=True)
    return int(bool(tally.troubles))


if __name__ == "__main__":
    sys.exit(main())

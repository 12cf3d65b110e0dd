"""Every static check, one per core at a time and the longest first; all of them run, so that one reading shows everything."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from deploy.group import ROOT

PYTHON = sys.executable
AT_ONCE = os.cpu_count() or 1
CHECKS = {
    "mypy": [PYTHON, "-m", "mypy"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "djlint": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates", "apps"],
    "import-linter": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
}
WRITERS = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--quiet", "."],
}


def failed(commands: dict[str, list[str]], at_once: int = AT_ONCE) -> list[str]:
    """Run the commands, so many at once, and return the names of those that failed; only they are printed in full."""
    with ThreadPoolExecutor(at_once) as pool:
        passed = list(pool.map(_passes, commands, commands.values()))
    return [name for name, passes in zip(commands, passed, strict=True) if not passes]


def _passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passes = done.returncode == 0
    said = f"{'ok    ' if passes else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)"
    print(said if passes else f"{said}\n{done.stdout}{done.stderr}", flush=True)
    return passes


if __name__ == "__main__":
    sys.exit(bool(failed(WRITERS, at_once=1) if "--fix" in sys.argv else failed(CHECKS)))

"""Every static check, cheapest first; all of them run, so that one reading shows everything."""

import subprocess
import sys
import time

from deploy.group import ROOT

PYTHON = sys.executable
CHECKS = {
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "djlint": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates", "apps"],
    "import-linter": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "mypy": [PYTHON, "-m", "mypy"],
}
WRITERS = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--quiet", "."],
}


def failed(commands: dict[str, list[str]]) -> list[str]:
    """Run the commands and return the names of those that failed; only they are printed in full."""
    return [name for name, command in commands.items() if not _passes(name, command)]


def _passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passes = done.returncode == 0
    print(f"{'ok    ' if passes else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not passes:
        print(done.stdout + done.stderr, flush=True)
    return passes


if __name__ == "__main__":
    sys.exit(bool(failed(WRITERS if "--fix" in sys.argv else CHECKS)))

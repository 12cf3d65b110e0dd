"""Resolve all locks anew: with hashes, for every platform, and without the address of the registry they came from."""

import json
import subprocess
import sys

from deploy import assets
from deploy.group import ROOT

LOCKS = ("requirements", "requirements-dev", "requirements-node")
UV = ["--universal", "--generate-hashes", "--no-header", "--python-version", "3.11", "--quiet"]


def python_locks() -> None:
    """Write `requirements*.lock`; the resolver is installed for it where it is missing."""
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    for name in LOCKS:
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            *UV,
            "--upgrade",
            f"{name}.in",
            "--output-file",
            f"{name}.lock",
        ]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def front_end_lock() -> None:
    """Write `package-lock.json` without the addresses where authors ask for money."""
    subprocess.run([*assets.npm(), "install", "--package-lock-only", "--silent"], cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    python_locks()
    front_end_lock()

"""What is committed runs anywhere: no address of a registry, no path of a machine."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted([*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"])
REGISTRY = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|tuna\.tsinghua|mirrors?\.aliyun|index-url *=)"
)
MACHINE = re.compile(r"(/home/[a-z]|/root/|/Users/[a-z]|/work/|\.\./shared|/opt/(pypi|wheels))")


def committed() -> list[Path]:
    """Return the files that git holds or would take; without git, nothing can be said."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def lines_with(pattern: re.Pattern) -> list[str]:
    here = Path(__file__).resolve()
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed()
        if path != here
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_hashes_and_no_address(lock):
    text = lock.read_text()

    assert "://" not in text
    assert "sha256:" in text or "sha512-" in text


def test_there_are_locks_to_look_at():
    assert [path.name for path in LOCKS] == [
        "package-lock.json",
        "requirements-dev.lock",
        "requirements-node.lock",
        "requirements.lock",
    ]


def test_the_running_installation_is_part_of_the_tested_one():
    tested = (ROOT / "requirements-dev.lock").read_text()

    assert [
        pin
        for pin in re.findall(r"^[^ #]+==[^ ]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
        if pin not in tested
    ] == []


def test_front_end_packages_are_pinned_exactly():
    package = json.loads((ROOT / "package.json").read_text())

    assert [
        version for version in package["dependencies"].values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ] == []


def test_no_file_names_a_registry():
    assert lines_with(REGISTRY) == []


def test_no_file_names_a_place_on_one_machine():
    assert lines_with(MACHINE) == []

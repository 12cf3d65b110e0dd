"""The first command on a bare machine: what is missing is said in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import bootstrap

ROOT = Path(__file__).resolve().parents[2]


def test_this_python_is_taken_when_it_is_new_enough():
    assert bootstrap.find_python() == sys.executable


def test_an_old_python_looks_for_a_newer_one(monkeypatch, tmp_path):
    newer = tmp_path / "python3.12"
    newer.symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "OLDEST", (3, 99))
    monkeypatch.setattr(bootstrap, "works", lambda path: path == str(newer))

    assert bootstrap.find_python() == str(newer)


def test_without_a_newer_python_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(bootstrap, "OLDEST", (3, 99))

    with pytest.raises(SystemExit, match=r"需要 Python 3\.11 或更高版本(.|\n)*Python 3\.11 or newer is needed"):
        bootstrap.find_python()


def test_a_program_that_does_not_start_is_no_python(tmp_path):
    assert not bootstrap.works(str(tmp_path / "none"))


def test_packages_are_installed_when_a_lock_changed_and_not_otherwise(monkeypatch, tmp_path):
    ran = tmp_path / "ran"
    pip = tmp_path / "python"
    pip.write_text(f'#!/bin/sh\necho "$@" >> "{ran}"\n')
    pip.chmod(0o755)
    (tmp_path / "requirements.lock").write_text("one==1\n")
    for name, value in {"ROOT": str(tmp_path), "PYTHON": str(pip), "STAMP": str(tmp_path / "installed")}.items():
        monkeypatch.setattr(bootstrap, name, value)

    bootstrap.install(("requirements.lock",))
    bootstrap.install(("requirements.lock",))
    (tmp_path / "requirements.lock").write_text("one==2\n")
    bootstrap.install(("requirements.lock",))

    calls = ran.read_text().splitlines()
    assert len(calls) == 2
    assert all("--require-hashes" in call for call in calls)


def test_a_failed_installation_is_tried_again(monkeypatch, tmp_path):
    pip = tmp_path / "python"
    pip.write_text("#!/bin/sh\nexit 1\n")
    pip.chmod(0o755)
    (tmp_path / "requirements.lock").write_text("one==1\n")
    for name, value in {"ROOT": str(tmp_path), "PYTHON": str(pip), "STAMP": str(tmp_path / "installed")}.items():
        monkeypatch.setattr(bootstrap, name, value)

    with pytest.raises(SystemExit, match="PIP_INDEX_URL"):
        bootstrap.install(("requirements.lock",))

    assert bootstrap.installed() == []


def test_every_command_is_listed_by_help():
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )

    assert [line.split()[1] for line in listed.stdout.splitlines()] == [
        *("help", "run", "test", "test-long", "check", "fix", "bench", "messages", "lock", "clean"),
    ]

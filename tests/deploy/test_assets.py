"""Front-end files and translations are made once and only from what was locked."""

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import assets

ROOT = Path(__file__).resolve().parents[2]
PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "指标"
msgstr "indicator"

#, fuzzy
msgid "目标"
msgstr "a guess"
"""


@pytest.fixture
def front_end():
    assets.prepare()


def test_the_styles_are_copied_without_a_map_that_is_not(front_end):
    styles = (assets.VENDOR / "tabler.min.css").read_text()

    assert len(styles) > 100_000
    assert "sourceMappingURL" not in styles


def test_a_second_time_does_nothing(front_end, monkeypatch):
    before = (assets.VENDOR / "tabler.min.css").stat().st_mtime_ns
    monkeypatch.setenv("PATH", "")

    assets.prepare()

    assert (assets.VENDOR / "tabler.min.css").stat().st_mtime_ns == before


def test_all_files_can_be_gathered_under_names_of_their_content(front_end, tmp_path):
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"], "PERFTRACK_VAR": str(tmp_path)}, check=True)

    assert [path.name for path in (tmp_path / "static" / "ui" / "vendor").glob("tabler.min.*.css")] != []


def test_translations_are_compiled_without_the_guesses(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")

    assets.messages()

    with (folder / "django.mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert (words.gettext("指标"), words.gettext("目标")) == ("indicator", "目标")

"""Collect the strings to translate, without gettext installed: Django reads the templates, Babel the code.

`make messages` writes `locale/en/LC_MESSAGES/django.po`: new strings come in empty, those gone from the code are dropped.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from deploy import assets
from deploy.group import ROOT

TRANSLATION = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PYTHON = ("apps", "perftrack")
TEMPLATES = ("templates", "apps")
LAZY: dict[str, Any] = {
    name: form
    for plain, form in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for name in (plain, f"{plain}_lazy")
}
KEYWORDS: dict[str, Any] = {"_": None, "gettext_noop": None, **LAZY}


def sources() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every file with strings, templates as the code Django makes of them."""
    for top in PYTHON:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for top in TEMPLATES:
        for path in sorted(
            p for suffix in ("*.html", "*.txt") for p in (ROOT / top).rglob(suffix) if "static" not in p.parts
        ):
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield str(path.relative_to(ROOT)), "\n".join(line.strip() for line in code.split("\n"))


def collected() -> Catalog:
    """Return every string that is marked for translation, with the files it stands in."""
    catalog = Catalog(project="perftrack", charset="utf-8")
    for place, text in sources():
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            catalog.add(message, locations=[(place, 0)], context=context)
    return catalog


def untranslated(path: Path = TRANSLATION) -> list[str]:
    """Return the marked strings that have no final English; in the order of the code."""
    with path.open("rb") as file:
        known = read_po(file, locale="en")
    return [
        _text(message.id)
        for message in collected()
        if message.id and not _has_words(known.get(message.id, message.context))
    ]


def _text(words: str | Sequence[str]) -> str:
    return words if isinstance(words, str) else words[0]


def _has_words(message: object) -> bool:
    words = getattr(message, "string", "")
    return not getattr(message, "fuzzy", False) and bool(words) and (isinstance(words, str) or all(words))


def main() -> None:
    """Bring the English up to date with the code and compile it."""
    TRANSLATION.parent.mkdir(parents=True, exist_ok=True)
    known = Catalog(locale="en", project="perftrack", charset="utf-8")
    if TRANSLATION.exists():
        with TRANSLATION.open("rb") as file:
            known = read_po(file, locale="en")
    known.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    with TRANSLATION.open("wb") as file:
        write_po(file, known, omit_header=False, include_lineno=False, width=120, sort_output=False)
    assets.messages()
    print(f"{len(untranslated())} untranslated", file=sys.stderr)


if __name__ == "__main__":
    main()

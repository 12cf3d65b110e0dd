"""Why a sheet is not read: one sentence each, and all of a file's together so that it is mended in one go."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext as _

MOST_FINDINGS: Final = 50


class SheetRefused(ValueError):
    """A file that is not read. `findings` are all sentences, at most fifty and one that counts the rest."""

    def __init__(self, *findings: str) -> None:
        super().__init__(findings[0])
        self.findings: list[str] = list(findings)


class NotExcel(SheetRefused):
    """It is no .xlsx or .xls, whatever its name says."""


class PasswordProtected(SheetRefused):
    """It opens with a password only."""


class WorkbookEmpty(SheetRefused):
    """There is nothing in it."""


class WorkbookTooLarge(SheetRefused):
    """It is larger than the installation allows, packed or unpacked."""


class MacrosInside(SheetRefused):
    """There are macros in it."""


class WorkbookDamaged(SheetRefused):
    """It begins like Excel and cannot be read to its end."""


class FormulaFailed(SheetRefused):
    """A cell holds a formula that came to an error, or to nothing because nobody calculated it."""


class Findings:
    """What is wrong with a file, collected while reading goes on."""

    def __init__(self) -> None:
        self._refusals: list[SheetRefused] = []

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Note a refusal of the block and go on after it."""
        try:
            yield
        except SheetRefused as why:
            self._refusals.append(why)

    def add(self, why: SheetRefused) -> None:
        """Note a refusal."""
        self._refusals.append(why)

    def settle(self) -> None:
        """Raise what was noted, if anything: as its own kind when there is only one kind, else as a `SheetRefused`."""
        if not self._refusals:
            return
        kinds = {type(why) for why in self._refusals}
        kind = kinds.pop() if len(kinds) == 1 else SheetRefused
        raise kind(*_limited([text for why in self._refusals for text in why.findings]))


def _limited(findings: Sequence[str]) -> list[str]:
    distinct = list(dict.fromkeys(findings))
    if len(distinct) <= MOST_FINDINGS:
        return distinct
    rest = _("另有 %(count)s 处问题未列出，请先改正以上各处。") % {"count": len(distinct) - MOST_FINDINGS}
    return [*distinct[:MOST_FINDINGS], rest]

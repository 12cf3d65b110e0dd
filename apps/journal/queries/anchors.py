"""What files outside the database say of the chains: a line a day and chain, each line chained to the one before it.

A line is JSON: `at` the moment, `chain` and `bureau` whose end it tells, `length` and `head` of the chain at that moment,
`previous` the hash of the line before it and `hash` that of the line itself. A year has a file, `2016.jsonl`; its first line
hangs on the last one of the year before.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.journal.models import Chain, Event

SHOWN: Final = 12
"""How many letters of a hash are printed: enough that nobody finds another chain with the same ones."""


@dataclass(frozen=True, slots=True)
class Anchoring:
    """One line: how long a chain was at a moment (ISO 8601), and the hash of its last event."""

    at: str
    chain: int
    bureau: str
    length: int
    head: str
    previous: str

    @property
    def hash(self) -> str:
        """Return the hash of the line, which the next one carries as `previous`."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def line(self) -> str:
        """Return the line as it stands in the file, with its end."""
        return f"{json.dumps({**asdict(self), 'hash': self.hash}, ensure_ascii=False)}\n"


@dataclass(slots=True)
class AnchorBook:
    """What was read from the files: by chain, which hash its event of a number must have; and what is wrong with the files.

    Memory grows with the ends that were written down, at most one a day and chain, never with the events between them.
    """

    heads: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    bureaus: dict[int, str] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)
    lines: int = 0
    last: Anchoring | None = None

    def __bool__(self) -> bool:
        """Tell whether there is any line."""
        return self.lines > 0


def anchor_files(path: Path) -> list[Path]:
    """Return the files of a folder in the order of their years, or the one file that `path` is; none where there is none."""
    if path.is_file():
        return [path]
    return sorted(path.glob("[0-9][0-9][0-9][0-9].jsonl"))


def anchors_in(path: Path) -> AnchorBook:
    """Return what the files of a folder, or one file, say of the chains. Raises no error: what cannot be read is a flaw.

    One file alone may begin in the middle, for what stood before it is in another year's.
    """
    book = AnchorBook()
    for file in anchor_files(path):
        for number, text in enumerate(_lines_of(file), 1):
            _read_line(book, text, f"{file.name}:{number}", may_begin=path.is_file())
    return book


def _lines_of(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        yield from lines


def _read_line(book: AnchorBook, text: str, place: str, *, may_begin: bool) -> None:
    anchoring = _anchoring(text)
    book.lines += 1
    if anchoring is None:
        book.flaws.append(_("锚文件 %(place)s 读不懂或被改过。") % {"place": place})
        return
    if anchoring.previous != (book.last.hash if book.last else "") and not (book.last is None and may_begin):
        book.flaws.append(_("锚文件 %(place)s 与前一行不相连，中间缺行或被改写。") % {"place": place})
    known = book.heads[anchoring.chain].setdefault(anchoring.length, anchoring.head)
    if known != anchoring.head:
        book.flaws.append(_("锚文件 %(place)s 与前面的行说法不一。") % {"place": place})
    book.bureaus[anchoring.chain] = anchoring.bureau
    book.last = anchoring


def _anchoring(text: str) -> Anchoring | None:
    """Return what a line says, None where it is no such line or its own hash is not that of what it says."""
    try:
        told = json.loads(text)
        claimed = told.pop("hash")
        anchoring = Anchoring(**told)
        is_whole = anchoring.hash == claimed and isinstance(anchoring.length, int) and isinstance(anchoring.chain, int)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return anchoring if is_whole else None


def missing_anchors(book: AnchorBook, path: Path, chains: Collection[Chain]) -> Iterator[str]:
    """Yield a sentence for what the database knows to have been written down and the files do not hold: lost or cut short."""
    for chain in chains:
        if chain.anchored_at is None or chain.anchored_length in book.heads.get(chain.pk, {}):
            continue
        words = {"chain": chain.bureau, "length": chain.anchored_length, "path": path}
        if anchor_files(path):
            yield _("%(chain)s：锚文件短了，没有第 %(length)d 条的那一行（%(path)s）。") % words
        else:
            yield _("%(chain)s：锚文件不见了，第 %(length)d 条曾记在 %(path)s。") % words


def lost_chains(book: AnchorBook, chains: Collection[Chain]) -> Iterator[str]:
    """Yield a sentence for every chain that the files know and the database does not."""
    known = {chain.pk for chain in chains}
    for chain_id in sorted(set(book.heads) - known):
        yield _("锚文件记有 %(bureau)s 的日志链，数据库里却没有。") % {"bureau": book.bureaus[chain_id]}


def last_anchoring(path: Path) -> Anchoring | None:
    """Return the last line of the newest file that has a readable one, None while there is none. Reads only the ends."""
    for file in reversed(anchor_files(path)):
        for text in reversed(_end_of(file)):
            if (anchoring := _anchoring(text)) is not None:
                return anchoring
    return None


def _end_of(file: Path, size: int = 8192) -> list[str]:
    with file.open("rb") as content:
        content.seek(max(0, content.seek(0, 2) - size))
        return content.read().decode("utf-8", "replace").splitlines()


def printed_anchor(bureau: Unit) -> str:
    """Return the end of a bureau's chain as it stands under an export, empty while nothing has happened. One query.

    What is printed is outside the database: who rewrites the chain would have to find every sheet that was handed out.
    """
    chain = Chain.objects.filter(bureau=bureau, length__gt=0).first()
    if chain is None:
        return ""
    return _("日志锚 %(length)d · %(head)s") % {"length": chain.length, "head": chain.head[:SHOWN]}


def anchored_again(chain: Chain, number: int, head: str) -> bool:
    """Tell whether the event of that number still has the hash that somebody reads from a sheet, in part. One query.

    At least eight letters, for fewer prove nothing.
    """
    head = head.strip().lower().rstrip("….")
    found = Event.objects.filter(chain=chain, number=number).values_list("hash", flat=True).first()
    return found is not None and len(head) >= 8 and found.startswith(head)

"""The old file of Office: a small file system (MS-CFB), and in it the records of a .xls (MS-XLS).

Read is only what `calamine` keeps to itself: passwords, macros, failed formulas, percentages, and how far a sheet goes.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from apps.files.forms.marks import Marks

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRY: Final = 128
STREAM, ROOT = 2, 5
LAST_SECTOR: Final = 0xFFFFFFFA
TABLE_SECTOR, LAST, UNUSED = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
LARGE: Final = 4096
WORKBOOKS: Final = ("Workbook", "Book")
FILEPASS, BOUNDSHEET, FORMAT, XF, EOF = 0x2F, 0x85, 0x41E, 0xE0, 0x0A
STRINGS, DIMENSIONS = 0xFC, 0x200
NUMBER, RK, MULRK, BOOLERR, FORMULAS = 0x203, 0x27E, 0xBD, 0x205, (0x06, 0x206, 0x406)
CELLS: Final = {NUMBER, RK, MULRK, BOOLERR, *FORMULAS, 0x204, 0xFD, 0xD6}
PERCENT_FORMATS: Final = {9, 10}
ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


class CompoundDamaged(ValueError):
    """The file breaks off or points outside itself."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A file in the file: its first sector and its length in bytes."""

    start: int
    size: int


class Compound:
    """The file system: names of what is in it (storages too), and the content of a stream."""

    def __init__(self, content: bytes) -> None:
        """Read the tables; raises `CompoundDamaged`."""
        self._content = content
        try:
            shift, _mini_shift = struct.unpack_from("<HH", content, 30)
            directory, _transaction, self._cutoff = struct.unpack_from("<III", content, 48)
            self._sector = 1 << min(shift, 12)
            self._next = self._allocation()
            self.names, self._streams, self._root = self._entries(directory)
            (mini,) = struct.unpack_from("<I", content, 60)
            self._mini_next = _numbers(self._chain(mini))
        except struct.error as broken:
            raise CompoundDamaged from broken

    def stream(self, name: str) -> bytes:
        """Return the content of a stream; raises `KeyError` where there is none of the name."""
        found = self._streams[name]
        if found.size >= self._cutoff:
            return self._chain(found.start)[: found.size]
        small, pieces, sector = self._chain(self._root.start), [], found.start
        while sector < LAST_SECTOR and len(pieces) <= len(self._mini_next):
            pieces.append(small[sector * 64 : sector * 64 + 64])
            sector = self._mini_next[sector] if sector < len(self._mini_next) else LAST_SECTOR
        return b"".join(pieces)[: found.size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._content[start : start + self._sector]

    def _allocation(self) -> tuple[int, ...]:
        """Return for each sector the one after it, from the table that is itself spread over sectors."""
        first, number = struct.unpack_from("<II", self._content, 68)
        tables = list(struct.unpack_from("<109I", self._content, 76))
        for _turn in range(min(number, len(self._content) // self._sector + 1)):
            more = _numbers(self._at(first))
            if not more:
                break
            tables, first = [*tables, *more[:-1]], more[-1]
        return _numbers(b"".join(self._at(sector) for sector in tables if sector < LAST_SECTOR))

    def _chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < LAST_SECTOR:
            piece = self._at(sector)
            if not piece or sector >= len(self._next) or len(pieces) > len(self._next):
                raise CompoundDamaged
            pieces.append(piece)
            sector = self._next[sector]
        return b"".join(pieces)

    def _entries(self, sector: int) -> tuple[frozenset[str], dict[str, Stream], Stream]:
        directory, names, streams, root = self._chain(sector), set(), {}, Stream(LAST_SECTOR, 0)
        if len(directory) % ENTRY:
            raise CompoundDamaged
        for at in range(0, len(directory), ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            stream = Stream(*struct.unpack_from("<II", directory, at + 116))
            names.add(name)
            if kind == STREAM:
                streams[name] = stream
            elif kind == ROOT:
                root = stream
        return frozenset(names), streams, root


def packed(workbook: bytes) -> bytes:
    """Return a file with one stream, the workbook's, in sectors of 4096 bytes and in their order.

    The reader of values follows whatever chain a file draws up and takes the memory a record asks for; so it is given
    this instead of what somebody sent. A sector for small streams is there because one must be, and holds none.
    """
    sectors = -(-max(len(workbook), LARGE) // LARGE)
    tables = -(-(sectors + 2) // (LARGE // 4 - 1))
    directory, small, first = tables, tables + 1, tables + 2
    chain = [TABLE_SECTOR] * tables + [LAST, LAST] + list(range(first + 1, first + sectors)) + [LAST]
    chain += [UNUSED] * (tables * LARGE // 4 - len(chain))
    head = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    head += struct.pack("<9I", 1, tables, directory, 0, LARGE, LAST, 0, LAST, 0)
    head += struct.pack("<109I", *range(tables), *[UNUSED] * (109 - tables))
    entries = _entry("Root Entry", ROOT, small, LARGE, child=1)
    entries += _entry(WORKBOOKS[0], STREAM, first, max(len(workbook), LARGE))
    parts = (head, struct.pack(f"<{len(chain)}I", *chain), entries, bytes(LARGE), workbook or bytes(LARGE))
    return b"".join(part + bytes(-len(part) % LARGE) for part in parts)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = UNUSED) -> bytes:
    encoded = name.encode("utf-16-le")
    links = struct.pack("<HBBIII", len(encoded) + 2, kind, 1, UNUSED, UNUSED, child)
    return encoded + bytes(64 - len(encoded)) + links + bytes(36) + struct.pack("<IQ", start, size)


@dataclass(frozen=True, slots=True)
class Records:
    """What the records of a .xls say beside its values, by sheet in the order of the workbook.

    `content` is the stream with the sizes that it announces cut down to what there is.
    """

    content: bytes
    is_encrypted: bool
    sheets: tuple[Marks, ...]


def records_of(content: bytes) -> Records:
    """Walk through the workbook's stream once; raises `CompoundDamaged`."""
    try:
        before = [(kind, content[start:end]) for kind, start, end in _records(content, 0)]
        if any(kind == FILEPASS for kind, _body in before):
            return Records(content, is_encrypted=True, sheets=())
        percents = _percent_styles(before)
        offsets = [struct.unpack_from("<I", body)[0] for kind, body in before if kind == BOUNDSHEET]
        kept = bytearray(content)
        _cut_strings(kept)
        sheets = tuple(_marks(kept, offset, percents) for offset in offsets)
        return Records(bytes(kept), is_encrypted=False, sheets=sheets)
    except struct.error as broken:
        raise CompoundDamaged from broken


def _cut_strings(content: bytearray) -> None:
    """Let the table of texts announce no more of them than there is room for."""
    for kind, start, end in _records(content, 0):
        if kind == STRINGS and end - start >= 8:
            (announced,) = struct.unpack_from("<I", content, start + 4)
            struct.pack_into("<I", content, start + 4, min(announced, len(content) // 3))


def _percent_styles(records: Sequence[tuple[int, bytes]]) -> set[int]:
    """Return the numbers of the cell styles that show a percentage."""
    own = {struct.unpack_from("<H", body)[0] for kind, body in records if kind == FORMAT and b"%" in body}
    styles = [struct.unpack_from("<H", body, 2)[0] for kind, body in records if kind == XF]
    return {number for number, style in enumerate(styles) if style in PERCENT_FORMATS | own}


def _records(content: bytes | bytearray, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and end of each record up to the end of the sheet (or of the part before the sheets)."""
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == EOF:
            return
        yield kind, at + 4, min(at + 4 + length, len(content))
        at += 4 + length


def _marks(content: bytearray, offset: int, percents: set[int]) -> Marks:
    marks, extents = Marks(), []
    for kind, start, end in _records(content, offset):
        if kind == DIMENSIONS:
            extents.append((start, end))
        elif kind in CELLS:
            _mark(marks, kind, bytes(content[start:end]), percents)
    for start, end in extents:
        _cut_extent(content, start, end, marks)
    return marks


def _mark(marks: Marks, kind: int, body: bytes, percents: set[int]) -> None:
    row, column = struct.unpack_from("<HH", body)
    marks.reach(row, column + (len(body) - 6) // 6 - 1 if kind == MULRK else column)
    if error := _error(kind, body):
        marks.errors[row, column] = error
    marks.percents.update((row, at) for at, style in _styles(kind, body, column) if style in percents)


def _cut_extent(content: bytearray, start: int, end: int, marks: Marks) -> None:
    """Let a sheet announce the rows and columns that it has."""
    if end - start >= 14:
        struct.pack_into("<IIHH", content, start, 0, marks.rows, 0, marks.columns)
    elif end - start >= 8:
        struct.pack_into("<HHHH", content, start, 0, marks.rows, 0, marks.columns)


def _styles(kind: int, body: bytes, column: int) -> Iterator[tuple[int, int]]:
    """Yield column and style of the numbers of a record, of which one kind holds several."""
    if kind == MULRK:
        styles = (struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 7, 6))
        yield from zip(count(column), styles, strict=False)
    elif kind in (NUMBER, RK) or (kind in FORMULAS and body[12:14] != b"\xff\xff"):
        yield column, struct.unpack_from("<H", body, 4)[0]


def _error(kind: int, body: bytes) -> str | None:
    if kind == BOOLERR and body[7:8] == b"\x01":
        return ERRORS.get(body[6], "#ERROR")
    if kind in FORMULAS and body[12:14] == b"\xff\xff" and body[6:7] == b"\x02":
        return ERRORS.get(body[8], "#ERROR")
    return None


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

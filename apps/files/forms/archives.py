"""The parts of a .xlsx: how large they are unpacked, and what `calamine` keeps to itself about its cells.

Cells are found by their tags in the text of a part, because a parser of XML would take longer than reading the values.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from posixpath import join, normpath
from typing import Final
from zipfile import BadZipFile, ZipFile

from apps.files.forms.marks import Marks

PIECE: Final = 1024 * 1024
WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
STYLES: Final = "xl/styles.xml"
TEXTS: Final = "sharedstrings.xml"
BOASTS: Final = re.compile(rb"""\s(?:uniqueC|c)ount\s*=\s*(?:"[^"]{8,}"|'[^']{8,}')""")
MACROS: Final = "vbaproject.bin"
PERCENT_FORMATS: Final = {"9", "10"}
ATTRIBUTE: Final = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
FORMATS: Final = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs\s*>", re.DOTALL)
ROW_NUMBER: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr=[\"'](\d+)")
COLUMN: Final = re.compile(rb"\sr=[\"']([A-Z]{1,3})\d")
CELL: Final = re.compile(
    rb"<(?:\w+:)?(?:(?P<row>row)\b(?P<of_row>[^>]*)>|c\b(?P<of_cell>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c\s*>))",
    re.DOTALL,
)
VALUE: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v\s*>|<(?:\w+:)?v\b[^>]*/>|<(?:\w+:)?is\b", re.DOTALL)
FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b")
PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
SUSPICIOUS: Final = re.compile(rb"\st=[\"']e[\"']|<(?:\w+:)?f\b")


def unpacked_size(archive: ZipFile, limit: int) -> int:
    """Return how many bytes the parts come to, counted and not believed; stops once the limit is passed.

    Raises `zipfile.BadZipFile` for a part that is damaged.
    """
    size = 0
    for part in archive.infolist():
        part.file_size = limit - size + 2 * PIECE  # read on past the limit, so that it is noticed
        with archive.open(part) as content:
            while piece := content.read(PIECE):
                size += len(piece)
                if size > limit:
                    return size
    return size


def has_macros(archive: ZipFile) -> bool:
    """Tell whether there is code in it."""
    return any(name.lower().endswith(MACROS) for name in archive.namelist())


def marks_of(archive: ZipFile, most_cells: int) -> dict[str, Marks]:
    """Return what is marked in each sheet, by its name. Only what reaches beyond `most_cells` is measured exactly.

    Raises `zipfile.BadZipFile` for a part that is not what it seems.
    """
    percents = _percent_styles(_part(archive, STYLES))
    for path in archive.namelist():
        if path.lower().endswith(TEXTS):
            _part(archive, path)
    return {name: _marks(_part(archive, path), percents, most_cells) for name, path in _sheets(archive)}


def column_number(letters: str) -> int:
    """Return a column's number from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _part(archive: ZipFile, path: str) -> bytes:
    """Return a part, empty where there is none; raises `BadZipFile` where it announces more than any part can hold.

    The reader of values sets memory aside for as many texts or blocks as are announced.
    """
    content = archive.read(path) if path in archive.namelist() else b""
    if BOASTS.search(content):
        raise BadZipFile(path)
    return content


def _tags(xml: bytes, name: bytes) -> Iterator[dict[str, str]]:
    for tag in re.finditer(rb"<(?:\w+:)?%s\b([^>]*)>" % name, xml):
        yield _attributes(tag[1])


def _attributes(text: bytes) -> dict[str, str]:
    found = ((match[1], match[2] or match[3] or b"") for match in ATTRIBUTE.finditer(text))
    return {name.decode(): unescape(value.decode("utf-8", "replace")) for name, value in found}


def _sheets(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield name and part of each sheet."""
    parts = {tag.get("Id"): tag.get("Target", "") for tag in _tags(_part(archive, RELATIONS), b"Relationship")}
    for tag in _tags(_part(archive, WORKBOOK), b"sheet"):
        relation = next((value for name, value in tag.items() if name.endswith(":id")), "")
        yield tag.get("name", ""), normpath(join("/xl", parts.get(relation, ""))).lstrip("/")


def _percent_styles(xml: bytes) -> set[str]:
    """Return the numbers of the cell styles that show a percentage."""
    own = {tag.get("numFmtId", "") for tag in _tags(xml, b"numFmt") if "%" in tag.get("formatCode", "")}
    wanted = PERCENT_FORMATS | own
    block = FORMATS.search(xml)
    styles = _tags(block[0], b"xf") if block else iter(())
    return {str(number) for number, tag in enumerate(styles) if tag.get("numFmtId") in wanted}


def _marks(xml: bytes, percents: set[str], most_cells: int) -> Marks:
    rows = max(map(int, ROW_NUMBER.findall(xml)), default=0)
    columns = max((column_number(letters.decode()) + 1 for letters in set(COLUMN.findall(xml))), default=0)
    shown = [style for style in percents if re.search(rb"""\ss=["']%s["']""" % style.encode(), xml)]
    if SUSPICIOUS.search(xml) or shown or rows * columns > most_cells:
        return _exact_marks(xml, percents)
    return Marks(rows=rows, columns=columns)


def _exact_marks(xml: bytes, percents: set[str]) -> Marks:
    marks, row, column = Marks(), -1, -1
    for tag in CELL.finditer(xml):
        if tag["row"]:
            row, column = _row_of(tag["of_row"], row + 1), -1
            continue
        attributes = _attributes(tag["of_cell"])
        row, column = _place_of(attributes, row, column + 1)
        if tag["body"]:
            marks.reach(row, column)
            _mark(marks, (row, column), attributes, tag["body"], percents)
    return marks


def _row_of(attributes: bytes, otherwise: int) -> int:
    number = _attributes(attributes).get("r", "")
    return int(number) - 1 if number.isdecimal() else otherwise


def _place_of(attributes: Mapping[str, str], row: int, column: int) -> tuple[int, int]:
    place = PLACE.fullmatch(attributes.get("r", ""))
    return (int(place[2]) - 1, column_number(place[1])) if place else (row, column)


def _mark(marks: Marks, place: tuple[int, int], attributes: Mapping[str, str], body: bytes, percents: set[str]) -> None:
    value = VALUE.search(body)
    if attributes.get("t") == "e":
        marks.errors[place] = unescape(((value and value[1]) or b"#ERROR").decode("utf-8", "replace"))
    elif value is None and FORMULA.search(body):
        marks.errors[place] = ""
    elif attributes.get("s") in percents and attributes.get("t", "n") == "n":
        marks.percents.add(place)

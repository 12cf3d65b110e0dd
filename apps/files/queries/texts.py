"""The words in a file that somebody sent, as far as they can be had without trusting it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

PIECE: Final = 1024 * 1024
MOST_UNPACKED: Final = 32 * PIECE
WORDS_OF: Final = re.compile(r"xl/(sharedStrings|worksheets/[^/]+|comments[^/]*)\.xml|word/[^/]+\.xml", re.IGNORECASE)
PARTING: Final = re.compile(rb"</(?:\w+:)?(?:p|si|v|is|comment|tc)\s*>|<(?:\w+:)?(?:tab|br|cr)\b[^<>]*>")
SILENT: Final = re.compile(rb"<(?P<end>/?)(?:\w+:)?(?P<name>rPh|instrText|f)(?:\s[^<>]*)?(?<!/)>")
TAG: Final = re.compile(rb"<[^<>]*>")
UNPARSED: Final = re.compile(rb"<!\[CDATA\[|\]\]>")
SIGN: Final = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,32}|[a-z]{2,4});")
PDF_READER: Final = Path(__file__).with_name("pdf_words.py")
PDF_SECONDS: Final = 10
PDF_WORDS: Final = 4 * PIECE


def readable_texts(content: BinaryIO) -> Iterator[str]:
    """Yield what can be read in a workbook, a Word file or a PDF, in pieces; nothing for pictures and what cannot be read.

    Bounded however large the file makes itself out to be: 32 MB unpacked, and ten seconds for a PDF, which another process
    reads so that a wicked one harms nobody. What lies beyond is not read. Leaves the content at its beginning.
    """
    content.seek(0)
    beginning = content.read(8)
    content.seek(0)
    try:
        if beginning.startswith(b"PK\x03\x04"):
            yield from _office_texts(content)
        elif beginning.startswith(b"%PDF-"):
            yield from _pdf_texts(content)
    finally:
        content.seek(0)


def _office_texts(content: BinaryIO) -> Iterator[str]:
    """Yield the words of each part that has some, one line a paragraph or cell."""
    left = MOST_UNPACKED
    try:
        with ZipFile(content) as archive:
            for part in archive.infolist():
                if left > 0 and WORDS_OF.fullmatch(part.filename):
                    with archive.open(part) as packed:
                        xml = packed.read(left)
                    left -= len(xml)
                    yield _words(xml)
    except (BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        return


def _words(xml: bytes) -> str:
    """Return the text between the tags. Runs of one paragraph are joined, because Office cuts numbers apart.

    Takes time in proportion to the length: no tag is looked for beyond the next one, whatever stands there.
    """
    lines = PARTING.sub(b"\n", _aloud(UNPARSED.sub(b"", xml)))
    text = TAG.sub(b"", lines).decode("utf-8", "replace")
    return SIGN.sub(lambda sign: unescape(sign[0]), text)


def _aloud(xml: bytes) -> bytes:
    """Return what nobody sees left out: formulas, commands of fields, readings over characters.

    What opens and never closes hides nothing, nor does what is empty, as Excel writes a formula that was filled down:
    `<f t="shared" si="0"/>`.
    """
    spoken, done, opened = [], 0, None
    for tag in SILENT.finditer(xml):
        if opened and tag["end"] and tag["name"] == opened["name"]:
            spoken.append(xml[done : opened.start()])
            done, opened = tag.end(), None
        elif not tag["end"]:
            opened = tag
    return b"".join([*spoken, xml[done:]])


def _pdf_texts(content: BinaryIO) -> Iterator[str]:
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-I", str(PDF_READER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as reader:
        try:
            words, _nothing = reader.communicate(content.read(), timeout=PDF_SECONDS)
        except subprocess.TimeoutExpired:
            reader.kill()
            words, _nothing = reader.communicate()
    yield words[:PDF_WORDS].decode("utf-8", "replace")

"""Prints the words of the PDF that comes in, a page at a time. Runs by itself, with little memory and less trust."""

import logging
import sys
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO, Final, TextIO

from pypdf import PdfReader

MOST_PAGES: Final = 100
MOST_MEMORY: Final = 1024 * 1024 * 1024


def print_words(content: BinaryIO, told: TextIO) -> None:
    """Print what the pages say, up to the first that cannot be read or the hundredth; nothing for what is no PDF."""
    with suppress(Exception):  # whatever such a file makes the reader raise, what it could read stands
        for page in PdfReader(BytesIO(content.read())).pages[:MOST_PAGES]:
            print(page.extract_text(), file=told, flush=True)


def limit_memory() -> None:
    """Let this process have no more than a gigabyte, where the system knows such limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    limit_memory()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    print_words(sys.stdin.buffer, sys.stdout)

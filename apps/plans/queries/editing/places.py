"""The pieces of a plan by the names under which a page shows and changes them."""

import hashlib
import json
from typing import Any, Final

from pydantic import TypeAdapter

from apps.plans.queries.contents import PlanContent

HEAD: Final = ("attribute", "starts_on", "ends_on", "scheme", "last_year_completion", "document", "reason")
PARTS: Final = ("head", "budget", "directions", "goals", "indicators", "measures")
FINGERPRINT: Final = 16
PLAIN: Final = TypeAdapter(Any)


def piece_of(content: PlanContent, part: str, name: str) -> Any:
    """Return the piece that a part and a name speak of, None where there is none; of the head, its columns.

    Goals and directions are named by number, indicators and measures by code, budget lines by place from 1 on.
    """
    if part == "head":
        return {column: getattr(content, column) for column in HEAD}
    return next((piece for place, piece in named_pieces(content, part) if place == name), None)


def named_pieces(content: PlanContent, part: str) -> list[tuple[str, Any]]:
    """Return the pieces of a part with their names, in the order of the form."""
    if part == "budget":
        return [(str(place), row) for place, row in enumerate(content.budget, start=1)]
    if part in ("goals", "directions"):
        return [(str(row.number), row) for row in getattr(content, part)]
    return [(row.code, row) for row in getattr(content, part)]


def fingerprint(content: PlanContent, part: str, name: str) -> str:
    """Return a short hash of what a piece says, by which its next editor knows whether it still says so."""
    return hash_of(piece_of(content, part, name))


def hash_of(piece: Any) -> str:
    """Return the fingerprint of a piece that is at hand."""
    plain = PLAIN.dump_python(piece, mode="json")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT]


def anchor(part: str, name: str) -> str:
    """Return the id of a piece on the page: `piece-indicators-1-1`; what cannot stand in an id becomes a hyphen."""
    words = ("piece", part) if part == "head" else ("piece", part, name)
    return "-".join("".join(sign if sign.isalnum() or sign == "_" else "-" for sign in word) for word in words)

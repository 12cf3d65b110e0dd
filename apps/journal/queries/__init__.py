"""Whether the journal still is what was written, and whether the rows still are what it says of them."""

from apps.journal.queries.anchors import (
    AnchorBook,
    Anchoring,
    anchored_again,
    anchors_in,
    last_anchoring,
    printed_anchor,
)
from apps.journal.queries.chains import chain_flaws
from apps.journal.queries.hashes import content_hash, event_hash
from apps.journal.queries.rows import content_flaws
from apps.journal.queries.told import loading_of, untold_flaws
from apps.journal.queries.verification import flaws_of_chains, journal_flaws, verification_steps

__all__ = [
    "AnchorBook",
    "Anchoring",
    "anchored_again",
    "anchors_in",
    "chain_flaws",
    "content_flaws",
    "content_hash",
    "event_hash",
    "flaws_of_chains",
    "journal_flaws",
    "last_anchoring",
    "loading_of",
    "printed_anchor",
    "untold_flaws",
    "verification_steps",
]

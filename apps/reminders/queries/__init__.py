"""Who owes what and was not told, and what the pages of reminders show."""

from apps.reminders.queries.ledger import (
    KEEPERS,
    Chat,
    Preview,
    Unreached,
    bureau_of,
    chats,
    ledger,
    people_of,
    previews,
    stuck_mails,
    unreached,
    unreported_units,
)
from apps.reminders.queries.lines import Line, lines
from apps.reminders.queries.links import Claim, cell_link, claim_of, site_link
from apps.reminders.queries.obligations import Obligation, obligations, returns
from apps.reminders.queries.stages import Stage, stage_of

__all__ = [
    "KEEPERS",
    "Chat",
    "Claim",
    "Line",
    "Obligation",
    "Preview",
    "Stage",
    "Unreached",
    "bureau_of",
    "cell_link",
    "chats",
    "claim_of",
    "ledger",
    "lines",
    "obligations",
    "people_of",
    "previews",
    "returns",
    "site_link",
    "stage_of",
    "stuck_mails",
    "unreached",
    "unreported_units",
]

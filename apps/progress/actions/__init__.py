"""What people and the night do to figures: open rounds, keep drafts, submit, review, bring standings up to date."""

from apps.progress.actions.drafts import discard_draft, save_draft
from apps.progress.actions.entries import submit
from apps.progress.actions.locks import (
    Cell,
    CellTwice,
    CorrectionWithoutReason,
    FigureChanged,
    FigureUnfit,
    LetterMissing,
    NotYourCell,
    RoundClosed,
    RoundNotOpen,
    RoundOutsidePlan,
    unfit_columns,
)
from apps.progress.actions.refusals import Refused
from apps.progress.actions.reviews import NotWaiting, NotYourReview, OwnEntry, ReturnWithoutReason, approve, return_
from apps.progress.actions.rounds import open_rounds
from apps.progress.actions.standings import rebuild_standings, refresh_standings

__all__ = [
    "Cell",
    "CellTwice",
    "CorrectionWithoutReason",
    "FigureChanged",
    "FigureUnfit",
    "LetterMissing",
    "NotWaiting",
    "NotYourCell",
    "NotYourReview",
    "OwnEntry",
    "Refused",
    "ReturnWithoutReason",
    "RoundClosed",
    "RoundNotOpen",
    "RoundOutsidePlan",
    "approve",
    "discard_draft",
    "open_rounds",
    "rebuild_standings",
    "refresh_standings",
    "return_",
    "save_draft",
    "submit",
    "unfit_columns",
]

"""Giving programs their keys, and taking them away, each with its event."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts import actions as accounts
from apps.accounts.actions import Changed
from apps.accounts.models import Token, Unit, User
from apps.accounts.queries import home_bureau
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb


@transaction.atomic
def issue_token(*, person: User, at: datetime, ends_at: datetime, channel: Channel = Channel.COMMAND) -> str:
    """Let a program speak for the person until a moment, and return its token: the only time anybody sees it."""
    secret = accounts.new_secret()
    done = accounts.issue_token(person=person, secret=secret, at=at, ends_at=ends_at)
    _note(person, Verb.ADD, [done], at, channel)
    return secret


@transaction.atomic
def end_tokens(*, person: User, at: datetime, channel: Channel = Channel.COMMAND) -> int:
    """End all tokens of the person, and return how many were still in force."""
    ended = accounts.end_tokens(person=person, at=at)
    _note(person, Verb.CHANGE, ended, at, channel)
    return len(ended)


def _note(person: User, verb: Verb, done: Sequence[Changed[Token]], at: datetime, channel: Channel) -> None:
    """Write the events into the chain of the person's bureau, or the root's for whoever works nowhere.

    Before there is any unit there is no chain either, and nothing that a token could open.
    """
    bureau = home_bureau(person) if person.duties else Unit.objects.filter(depth=1).order_by("path").first()
    if bureau is not None:
        changes = [Change(verb, change.row, before=change.before, after=change.after) for change in done]
        record(bureau=bureau, actor=None, changes=changes, at=at, channel=channel)

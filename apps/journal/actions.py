"""Writing events; every change of the product does it in its own transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import translation

from apps.accounts.models import Unit, User
from apps.journal.enums import Channel, Verb
from apps.journal.models import Chain, Event
from apps.journal.queries import content_hash, event_hash


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one row; `before` and `after` are plain values, None where there was or is nothing."""

    verb: Verb
    subject: models.Model
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str = ""


def record(
    *, bureau: Unit, actor: User | None, changes: Sequence[Change], at: datetime, channel: Channel = Channel.PAGE
) -> list[Event]:
    """Append one event per change to the bureau's chain and return them; None as actor is the system itself.

    Three queries however many changes. Must run inside the transaction of the change: the chain's row stays locked until
    it ends, so call it last.
    """
    if not changes:
        return []
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event belongs into the transaction of its change.")
    chain = _locked_chain(bureau)
    events = []
    for change in changes:
        chain.length += 1
        event = _event(chain, change, actor, at, channel)
        chain.head = event.hash
        events.append(event)
    Event.objects.bulk_create(events)
    chain.save(update_fields=["length", "head"])
    return events


def _locked_chain(bureau: Unit) -> Chain:
    chain = Chain.objects.select_for_update().filter(bureau=bureau).first()
    if chain is None:
        Chain.objects.get_or_create(bureau=bureau)
        chain = Chain.objects.select_for_update().get(bureau=bureau)
    return chain


def _event(chain: Chain, change: Change, actor: User | None, at: datetime, channel: Channel) -> Event:
    event = Event(
        chain=chain,
        number=chain.length,
        at=at,
        actor=actor,
        actor_name=str(actor) if actor else "perftrack",
        verb=change.verb,
        subject_type=change.subject._meta.label_lower,
        subject_id=change.subject.pk,
        subject_label=_label(change.subject),
        before=_plain(change.before),
        after=_plain(change.after),
        reason=change.reason,
        channel=channel,
        content_hash=content_hash(change.subject),
        previous_hash=chain.head,
    )
    event.hash = event_hash(event)
    return event


def _label(subject: models.Model) -> str:
    """Return a row's name as the journal keeps it: in one language, whichever the person reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(subject)[:300]


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else json.loads(json.dumps(values, cls=DjangoJSONEncoder))

"""Writing events; every change of the product does it in its own transaction."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone, translation

from apps.accounts.models import Unit, User
from apps.journal.enums import Channel, Verb
from apps.journal.models import Chain, Event
from apps.journal.queries import Anchoring, content_hash, event_hash, last_anchoring


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
    with translation.override(settings.LANGUAGE_CODE):  # names are kept in one language, whichever the person reads
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
        subject_label=str(change.subject)[:300],
        before=_plain(change.before),
        after=_plain(change.after),
        reason=change.reason,
        channel=channel,
        content_hash=content_hash(change.subject),
        previous_hash=chain.head,
    )
    event.hash = event_hash(event)
    return event


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def listed(rows: Iterable[models.Model]) -> dict[str, dict[str, list[list[int]]]]:
    """Return the `after` of a `load` event that stands for rows made many at a time: their ids, as ranges by kind.

    Only kinds that declare `always_told` or `told_as` need it; see `queries.untold_flaws`.
    """
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row._meta.label_lower, []).append(row.pk)
    return {"rows": {label: _ranges(sorted(set(found))) for label, found in sorted(ids.items())}}


def _ranges(ids: Sequence[int]) -> list[list[int]]:
    """Return ids that follow each other as their first and last: 1, 2, 3, 7 become 1–3 and 7–7."""
    found: list[list[int]] = []
    for each in ids:
        if found and each == found[-1][1] + 1:
            found[-1][1] = each
        else:
            found.append([each, each])
    return found


def anchor_chains(*, at: datetime) -> int:
    """Write the end of every chain down outside the database, in `ANCHOR_DIR`; return how many lines were added.

    A chain that was written down on the same day (of the product's time zone) and has not grown since gets no second line,
    so this may run twice. A line is on the disk before the database says so. Chains go on growing meanwhile: nothing is
    locked but the file. Two queries, and one for each chain that was written down.
    """
    folder = Path(settings.ANCHOR_DIR)
    with _at_the_end(folder, timezone.localtime(at).year) as file:
        due = [chain for chain in Chain.objects.select_related("bureau").order_by("pk") if _is_due(chain, at)]
        last = last_anchoring(folder)
        for chain in due:
            last = Anchoring(
                at=timezone.localtime(at).isoformat(timespec="seconds"),
                chain=chain.pk,
                bureau=chain.bureau.code,
                length=chain.length,
                head=chain.head,
                previous=last.hash if last else "",
            )
            file.write(last.line.encode())
        file.flush()
        os.fsync(file.fileno())
    for chain in due:
        Chain.objects.filter(pk=chain.pk).update(anchored_at=at, anchored_length=chain.length)
    return len(due)


def _is_due(chain: Chain, at: datetime) -> bool:
    if not chain.length or chain.anchored_at is None:
        return chain.length > 0
    is_new_day = timezone.localtime(chain.anchored_at).date() < timezone.localtime(at).date()
    return is_new_day or chain.anchored_length < chain.length


@contextmanager
def _at_the_end(folder: Path, year: int) -> Iterator[BinaryIO]:
    """Open a year's file for one writer at a time. Half a line that a lost power left behind was never told of, and goes."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock, (folder / f"{year}.jsonl").open("a+b") as file:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        yield file

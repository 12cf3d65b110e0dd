"""What is typed and not yet submitted."""

from collections.abc import Mapping
from datetime import datetime

from apps.accounts.models import User
from apps.progress.models import Draft, Entry


def save_draft(*, entry: Entry, person: User, fields: Mapping[str, str], at: datetime) -> Draft:
    """Keep what the person has typed into a cell, letter by letter; right or wrong does not matter here. No event."""
    draft, _ = Draft.objects.update_or_create(
        entry=entry, person=person, defaults={"fields": dict(fields), "saved_at": at}
    )
    return draft


def discard_draft(*, entry: Entry, person: User) -> None:
    """Forget what the person has typed into a cell."""
    Draft.objects.filter(entry=entry, person=person).delete()

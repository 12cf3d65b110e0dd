"""What is typed and not yet submitted."""

from collections.abc import Collection, Mapping
from datetime import datetime

from apps.accounts.models import User
from apps.progress.models import Draft


def save_drafts(*, texts: Mapping[int, Mapping[str, str]], person: User, at: datetime) -> list[Draft]:
    """Keep what the person has typed into cells, letter by letter; right or wrong does not matter here. No event.

    `texts` are by the entry's id, then by field name. A draft belongs to one person: it never touches a colleague's in the
    same cell. One query however many cells.
    """
    rows = [Draft(entry_id=pk, person=person, fields=dict(fields), saved_at=at) for pk, fields in texts.items()]
    return Draft.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["entry", "person"], update_fields=["fields", "saved_at"]
    )


def discard_drafts(*, entry_ids: Collection[int], person: User) -> None:
    """Forget what the person has typed into cells."""
    if entry_ids:
        Draft.objects.filter(entry__in=entry_ids, person=person).delete()

"""What a person settles for their own pages. No data of the bureau changes, so the journal is not told."""

from datetime import datetime

from apps.accounts.models import User


def take_note(*, user: User, at: datetime) -> None:
    """Remember that the person has read what happened until a moment; an earlier moment changes nothing."""
    User.objects.filter(pk=user.pk).exclude(seen_at__gte=at).update(seen_at=at)

"""Taking in scoring schemes."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.accounts.models import Unit
from apps.calculation.schemes import Scheme as CheckedScheme
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import Scheme


@transaction.atomic
def load_schemes(*, folder: Path, authority: Unit, at: datetime, channel: Channel = Channel.COMMAND) -> list[Scheme]:
    """Read every scheme file of the folder and return the schemes that are new; the event goes to `authority`'s chain.

    Raises `calculation.scheme_reading.SchemeRefused` for a file that does not hold a scheme, and then keeps nothing.
    """
    fresh = ensure_schemes(folder)
    record(bureau=authority, actor=None, changes=scheme_changes(fresh), at=at, channel=channel)
    return fresh


def ensure_schemes(folder: Path) -> list[Scheme]:
    """Return the schemes of a folder's files that were new.

    A scheme whose content changed becomes its next version; the old one stays as plans were approved with it.
    """
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    fresh = [scheme for content in contents if (scheme := _scheme(content))]
    return Scheme.objects.bulk_create(fresh)


def scheme_changes(schemes: Sequence[Scheme]) -> list[Change]:
    """Return an event for each new scheme."""
    return [Change(Verb.LOAD, scheme, after={"code": scheme.code, "number": scheme.number}) for scheme in schemes]


def _scheme(content: dict[str, Any]) -> Scheme | None:
    """Return the unsaved scheme of a file's content, None where its latest version says the same."""
    checked = CheckedScheme.from_data(content)
    latest = Scheme.objects.filter(code=checked.code).order_by("-number").first()
    if latest is not None and latest.content == content:
        return None
    return Scheme(
        code=checked.code,
        number=latest.number + 1 if latest else 1,
        name=checked.name.zh,
        name_en=checked.name.en,
        source=checked.source.zh,
        content=content,
    )

"""A process that saves and approves figures until it is killed, or its database is.

For a line `go` it forks a child that saves without end, and says when that ended; for `look` one that tells what is there.
Every acknowledged answer is one line: `saved 7` that all cells say 7, `counted 7` that 7 was approved in all of them. Run
with the settings of the tests in the environment.
"""

import itertools
import json
import os
import sys
import time
from decimal import Decimal

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.journal.models import Chain, Event  # noqa: E402
from apps.journal.queries import chain_flaws, content_flaws  # noqa: E402
from apps.progress.actions import Cell, approve, submit  # noqa: E402
from apps.progress.models import Entry, Revision  # noqa: E402
from apps.progress.queries import drifts  # noqa: E402
from tests.progress.world import NOW, TODAY  # noqa: E402

WHOLE = Decimal(10**6)
# What is told goes where the standard output was; logs, which go there too, are turned away to the errors.
TOLD = os.dup(sys.stdout.fileno())


def main(reporter_id: int, head_id: int, entry_ids: list[int]) -> None:
    for line in sys.stdin:
        start, go = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(start, 1)
            if line.strip() == "go":
                save_for_ever(reporter_id, head_id, entry_ids)
            say(f"found {json.dumps(found(entry_ids, with_journal=True))}")
            os._exit(0)
        say(f"started {child}")
        os.write(go, b".")
        os.waitpid(child, 0)
        os.close(start)
        os.close(go)
        say("ended 0")


def save_for_ever(reporter_id: int, head_id: int, entry_ids: list[int]) -> None:
    """Save, approve, correct, approve …; where the database dies under it, wait for it and look what is there."""
    while True:
        try:
            save_on(User.objects.get(pk=reporter_id), User.objects.get(pk=head_id), entry_ids)
        except (OperationalError, InterfaceError):
            say("lost 0")
            wait_for_the_database()
            say(f"found {json.dumps(found(entry_ids))}")


def save_on(reporter: User, head: User, entry_ids: list[int]) -> None:
    first = Entry.objects.select_related("latest").get(pk=entry_ids[0])
    for number in itertools.count(first.latest.number if first.latest else 0):
        figure = {"numerator": Decimal(number + 1), "denominator": WHOLE}
        cells = [Cell(pk, figure, seen=number, reason="更正。") for pk in entry_ids]
        revisions = submit(cells=cells, person=reporter, today=TODAY, at=NOW)
        say(f"saved {number + 1}")
        approve(revision_ids=[row.pk for row in revisions], reviewer=head, today=TODAY, at=NOW)
        say(f"counted {number + 1}")


def found(entry_ids: list[int], *, with_journal: bool = False) -> dict:
    """Return what all cells say by now: a whole grid has one number of each, and as many rows behind it.

    The numbers of the latest and of the counting revision, 0 for none; what was typed and what stands in the journal.
    """
    cells = Entry.objects.filter(pk__in=entry_ids).select_related("latest", "approved", "round__bureau")
    rows = list(cells.order_by("pk"))
    told = {
        "latest": sorted({row.latest.number if row.latest else 0 for row in rows}),
        "counting": sorted({row.approved.number if row.approved else 0 for row in rows}),
        "typed": sorted({int(row.latest.numerator) if row.latest else 0 for row in rows}),
        "revisions": Revision.objects.filter(entry__in=entry_ids).count() / len(rows),
        "drifts": [drift.sentence for drift in drifts(rows[0].round.bureau)],
    }
    if with_journal:
        told["told"] = Event.objects.filter(subject_type="progress.revision", verb__in=("submit", "correct")).count()
        told["told"] /= len(rows)
        flaws = [*(flaw for chain in Chain.objects.select_related("bureau") for flaw in chain_flaws(chain))]
        told["flaws"] = [*flaws, *content_flaws()]
    return told


def wait_for_the_database() -> None:
    """Return as soon as there is an answer again; the connections of before are given up."""
    while True:
        time.sleep(0.05)
        connection.close()
        try:
            Entry.objects.exists()
        except (OperationalError, InterfaceError):
            continue
        return


def say(text: str) -> None:
    os.write(TOLD, f"{text}\n".encode())


if __name__ == "__main__":
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    main(int(sys.argv[1]), int(sys.argv[2]), [int(text) for text in sys.argv[3:]])

"""A process that saves figures until it is killed: for every line it reads it forks such a child, and says when it ended.

Every acknowledged save is one line with the figure that was saved. Run with the settings of the tests in the environment.
"""

import itertools
import os
import sys
from decimal import Decimal

import django

django.setup()

from apps.accounts.models import User  # noqa: E402
from apps.progress.actions import Cell, submit  # noqa: E402
from apps.progress.models import Entry  # noqa: E402
from tests.progress.world import NOW, TODAY  # noqa: E402


def main(person_id: int, entry_ids: list[int]) -> None:
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            save_for_ever(person_id, entry_ids)
        say(f"started {child}")
        os.waitpid(child, 0)
        say("ended 0")


def save_for_ever(person_id: int, entry_ids: list[int]) -> None:
    person = User.objects.get(pk=person_id)
    first = Entry.objects.get(pk=entry_ids[0])
    for number in itertools.count(first.latest.number if first.latest else 0):
        figure = {"numerator": Decimal(number + 1), "denominator": Decimal(10**6)}
        cells = [Cell(pk, figure, seen=number) for pk in entry_ids]
        submit(cells=cells, person=person, today=TODAY, at=NOW)
        say(f"saved {number + 1}")


def say(text: str) -> None:
    os.write(sys.stdout.fileno(), f"{text}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(text) for text in sys.argv[2:]])

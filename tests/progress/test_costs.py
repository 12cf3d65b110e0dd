"""What a month of eleven districts costs in queries, whatever lies behind it.

The budget is that of one act: keeping a draft, submitting, approving, taking an approval back.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calculation.periods import month_end
from apps.plans.enums import Frequency
from apps.progress.actions import Cell, approve, save_drafts, submit, take_back
from apps.progress.enums import EntryState, RevisionOrigin, Verdict
from apps.progress.models import Entry, Review, Revision, Round, Standing
from apps.progress.queries import review_queue
from apps.progress.queries.questions import questions_of
from tests.progress.world import NOW, TODAY, make_whole_world, values

pytestmark = pytest.mark.django_db

MOST_QUERIES = 25
ELEVEN = [(90, 100)] * 11


def queries_of(act) -> int:
    """Return how many queries an act makes, those that only open or close a savepoint of the test left out."""
    with CaptureQueriesContext(connection) as made:
        act()
    return sum("SAVEPOINT" not in row["sql"] for row in made.captured_queries)


def add_months(world, months: int) -> None:
    """Put that many reviewed months of all districts before January 2016, each a little above the one before."""
    ends = [month_end(2015 - number // 12, 12 - number % 12) for number in range(months)]
    rounds = Round.objects.bulk_create(
        Round(
            bureau=world.bureau,
            frequency=Frequency.MONTHLY,
            starts_on=day.replace(day=1),
            ends_on=day,
            fiscal_year=day.year,
            opens_on=day,
            due_on=day,
        )
        for day in reversed(ends)
    )
    entries = Entry.objects.bulk_create(
        Entry(
            measure=world.measure,
            member=member,
            round=row,
            reporting_unit=world.division,
            reviewing_unit=world.division,
            state=EntryState.APPROVED,
        )
        for row in rounds
        for member in world.members
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            entry=entry,
            number=1,
            numerator=Decimal(20 + number // 11),
            denominator=Decimal(100),
            origin=RevisionOrigin.IMPORTED,
            submitted_by=world.reporter,
            submitted_at=NOW,
        )
        for number, entry in enumerate(entries)
    )
    Review.objects.bulk_create(
        Review(revision=row, verdict=Verdict.APPROVED, reviewer=world.head, reviewed_at=NOW) for row in revisions
    )
    for entry, revision in zip(entries, revisions, strict=True):
        entry.latest = entry.approved = revision
    Entry.objects.bulk_update(entries, ["latest", "approved"], batch_size=200)


def costs(world) -> dict[str, int]:
    """Return what each act of a month costs; a question is asked of every district, and answered."""
    entries = world.cells()
    person, head = world.reporter, world.head
    _duties = person.duties, head.duties
    cells = [Cell(entry.pk, values((90, 120)), note="新增街道") for entry in entries]
    rows = Entry.objects.filter(pk__in=[entry.pk for entry in entries]).select_related("measure", "round")
    typed = {entry: values((90, 120)) for entry in rows}
    draft = {"numerator": "90", "denominator": "120"}
    told = {
        "draft": queries_of(lambda: save_drafts(texts={entries[0].pk: draft}, person=person, at=NOW)),
        "questions": queries_of(lambda: questions_of(typed)),
        "submit": queries_of(lambda: submit(cells=cells, person=person, today=TODAY, at=NOW)),
        "queue": queries_of(lambda: review_queue(head)),
    }
    chosen = [entry.latest_id for entry in world.cells()]
    told["approve"] = queries_of(lambda: approve(revision_ids=chosen, reviewer=head, today=TODAY, at=NOW))
    told["take back"] = queries_of(
        lambda: take_back(revision_ids=chosen, reviewer=head, reason="区划待核", today=TODAY, at=NOW)
    )
    return told


def world_after(months: int):
    world = make_whole_world()
    add_months(world, months)
    world.count(ELEVEN, month=7, note="年初核定")
    return world


def rows_read(world) -> int:
    """Return how many cells of earlier rounds are read in order to ask about a month."""
    entries = Entry.objects.filter(round=world.round_of(8)).select_related("measure", "round")
    with CaptureQueriesContext(connection) as made:
        asked = questions_of({entry: values((90, 120)) for entry in entries})
    assert {row.code for found in asked.values() for row in found} == {"moved"}
    sql = made.captured_queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(sql[sql.index("SELECT") :])  # PostgreSQL reads it through a cursor that it declares
        return len(cursor.fetchall())


def test_each_act_stays_in_its_budget_and_costs_the_same_after_sixty_months():
    young, old = world_after(1), world_after(60)

    assert Entry.objects.filter(measure=old.measure, round__ends_on__lt=date(2016, 1, 1)).count() == 660
    assert rows_read(young) == 11 * 2
    assert rows_read(old) == 11 * (1 + 6)  # July, and the last six months of the year before

    after_one, after_sixty = costs(young), costs(old)

    assert after_one == after_sixty
    assert max(after_sixty.values()) <= MOST_QUERIES, after_sixty
    assert Standing.objects.get(indicator=old.indicator).numerator == 990

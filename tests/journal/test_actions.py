"""Writing events."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.journal.models import Chain, Event
from tests.factories import BureauFactory, UserFactory

AT = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)


def told(bureau, *changes, actor=None, **more):
    return record(bureau=bureau, actor=actor, changes=changes, at=AT, **more)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_which_row_by_which_door():
    bureau, person = BureauFactory(), UserFactory(name="张三")

    change = Change(Verb.CORRECT, bureau, {"figure": Decimal("1.50")}, {"figure": Decimal(2)}, "核减")
    event = told(bureau, change, actor=person, channel=Channel.WORKBOOK)[0]

    event.refresh_from_db()
    assert (event.number, event.verb, event.channel, event.reason) == (1, Verb.CORRECT, Channel.WORKBOOK, "核减")
    assert (event.actor, event.actor_name, event.at) == (person, "张三", AT)
    assert (event.subject_type, event.subject_id, event.subject_label) == ("accounts.unit", bureau.pk, str(bureau))
    assert (event.before, event.after) == ({"figure": "1.50"}, {"figure": "2"})


@pytest.mark.django_db
def test_the_journal_names_a_row_in_one_language_whoever_changes_it():
    bureau = BureauFactory(name="来穗局", name_en="Bureau of Incoming Residents")

    with override("en"):
        event = told(bureau, Change(Verb.LOAD, bureau))[0]

    assert event.subject_label == "来穗局"


@pytest.mark.django_db
def test_the_system_itself_has_a_name():
    bureau = BureauFactory()

    event = told(bureau, Change(Verb.LOAD, bureau))[0]

    assert (event.actor, event.actor_name) == (None, "perftrack")


@pytest.mark.django_db
def test_each_event_hangs_on_the_one_before_and_the_chain_knows_its_end():
    bureau = BureauFactory()
    first, second = told(bureau, Change(Verb.LOAD, bureau), Change(Verb.LOAD, bureau))
    third = told(bureau, Change(Verb.LOAD, bureau))[0]

    assert [event.number for event in (first, second, third)] == [1, 2, 3]
    assert [event.previous_hash for event in (first, second, third)] == ["", first.hash, second.hash]
    chain = Chain.objects.get()
    assert (chain.length, chain.head) == (3, third.hash)


@pytest.mark.django_db
def test_every_bureau_has_a_chain_of_its_own():
    one, other = BureauFactory(), BureauFactory()
    told(one, Change(Verb.LOAD, one))

    event = told(other, Change(Verb.LOAD, other))[0]

    assert (event.number, event.previous_hash, Chain.objects.count()) == (1, "", 2)


@pytest.mark.django_db
def test_nothing_happened_writes_nothing(django_assert_num_queries):
    bureau = BureauFactory()

    with django_assert_num_queries(0):
        assert told(bureau) == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 50])
def test_the_cost_is_the_same_for_one_change_and_fifty(django_assert_num_queries, number):
    bureau = BureauFactory()
    told(bureau, Change(Verb.LOAD, bureau))

    with django_assert_num_queries(3):
        told(bureau, *[Change(Verb.LOAD, bureau)] * number)


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_the_transaction_of_its_change_is_refused():
    bureau = BureauFactory()

    with pytest.raises(transaction.TransactionManagementError):
        told(bureau, Change(Verb.LOAD, bureau))

    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_event():
    bureau = BureauFactory()
    event = told(bureau, Change(Verb.LOAD, bureau))[0]

    with pytest.raises(IntegrityError, match="journal_event is append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(reason="另有隐情")

    assert Event.objects.get().reason == ""


@pytest.mark.django_db
def test_postgresql_refuses_to_delete_an_event_too():
    if connection.vendor != "postgresql":
        return
    bureau = BureauFactory()
    told(bureau, Change(Verb.LOAD, bureau))

    with pytest.raises(IntegrityError, match="journal_event is append-only"), transaction.atomic():
        Event.objects.all().delete()

"""`manage.py verify_journal` finds what was done behind the journal's back."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.journal.actions import Change, record
from apps.journal.enums import Verb
from apps.journal.models import Chain, Event
from apps.journal.queries import content_hash, event_hash
from apps.plans.models import PlanVersion
from apps.progress.models import Revision
from tests.factories.outbox import MailFactory
from tests.progress.world import NOW

pytestmark = pytest.mark.django_db


def flaws() -> list[str]:
    """Return the sentences of the command, having made sure that its exit agrees with them."""
    out, err, ending = StringIO(), StringIO(), ""
    try:
        call_command("verify_journal", stdout=out, stderr=err)
    except CommandError as error:
        ending = str(error)
    said = [line for line in err.getvalue().splitlines() if line]
    assert ending == (f"日志有 {len(said)} 处不符。" if said else "")
    assert ("日志完好" in out.getvalue()) != bool(said)
    return said


def of_the_chain(world) -> list[str]:
    """Return the sentences about the chain itself; what rows then lack an event is said besides."""
    return [sentence for sentence in flaws() if sentence.startswith(f"{world.bureau}：")]


def event(number) -> Event:
    return Event.objects.get(number=number)


def test_what_the_product_wrote_is_whole(world):
    world.submit([(6, 10)], reason="核减")

    assert flaws() == []


def test_an_edited_event_is_found(world, forge):
    forge("UPDATE journal_event SET reason = %s WHERE number = %s", "另有隐情", 10)

    assert flaws() == [f"{world.bureau}：第 10 条事件的内容被改过。"]


def test_an_edited_event_with_its_hash_written_anew_breaks_the_link(world, forge):
    forged = event(10)
    forged.reason = "另有隐情"
    forge("UPDATE journal_event SET reason = %s, hash = %s WHERE number = 10", "另有隐情", event_hash(forged))

    assert flaws() == [f"{world.bureau}：第 11 条事件与前一条不相连。"]


def test_a_chain_written_anew_to_its_end_does_not_match_its_head(world, forge):
    head = ""
    for row in Event.objects.order_by("number"):
        row.reason, row.previous_hash = "另有隐情", head
        head = event_hash(row)
        forge(
            "UPDATE journal_event SET reason = %s, previous_hash = %s, hash = %s WHERE number = %s",
            row.reason,
            row.previous_hash,
            head,
            row.number,
        )

    assert of_the_chain(world) == [
        f"{world.bureau}：第 {Chain.objects.get().length} 条事件与链尾哈希不符，链被改写过。"
    ]


def test_a_gap_is_found(world, forge):
    forge("DELETE FROM journal_event WHERE number = 3")

    assert of_the_chain(world) == [
        f"{world.bureau}：第 3 条事件不见了，接着的是第 4 条。",
        f"{world.bureau}：第 4 条事件与前一条不相连。",
    ]


def test_a_cut_tail_is_found(world, forge):
    length = Chain.objects.get().length
    revisions = list(Revision.objects.order_by("pk"))
    forge("DELETE FROM journal_event WHERE number > %s", length - 3)

    assert of_the_chain(world) == [f"{world.bureau}：最后 3 条事件不见了，应有 {length} 条。"]
    assert len(revisions) == 3


def test_a_tail_cut_together_with_the_chains_count_does_not_match_its_head(world, forge):
    length = Chain.objects.get().length
    forge("DELETE FROM journal_event WHERE number > %s", length - 3)
    Chain.objects.update(length=length - 3)

    assert of_the_chain(world) == [f"{world.bureau}：第 {length - 3} 条事件与链尾哈希不符，链被改写过。"]


def test_an_event_put_behind_the_end_is_found(world, forge):
    length = Chain.objects.get().length
    last = event(length)
    last.pk, last.number = None, length + 1
    last.save()

    assert of_the_chain(world) == [f"{world.bureau}：链尾之后另有事件，第 {length + 1} 条不在链内。"]


def test_a_figure_changed_behind_the_back_is_found(world, forge):
    revision = world.cells()[0].latest
    number = Event.objects.get(subject_id=revision.pk, verb=Verb.APPROVE).number
    forge("UPDATE progress_revision SET numerator = 10 WHERE id = %s", revision.pk)

    assert flaws() == [
        f"{world.bureau}：“{world.measure} · 荔湾 · 2016年8月 · 1”与日志（第 {number} 条）所记的内容不符，被绕过系统改过。"
    ]


def test_a_figure_that_vanished_is_found_unless_its_removal_was_told(world, forge):
    revision = world.submit([(6, 10)], reason="核减")[0]
    number = Chain.objects.get().length
    world.cells()[0].__class__.objects.filter(pk=revision.entry_id).update(latest=None)
    forge("DELETE FROM progress_revision WHERE id = %s", revision.pk)
    assert flaws() == [
        f"{world.bureau}：“{world.measure} · 荔湾 · 2016年8月 · 2”已不存在，而日志（第 {number} 条）没有说它被清除。"
    ]

    removal = Change(Verb.REMOVE, world.version.plan, {"removed": {"progress.revision": [revision.pk]}})
    record(bureau=world.bureau, actor=None, changes=[removal], at=NOW)
    assert flaws() == []


def test_a_row_whose_own_last_event_is_its_removal_may_be_gone(world):
    mail = MailFactory()
    record(bureau=world.bureau, actor=None, changes=[Change(Verb.REMOVE, mail)], at=NOW)
    mail.delete()

    assert flaws() == []


def test_a_kind_of_row_that_a_later_version_gave_up_is_not_looked_for(world, forge):
    mail = MailFactory()
    (last,) = record(bureau=world.bureau, actor=None, changes=[Change(Verb.RESEND, mail)], at=NOW)
    last.subject_type = "gone.thing"
    head = event_hash(last)
    forge("UPDATE journal_event SET subject_type = 'gone.thing', hash = %s WHERE number = %s", head, last.number)
    Chain.objects.update(head=head)

    assert flaws() == []


def test_what_changes_without_an_event_is_no_flaw(world):
    mail = MailFactory()
    record(bureau=world.bureau, actor=None, changes=[Change(Verb.RESEND, mail)], at=NOW)
    mail.attempts, mail.state = 3, "sent"
    mail.save()
    assert flaws() == []

    mail.recipient = "somebody@example.test"
    mail.save()
    assert len(flaws()) == 1


def test_a_row_says_the_same_before_and_after_the_database(world):
    for row in (*Revision.objects.all(), *PlanVersion.objects.all()):
        assert content_hash(row) == content_hash(type(row).objects.get(pk=row.pk))
    revision = Revision(
        entry=world.cells()[0],
        number=2,
        numerator="7",
        denominator="10.5",
        submitted_by=world.reporter,
        submitted_at=NOW,
        origin="typed",
        decided_on="2016-12-20",
    )
    before = content_hash(revision)
    revision.save()

    assert before != content_hash(revision)  # the key is part of what a row says
    assert content_hash(revision) == content_hash(Revision.objects.get(pk=revision.pk))


def test_verifying_costs_the_same_for_many_events(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(50):
        assert flaws() == []

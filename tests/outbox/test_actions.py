"""The outbox: what goes in, what comes out, and what becomes of what goes wrong."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import transaction

from apps.accounts.enums import Role
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.outbox import actions
from apps.outbox.emails import Deferred, Refused, Unanswered
from apps.outbox.enums import MailState
from apps.outbox.models import Mail
from tests.factories import BureauFactory, UserFactory
from tests.factories.outbox import WRITTEN_AT, MailFactory

pytestmark = pytest.mark.django_db
LATER = WRITTEN_AT + timedelta(hours=1)


class Way:
    """A way out that ends as it is told to, after asking for leave."""

    def __init__(self, ending=None, before_asking=None):
        self.ending, self.before_asking = ending, before_asking
        self.ended = []

    def send(self, mail, may_end):
        if self.before_asking:
            self.before_asking()
        if not may_end():
            raise actions.ClaimLost
        self.ended.append(mail.message_id)
        if self.ending:
            raise self.ending


def test_a_message_becomes_one_mail_per_recipient():
    message = EmailMultiAlternatives(
        "待办\n3 项", "正文", "perftrack@example.test", ["a@example.test", "B <b@example.test>"], cc=["a@example.test"]
    )
    message.attach_alternative("<p>正文</p>", "text/html")
    mails = actions.queue_mail(message=message, now=WRITTEN_AT)
    rows = Mail.objects.order_by("pk").values_list("recipient", "subject", "text", "html", "state", "next_attempt_at")
    assert list(rows) == [
        (address, "待办 3 项", "正文", "<p>正文</p>", "queued", WRITTEN_AT)
        for address in ("a@example.test", "b@example.test")
    ]
    assert len({mail.message_id for mail in mails}) == 2
    assert all(mail.message_id.endswith("@example.test>") for mail in mails)


def test_a_web_only_message_gets_a_plain_twin():
    message = EmailMessage("待办", "<p>正文</p>", "perftrack@example.test", ["a@example.test"])
    message.content_subtype = "html"
    [mail] = actions.queue_mail(message=message, now=WRITTEN_AT)
    assert (mail.text, mail.html) == ("正文", "<p>正文</p>")


def test_a_message_with_a_file_is_not_taken_rather_than_robbed_of_it():
    message = EmailMessage("待办", "正文", "perftrack@example.test", ["a@example.test"])
    message.attach("台账.csv", "1,2", "text/csv")
    with pytest.raises(actions.AttachmentNotTaken):
        actions.queue_mail(message=message, now=WRITTEN_AT)
    assert not Mail.objects.exists()


def test_the_backend_keeps_mail_in_the_callers_transaction():
    connection = get_connection("apps.outbox.adapters.OutboxBackend")
    message = EmailMessage("待办", "正文", "perftrack@example.test", ["a@example.test"])
    with transaction.atomic():
        assert connection.send_messages([message]) == 1
        assert Mail.objects.count() == 1
        transaction.set_rollback(True)
    assert Mail.objects.count() == 0


def test_a_missing_broker_fails_nobody(django_capture_on_commit_callbacks, closed_broker, caplog):
    message = EmailMessage("待办", "正文", "perftrack@example.test", ["a@example.test", "b@example.test"])
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        actions.queue_mail(message=message, now=WRITTEN_AT)
    assert len(callbacks) == 1
    assert Mail.objects.filter(state=MailState.QUEUED).count() == 2
    assert "No bell for 2 mails" in caplog.text


def test_a_due_mail_is_sent_once():
    mail, way = MailFactory(), Way()
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=way) == MailState.SENT
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=way) is None
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sent_at, mail.error) == ("sent", 1, LATER, "")
    assert way.ended == [mail.message_id]


def test_a_mail_whose_time_has_not_come_stays():
    mail = MailFactory(next_attempt_at=LATER + timedelta(seconds=1))
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=Way()) is None
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 0)


def test_a_mail_that_is_gone_is_nothing_to_do():
    assert actions.deliver(mail_id=12345, now=LATER, transport=Way()) is None


def test_a_refused_mail_fails_with_the_servers_words():
    mail = MailFactory()
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=Way(Refused("550 no such mailbox"))) == "failed"
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("failed", "550 no such mailbox")


def test_a_delayed_mail_waits_longer_each_time_and_fails_in_the_end():
    mail, now, waits = MailFactory(), LATER, []
    while actions.deliver(mail_id=mail.pk, now=now, transport=Way(Deferred("451 later"))) == MailState.QUEUED:
        mail.refresh_from_db()
        waits.append(mail.next_attempt_at - now)
        now = mail.next_attempt_at
    mail.refresh_from_db()
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, 120, 240, 480, 720]
    assert (mail.state, mail.attempts, mail.error) == ("failed", 9, "451 later")


def test_a_mail_without_an_answer_is_unknown_and_stays_so():
    mail, way = MailFactory(), Way(Unanswered("timed out"))
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=way) == MailState.UNKNOWN
    actions.sweep(now=LATER + timedelta(days=30))
    assert actions.deliver(mail_id=mail.pk, now=LATER + timedelta(days=30), transport=way) is None
    mail.refresh_from_db()
    assert (mail.state, len(way.ended)) == ("unknown", 1)


def test_a_worker_that_lost_its_claim_ends_nothing(closed_broker):
    mail = MailFactory()
    much_later = LATER + timedelta(hours=1)
    slow = Way(before_asking=lambda: actions.sweep(now=much_later))
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=slow) is None
    assert actions.deliver(mail_id=mail.pk, now=much_later, transport=slow) == MailState.SENT
    assert slow.ended == [mail.message_id]


def test_an_answer_that_comes_after_the_sweep_still_counts(closed_broker):
    class Late(Way):
        def send(self, mail, may_end):
            super().send(mail, may_end)
            actions.sweep(now=LATER + timedelta(hours=1))
            assert Mail.objects.get().state == MailState.UNKNOWN

    mail = MailFactory()
    assert actions.deliver(mail_id=mail.pk, now=LATER, transport=Late()) == MailState.SENT
    assert Mail.objects.get().state == MailState.SENT


def test_a_sweep_repairs_what_dead_workers_left(closed_broker):
    fresh, old = LATER - timedelta(seconds=299), LATER - timedelta(seconds=301)
    busy = MailFactory(state=MailState.CLAIMED, claimed_at=fresh, attempts=1)
    dropped = MailFactory(state=MailState.CLAIMED, claimed_at=old, attempts=1)
    deadly = MailFactory(state=MailState.CLAIMED, claimed_at=old, attempts=9)
    ending = MailFactory(state=MailState.HANDING_OVER, claimed_at=fresh, attempts=1)
    lost = MailFactory(state=MailState.HANDING_OVER, claimed_at=old, attempts=1)
    swept = actions.sweep(now=LATER)
    assert swept == actions.Swept(put_back=1, given_up=1, unknown=1, rung=0)
    states = dict(Mail.objects.values_list("pk", "state"))
    assert states == {
        busy.pk: "claimed",
        dropped.pk: "queued",
        deadly.pk: "failed",
        ending.pk: "handing_over",
        lost.pk: "unknown",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_a_sweep_takes_four_queries_however_many_mails(count, django_assert_num_queries, closed_broker):
    MailFactory.create_batch(count)
    with django_assert_num_queries(4):
        actions.sweep(now=LATER)


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNKNOWN])
def test_a_stuck_mail_is_queued_again_and_the_journal_says_who_did_it(state):
    bureau = BureauFactory()
    officer = UserFactory(role=Role.OFFICER, unit=bureau)
    mail = MailFactory(state=state, attempts=9, error="550 no", claimed_at=WRITTEN_AT)
    actions.resend(mail=mail, actor=officer, bureau=bureau, at=LATER)
    row = Mail.objects.get()
    assert (row.state, row.attempts, row.error, row.next_attempt_at) == ("queued", 0, "", LATER)
    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject_id) == (Verb.RESEND, officer, mail.pk)
    assert event.before == {"state": state, "error": "550 no"}


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.CLAIMED, MailState.HANDING_OVER, MailState.SENT])
def test_a_mail_on_its_way_cannot_be_sent_again(state):
    bureau = BureauFactory()
    mail = MailFactory(state=state)
    with pytest.raises(actions.MailNotStuck):
        actions.resend(mail=mail, actor=UserFactory(), bureau=bureau, at=LATER)
    assert Mail.objects.get().state == state
    assert not Event.objects.exists()

"""Mails that leave through real workers, killed as rudely as the system can."""

import os
import time
from collections import Counter
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from apps.outbox import tasks
from apps.outbox.emails import letter
from apps.outbox.enums import MailState
from apps.outbox.models import Mail
from tests.factories.outbox import MailFactory
from tests.servers.programs import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

COUNT, KILLS = (500, 60) if os.environ.get("PERFTRACK_LONG") else (20, 5)
QUICK = {"OUTBOX_LEASE_SECONDS": "1"}
IN_BETWEEN = (MailState.CLAIMED, MailState.HANDING_OVER)
# A server process of PostgreSQL that waits for a lock should notice that its worker is gone.
NOTICED = {"PGOPTIONS": "-c client_connection_check_interval=100"}


def states(*pks):
    return list(Mail.objects.filter(pk__in=pks).order_by("pk").values_list("state", flat=True))


def sweep_until(condition, seconds=60):
    """Ring for a sweep twice a second until the condition holds."""

    def swept():
        tasks.sweep_outbox.delay()
        time.sleep(0.5)
        return condition()

    return wait_until(swept, seconds, what="the outbox to settle")


def are_settled():
    return not Mail.objects.filter(state__in=[MailState.QUEUED, *IN_BETWEEN]).exists()


def test_a_mail_that_is_queued_leaves_at_once_and_arrives_whole(start_worker, smtp_server):
    mail = MailFactory()
    start_worker()
    tasks.deliver_mail.delay(mail.pk)
    wait_until(lambda: states(mail.pk) == ["sent"])
    assert smtp_server.dots == [mail.message_id]
    assert smtp_server.messages[0].get_content().splitlines() == mail.text.splitlines()


def test_workers_killed_at_any_moment_lose_no_mail_and_send_none_twice(start_worker, smtp_server):
    chance = Random(20160906)
    smtp_server.handler.delay = 0.2
    MailFactory.create_batch(COUNT)
    hit = 0
    for _ in range(KILLS):
        before = len(smtp_server.dots)
        worker = start_worker(**QUICK)
        tasks.sweep_outbox.delay()
        time.sleep(1.1)  # until the lease of those that were killed is over
        tasks.sweep_outbox.delay()
        if are_settled():
            break
        wait_until(lambda seen=before: len(smtp_server.dots) > seen or are_settled())
        time.sleep(chance.uniform(0, 0.4))
        worker.kill()
        hit += Mail.objects.filter(state__in=IN_BETWEEN).count()
    start_worker(**QUICK)
    sweep_until(are_settled, seconds=60 + COUNT)
    arrived = Counter(smtp_server.dots)
    rows = dict(Mail.objects.values_list("message_id", "state"))
    assert hit > 0, "no kill hit a mail on its way"
    assert set(rows.values()) <= {MailState.SENT, MailState.UNKNOWN}
    assert max(arrived.values()) == 1, "a mail was handed over twice"
    assert {key for key, state in rows.items() if state == MailState.SENT} <= set(arrived)
    assert len(rows) == COUNT


def test_a_worker_killed_before_the_answer_leaves_an_unknown_mail_that_is_never_sent_again(start_worker, smtp_server):
    mail = MailFactory()
    smtp_server.hold("dot")
    worker = start_worker(**QUICK)
    tasks.deliver_mail.delay(mail.pk)
    wait_until(lambda: smtp_server.dots)
    worker.kill()
    assert states(mail.pk) == ["handing_over"]
    smtp_server.release("dot")
    start_worker(**QUICK)
    sweep_until(lambda: states(mail.pk) == ["unknown"])
    another = MailFactory()
    sweep_until(lambda: states(another.pk) == ["sent"])
    assert states(mail.pk) == ["unknown"]
    assert smtp_server.dots == [mail.message_id, another.message_id]


def test_a_worker_killed_within_the_body_has_handed_over_nothing(start_worker, smtp_server):
    mail = MailFactory(text="一行文字，反复很多次。\n" * 150_000)  # more than the buffers of a connection hold
    smtp_server.handler.reads_at_most = 100_000
    worker = start_worker(OUTBOX_LEASE_SECONDS="5")
    tasks.deliver_mail.delay(mail.pk)
    wait_until(lambda: len(smtp_server.handler.bytes_seen) > 100_000)
    worker.kill()
    assert states(mail.pk) == ["claimed"]
    smtp_server.handler.reads_at_most = None
    start_worker(OUTBOX_LEASE_SECONDS="5")
    sweep_until(lambda: states(mail.pk) == ["sent"])
    assert smtp_server.dots == [mail.message_id]


def test_a_worker_killed_between_the_body_and_the_dot_has_handed_over_nothing(start_worker, smtp_server):
    mail = MailFactory()
    smtp_server.hold("rcpt")
    worker = start_worker(**QUICK, **NOTICED)
    tasks.deliver_mail.delay(mail.pk)
    wait_until(lambda: b"rcpt" in smtp_server.handler.bytes_seen)
    with transaction.atomic():
        Mail.objects.select_for_update().get(pk=mail.pk)  # the worker must wait for its leave to send the dot
        smtp_server.release("rcpt")
        wait_until(lambda: letter(mail)[-60:] in smtp_server.handler.bytes_seen)
        worker.kill()
        time.sleep(0.5)
    assert (states(mail.pk), smtp_server.dots) == (["claimed"], [])
    start_worker(**QUICK)
    sweep_until(lambda: states(mail.pk) == ["sent"])
    assert smtp_server.dots == [mail.message_id]


def test_a_refused_recipient_fails_and_the_others_get_theirs(start_worker, smtp_server):
    bad, good = MailFactory(recipient="nobody@example.test"), MailFactory()
    smtp_server.handler.refused = {bad.recipient: "550 5.1.1 no such mailbox"}
    start_worker()
    sweep_until(are_settled)
    assert states(bad.pk, good.pk) == ["failed", "sent"]
    assert Mail.objects.get(pk=bad.pk).error == "550 5.1.1 no such mailbox"


def test_a_server_that_is_away_delays_a_mail_by_a_minute(start_worker):
    mail = MailFactory()
    start_worker(EMAIL_URL="smtp://127.0.0.1:1")
    tasks.deliver_mail.delay(mail.pk)
    wait_until(lambda: Mail.objects.filter(state=MailState.QUEUED, attempts__gt=0).exists())
    mail.refresh_from_db()
    assert 30 < (mail.next_attempt_at - timezone.now()).total_seconds() <= 60
    assert mail.error

"""Many schedulers and workers at once: one mail per person, whoever is first."""

from collections import Counter
from datetime import date

import pytest

from apps.accounts.enums import Role
from apps.calendars.models import DemonstrationDay
from apps.outbox.models import Mail
from apps.reminders import tasks
from apps.reminders.models import Digest, Notice
from tests.servers.programs import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, BEATS = 12, 6


def test_two_workers_and_six_beats_write_and_send_one_mail_per_person(
    world, another_world, start_worker, smtp_server, redis_url
):
    DemonstrationDay.objects.create(date=date(2016, 9, 6))
    people = [world.reporter, *(world.person(Role.REPORTER, world.office) for _ in range(PEOPLE - 1))]
    for _ in range(3):
        world.cell()
    world.returned()
    for _ in range(BEATS):
        tasks.send_digests.delay()
    workers = [start_worker(), start_worker()]
    wait_until(lambda: len(smtp_server.dots) >= PEOPLE + 1)
    wait_until(lambda: sum(worker.log.read_text().count("send_digests") for worker in workers) >= 2 * BEATS)
    for worker in workers:
        worker.stop()
    digests = [row.mail.recipient for row in Digest.objects.select_related("mail")]
    assert sorted(digests) == sorted(person.email for person in people)
    assert Mail.objects.count() == PEOPLE + 1
    assert Mail.objects.filter(subject__contains="退回").get().recipient == world.reporter.email
    assert Notice.objects.count() == 3 * PEOPLE + 1
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
    arrived = Counter(message["To"] for message in smtp_server.messages)
    assert arrived == {person.email: 2 if person == world.reporter else 1 for person in people}

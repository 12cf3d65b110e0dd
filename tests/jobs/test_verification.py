"""The page on which auditors verify the journal, and the work behind it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.enums import Role
from apps.jobs.actions import start_verification
from apps.jobs.enums import JobKind, JobState
from apps.jobs.models import Job
from apps.jobs.tasks import verify_journal
from apps.journal.actions import Change, anchor_chains, listed, record
from apps.journal.enums import Verb
from apps.journal.models import Chain, Event
from apps.plans.models import Scheme
from tests.factories import BureauFactory, RoundFactory, UserFactory
from tests.prepared import prepared
from tests.progress.world import NOW, make_world

pytestmark = pytest.mark.django_db


def counted():
    made = make_world()
    made.count([(9, 10), (8, 10), (7, 10)])
    loaded = Change(Verb.LOAD, made.version, after=listed(Scheme.objects.all()))
    record(bureau=made.bureau, actor=None, changes=[loaded], at=NOW)
    return made


@pytest.fixture
def world(settings, tmp_path, db):
    settings.ANCHOR_DIR = tmp_path / "anchors"
    return prepared(counted)


@pytest.fixture
def page(client, world):
    client.force_login(world.people[Role.AUDITOR])
    return lambda **words: client.get(reverse("jobs:chains"), words)


def verified(person) -> Job:
    job = Job.objects.create(kind=JobKind.VERIFY_JOURNAL, state=JobState.RUNNING, started_by=person, started_at=NOW)
    verify_journal(job.pk)
    job.refresh_from_db()
    return job


def test_a_whole_journal_is_said_to_be_whole(world):
    anchor_chains(at=NOW)

    job = verified(world.people[Role.AUDITOR])

    length = Chain.objects.get().length
    assert (job.state, job.outcome) == ("done", f"日志完好：1 条链，{length} 条事件，与 1 行锚相符。")
    assert job.finished_steps == job.steps > length


def test_without_anchors_it_says_so(world):
    assert verified(world.people[Role.AUDITOR]).outcome.endswith("还没有锚可对。")


def test_what_is_wrong_is_told_in_sentences(world):
    row = RoundFactory(bureau=world.finance)

    job = verified(world.people[Role.AUDITOR])

    assert job.state == "failed"
    assert job.outcome.splitlines() == [
        "日志有 1 处不符：",
        f"填报期“{row}”（编号 {row.pk}）没有任何日志事件，是绕过系统加进来的。",
    ]


def test_many_flaws_are_counted(world):
    for month in range(1, 13):
        for day in (1, 2):
            RoundFactory(bureau=world.finance, starts_on=f"2014-{month:02}-{day:02}")

    lines = verified(world.people[Role.AUDITOR]).outcome.splitlines()

    assert lines[0] == "日志有 24 处不符："
    assert lines[-1] == "……另有 4 处，详见系统日志。"
    assert len(lines) == 22


def test_nobody_is_told_of_another_bureau(world):
    other = BureauFactory()
    record(bureau=other, actor=None, changes=[Change(Verb.ADD, other)], at=NOW)
    other.name = "改了名"
    other.save()
    RoundFactory(bureau=other)

    job = verified(world.people[Role.AUDITOR])

    assert job.outcome.splitlines() == [
        "日志有 1 处不符：",
        "全系统有 1 行数据没有相应的日志事件，分不出属于哪个单位，详见系统日志。",
    ]


def test_a_verification_that_was_done_is_not_done_again(world):
    job = verified(world.people[Role.AUDITOR])
    before = job.ended_at

    verify_journal(job.pk)
    verify_journal(0)

    job.refresh_from_db()
    assert job.ended_at == before


def test_who_asks_twice_waits_for_the_same_work(world):
    auditor = world.people[Role.AUDITOR]

    first = start_verification(person=auditor, at=NOW)

    assert start_verification(person=auditor, at=NOW + timedelta(minutes=5)) == first
    assert start_verification(person=auditor, at=NOW + timedelta(minutes=15)) != first
    assert start_verification(person=world.people[Role.LEADER], at=NOW) != first


def test_the_page_shows_chains_and_their_anchors(world, page):
    chain = Chain.objects.get()
    assert "还没有锚文件" in page().content.decode()
    anchor_chains(at=NOW)

    shown = page().content.decode()

    for text in (str(world.bureau), chain.head, f"2016-09-06 09:30，记到第 {chain.length} 条", "现在核验"):
        assert text in shown


def test_the_button_starts_the_work_and_the_page_follows_it(world, page, client):
    answer = client.post(reverse("jobs:verify"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("jobs:chains"))
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="running", outcome="", ended_at=None, steps=200, finished_steps=50)

    under_way = client.get(reverse("jobs:verification")).content.decode()
    assert "正在核验：25 %" in under_way
    assert "hx-get" in under_way

    verify_journal(job.pk)
    assert "hx-get" not in client.get(reverse("jobs:verification")).content.decode()
    assert "上次核验：完好" in page().content.decode()


def test_a_printed_anchor_is_looked_up(world, page):
    event = Event.objects.order_by("-number").first()

    assert "相符。" in page(chain=event.chain_id, number=event.number, head=event.hash[:12]).content.decode()
    assert "不符。" in page(chain=event.chain_id, number=event.number - 1, head=event.hash[:12]).content.decode()
    wrong = page(chain=event.chain_id, number="x", head="zz").content.decode()
    assert "请照印的抄" in wrong
    assert "相符" not in wrong
    huge = page(chain=event.chain_id, number=2**63, head=event.hash[:12]).content.decode()
    assert "没有这么大的序号，请照印的抄。" in huge
    assert "小于或等于" not in huge


def test_the_page_costs_the_same_with_one_chain_and_with_three(world, client, django_assert_num_queries):
    client.force_login(UserFactory(role=Role.AUDITOR, unit=world.finance))
    client.get(reverse("jobs:chains"))
    for _more in range(2):
        with django_assert_num_queries(8):
            client.get(reverse("jobs:chains"))
        world.finance.refresh_from_db()
        for bureau in (BureauFactory(parent=world.finance), BureauFactory(parent=world.finance)):
            record(bureau=bureau, actor=None, changes=[Change(Verb.ADD, bureau)], at=NOW)

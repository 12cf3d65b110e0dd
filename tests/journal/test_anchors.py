"""The ends of the chains, written down where nobody who holds the database can reach them."""

import json
import shutil
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.journal.actions import anchor_chains
from apps.journal.models import Chain, Event
from apps.journal.queries import (
    anchored_again,
    anchors_in,
    chain_flaws,
    event_hash,
    journal_flaws,
    last_anchoring,
    printed_anchor,
)
from apps.journal.tasks import anchor_chains as nightly
from tests.progress.world import NOW

pytestmark = pytest.mark.django_db


def whole(settings) -> list[str]:
    return list(journal_flaws(anchors_in(settings.ANCHOR_DIR)))


def lines(settings, year=2016) -> list[dict]:
    return [json.loads(line) for line in (settings.ANCHOR_DIR / f"{year}.jsonl").read_text("utf-8").splitlines()]


def write_anew(world, forge) -> None:
    """Write the whole chain anew, with another reason in its second event and every hash as it should be."""
    head = ""
    for row in Event.objects.order_by("number"):
        row.reason = "另有隐情" if row.number == 2 else row.reason
        row.previous_hash = head
        head = event_hash(row)
        forge(
            "UPDATE journal_event SET reason = %s, previous_hash = %s, hash = %s WHERE number = %s",
            *(row.reason, row.previous_hash, head, row.number),
        )
    Chain.objects.filter(bureau=world.bureau).update(head=head)


def test_a_line_says_how_long_a_chain_is_and_where_it_ends(anchored, settings):
    chain = Chain.objects.get()

    (line,) = lines(settings)

    assert (line["chain"], line["bureau"], line["length"], line["head"]) == (
        chain.pk,
        anchored.bureau.code,
        chain.length,
        chain.head,
    )
    assert (line["at"], line["previous"]) == ("2016-09-05T09:30:00+08:00", "")
    assert (chain.anchored_at, chain.anchored_length) == (NOW - timedelta(days=1), chain.length)
    assert whole(settings) == []


def test_a_second_run_of_a_day_adds_a_line_only_for_what_happened_since(anchored, settings):
    assert anchor_chains(at=NOW - timedelta(days=1, hours=-1)) == 0
    anchored.submit([(6, 10)], reason="核减")
    assert anchor_chains(at=NOW - timedelta(days=1, hours=-2)) == 1

    first, second = lines(settings)
    assert second["previous"] == first["hash"]
    assert second["length"] == first["length"] + 1
    assert whole(settings) == []


def test_a_new_year_has_a_new_file_that_hangs_on_the_old_one(anchored, settings):
    anchor_chains(at=NOW + timedelta(days=200))

    assert lines(settings, 2017)[0]["previous"] == lines(settings)[0]["hash"]
    assert whole(settings) == []


def test_the_night_writes_down_every_chain(world, settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path
    nightly()
    nightly()

    assert last_anchoring(tmp_path).head == Chain.objects.get().head
    assert anchors_in(tmp_path).lines == 1


def test_a_chain_written_anew_with_all_its_hashes_is_found_by_its_anchor_alone(anchored, settings, forge):
    write_anew(anchored, forge)
    chain = Chain.objects.get()
    assert list(chain_flaws(chain)) == []

    assert whole(settings) == [
        f"{anchored.bureau}：第 {chain.length} 条事件与锚文件所记的哈希不符，这一条或更早的被改写过。"
    ]


def test_a_tail_cut_with_the_chains_end_set_back_is_found(anchored, settings, forge):
    length = Chain.objects.get().length
    head = Event.objects.get(number=length - 6).hash
    forge("DELETE FROM journal_event WHERE number > %s", length - 6)
    Chain.objects.update(length=length - 6, head=head)

    assert f"{anchored.bureau}：锚文件记到第 {length} 条，链里只有 {length - 6} 条，末尾被截去。" in whole(settings)


def test_a_changed_line_is_found_and_one_that_is_gone(anchored, settings):
    anchor_chains(at=NOW)
    anchor_chains(at=NOW + timedelta(days=1))
    file = settings.ANCHOR_DIR / "2016.jsonl"
    first, second, third = file.read_text("utf-8").splitlines(keepends=True)

    file.write_text(first + second.replace(anchored.bureau.code, "999999") + third, "utf-8")
    assert "锚文件 2016.jsonl:2 读不懂或被改过。" in whole(settings)

    file.write_text(first + third, "utf-8")
    assert whole(settings) == ["锚文件 2016.jsonl:2 与前一行不相连，中间缺行或被改写。"]

    file.write_text(second + third, "utf-8")
    assert whole(settings) == ["锚文件 2016.jsonl:1 与前一行不相连，中间缺行或被改写。"]


def test_a_file_that_was_cut_short_or_is_gone_is_said(anchored, settings):
    anchored.submit([(6, 10)], reason="核减")
    anchor_chains(at=NOW)
    length = Chain.objects.get().length
    file = settings.ANCHOR_DIR / "2016.jsonl"

    file.write_text(file.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    assert whole(settings) == [f"{anchored.bureau}：锚文件短了，没有第 {length} 条的那一行（{settings.ANCHOR_DIR}）。"]

    shutil.rmtree(settings.ANCHOR_DIR)
    assert whole(settings) == [f"{anchored.bureau}：锚文件不见了，第 {length} 条曾记在 {settings.ANCHOR_DIR}。"]


def test_half_a_line_that_a_lost_power_left_behind_does_no_harm(anchored, settings):
    with (settings.ANCHOR_DIR / "2016.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": "2016-09-05T')

    anchor_chains(at=NOW)

    assert len(lines(settings)) == 2
    assert whole(settings) == []


def test_a_chain_that_the_database_lost_is_said(anchored, settings, forge):
    forge("DELETE FROM journal_event")
    Chain.objects.all().delete()

    assert f"锚文件记有 {anchored.bureau.code} 的日志链，数据库里却没有。" in whole(settings)


def test_the_command_takes_a_copy_that_was_kept_elsewhere(anchored, settings, tmp_path, forge):
    copy = tmp_path / "elsewhere.jsonl"
    shutil.copy(settings.ANCHOR_DIR / "2016.jsonl", copy)
    anchored.submit([(6, 10)], reason="核减")
    anchor_chains(at=NOW)
    out = StringIO()

    call_command("verify_journal", anchors=copy, stdout=out)
    assert "核对了 1 行锚，最近一行记于 2016-09-05T09:30:00+08:00。" in out.getvalue()

    write_anew(anchored, forge)
    with pytest.raises(CommandError, match="日志有 1 处不符"):
        call_command("verify_journal", anchors=copy, stdout=StringIO(), stderr=StringIO())


@pytest.mark.parametrize(("name", "sentence"), [("nowhere", "找不到锚文件"), ("empty", "里没有锚")])
def test_a_copy_that_says_nothing_proves_nothing(world, tmp_path, name, sentence):
    (tmp_path / "empty").mkdir()

    with pytest.raises(CommandError, match=sentence):
        call_command("verify_journal", anchors=tmp_path / name, stdout=StringIO())


def test_what_is_printed_under_a_form_can_be_looked_up(world):
    chain = Chain.objects.get()

    assert printed_anchor(world.bureau) == f"日志锚 {chain.length} · {chain.head[:12]}"
    assert anchored_again(chain, chain.length, f" {chain.head[:12].upper()}… ")
    assert not anchored_again(chain, chain.length - 1, chain.head[:12])
    assert not anchored_again(chain, chain.length, chain.head[:7])
    assert not anchored_again(chain, 10**6, chain.head[:12])


def test_where_nothing_happened_nothing_is_printed(world):
    assert printed_anchor(world.finance) == ""


def test_writing_down_costs_one_query_for_each_chain(world, settings, tmp_path, django_assert_num_queries):
    settings.ANCHOR_DIR = tmp_path

    with django_assert_num_queries(2):
        anchor_chains(at=NOW)

"""Files behind figures: numbered, noticed, replaced, never gone."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.journal.models import Chain, Event
from apps.journal.queries import chain_flaws, content_flaws
from apps.progress import actions
from apps.progress.actions import Brought, attach, supersede
from apps.progress.models import Entry, Evidence, Reopening, Round
from apps.progress.queries.cells import grid_cells
from apps.progress.queries.evidence import evidence_of, evidence_required
from tests.factories import (
    EntryFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    PlanVersionFactory,
    ProjectFactory,
    UserFactory,
)
from tests.files.test_texts import workbook
from tests.progress.test_crowds import CROWD, at_once
from tests.progress.world import NOW, TODAY, add_district_office, make_world

PHONE, CARD = "13800138000", "11010519491231002X"


def pdf(words="台账"):
    return b"%PDF-1.4\n% " + words.encode() + b"\n%%EOF\n"


def brought(name="台账.pdf", words=None, note=""):
    return Brought(ContentFile(pdf(words or name)), name, note)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def put(world, *files, entry=None, person=None, at=NOW, today=TODAY):
    return attach(
        entry=entry or world.cells()[0], files=files or [brought()], person=person or world.reporter, today=today, at=at
    )


def replace(world, row, *, person=None, reason="漏了一页", successor_file=None):
    return supersede(
        evidence=row, reason=reason, person=person or world.reporter, today=TODAY, at=NOW, successor_file=successor_file
    )


def lines(world, entry, viewer=None):
    return evidence_of([entry], viewer or world.head).get(entry.pk, [])


def told(line):
    return [finding.sentence for finding in line.findings]


def unplanned(world):
    """Return a cell that no plan asks for, with a file from when one did."""
    entry = EntryFactory(measure__bureau=world.bureau, round=world.round_of(8))
    file = put(world).added[0].file
    Evidence.objects.create(
        entry=entry,
        measure=entry.measure,
        fiscal_year=2016,
        number=1,
        file=file,
        name="台账.pdf",
        added_by=world.reporter,
        added_at=NOW,
    )
    return entry


def ask_for(world, text):
    """Let another indicator of the plan look at the measure and ask for a proof."""
    indicator = IndicatorFactory(plan=world.version.plan, measure=world.measure)
    IndicatorTermsFactory(version=world.version, indicator=indicator, position=9, evidence=text)


def assert_journal_is_whole():
    assert [flaw for chain in Chain.objects.select_related("bureau") for flaw in chain_flaws(chain)] == []
    assert list(content_flaws()) == []


class TestAttaching:
    def test_several_files_are_numbered_on_within_the_measure_and_its_year(self, world):
        first, second = world.cells()[:2]

        put(world, brought("a.pdf"), brought("b.pdf"), entry=first)
        put(world, brought("c.pdf"), entry=second)
        put(world, brought("d.pdf"), entry=world.cells(month=7)[0])

        rows = Evidence.objects.order_by("pk").values_list("name", "number", "fiscal_year", "entry__member__name")
        assert list(rows) == [
            ("a.pdf", 1, 2016, "荔湾"),
            ("b.pdf", 2, 2016, "荔湾"),
            ("c.pdf", 3, 2016, "越秀"),
            ("d.pdf", 4, 2016, "荔湾"),
        ]
        assert list(Event.objects.filter(verb="attach").order_by("pk").values_list("subject_label", flat=True)) == [
            "a.pdf",
            "b.pdf",
            "c.pdf",
            "d.pdf",
        ]
        assert_journal_is_whole()

    def test_the_number_in_full_names_project_and_indicator(self, world):
        put(world)
        number, code = world.version.plan.project.number, world.indicator.code

        assert [line.reference for line in lines(world, world.cells()[0])] == [f"佐证-{number}-{code}-01"]

    def test_the_first_project_that_looks_at_the_measure_gives_the_number(self, world):
        put(world)
        other = PlanVersionFactory(plan__project=ProjectFactory(bureau=world.bureau, number="0"))
        indicator = IndicatorFactory(plan=other.plan, measure=world.measure, code="9-9")
        IndicatorTermsFactory(version=other, indicator=indicator)

        assert lines(world, world.cells()[0])[0].reference == "佐证-0-9-9-01"

    def test_what_no_plan_asks_for_is_cited_by_its_measure(self, world):
        entry = unplanned(world)

        assert lines(world, entry)[0].reference == f"佐证-{entry.measure.code}-01"

    def test_money_spent_is_cited_by_its_project(self, world):
        entry = unplanned(world)
        ProjectFactory(bureau=world.bureau, number="127", execution=entry.measure)

        assert lines(world, entry)[0].reference == "佐证-127-执行-01"

    def test_bad_files_get_a_sentence_and_good_ones_go_in(self, world):
        done = put(world, Brought(ContentFile(b"MZ"), "工具.exe"), brought(), Brought(ContentFile(b""), "空.pdf"))

        assert [row.name for row in done.added] == ["台账.pdf"]
        assert [(word.name, word.sentence) for word in done.refused] == [
            (
                "工具.exe",
                "“工具.exe”的内容不是可以上传的类型，可以上传：.pdf、.png、.jpg、.xlsx、.xls、.docx（不含宏）。",
            ),
            ("空.pdf", "“空.pdf”是空文件。"),
        ]
        assert Event.objects.filter(verb="attach").count() == 1

    def test_one_file_may_be_too_large(self, world, settings):
        settings.FILE_SIZE_LIMIT = 30

        done = put(world, brought("大.pdf", "大" * 40), brought("小.pdf"))

        assert [row.name for row in done.added] == ["小.pdf"]
        assert [word.name for word in done.refused] == ["大.pdf"]

    def test_too_many_at_once_are_refused_whole(self, world):
        with pytest.raises(actions.TooManyFiles, match="一次最多上传 20 个文件"):
            put(world, *[brought(f"{number}.pdf") for number in range(21)])
        assert not Evidence.objects.exists()

    def test_the_same_content_is_not_needed_twice_in_one_cell(self, world):
        put(world)

        done = put(world, brought("副本.pdf", "台账.pdf"), brought("新.pdf"), brought("新2.pdf", "新.pdf"))

        assert [row.name for row in done.added] == ["新.pdf"]
        assert [word.sentence for word in done.refused] == [
            "“副本.pdf”与本格已有的“台账.pdf”内容相同，没有重复添加。",
            "“新2.pdf”与本格已有的“新.pdf”内容相同，没有重复添加。",
        ]

    def test_a_name_without_end_keeps_its_end(self, world):
        row = put(world, brought("长" * 300 + ".pdf")).added[0]

        assert (len(row.name), row.name[-5:]) == (200, "长.pdf")

    def test_what_came_after_the_review_says_so(self, world):
        world.count([(9, 10)])

        put(world)

        assert told(lines(world, world.cells()[0])[0]) == ["审核后补充"]
        assert not lines(world, world.cells()[0])[0].is_doubtful
        assert Event.objects.get(verb="attach").after["findings"] == ["after_review"]


class TestWhoMay:
    def test_who_reports_the_cell_and_who_types_for_them(self, world):
        office = add_district_office(world)
        officer = world.people[Role.OFFICER]

        for number, person in enumerate((office, world.reporter, officer)):
            put(world, brought(f"{number}.pdf"), person=person)

        assert list(Evidence.objects.order_by("number").values_list("added_by", flat=True)) == [
            office.pk,
            world.reporter.pk,
            officer.pk,
        ]

    @pytest.mark.parametrize("role", [Role.HEAD, Role.LEADER, Role.FINANCE, Role.AUDITOR, Role.ADMIN])
    def test_nobody_else(self, world, role):
        with pytest.raises(actions.NotYourCell, match="您可以查看，不能添加佐证材料"):
            put(world, person=world.people[role])
        assert not Evidence.objects.exists()

    def test_an_office_not_behind_the_figures_of_another(self, world):
        with pytest.raises(actions.NotYourCell):
            put(world, entry=world.cells()[1], person=add_district_office(world))

    def test_a_closed_round_is_closed_but_for_whom_it_was_opened_again(self, world):
        entry = world.cells()[0]
        Round.objects.filter(pk=entry.round_id).update(closed_at=NOW)
        with pytest.raises(actions.RoundClosed):
            put(world)

        Reopening.objects.create(
            entry=entry, person=world.reporter, until=TODAY, reason="补材料", opened_by=world.head, opened_at=NOW
        )
        assert put(world).added
        with pytest.raises(actions.RoundClosed):
            put(world, brought("晚.pdf"), today=TODAY + timedelta(days=1))

    def test_not_before_the_round_opens(self, world):
        with pytest.raises(actions.RoundNotOpen):
            put(world, today=date(2016, 8, 31))

    def test_not_without_an_approved_plan(self, world):
        with pytest.raises(actions.RoundOutsidePlan):
            put(world, brought("新.pdf"), entry=unplanned(world), person=world.people[Role.OFFICER])


class TestTheSameFileElsewhere:
    def test_it_goes_in_and_says_where_it_was_before(self, world):
        put(world, entry=world.cells(month=7)[1])

        put(world, brought("副本.pdf", "台账.pdf"))

        line = lines(world, world.cells()[0])[0]
        assert told(line) == ["与 2016年7月 越秀的“台账.pdf”是同一个文件"]
        assert line.is_doubtful
        assert Event.objects.order_by("pk").last().after["findings"] == ["duplicate"]

    def test_it_is_not_named_to_whoever_may_not_see_it(self, world):
        office = add_district_office(world)
        put(world, entry=world.cells()[1])
        put(world, brought("副本.pdf", "台账.pdf"), person=office)

        assert told(lines(world, world.cells()[0], office)[0]) == []
        assert told(lines(world, world.cells()[0])[0]) == ["与 2016年8月 越秀的“台账.pdf”是同一个文件"]
        assert told(evidence_of([world.cells()[0]])[world.cells()[0].pk][0]) == []

    def test_what_was_replaced_and_what_another_bureau_has_is_not_the_same(self, world):
        other = make_world(districts=1)
        put(other)
        row = put(world, entry=world.cells()[1]).added[0]
        replace(world, row)

        put(world)

        assert told(lines(world, world.cells()[0])[0]) == []


class TestResidents:
    def test_a_file_that_names_residents_waits_for_a_sentence_and_is_not_kept(self, world, settings):
        done = put(world, brought(f"{PHONE}.pdf"), brought())

        assert [row.name for row in done.added] == ["台账.pdf"]
        assert [word.sentence for word in done.asked] == [
            f"“{PHONE}.pdf”里有 1 处像手机号。请隐去后重新上传；确需保留，请写一句理由。"
        ]
        assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1

    def test_with_a_sentence_it_goes_in_and_the_reviewer_sees_both(self, world):
        put(world, brought(f"{CARD}.pdf", note="抽查名单，按规定保留"))

        line = lines(world, world.cells()[0])[0]
        assert (told(line), line.row.note) == (["文件名中有 1 处像身份证号"], "抽查名单，按规定保留")
        assert CARD not in str(line.row.findings)

    def test_what_stands_in_a_file_counts_too(self, world):
        file = Brought(ContentFile(workbook("电话", PHONE)), "名单.xlsx")

        assert len(put(world, file).asked) == 1
        put(world, Brought(file.content, file.name, "附件须原样"))

        assert told(lines(world, world.cells()[0])[0]) == ["内容中有 1 处像手机号"]


class TestReplacing:
    def test_another_takes_its_place_and_the_old_one_stays(self, world):
        row = put(world).added[0]
        world.submit([(9, 10)])

        successor = replace(world, row, successor_file=brought("新台账.pdf"))

        old, new = lines(world, world.cells()[0])
        assert (old.is_in_force, old.row.successor, old.row.superseded_by) == (False, successor, world.reporter)
        assert (old.row.superseded_at, old.row.superseded_reason) == (NOW, "漏了一页")
        assert (new.is_in_force, new.row.number) == (True, 2)
        assert list(Event.objects.order_by("-pk").values_list("verb", "reason")[:2]) == [
            ("supersede", "漏了一页"),
            ("attach", ""),
        ]
        assert_journal_is_whole()

    def test_before_the_figure_goes_in_it_may_be_set_aside(self, world):
        row = put(world).added[0]

        assert replace(world, row) is None
        assert [line.is_in_force for line in lines(world, world.cells()[0])] == [False]
        assert put(world).added[0].number == 2  # and it may come again
        assert_journal_is_whole()

    def test_not_after_that_and_not_by_another(self, world):
        row = put(world).added[0]
        with pytest.raises(actions.SuccessorMissing, match="只能用新文件替换"):
            replace(world, row, person=UserFactory(role=Role.REPORTER, unit=world.division))
        world.submit([(9, 10)])
        with pytest.raises(actions.SuccessorMissing):
            replace(world, row)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_not_without_a_reason(self, world, reason):
        with pytest.raises(actions.SupersededWithoutReason):
            replace(world, put(world).added[0], reason=reason)

    def test_not_twice(self, world):
        row = put(world).added[0]
        replace(world, row)
        with pytest.raises(actions.SupersededAlready):
            replace(world, row, successor_file=brought("新.pdf"))
        assert Evidence.objects.count() == 1

    def test_not_by_itself(self, world):
        with pytest.raises(actions.FileUnfit, match="已经在这一格里"):
            replace(world, put(world).added[0], successor_file=brought("换名.pdf", "台账.pdf"))

    def test_not_by_a_file_that_is_refused_or_names_residents(self, world):
        row = put(world).added[0]
        with pytest.raises(actions.FileUnfit, match="是空文件"):
            replace(world, row, successor_file=Brought(ContentFile(b""), "空.pdf"))
        with pytest.raises(actions.PersonalNumbers):
            replace(world, row, successor_file=brought(f"{PHONE}.pdf"))
        assert Evidence.objects.get().superseded_at is None

    @pytest.mark.parametrize("role", [Role.HEAD, Role.AUDITOR])
    def test_by_nobody_who_may_not_attach(self, world, role):
        row = put(world).added[0]
        with pytest.raises(actions.NotYourCell):
            replace(world, row, person=world.people[role], successor_file=brought("新.pdf"))

    def test_the_database_keeps_what_a_file_was(self, world):
        row = put(world).added[0]
        for change in ({"name": "别名.pdf"}, {"number": 9}, {"note": "改"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Evidence.objects.filter(pk=row.pk).update(**change)


class TestWhatIsAskedFor:
    def test_a_figure_without_the_file_that_the_plan_asks_for_lacks_it(self, world):
        ask_for(world, "验收报告")
        entry = world.cells()[0]
        key = (entry.measure_id, 2016)

        assert evidence_required([entry]) == {key: "验收报告"}
        assert not self.cell(world).lacks_evidence  # there is no figure yet
        world.submit([(9, 10)])
        assert self.cell(world).lacks_evidence
        assert list(Entry.objects.lacking_evidence()) == [entry]
        put(world)
        assert not self.cell(world).lacks_evidence
        assert not Entry.objects.lacking_evidence().exists()

    def test_what_was_set_aside_is_not_there(self, world):
        ask_for(world, "验收报告")
        replace(world, put(world).added[0])
        world.submit([(9, 10)])

        assert self.cell(world).lacks_evidence
        assert Entry.objects.lacking_evidence().count() == 1

    def test_what_nothing_is_asked_for_lacks_nothing(self, world):
        world.submit([(9, 10)])

        assert evidence_required(world.cells()) == {}
        assert not self.cell(world).lacks_evidence
        assert not Entry.objects.lacking_evidence().exists()

    def cell(self, world):
        return grid_cells(world.measure, world.round_of(8), world.reporter)[0]


def test_the_files_of_a_grid_cost_two_queries_however_many(whole_world):
    entries = whole_world.cells()
    put(whole_world, entry=whole_world.cells(month=7)[0])

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as made:
            evidence_of(entries, whole_world.head)
        return len(made)

    whole_world.head.duties  # noqa: B018 - read once per request
    put(whole_world, brought("a.pdf", "台账.pdf"), entry=entries[0])
    one = cost()
    for number, entry in enumerate(entries):
        put(whole_world, brought(f"{number}.pdf"), brought("b.pdf", "台账.pdf"), entry=entry)

    assert (one, cost()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_eight_uploads_at_once_get_eight_numbers(whole_world):
    people = [UserFactory(role=Role.REPORTER, unit=whole_world.division).pk for _number in range(CROWD)]
    entries = [entry.pk for entry in whole_world.cells()]

    def act(number):
        return attach(
            entry=Entry.objects.select_related("round__bureau", "measure", "member").get(pk=entries[number]),
            files=[brought(f"{number}-{part}.pdf") for part in range(2)],
            person=User.objects.get(pk=people[number]),
            today=TODAY,
            at=NOW,
        )

    done = at_once(act)

    assert [len(one.added) for one in done] == [2] * CROWD
    assert sorted(Evidence.objects.values_list("number", flat=True)) == list(range(1, 2 * CROWD + 1))
    assert_journal_is_whole()


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_replace_one_file_one_does(whole_world):
    row = put(whole_world).added[0]

    def act(number):
        try:
            return replace(
                whole_world,
                Evidence.objects.select_related("entry__round__bureau").get(pk=row.pk),
                person=User.objects.get(pk=whole_world.reporter.pk),
                successor_file=brought(f"{number}.pdf"),
            )
        except actions.SupersededAlready:
            return None

    assert sum(one is not None for one in at_once(act)) == 1
    assert Evidence.objects.count() == 2
    assert_journal_is_whole()

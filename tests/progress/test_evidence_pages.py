"""The pages of files behind figures: brought, shown in place, downloaded, replaced, listed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from apps.accounts.enums import Role
from apps.files.actions import store_file
from apps.files.queries import path_of
from apps.progress.actions import return_
from apps.progress.models import Evidence, Round
from tests.documents.test_views import name_of
from tests.factories import UserFactory
from tests.files.test_actions import JPEG, PNG, XLSX
from tests.progress.test_evidence import PHONE, _own_store, ask_for, brought, pdf, put, replace  # noqa: F401
from tests.progress.world import NOW, add_district_office, make_world

pytestmark = pytest.mark.usefixtures("clock")
HTMX = {"HTTP_HX_REQUEST": "true"}


def enter(person):
    client = Client()
    client.force_login(person)
    return client


def upload(name="台账.pdf", content=None):
    return SimpleUploadedFile(name, content or pdf(name))


def send(world, *files, person=None, note="", **headers):
    path = reverse("progress:entry_evidence", args=[world.cells()[0].pk])
    return enter(person or world.reporter).post(path, {"files": list(files), "note": note}, **headers)


def of(name, row):
    return reverse(f"progress:{name}", args=[row.pk])


class TestBringing:
    def test_a_row_of_the_grid_gets_its_own_part_back(self, world):
        answer = send(world, upload("a.pdf"), upload("b.pdf"), **HTMX)

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "<html" not in page
        assert "<form" not in page  # it stands inside the grid's
        assert "已添加 2 个文件。" in page
        assert Evidence.objects.count() == 2

    def test_the_good_ones_are_kept_and_each_bad_one_has_its_sentence(self, world):
        page = send(world, upload("a.pdf"), upload("b.png", JPEG), **HTMX).content.decode()

        assert "“b.png”的内容是 .jpg 文件，与文件名不符。" in page
        assert list(Evidence.objects.values_list("name", flat=True)) == ["a.pdf"]

    def test_nothing_that_went_in_is_said_with_422(self, world):
        answer = send(world, upload("b.png", JPEG), **HTMX)

        assert (answer.status_code, "已添加" in answer.content.decode()) == (422, False)

    def test_a_file_that_names_residents_can_be_kept_with_a_sentence(self, world):
        asked = send(world, upload(f"{PHONE}.pdf"), **HTMX)
        kept = send(world, upload(f"{PHONE}.pdf"), note="名单须原样", **HTMX)

        assert (asked.status_code, kept.status_code) == (422, 200)
        assert f'data-name="{PHONE}.pdf"' in asked.content.decode()
        assert Evidence.objects.get().note == "名单须原样"

    def test_without_a_script_the_page_of_the_cell_does_the_same(self, world):
        answer = send(world, upload())

        assert answer.status_code == 302
        page = enter(world.reporter).get(answer["Location"]).content.decode()
        assert "这一格有 1 份佐证材料。" in page
        assert 'name="files"' in page

    def test_nothing_chosen_is_said(self, world):
        answer = send(world)

        assert (answer.status_code, "请先选择文件。" in answer.content.decode()) == (422, True)

    def test_a_closed_round_says_so_in_the_row(self, world):
        Round.objects.update(closed_at=NOW)

        answer = send(world, upload(), **HTMX)

        assert answer.status_code == 422
        assert "已关闭。如需补报，请联系绩效管理岗。" in answer.content.decode()

    def test_who_may_look_has_no_field_for_files(self, world):
        put(world)
        path = reverse("progress:entry_evidence", args=[world.cells()[0].pk])

        page = enter(world.people[Role.AUDITOR]).get(path).content.decode()

        assert "台账.pdf" in page
        assert 'name="files"' not in page
        assert "您可以查看，不能添加佐证材料。" in page

    def test_what_is_asked_for_and_lacking_stands_beside_the_cell(self, world):
        ask_for(world, "验收报告")
        world.submit([(9, 10)])
        path = reverse("progress:entry_evidence", args=[world.cells()[0].pk])

        part = enter(world.reporter).get(path, **HTMX).content.decode()
        assert ("缺佐证" in part, "需要：验收报告" in part) == (True, True)
        put(world)
        assert "缺佐证" not in enter(world.reporter).get(path, **HTMX).content.decode()


class TestLooking:
    @pytest.mark.parametrize(("name", "content"), [("a.png", PNG), ("a.jpg", JPEG), ("a.pdf", pdf())])
    def test_pictures_and_pdf_are_shown_in_place_without_any_rights(self, world, name, content):
        send(world, upload(name, content))
        row = Evidence.objects.get()

        answer = enter(world.head).get(of("evidence_preview", row))

        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Disposition"].startswith("inline")
        assert answer["Content-Type"] == row.file.content_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "default-src 'none'" in answer["Content-Security-Policy"]

    def test_everything_else_is_a_download_only(self, world):
        send(world, upload("台账.xlsx", XLSX))
        row, client = Evidence.objects.get(), enter(world.head)

        assert client.get(of("evidence_preview", row)).status_code == 404
        assert "这种文件请下载后查看。" in client.get(of("evidence_page", row)).content.decode()

    def test_a_download_comes_under_its_own_name_and_never_as_a_page(self, world):
        row = put(world, brought('验收"证明".pdf')).added[0]

        answer = enter(world.reporter).get(of("evidence", row))

        assert b"".join(answer.streaming_content) == pdf('验收"证明".pdf')
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
        assert name_of(answer) == "验收_证明_.pdf"

    @pytest.mark.parametrize("name", ["evidence", "evidence_preview", "evidence_page"])
    def test_it_is_hidden_from_whoever_may_not_see_the_cell(self, world, name):
        office = add_district_office(world, index=1)
        row = put(world).added[0]
        stranger = make_world(districts=1).people[Role.AUDITOR]

        answer = enter(world.people[Role.AUDITOR]).get(of(name, row))
        assert (answer.status_code, b"".join(answer)[:1]) == (200, b"%" if name != "evidence_page" else b"<")
        for person in (office, stranger, world.people[Role.ADMIN]):
            assert enter(person).get(of(name, row)).status_code == 404

    @pytest.mark.parametrize("name", ["evidence", "evidence_preview"])
    def test_a_file_that_the_store_has_lost_is_not_there(self, world, name):
        row = put(world).added[0]
        path_of(row.file.sha256).unlink()

        assert enter(world.head).get(of(name, row)).status_code == 404


class TestReplacing:
    def test_another_file_takes_the_place_and_the_old_one_is_struck_through(self, world):
        row = put(world).added[0]
        world.submit([(9, 10)])
        client = enter(world.reporter)

        answer = client.post(of("evidence_supersede", row), {"reason": "缺签章", "file": upload("新.pdf")}, follow=True)

        assert "“台账.pdf”已由“新.pdf”替换。" in answer.content.decode()
        old = client.get(of("evidence_page", row)).content.decode()
        assert "<del>台账.pdf</del>" in old
        assert "替换了这份材料：“缺签章”" in old
        assert b"".join(client.get(of("evidence", row))) == pdf("台账.pdf")

    def test_before_the_figure_goes_in_it_is_set_aside_without_another(self, world):
        row = put(world).added[0]

        answer = enter(world.reporter).post(of("evidence_supersede", row), {"reason": "传错了"}, follow=True)

        assert "“台账.pdf”已撤下，记录保留。" in answer.content.decode()

    def test_what_came_after_a_return_is_set_aside_and_what_was_returned_with_it_is_not(self, world):
        before = put(world).added[0]
        (revision,) = world.submit([(9, 10)])
        return_(revision_ids=[revision.pk], reviewer=world.head, reason="材料不对", at=NOW)
        after = put(world, brought("新台账.pdf"), at=NOW + timedelta(minutes=5)).added[0]
        client, sent = enter(world.reporter), {"reason": "传错了", "aside": "1", "file": upload("另一个.pdf")}

        refused, done = (client.post(of("evidence_supersede", row), sent) for row in (before, after))

        assert (refused.status_code, done.status_code) == (422, 302)
        assert [row.superseded_at is None for row in Evidence.objects.order_by("number")] == [True, False]
        assert ("撤下，不换文件" in client.get(of("evidence_page", before)).content.decode()) is False

    def test_the_button_for_setting_aside_stands_where_that_is_possible(self, world):
        row, client = put(world).added[0], enter(world.reporter)

        assert "撤下，不换文件" in client.get(of("evidence_page", row)).content.decode()
        world.submit([(9, 10)])
        assert "撤下，不换文件" not in client.get(of("evidence_page", row)).content.decode()

    def test_who_comes_back_to_the_address_of_a_refusal_is_shown_the_file(self, world):
        row = put(world).added[0]

        answer = enter(world.reporter).get(of("evidence_supersede", row))

        assert (answer.status_code, answer["Location"]) == (302, of("evidence_page", row))

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"reason": ""}, "请写明原因"),
            ({"reason": "传错了"}, "只能用新文件替换"),
            ({"reason": "传错了", "file": ("空.pdf", b" ")}, "可以上传"),
            ({"reason": "传错了", "file": (f"{PHONE}.pdf", pdf())}, "像手机号"),
        ],
    )
    def test_what_is_refused_stays_on_the_page(self, world, sent, sentence):
        row = put(world).added[0]
        world.submit([(9, 10)])
        sent = {name: SimpleUploadedFile(*value) if name == "file" else value for name, value in sent.items()}

        answer = enter(world.reporter).post(of("evidence_supersede", row), sent)

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert Evidence.objects.get().superseded_at is None

    def test_who_may_look_may_not(self, world):
        row = put(world).added[0]

        answer = enter(world.head).post(of("evidence_supersede", row), {"reason": "换"})

        assert answer.status_code == 403
        assert 'name="reason"' not in enter(world.head).get(of("evidence_page", row)).content.decode()


class TestIndex:
    PATH = "progress:evidence_list"

    def names(self, person, **asked):
        page = enter(person).get(reverse(self.PATH), asked)
        return [row.name for row in page.context["table"].data]

    def test_everybody_finds_what_they_may_see(self, world):
        office = add_district_office(world)
        put(world, brought("荔湾.pdf"))
        put(world, brought("越秀.pdf"), entry=world.cells()[1])
        put(make_world(districts=1), brought("别局.pdf"))

        assert self.names(world.head) == ["荔湾.pdf", "越秀.pdf"]
        assert self.names(office) == ["荔湾.pdf"]
        assert enter(world.people[Role.ADMIN]).get(reverse(self.PATH)).status_code == 404

    def test_it_is_searched_by_words_number_and_state(self, world):
        world.submit([None, (9, 10)])
        old = put(world, brought("旧.pdf")).added[0]
        put(world, brought("新.pdf"), entry=world.cells()[1])
        put(world, brought("同.pdf", "新.pdf"))
        replace(world, old)
        project, code = world.version.plan.project, world.indicator.code

        assert self.names(world.head, words="旧") == ["旧.pdf"]
        assert self.names(world.head, words="越秀") == ["新.pdf"]
        assert self.names(world.head, words=project.name) == ["旧.pdf", "新.pdf", "同.pdf"]
        assert self.names(world.head, words=f"佐证-{project.number}-{code}-02") == ["新.pdf"]
        assert self.names(world.head, words=old.file.sha256[:12]) == ["旧.pdf"]
        assert self.names(world.head, state="in_force") == ["新.pdf", "同.pdf"]
        assert self.names(world.head, state="superseded") == ["旧.pdf"]
        assert self.names(world.head, state="noticed") == ["同.pdf"]
        assert self.names(world.head, year="2015") == []

    def test_a_file_of_it_holds_whole_hashes(self, world):
        row = put(world).added[0]

        answer = enter(world.people[Role.AUDITOR]).get(reverse(self.PATH), {"export": "xlsx"})

        content = BytesIO(b"".join(answer.streaming_content))
        head, line = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
        told = dict(zip(head, line, strict=True))
        number, code = world.version.plan.project.number, world.indicator.code
        assert (told["序号"], told["文件名"], told["哈希"]) == (
            f"佐证-{number}-{code}-01",
            "台账.pdf",
            row.file.sha256,
        )
        assert (told["期间"], told["成员"], told["状态"]) == ("2016年8月", "荔湾", "有效")
        assert told["项目"] == str(world.version.plan.project)

    def test_three_files_cost_what_one_costs(self, world):
        client, path = enter(world.head), reverse(self.PATH)

        def cost():
            with CaptureQueriesContext(connection) as made:
                assert client.get(path).status_code == 200
            return len(made)

        put(world, brought("一.pdf"), entry=world.cells(month=7)[0])
        put(world, brought("一.pdf"))
        one = cost()
        put(world, brought("二.pdf"), brought("三.pdf"))

        assert cost() == one

    def test_where_no_indicator_asks_for_files_that_is_said(self, world):
        world.submit([(9, 10)])
        path, client = reverse("progress:evidence_missing"), enter(world.head)

        before = client.get(path).content.decode()
        ask_for(world, "验收报告")
        after, other_year = (client.get(path, query).content.decode() for query in ({}, {"year": 2015}))

        assert ("还没有绩效指标要求佐证" in before, "没有缺佐证的格。" in before) == (True, True)
        assert ("还没有绩效指标要求佐证" in after, "验收报告" in after) == (False, True)
        assert "还没有绩效指标要求佐证" in other_year

    def test_cells_that_lack_a_file_are_listed_and_counted(self, world):
        ask_for(world, "验收报告")
        world.submit([(9, 10), (8, 10)])
        put(world)
        client = enter(world.head)

        page = client.get(reverse("progress:evidence_missing")).content.decode()

        assert "缺佐证 1 格" in client.get(reverse(self.PATH)).content.decode()
        assert ("越秀" in page, "荔湾" in page, "验收报告" in page) == (True, False, True)
        stranger = UserFactory(role=Role.HEAD, unit=make_world(districts=1).division)
        assert "越秀" not in enter(stranger).get(reverse("progress:evidence_missing")).content.decode()


class TestLetters:
    def typed(self, world, count=1, name="来函.pdf", month=8):
        letter = store_file(content=ContentFile(pdf(name), name=name), name=name, person=world.reporter, at=NOW)
        return world.submit([(9, 10)] * count, month=month, on_behalf_of="市公安局", source=letter, source_name=name)

    def test_a_letter_is_listed_once_for_all_its_cells(self, world):
        revisions = self.typed(world, 3)
        client = enter(world.head)

        page = client.get(reverse("progress:letter_list")).content.decode()

        assert page.count("来函.pdf</a>") == 1
        assert reverse("progress:letter", args=[revisions[-1].pk]) in page
        assert ("市公安局" in page, str(world.measure) in page, ">3<" in page) == (True, True, True)
        assert reverse("progress:letter_list") in client.get(reverse("progress:evidence_list")).content.decode()
        index = client.get(reverse("progress:letter_list"), {"export": "csv"})
        assert "来函.pdf" in b"".join(index.streaming_content).decode("utf-8-sig")

    def test_words_and_years_narrow_it(self, world):
        self.typed(world)
        client, path = enter(world.head), reverse("progress:letter_list")

        found = [client.get(path, {"words": words}).content.decode() for words in ("公安", "来函.p", "城管")]
        other = client.get(path, {"year": 2015}).content.decode()

        assert [("来函.pdf</a>" in page) for page in (*found, other)] == [True, True, False, False]

    def test_only_who_sees_the_cells_sees_their_letters(self, world):
        self.typed(world)
        neighbour = add_district_office(world, 2)

        assert "来函.pdf" not in enter(neighbour).get(reverse("progress:letter_list")).content.decode()

    def test_a_workbook_is_no_letter(self, world):
        file = store_file(content=ContentFile(pdf("表"), name="表.pdf"), name="表.pdf", person=world.reporter, at=NOW)
        world.submit([(9, 10)], source=file, source_name="表.pdf")

        assert "没有符合条件的来函。" in enter(world.head).get(reverse("progress:letter_list")).content.decode()

    def test_one_and_three_cost_the_same(self, world, django_assert_max_num_queries):
        client = enter(world.head)
        self.typed(world)
        client.get(reverse("progress:letter_list"))
        with django_assert_max_num_queries(12) as one:
            client.get(reverse("progress:letter_list"))
        self.typed(world, name="二.pdf", month=7)
        self.typed(world, name="三.pdf", month=6)
        with django_assert_max_num_queries(12) as three:
            client.get(reverse("progress:letter_list"))

        assert len(one) == len(three)

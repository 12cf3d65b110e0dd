"""Typing for an office that has no account, from its letter."""

import re
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.enums import Role, UnitKind
from apps.files.actions import store_file
from apps.files.models import StoredFile
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.progress.actions import (
    LetterMissing,
    NotYourCell,
    OwnEntry,
    RoundClosed,
    close_round,
    reopen_cell,
    return_,
)
from apps.progress.models import Entry, Revision
from tests.factories import AssignmentFactory, DivisionFactory, UnitFactory, UserFactory
from tests.progress.world import NOW, TODAY, add_district_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(world):
    """The police have no account; they report the first two cells."""
    unit = UnitFactory(parent=world.bureau, kind=UnitKind.DISTRICT, name="市公安局")
    world.bureau.refresh_from_db()
    world.division.refresh_from_db()
    Entry.objects.filter(member__in=world.members[:2]).update(reporting_unit=unit)
    return unit


@pytest.fixture
def letter(world):
    return store_file(content=ContentFile(PDF, name="来函.pdf"), name="来函.pdf", person=world.reporter, at=NOW)


def enter(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def path_of(world, month=8):
    return reverse("progress:behalf", args=[world.round_of(month).pk, world.measure.pk])


def sent(world, office, rows, *, letter=True, **more):
    """Return what the page would post: (numerator, denominator) for each cell of the office."""
    data = {"unit": office.pk, "office": "市公安局"} | more
    for entry, (numerator, denominator) in zip(world.cells(), rows, strict=False):
        data |= {
            f"c{entry.pk}-numerator": numerator,
            f"c{entry.pk}-denominator": denominator,
            f"c{entry.pk}-seen": str(entry.latest.number if entry.latest else 0),
        }
    if letter:
        data["letter"] = SimpleUploadedFile("来函.pdf", PDF)
    return data


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("role", [Role.REPORTER, Role.OFFICER])
def test_the_division_and_the_officer_type_for_an_office_and_both_names_are_kept(world, office, role):
    client = enter(world.people[role])
    page = words(client.get(path_of(world)))
    assert 'value="市公安局"' in page
    assert "市公安局（没有账号）" in page or role == Role.OFFICER

    answer = client.post(path_of(world), sent(world, office, [("90", "100"), ("80", "100")]))

    assert answer.status_code == 302
    for revision in Revision.objects.all():
        assert (revision.on_behalf_of, revision.submitted_by, revision.source_name) == (
            "市公安局",
            world.people[role],
            "来函.pdf",
        )
        assert revision.source == StoredFile.objects.get()
    assert Revision.objects.count() == 2
    assert {event.after["on_behalf_of"] for event in Event.objects.filter(verb=Verb.SUBMIT)} == {"市公安局"}


def test_an_odd_figure_is_asked_about_beside_its_row(world, office, letter):
    world.count([(900, 1_000), (800, 1_000)], month=7, on_behalf_of="市公安局", source=letter)

    answer = enter(world.reporter).post(path_of(world), sent(world, office, [("9", "10")]))

    assert answer.status_code == 422
    assert re.search("⚠ [^<]*不到上次 900 的十分之一", words(answer))
    assert not Revision.objects.filter(entry__round=world.round_of(8)).exists()


def test_without_a_letter_nothing_goes_in_and_nothing_typed_is_lost(world, office):
    answer = enter(world.reporter).post(path_of(world), sent(world, office, [("90", "100")], letter=False))

    assert answer.status_code == 422
    assert "代填的数据要附上来函或其他依据文件。" in words(answer)
    assert 'value="90"' in words(answer)
    assert not Revision.objects.exists()


def test_the_letter_stays_while_a_cell_is_mended(world, office):
    client = enter(world.reporter)
    answer = client.post(path_of(world), sent(world, office, [("90", "100"), ("120", "100")]))
    assert answer.status_code == 422
    assert "已提交 1 格；还有 1 格没有提交" in words(answer)
    assert "已收到来函“来函.pdf”。" in words(answer)
    kept = re.search(r'name="kept" value="([^"]+)"', words(answer))[1]

    mended = sent(world, office, [("90", "100"), ("100", "100")], letter=False, kept=kept)
    assert client.post(path_of(world), mended).status_code == 302

    assert Revision.objects.exclude(on_behalf_of="").count() == 2
    assert Revision.objects.filter(source_name="来函.pdf").count() == 2


def test_a_letter_that_somebody_made_up_is_none(world, office):
    made_up = sent(world, office, [("90", "100")], letter=False, kept='[1,"来函.pdf"]:x:y')

    assert enter(world.reporter).post(path_of(world), made_up).status_code == 422
    assert not Revision.objects.exists()


def test_a_file_that_is_not_taken_says_so_beside_the_letter(world, office):
    data = sent(world, office, [("90", "100")]) | {"letter": SimpleUploadedFile("来函.pdf", b"MZ\x90")}
    answer = enter(world.reporter).post(path_of(world), data)

    assert answer.status_code == 422
    assert "不是可以上传的类型" in words(answer)
    assert not Revision.objects.exists()


def test_one_cannot_type_for_a_unit_of_another_division(world, office):
    elsewhere = UserFactory(role=Role.REPORTER, unit=DivisionFactory(parent=world.bureau))
    assert enter(elsewhere).get(path_of(world)).status_code == 404
    for role in (Role.HEAD, Role.LEADER, Role.AUDITOR, Role.FINANCE):
        assert enter(world.people[role]).get(path_of(world)).status_code == 403
    neighbour = add_district_office(world, 2)
    assert enter(neighbour).get(path_of(world), {"unit": office.pk}).status_code == 404


def test_the_action_itself_asks_for_the_letter_and_the_hand(world, office, letter):
    with pytest.raises(LetterMissing):
        world.submit([(90, 100)], on_behalf_of="市公安局")
    with pytest.raises(NotYourCell):
        world.submit([(90, 100)], source=letter)
    with pytest.raises(NotYourCell):
        world.submit([(90, 100)], person=world.head, on_behalf_of="市公安局", source=letter)
    assert world.submit([(90, 100)], on_behalf_of="市公安局", source=letter)


def test_who_typed_for_others_does_not_review_it(world, office, letter):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    both = type(world.head).objects.get(pk=world.head.pk)
    revisions = world.submit([(90, 100)], person=both, on_behalf_of="市公安局", source=letter)

    world.people[Role.HEAD] = both
    with pytest.raises(OwnEntry):
        world.approve(revisions)
    world.people[Role.HEAD] = UserFactory(role=Role.HEAD, unit=world.division)
    assert world.approve(revisions)


def test_a_closed_round_is_closed_for_the_typist_too_unless_the_cell_is_opened_for_them(world, office, letter):
    officer = world.people[Role.OFFICER]
    close_round(row=world.round_of(8), reason="已上报。", officer=officer, today=TODAY, at=NOW)
    with pytest.raises(RoundClosed):
        world.submit([(90, 100)], on_behalf_of="市公安局", source=letter)

    reopen_cell(
        entry=world.cells()[0],
        person=world.reporter,
        until=TODAY,
        reason="来函迟到。",
        officer=officer,
        today=TODAY,
        at=NOW,
    )
    assert world.submit([(90, 100)], on_behalf_of="市公安局", source=letter)


def test_the_page_of_a_closed_round_says_so_and_the_grid_does_not_lead_to_it(world, office):
    officer, client = world.people[Role.OFFICER], enter(world.reporter)
    grid = reverse("progress:grid", args=[world.round_of(8).pk, world.measure.pk])
    assert path_of(world) in words(client.get(grid))
    close_round(row=world.round_of(8), reason="已上报。", officer=officer, today=TODAY, at=NOW)

    for person in (world.reporter, officer):
        answer = enter(person).get(path_of(world))
        assert answer.status_code == 403
        assert "填报期 2016年8月 已关闭，不能代填。需要补报的，由绩效管理岗重新开放" in words(answer)
        assert path_of(world) not in words(enter(person).get(grid))

    first, second, _third = world.cells()
    until, words_of_it = TODAY, {"reason": "来函迟到。", "officer": officer, "today": TODAY, "at": NOW}
    reopen_cell(entry=first, person=world.reporter, until=until, **words_of_it)
    assert path_of(world) in words(client.get(grid))
    page = words(client.get(path_of(world)))
    assert f'id="cell-{first.pk}"' in page
    assert f'id="cell-{second.pk}"' not in page
    assert client.post(path_of(world), sent(world, office, [("90", "100")])).status_code == 302
    assert Revision.objects.get().entry == first


def test_a_round_that_has_not_opened_takes_nothing_yet(world, office):
    row = world.round_of(8)
    row.opens_on = date(2016, 9, 7)
    row.save()

    answer = enter(world.reporter).get(path_of(world))
    assert answer.status_code == 403
    assert "到 2016-09-07 才开放" in words(answer)


def test_the_letter_is_there_for_whoever_sees_the_figure_and_for_nobody_else(world, office, letter):
    typed = world.submit([(90, 100)], on_behalf_of="市公安局", source=letter, source_name="来函.pdf")[0]
    path = reverse("progress:letter", args=[typed.pk])

    answer = enter(world.head).get(path)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    neighbour = add_district_office(world, 2)
    assert enter(neighbour).get(path).status_code == 404
    own = world.submit([None, None, (90, 100)], person=neighbour, source=letter, source_name="填报表.xlsx")[0]
    assert enter(world.head).get(reverse("progress:letter", args=[own.pk])).status_code == 404  # no letter: a workbook


def test_both_names_and_the_letter_show_in_the_grid_and_in_the_queue(world, office, letter):
    typed = world.submit([(90, 100)], on_behalf_of="市公安局", source=letter, source_name="来函.pdf")[0]
    grid = reverse("progress:grid", args=[world.round_of(8).pk, world.measure.pk])

    for page in (enter(world.reporter).get(grid), enter(world.head).get(reverse("progress:queue"))):
        assert f"市公安局（由{world.reporter}代填" in words(page)
        assert reverse("progress:letter", args=[typed.pk]) in words(page)


def test_the_page_costs_the_same_with_one_and_with_three_cells(world, office, django_assert_max_num_queries):
    client = enter(world.people[Role.OFFICER])
    client.get(path_of(world))
    with django_assert_max_num_queries(16) as one:
        client.get(path_of(world))
    Entry.objects.update(reporting_unit=office)
    with django_assert_max_num_queries(16) as three:
        client.get(path_of(world))

    assert len(one) == len(three)


def test_who_was_told_what_a_colleague_put_in_meanwhile_may_put_theirs_in(world, office):
    typed = sent(world, office, [("95", "100")])
    colleague = UserFactory(role=Role.REPORTER, unit=office, name="民警")
    world.submit([(80, 100)], person=colleague)
    client = enter(world.reporter)

    told = client.post(path_of(world), typed)

    assert told.status_code == 422
    assert "已由民警改为 80/100，请核对后再提交。" in words(told)
    first = world.cells()[0]
    seen = re.search(rf'name="c{first.pk}-seen" value="(\d*)"', words(told))[1]
    kept = re.search(r'name="kept" value="([^"]+)"', words(told))[1]
    again = sent(world, office, [("95", "100")], letter=False, kept=kept) | {f"c{first.pk}-seen": seen}
    assert client.post(path_of(world), again).status_code == 302
    assert [row.numerator for row in Revision.objects.order_by("number")] == [80, 95]


def test_who_was_told_of_something_else_has_not_seen_it(world, office):
    """The second row cannot be read; while the first goes in, a colleague fills the second."""
    typed = sent(world, office, [("95", "100"), ("约九十", "100")])
    colleague = UserFactory(role=Role.REPORTER, unit=office, name="民警")
    world.submit([None, (80, 100)], person=colleague)
    client = enter(world.reporter)

    told = client.post(path_of(world), typed)

    assert "“约九十”含文字 约，应为数字。" in words(told)
    second = world.cells()[1]
    assert f'name="c{second.pk}-seen" value="0"' in words(told)
    kept = re.search(r'name="kept" value="([^"]+)"', words(told))[1]
    mended = sent(world, office, [("95", "100"), ("90", "100")], letter=False, kept=kept)
    answer = client.post(path_of(world), mended | {f"c{second.pk}-seen": "0"})
    assert "已由民警改为 80/100，请核对后再提交。" in words(answer)
    assert Revision.objects.get(entry=second).numerator == 80


def test_what_did_not_go_in_stays_as_it_was_typed(world, office):
    Entry.objects.filter(member=world.members[2]).update(reporting_unit=office)
    first, second, third = world.cells()
    typed = sent(world, office, [("95", "100"), ("", ""), ("约九十", "100")]) | {f"c{second.pk}-note": "下周补报"}

    told = words(enter(world.reporter).post(path_of(world), typed))

    assert Revision.objects.get().entry == first
    assert re.search(rf'name="c{third.pk}-numerator"[^>]*value="约九十"', told)
    assert 'value="下周补报"' in told


def test_a_returned_figure_goes_in_again_with_another_letter_and_not_with_the_same(world, office):
    client = enter(world.reporter)
    client.post(path_of(world), sent(world, office, [("95", "100")]))
    return_(revision_ids=[Revision.objects.get().pk], reviewer=world.head, reason="来函没有盖章", at=NOW)

    same = client.post(path_of(world), sent(world, office, [("95", "100")]), follow=True)
    assert "没有新的数据需要提交，这次附的来函没有用上。" in words(same)
    assert Revision.objects.count() == 1

    stamped = {"letter": SimpleUploadedFile("来函（盖章）.pdf", PDF + b"%stamped\n")}
    again = client.post(path_of(world), sent(world, office, [("95", "100")]) | stamped)
    assert again.status_code == 302
    assert [row.source_name for row in Revision.objects.order_by("number")] == ["来函.pdf", "来函（盖章）.pdf"]
    assert Entry.objects.get(pk=world.cells()[0].pk).state == "submitted"


def test_a_figure_that_waits_for_its_review_is_left_alone_by_another_letter(world, office):
    client = enter(world.reporter)
    client.post(path_of(world), sent(world, office, [("95", "100")]))
    later = {"letter": SimpleUploadedFile("来函二.pdf", PDF + b"%later\n")}

    client.post(path_of(world), sent(world, office, [("95", "100"), ("80", "100")]) | later)

    assert [row.source_name for row in Revision.objects.order_by("pk")] == ["来函.pdf", "来函二.pdf"]
    assert {row.number for row in Revision.objects.all()} == {1}


@pytest.fixture
def two(world, office):
    """The third cell is reported by an office with an account."""
    add_district_office(world, 2)
    return office, world.cells()[2].reporting_unit


def test_the_page_opens_on_the_first_office_that_is_missing(world, two):
    police, district = two
    client = enter(world.people[Role.OFFICER])
    first = words(client.get(path_of(world)))
    client.post(path_of(world), sent(world, police, [("90", "100"), ("80", "100")]))

    second = words(client.get(path_of(world)))

    assert f'<input type="hidden" name="unit" value="{police.pk}">' in first
    assert "市公安局（没有账号）（未报 2 格）" in first
    assert f'<input type="hidden" name="unit" value="{district.pk}">' in second
    assert f"以上是{district}的格子。" in second


def test_what_stands_above_the_cells_of_another_office_puts_nothing_in(world, two):
    police, district = two
    client = enter(world.people[Role.OFFICER])

    chosen = client.post(path_of(world), sent(world, police, [("90", "100")], chosen=district.pk))
    named = client.post(path_of(world), sent(world, police, [("90", "100")]) | {"office": str(district)})
    elsewhere = client.post(path_of(world), sent(world, police, [("90", "100")], chosen=UnitFactory().pk))

    assert (chosen.status_code, named.status_code, elsewhere.status_code) == (422, 422, 404)
    assert f"上面选的是{district}，下面的格子是{police}的，没有提交。" in words(chosen)
    assert f"“替谁填”写的是{district}，下面的格子是{police}的，没有提交。" in words(named)
    assert 'value="90"' in words(chosen)
    assert not Revision.objects.exists()
    assert client.post(path_of(world), sent(world, police, [("90", "100")], chosen=police.pk)).status_code == 302


def test_without_a_script_a_button_leads_to_the_office_that_was_chosen(world, two):
    police, district = two
    client = enter(world.people[Role.OFFICER])

    answer = client.post(path_of(world), sent(world, police, [("90", "100")], chosen=district.pk, switch="1"))

    assert (answer.status_code, answer["Location"]) == (302, f"{path_of(world)}?unit={district.pk}")
    assert not Revision.objects.exists()

"""Every lock of a figure, tried through every door: each says why, and nothing is written.

A lock is what has happened to the cell and what is typed into it; a door takes that and returns what its person is told.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.api.actions import issue_token
from apps.api.urls import v1
from apps.files.actions import store_file
from apps.journal.models import Event
from apps.plans.models import PlanVersion
from apps.progress import tasks
from apps.progress.actions import Cell, Refused, approve, return_, submit, take_back
from apps.progress.models import Entry, Evidence, FigureUpload, Review, Revision, Standing
from tests.factories import AssignmentFactory, BureauFactory, DivisionFactory, UserFactory
from tests.progress.test_bulk import HEADS, LETTER, workbook
from tests.progress.test_workbooks import Filled
from tests.progress.world import NOW, TODAY, World, add_district_office, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
KEPT = (Entry, Revision, Review, Standing, Evidence, Event)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def written() -> dict:
    """Return all that counts, as it stands; drafts and files on their way count for nothing."""
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in KEPT}


def enter(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer) -> str:
    """Return what stands on a page between its marks, behind its number where the page is a refusal."""
    main = answer.content.decode().partition("<main ")[2] or answer.content.decode()
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", main)))
    return f"{answer.status_code}{text}" if answer.status_code in (403, 404) else text


# --- figures: the locks -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lock:
    """What keeps 荔湾's figure of August out.

    `before` has happened when the person begins, `meanwhile` happens while they type. `said` is the sentence; `else_said` are
    those of doors that find another reason first, by the door's name, and None for a door that the lock is not about.
    """

    said: str
    before: Callable[[World], object] = lambda world: None
    meanwhile: Callable[[World], object] = lambda world: None
    typed: dict = field(default_factory=dict)
    else_said: dict = field(default_factory=dict)


def not_yet(world):
    type(world.round_of(8)).objects.filter(pk=world.round_of(8).pk).update(opens_on=TODAY + timedelta(days=1))


def close(world):
    type(world.round_of(8)).objects.filter(pk=world.round_of(8).pk).update(closed_at=NOW)


def plan_later(world):
    PlanVersion.objects.update(starts_on=TODAY)


def colleague(world):
    person = UserFactory(role=Role.REPORTER, unit=world.division, name="同事乙")
    world.submit([(50, 100)], person=person)


def sent_back(world):
    (revision,) = world.submit([(92, 100)])
    return_(revision_ids=[revision.pk], reviewer=world.head, reason="请核对", at=NOW)


def sent_back_with_its_letter(world):
    letter = store_file(content=ContentFile(LETTER), name="来函.pdf", person=world.head, at=NOW)
    (revision,) = world.submit([(92, 100)], on_behalf_of="市公安局", source=letter, source_name="来函.pdf")
    return_(revision_ids=[revision.pk], reviewer=world.head, reason="请核对", at=NOW)


STILL_DRAFT = {"draft": "有未提交的草稿"}  # nothing was typed on the page that could get a sentence; nothing is lost
MOVED = {"bulk, confirmed": "读取之后，数据、填报期或审核有了变化，与预览不一致。没有写入任何数据"}
NOTHING_NEW = {
    "grid": "没有新的数据需要提交",
    "draft": "没有新的数据需要提交",
    "behalf": "没有新的数据需要提交",
    "workbook": "没有可以写入的格子",
    "bulk": "没有要写入的数据",
    "bulk, confirmed": "没有要写入的数据",
}
CHANGED = {
    "grid": "已由同事乙（2016-09-06 09:30）改为 50/100",
    "draft": "已由同事乙（2016-09-06 09:30）改为 50/100",
    "bulk": None,  # whoever uploads a table after the change is shown what was there
}
LOCKS = {
    "a round that is not open yet": Lock("才开放", meanwhile=not_yet, else_said=STILL_DRAFT | MOVED),
    "a round that was closed": Lock("已关闭", meanwhile=close, else_said=STILL_DRAFT | MOVED),
    "a round outside every approved plan": Lock(
        "不在任何已批复的年度绩效目标的起止时间内", meanwhile=plan_later, else_said=STILL_DRAFT | MOVED
    ),
    "a reviewed figure without a reason": Lock(
        "请写明更正原因", before=lambda world: world.count([(90, 100)]), typed={"seen": 1}, else_said=STILL_DRAFT
    ),
    "a figure that somebody changed meanwhile": Lock(
        "已由同事乙改为 50/100", meanwhile=colleague, else_said=CHANGED | MOVED
    ),
    "a part above its whole": Lock("大于", typed={"numerator": 101}),
    "a question without an answer": Lock(
        "确认无误请在说明里写一句",
        before=lambda world: world.count([(500, 1000)], month=7),
        else_said=STILL_DRAFT,
    ),
    "a question answered by a full stop": Lock(
        "确认无误请在说明里写一句",
        before=lambda world: world.count([(500, 1000)], month=7),
        typed={"note": "。"},
        else_said=STILL_DRAFT,
    ),
    "a note that names a resident": Lock(
        "请隐去身份证号", typed={"note": "已核实，证号11010519491231002X"}, else_said=STILL_DRAFT
    ),
    "a correction whose reason names a resident": Lock(
        "请隐去身份证号",
        before=lambda world: world.count([(90, 100)]),
        typed={"seen": 1, "reason": "１１０１０５１９４９１２３１００２Ｘ重复登记"},
        else_said=STILL_DRAFT,
    ),
    "a returned figure that comes as it was": Lock(
        "没有改动", before=sent_back_with_its_letter, typed={"seen": 1}, else_said=NOTHING_NEW
    ),
}
OPEN = Lock("")


# --- figures: the doors -------------------------------------------------------------------------------------------------


@dataclass
class Typed:
    """What is typed into 荔湾's cell of August, and by whom where it is not who the door is for."""

    world: World
    lock: Lock
    person: User | None = None

    def __post_init__(self):
        self.lock.before(self.world)
        self.stood = written()
        self.entry = self.world.cells()[0]
        self.figure = {"numerator": 92, "denominator": 100, "seen": 0, "note": "", "reason": ""} | self.lock.typed

    def by(self, role: Role) -> User:
        return self.person or self.world.people[role]

    def path(self, name: str) -> str:
        return reverse(f"progress:{name}", args=[self.entry.round_id, self.entry.measure_id])

    def fields(self) -> dict:
        return {f"c{self.entry.pk}-{name}": str(value) for name, value in self.figure.items()}

    def meanwhile(self) -> None:
        self.lock.meanwhile(self.world)
        self.stood = written()


def through_the_action(typed: Typed, **more) -> str:
    typed.meanwhile()
    figure = typed.figure
    cell = Cell(
        typed.entry.pk,
        values((figure["numerator"], figure["denominator"])),
        seen=figure["seen"],
        note=figure["note"],
        reason=figure["reason"],
        **more,
    )
    try:
        submit(cells=[cell], person=typed.by(Role.REPORTER), today=TODAY, at=NOW)
    except Refused as refusal:
        return refusal.sentence
    return ""


def through_the_action_on_behalf(typed: Typed) -> str:
    letter = store_file(content=ContentFile(LETTER), name="来函.pdf", person=typed.world.head, at=NOW)
    return through_the_action(typed, on_behalf_of="市公安局", source=letter, source_name="来函.pdf")


def through_the_grid(typed: Typed) -> str:
    client = enter(typed.by(Role.REPORTER))
    typed.meanwhile()
    return words(client.post(typed.path("grid"), typed.fields(), follow=True))


def through_a_draft(typed: Typed) -> str:
    """Let the page keep the draft by itself, and then send a grid in which nothing is typed."""
    client = enter(typed.by(Role.REPORTER))
    typed.meanwhile()
    client.post(f"{typed.path('drafts')}{typed.entry.pk}/", typed.fields())
    client.post(typed.path("drafts"), typed.fields())
    assert written() == typed.stood
    return words(client.post(typed.path("grid"), {}, follow=True))


def through_the_page_on_behalf(typed: Typed) -> str:
    client = enter(typed.by(Role.REPORTER))
    typed.meanwhile()
    letter = {"office": "市公安局", "letter": SimpleUploadedFile("来函.pdf", LETTER)}
    unit = {"unit": typed.entry.reporting_unit_id}
    return words(client.post(typed.path("behalf"), typed.fields() | letter | unit, follow=True))


def through_the_workbook(typed: Typed) -> str:
    """Download what is asked, with what is submitted already, fill it, upload it, and confirm whatever the page says."""
    client = enter(typed.by(Role.REPORTER))
    wanted = {"round": typed.entry.round_id, "measure": typed.entry.measure_id, "correct": ""}
    book = Filled(enter(typed.world.reporter).get(reverse("progress:workbook"), wanted).content)
    book.put(book.row("荔湾"), 分子=typed.figure["numerator"], 分母=typed.figure["denominator"])
    for head, name in (("说明", "note"), ("更正原因", "reason")):
        if typed.figure[name]:
            book.put(book.row("荔湾"), **{head: typed.figure[name]})
    typed.meanwhile()
    page = client.post(reverse("progress:uploads"), {"file": SimpleUploadedFile("表.xlsx", book.saved())}, follow=True)
    if not FigureUpload.objects.exists():
        return words(page)
    expected = re.search(r'name="expected" value="(\w+)"', page.content.decode())
    answer = client.post(
        reverse("progress:upload", args=[FigureUpload.objects.get().pk]), {"expected": expected[1] if expected else ""}
    )
    return words(page) + words(answer)


def through_the_long_table(typed: Typed, *, is_late: bool = False) -> str:
    """Upload a long table, have it read, and confirm it; where `is_late`, what happens meanwhile happens after the preview."""
    client, figure = enter(typed.by(Role.OFFICER)), typed.figure
    row = [typed.world.measure.code, None, "荔湾", "2016-08", figure["numerator"], figure["denominator"]]
    row += [None, figure["note"], figure["reason"]]
    if not is_late:
        typed.meanwhile()
    sent = {
        "file": SimpleUploadedFile("数据.xlsx", workbook([row], heads=HEADS)),
        "document": SimpleUploadedFile("来函.pdf", LETTER),
        "on_behalf_of": "市公安局",
        "bureau": typed.world.bureau.pk,
    }
    answer = client.post(reverse("progress:bulk"), sent)
    if answer.status_code != 302:
        return words(answer)
    upload = FigureUpload.objects.get()
    tasks.read_bulk_upload(upload.pk)
    page = words(client.get(reverse("progress:bulk_upload", args=[upload.pk])))
    if is_late:
        typed.meanwhile()
    refused = words(client.post(reverse("progress:bulk_confirm", args=[upload.pk]), follow=True))
    tasks.confirm_bulk_upload(upload.pk)
    return page + refused + words(client.get(reverse("progress:bulk_upload", args=[upload.pk])))


DOORS = {
    "action": through_the_action,
    "action, on behalf": through_the_action_on_behalf,
    "grid": through_the_grid,
    "draft": through_a_draft,
    "behalf": through_the_page_on_behalf,
    "workbook": through_the_workbook,
    "bulk": through_the_long_table,
    "bulk, confirmed": lambda typed: through_the_long_table(typed, is_late=True),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_lets_a_good_figure_in(world, door):
    typed = Typed(world, OPEN)

    DOORS[door](typed)

    assert Revision.objects.get().entry == typed.entry
    assert Event.objects.filter(verb="submit").count() == 1


TRIED = [(lock, door) for lock, row in LOCKS.items() for door in DOORS if row.else_said.get(door, row.said)]


@pytest.mark.parametrize(("lock", "door"), TRIED)
def test_no_door_lets_a_locked_figure_in_and_each_says_why(world, lock, door):
    typed = Typed(world, LOCKS[lock])

    told = DOORS[door](typed)

    assert written() == typed.stood
    assert typed.lock.else_said.get(door, typed.lock.said) in told


# --- figures: whose cell it is ------------------------------------------------------------------------------------------


def neighbour(world):
    return add_district_office(world, 1)


def officer_elsewhere(world):
    bureau = BureauFactory()
    person = UserFactory(role=Role.REPORTER, unit=DivisionFactory(parent=bureau))
    AssignmentFactory(user=person, unit=bureau, role=Role.OFFICER)
    return person


STRANGERS = {
    "the head": lambda world: world.head,
    "the office of another district": neighbour,
    "a reporter of another division": lambda world: UserFactory(
        role=Role.REPORTER, unit=DivisionFactory(parent=world.bureau)
    ),
    "an officer of another bureau": officer_elsewhere,
    "the leader": lambda world: world.people[Role.LEADER],
    "the finance bureau": lambda world: world.people[Role.FINANCE],
    "the administrator": lambda world: world.people[Role.ADMIN],
}
REFUSED = "您不能填写|没有新的数据需要提交|没有可以写入的格子|没有要写入的数据"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_door_lets_somebody_else_into_a_cell(world, stranger, door):
    typed = Typed(world, OPEN, person=STRANGERS[stranger](world))

    told = DOORS[door](typed)

    assert written() == typed.stood
    assert told.startswith(("403", "404")) or re.search(REFUSED, told)


def test_a_figure_for_others_needs_its_letter_at_every_door(world):
    typed = Typed(world, OPEN)
    told = through_the_action(typed, on_behalf_of="市公安局")
    unit = {"unit": typed.entry.reporting_unit_id, "office": "市公安局"}
    page = enter(world.reporter).post(typed.path("behalf"), typed.fields() | unit)
    table = {"file": SimpleUploadedFile("数据.xlsx", workbook([])), "on_behalf_of": "市公安局"}
    bulk = enter(world.people[Role.OFFICER]).post(reverse("progress:bulk"), table)

    assert "请附上来函或其他依据文件" in told
    assert "代填的数据要附上来函或其他依据文件" in words(page)
    assert (page.status_code, bulk.status_code) == (422, 422)
    assert written() == typed.stood
    assert not FigureUpload.objects.exists()


def test_a_cell_that_one_submission_names_twice_is_refused_at_every_door(world):
    typed = Typed(world, OPEN)
    typed.meanwhile()
    cells = [Cell(typed.entry.pk, values((number, 100))) for number in (91, 92)]
    with pytest.raises(Refused, match="出现了两次"):
        submit(cells=cells, person=world.reporter, today=TODAY, at=NOW)

    row = [world.measure.code, None, "荔湾", "2016-08", 92, 100]
    table = {
        "file": SimpleUploadedFile("数据.xlsx", workbook([row, row])),
        "document": SimpleUploadedFile("来函.pdf", LETTER),
        "on_behalf_of": "市公安局",
        "bureau": world.bureau.pk,
    }
    client = enter(world.people[Role.OFFICER])
    client.post(reverse("progress:bulk"), table)
    tasks.read_bulk_upload(FigureUpload.objects.get().pk)
    page = words(client.get(reverse("progress:bulk_upload", args=[FigureUpload.objects.get().pk])))

    assert "是同一格" in page
    assert written() == typed.stood


# --- reviews ------------------------------------------------------------------------------------------------------------


@dataclass
class Asked:
    """A figure that somebody asks to have reviewed, and who asks."""

    revision: Revision
    reviewer: User


def own(world):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    both = User.objects.get(pk=world.head.pk)
    return Asked(world.submit([(92, 100)], person=both)[0], both)


def others(world):
    elsewhere = UserFactory(role=Role.HEAD, unit=DivisionFactory(parent=world.bureau))
    return Asked(world.submit([(92, 100)])[0], elsewhere)


def no_head(world):
    return Asked(world.submit([(92, 100)])[0], world.people[Role.OFFICER])


def counted(world):
    return Asked(world.count([(92, 100)])[0], world.head)


def returned(world):
    sent_back(world)
    return Asked(Revision.objects.get(), world.head)


def outdated(world):
    revision = world.submit([(92, 100)])[0]
    world.submit([(93, 100)])
    return Asked(revision, world.head)


def through_the_queue(asked: Asked, **fields) -> str:
    return words(enter(asked.reviewer).post(reverse("progress:review"), fields, follow=True))


def told_by(deed, asked: Asked, **more) -> str:
    try:
        deed(revision_ids=[asked.revision.pk], reviewer=asked.reviewer, at=NOW, **more)
    except Refused as refusal:
        return refusal.sentence
    return ""


REVIEWS = {
    "own": (own, "是您自己填报的，须由他人审核"),
    "of another division": (others, "您不能审核"),
    "of nobody who reviews": (no_head, "您不能审核"),
    "approved already": (counted, "不在待审核之列"),
    "returned already": (returned, "不在待审核之列"),
    "changed since": (outdated, "已被他人处理或重新提交"),
}
REVIEW_DOORS = {
    "approve": lambda asked: told_by(approve, asked, today=TODAY),
    "return": lambda asked: told_by(return_, asked, reason="请核对"),
    "ticked": lambda asked: through_the_queue(asked, revision=asked.revision.pk, verdict="approve"),
    "ticked, returned": lambda asked: through_the_queue(
        asked, revision=asked.revision.pk, verdict="return", reason="请核对"
    ),
    "button": lambda asked: through_the_queue(asked, approve=asked.revision.pk),
    "button, returned": lambda asked: through_the_queue(
        asked, **{"return": asked.revision.pk, f"reason-{asked.revision.pk}": "请核对"}
    ),
}


@pytest.mark.parametrize("door", REVIEW_DOORS)
@pytest.mark.parametrize("lock", REVIEWS)
def test_no_door_lets_a_review_through_that_is_not_theirs_or_not_due(world, lock, door):
    arrange, said = REVIEWS[lock]
    asked, stood = arrange(world), written()

    told = REVIEW_DOORS[door](asked)

    assert written() == stood
    assert said in told or (lock == "of nobody who reviews" and told.startswith("404"))


@pytest.mark.parametrize("door", [name for name in REVIEW_DOORS if "return" in name])
def test_no_door_returns_without_a_reason(world, door):
    asked, stood = Asked(world.submit([(92, 100)])[0], world.head), written()
    silent = {
        "return": lambda: told_by(return_, asked, reason=" "),
        "ticked, returned": lambda: through_the_queue(asked, revision=asked.revision.pk, verdict="return"),
        "button, returned": lambda: through_the_queue(asked, **{"return": asked.revision.pk}),
    }

    assert "退回时请写明原因" in silent[door]()
    assert written() == stood


@pytest.mark.parametrize("door", [name for name in REVIEW_DOORS if "return" in name])
def test_no_door_returns_with_the_number_of_an_identity_card(world, door):
    asked, stood = Asked(world.submit([(92, 100)])[0], world.head), written()
    reason = "证号11010519491231002X重复"
    telling = {
        "return": lambda: told_by(return_, asked, reason=reason),
        "ticked, returned": lambda: through_the_queue(
            asked, revision=asked.revision.pk, verdict="return", reason=reason
        ),
        "button, returned": lambda: through_the_queue(
            asked, **{"return": asked.revision.pk, f"reason-{asked.revision.pk}": reason}
        ),
    }

    assert "请隐去身份证号" in telling[door]()
    assert written() == stood


def test_in_bulk_one_locked_figure_keeps_all_from_being_reviewed(world):
    revisions = world.submit([(92, 100), (93, 100)])
    world.approve(revisions[:1])
    stood = written()

    told = through_the_queue(Asked(revisions[0], world.head), revision=[row.pk for row in revisions], verdict="approve")

    assert "不在待审核之列" in told
    assert written() == stood


TAKEN_BACK = {
    "own": (own, True, "错了", "是您自己填报的"),
    "of another division": (others, True, "错了", "您不能审核"),
    "without a reason": (counted, False, " ", "撤回审核时请写明原因"),
    "that does not count": (returned, False, "错了", "已不是有效数据"),
    "of nobody who reviews": (no_head, True, "错了", "您不能审核"),
    "with a full stop for a reason": (counted, False, "。", "撤回审核时请写明原因"),
    "with a resident's number in its reason": (counted, False, "证号11010519491231002X", "请隐去身份证号"),
}


@pytest.mark.parametrize("door", ["action", "page"])
@pytest.mark.parametrize("lock", TAKEN_BACK)
def test_no_door_takes_an_approval_back_that_is_locked(world, lock, door):
    arrange, is_to_count, reason, said = TAKEN_BACK[lock]
    asked = arrange(world)
    if is_to_count:
        other = UserFactory(role=Role.HEAD, unit=world.division)
        approve(revision_ids=[asked.revision.pk], reviewer=other, today=TODAY, at=NOW)
    stood = written()

    if door == "action":
        told = told_by(take_back, asked, reason=reason, today=TODAY)
    else:
        sent = {"revision": asked.revision.pk, "reason": reason}
        told = words(enter(asked.reviewer).post(reverse("progress:take_back"), sent))

    assert written() == stood
    assert said in told or (lock == "of nobody who reviews" and told.startswith("404"))


# --- doors that are walls -----------------------------------------------------------------------------------------------


def test_the_administration_holds_no_figure_and_takes_none(world):
    (revision,) = world.submit([(92, 100)])
    stood, inside = written(), {model._meta.label for model in admin.site._registry}
    root = UserFactory(role=Role.ADMIN, unit=world.bureau, is_staff=True, is_superuser=True)
    client = enter(root)

    for model in apps.get_app_config("progress").get_models():
        assert model._meta.label not in inside
        place = f"{reverse('admin:index')}progress/{model._meta.model_name}/"
        for path in (place, f"{place}add/", f"{place}{revision.pk}/change/", f"{place}{revision.pk}/delete/"):
            assert client.post(path, {"numerator": 93, "post": "yes"}).status_code == 404
    assert written() == stood


def test_no_operation_of_the_api_writes_a_figure(world):
    (revision,) = world.submit([(92, 100)])
    token = issue_token(person=world.people[Role.OFFICER], at=NOW, ends_at=NOW + timedelta(days=40000))
    stood, client = written(), Client(headers={"Authorization": f"Bearer {token}"})
    cell = {"entry_id": revision.entry_id, "measure": revision.entry.measure.code, "numerator": 93, "denominator": 100}
    paths = [f"/api/v1/{pattern.pattern}" for pattern in v1.urls[0] if "preview" in str(pattern.pattern)]
    assert len(paths) == len(v1.urls[0]) - 1  # the rest is the root, which answers nothing

    for path in paths:
        for method in ("get", "post", "put", "patch", "delete"):
            with CaptureQueriesContext(connection) as queries:
                answer = getattr(client, method)(path, {"items": [cell], **cell}, content_type="application/json")
            assert answer.status_code in ((200, 422) if method == "post" else (405,))
            told = [
                query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
            ]
            assert [sql for sql in told if "api_token" not in sql] == []
    assert written() == stood

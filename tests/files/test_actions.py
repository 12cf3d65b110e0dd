"""Files come in once, whole, and as what they are."""

import hashlib
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from apps.files.actions import (
    FileEmpty,
    FileRefused,
    FileTooLarge,
    NameMisleads,
    NoWorkbook,
    TypeNotTaken,
    store_file,
    store_workbook,
)
from apps.files.enums import FileType
from apps.files.models import StoredFile
from apps.files.queries import open_content, path_of, suffix_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2016, 9, 2, 4, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n% a small page\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def archive(*parts):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for part in parts:
            made.writestr(part, "<xml/>")
    return target.getvalue()


XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def store(content, name, person=None):
    return store_file(content=ContentFile(content), name=name, person=person or UserFactory(), at=AT)


def kept_files(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "kind", "suffix"),
    [
        (PDF, "批复.pdf", FileType.PDF, ".pdf"),
        (PNG, "截图.PNG", FileType.PNG, ".png"),
        (JPEG, "照片.jpg", FileType.JPEG, ".jpg"),
        (JPEG, "照片.jpeg", FileType.JPEG, ".jpg"),
        (XLSX, "台账.xlsx", FileType.XLSX, ".xlsx"),
        (DOCX, "说明.docx", FileType.DOCX, ".docx"),
    ],
)
def test_a_file_is_kept_under_its_hash_as_what_it_is(settings, content, name, kind, suffix):
    person = UserFactory()

    stored = store(content, name, person)

    sha256 = hashlib.sha256(content).hexdigest()
    assert (stored.sha256, stored.size, stored.content_type) == (sha256, len(content), kind)
    assert (stored.stored_by, stored.stored_at) == (person, AT)
    assert suffix_of(stored) == suffix
    assert kept_files(settings) == [Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256]
    with open_content(stored) as kept:
        assert kept.read() == content


def test_the_same_content_is_kept_once_and_stays_with_who_brought_it_first(settings):
    first = store(PDF, "批复.pdf")

    second = store(PDF, "另一个名字.pdf")

    assert second == first
    assert StoredFile.objects.get().stored_by == first.stored_by
    assert len(kept_files(settings)) == 1


def test_a_content_that_the_store_had_lost_is_there_again():
    stored = store(PDF, "批复.pdf")
    path_of(stored.sha256).unlink()

    store(PDF, "批复.pdf")

    with open_content(stored) as kept:
        assert kept.read() == PDF


@pytest.mark.parametrize(
    ("content", "name", "why", "sentence"),
    [
        (b"", "空.pdf", FileEmpty, "“空.pdf”是空文件。"),
        (b"MZ\x90\x00" * 20, "批复.pdf", TypeNotTaken, "内容不是可以上传的类型"),
        (b"<html><script>", "页面.png", TypeNotTaken, "内容不是可以上传的类型"),
        (archive("a.txt"), "压缩.xlsx", TypeNotTaken, "内容不是可以上传的类型"),
        (b"PK\x03\x04 broken", "坏.xlsx", TypeNotTaken, "内容不是可以上传的类型"),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "宏.xlsx", TypeNotTaken, "不含宏"),
        (PNG, "截图.pdf", NameMisleads, "“截图.pdf”的内容是 .png 文件，与文件名不符。"),
        (PDF, "没有后缀", NameMisleads, "与文件名不符"),
        (XLSX, "台账.docx", NameMisleads, "内容是 .xlsx 文件"),
    ],
)
def test_what_is_not_taken_gets_its_sentence_and_leaves_nothing(settings, content, name, why, sentence):
    with pytest.raises(why) as refusal:
        store(content, name)

    assert isinstance(refusal.value, FileRefused)
    assert sentence in str(refusal.value)
    assert not StoredFile.objects.exists()
    assert kept_files(settings) == []


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not(settings):
    settings.FILE_SIZE_LIMIT = 1024 * 1024
    store(PDF.ljust(1024 * 1024, b"\x00"), "刚好.pdf")

    with pytest.raises(FileTooLarge, match="超过 1 MB"):
        store(PDF.ljust(1024 * 1024 + 1, b"\x00"), "太大.pdf")

    assert StoredFile.objects.count() == 1
    assert len(kept_files(settings)) == 1


@pytest.mark.parametrize(("content", "name"), [(PDF, "批复.pdf"), (b"MZ\x90\x00" * 20, "台账.xlsx")])
def test_no_workbook_by_its_name_or_by_its_content(settings, content, name):
    with pytest.raises(NoWorkbook, match="不是 Excel 文件"):
        store_workbook(content=ContentFile(content), name=name, person=UserFactory(), at=AT)

    assert kept_files(settings) == []


def test_storing_costs_at_most_two_queries(django_assert_max_num_queries):
    person = UserFactory()
    with django_assert_max_num_queries(6):  # two, and the savepoints around them
        store(PDF, "批复.pdf", person)
    with django_assert_max_num_queries(3):
        store(PDF, "批复.pdf", person)

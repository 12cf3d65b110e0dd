"""The words of a file are read as far as they can be had, and a wicked file harms nobody."""

import sys
import zipfile
from io import BytesIO, StringIO

import pytest
import xlsxwriter

from apps.files.queries import readable_texts, texts
from apps.files.queries.pdf_words import print_words

PHONE = "13800138000"


def workbook(*values):
    target = BytesIO()
    with xlsxwriter.Workbook(target) as made:
        made.add_worksheet().write_row(0, 0, values)
    return target.getvalue()


def archive(**parts):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, xml in parts.items():
            made.writestr(f"word/{name}.xml", xml)
    return target.getvalue()


def page(words):
    """Return a PDF of one page that says something, drawn up by hand."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        made
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(made))
    )


def words_of(content):
    return "\n".join(readable_texts(BytesIO(content)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbook("联系人", int(PHONE)), ["联系人", PHONE]),
        (archive(document=f"<w:p><w:r><w:t>138</w:t></w:r><w:r><w:t>{PHONE[3:]}</w:t></w:r></w:p>"), [PHONE]),
        (archive(header1="<w:p>甲 &amp; 乙</w:p>"), ["甲 & 乙"]),
        (page(PHONE), [PHONE]),
    ],
    ids=["workbook", "document", "header", "page"],
)
def test_words_are_read_as_a_person_sees_them(content, words):
    lines = [line.strip() for line in words_of(content).splitlines()]

    assert [word for word in words if word not in lines] == []


def test_neighbouring_cells_are_not_run_together():
    assert PHONE not in words_of(workbook(int(PHONE[:5]), int(PHONE[5:])))


@pytest.mark.parametrize(
    "xml",
    [
        f'<w:f t="shared" si="0"/><w:p>{PHONE}</w:p><w:f>B1*2</w:f>',
        f"<w:f>B1*2</w:f><w:p>{PHONE}</w:p><w:f>B2*2</w:f>",
        f"<w:f><w:p>{PHONE}</w:p>",
        f"<w:p><![CDATA[{PHONE}]]></w:p>",
        f"&#{'9' * 5000};<w:p>{PHONE}</w:p>",
        "".join(f"&#{ord(digit)};" for digit in PHONE),
    ],
    ids=["empty formula", "between formulas", "open formula", "CDATA", "endless sign", "signs by number"],
)
def test_nothing_that_one_sees_is_passed_over(xml):
    assert PHONE in words_of(archive(document=xml))


@pytest.mark.parametrize("tag", ["f", "rPh", "w:instrText"])
def test_what_nobody_sees_is_left_out(tag):
    assert PHONE not in words_of(archive(document=f"<{tag} a='1'>{PHONE}</{tag}><w:p>甲</w:p>"))


FILLED_DOWN = '<row><c><f t="shared" si="0"/><v>2</v></c></row>'


@pytest.mark.parametrize(
    "xml",
    [FILLED_DOWN * 10_000, "<f>" * 150_000, "<" * 450_000, "<br " * 110_000],
    ids=["filled down", "formulas", "brackets", "breaks"],
)
def test_a_long_part_is_read_to_its_end(xml):
    assert "甲" in words_of(archive(document=f"<w:p>甲</w:p>{xml}"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + PHONE.encode(),
        b"PK\x03\x04 broken",
        archive(document=PHONE)[:40],
        b"%PDF-1.4\nbroken",
    ],
    ids=["nothing", "picture", "no archive", "half an archive", "half a PDF"],
)
def test_what_cannot_be_read_says_nothing(content):
    assert words_of(content).strip() == ""


def test_the_content_stands_at_its_beginning_again():
    content = BytesIO(workbook(PHONE))
    content.seek(5)

    assert list(readable_texts(content))
    assert content.tell() == 0


def test_a_file_that_grows_on_unpacking_is_read_to_the_limit_and_no_further():
    bomb = archive(document="<w:t>" + " " * (texts.MOST_UNPACKED + texts.PIECE) + PHONE, footer1=PHONE)

    assert sum(len(text) for text in readable_texts(BytesIO(bomb))) < texts.MOST_UNPACKED


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import time, sys; print('早', flush=True); time.sleep(60)")
    monkeypatch.setattr(texts, "PDF_READER", endless)
    monkeypatch.setattr(texts, "PDF_SECONDS", 1)

    assert words_of(b"%PDF-1.4").strip() in ("早", "")


def test_the_reader_of_pdfs_prints_what_pages_say(monkeypatch):
    told = StringIO()
    monkeypatch.setattr(sys, "stderr", StringIO())

    print_words(BytesIO(page("page one")), told)

    assert told.getvalue().strip() == "page one"

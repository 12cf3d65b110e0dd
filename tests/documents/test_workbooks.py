"""Files that somebody sent: what is refused with which sentence, and what every cell reads as."""

import struct
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter

from apps.documents.forms import read_plans, refusals
from apps.files.forms import refusals as sheets
from apps.files.forms.compounds import Compound, CompoundDamaged
from apps.files.forms.workbooks import column_letters, open_workbook
from tests.documents import malformed

REFUSALS = {
    "not_excel": (sheets.NotExcel, "不是 Excel 工作簿，应为 .xlsx 或 .xls 文件"),
    "password_protected": (sheets.PasswordProtected, "设有打开密码"),
    "empty": (sheets.WorkbookEmpty, "是空文件"),
    "of_fifty_megabytes": (sheets.WorkbookTooLarge, "有 51 MB，超过 20 MB 的上限"),
    "with_macros": (sheets.MacrosInside, "含有宏"),
    "wrong_sheet": (
        refusals.TableMissing,
        "工作表（“人员名册”、“车辆”）中没有找到绩效目标表，应有表头：序号、单位名称",
    ),
    "head_missing": (refusals.HeadMissing, "工作表“表十一”第 3 行是项目绩效目标表的表头，缺少：项目主要绩效指标。"),
    "text_in_money": (refusals.MoneyUnreadable, "工作表“表十一”第 4 行 F 列写的是“四千万”，应为金额，如 4020.00。"),
    "failed_formulas": (sheets.FormulaFailed, "工作表“表十一”第 4 行 F 列的公式出错，显示为“#DIV/0!”"),
    "one_code_twice": (
        refusals.ProjectTwice,
        "工作表“表十一”第 5 行 K 列的项目“P07”已在工作表“表十一”第 4 行 K 列出现",
    ),
}


@pytest.mark.parametrize("name", malformed.MALFORMED)
def test_a_malformed_file_ends_in_a_sentence(name):
    kind, sentence = REFUSALS[name]

    with pytest.raises(kind) as refused:
        read_plans(malformed.MALFORMED[name](), "表.xlsx")

    assert sentence in str(refused.value)
    assert refused.value.findings[0] == str(refused.value)


def test_a_file_is_measured_before_it_is_read(tmp_path, settings):
    path = tmp_path / "大.xlsx"
    path.write_bytes(malformed.goal_table(malformed.PROJECT))
    assert len(read_plans(path, path.name)) == 1
    settings.FILE_SIZE_LIMIT = path.stat().st_size - 1

    with pytest.raises(sheets.WorkbookTooLarge):
        read_plans(path, path.name)


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(settings):
    settings.FILE_SIZE_LIMIT = 1024 * 1024
    content = malformed.unpacking_to(9)
    assert len(content) < settings.FILE_SIZE_LIMIT

    with pytest.raises(sheets.WorkbookTooLarge, match="解压后超过 8 MB"):
        open_workbook(content, "炸弹.xlsx")


def test_a_part_that_lies_about_its_size_is_counted():
    content = bytearray(malformed.unpacking_to(200))
    size = (200 * 1024 * 1024).to_bytes(4, "little")
    assert content.count(size) == 2
    content = bytes(content).replace(size, (1).to_bytes(4, "little"))

    with pytest.raises(sheets.WorkbookTooLarge, match="解压后超过 160 MB"):
        open_workbook(content, "炸弹.xlsx")


def test_a_cell_far_away_does_not_take_the_memory_of_all_before_it():
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("远")
    sheet.write(0, 0, "近")
    sheet.write(1_048_575, 16_383, "远")
    book.close()

    with pytest.raises(sheets.WorkbookTooLarge, match="超过 300 万个单元格"):
        open_workbook(target.getvalue(), "远.xlsx")


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("xl/sharedStrings.xml", b' uniqueCount="', b' uniqueCount="4000000'),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b'</sheetData><mergeCells count="4000000000"/>'),
    ],
)
def test_a_part_that_announces_more_than_it_holds_is_damaged(part, before, after):
    with ZipFile(BytesIO(malformed.goal_table(malformed.PROJECT))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after)
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    with pytest.raises(sheets.WorkbookDamaged):
        open_workbook(target.getvalue(), "大话.xlsx")


def test_an_old_file_that_announces_more_than_it_holds_is_cut_down():
    stream = Compound(malformed.old_workbook({(0, 0): "甲"})).stream("Workbook")
    texts = struct.pack("<HHII", 0xFC, 8, 0, 0xFFFFFFF0)
    extent = struct.pack("<HHIIHHH", 0x200, 14, 0, 0xFFFFFFF0, 0, 0xFFF0, 0)
    at = stream.index(struct.pack("<HHHH", 0x85, 14, 0, 0)[:2])
    offset = struct.unpack_from("<I", stream, at + 4)[0]
    head = offset + len(texts)
    grown = (
        stream[: at + 4] + struct.pack("<I", head) + stream[at + 8 : offset - 4] + texts + stream[offset - 4 : offset]
    )
    sheet = stream[offset : offset + 20] + extent + stream[offset + 20 :]

    content = malformed.compound({"Workbook": grown + sheet})

    assert open_workbook(content, "大话.xls").sheets[0].rows == [["甲"]]


def test_cells_that_are_only_coloured_do_not_count():
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("表")
    sheet.write(0, 0, "近")
    sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bg_color": "#FFFF00"}))
    book.close()

    assert open_workbook(target.getvalue(), "色.xlsx").sheets[0].rows == [["近"]]


@pytest.mark.parametrize("length", [0.2, 0.5, 0.95])
def test_a_file_that_breaks_off_is_damaged(length):
    content = malformed.goal_table(malformed.PROJECT)
    old = malformed.old_workbook({(0, 0): "甲"})

    for broken in (content[: int(len(content) * length)], old[: int(len(old) * length * 0.8)]):
        with pytest.raises(sheets.WorkbookDamaged):
            open_workbook(broken, "坏.xlsx")


def test_what_is_not_the_named_file_is_refused():
    word = malformed.compound({"WordDocument": b"\0" * 4096})
    macros = malformed.compound({"Workbook": b"\0" * 4096}, storages=("_VBA_PROJECT_CUR",))
    locked = malformed.old_workbook({(0, 0): "甲"}, password=True)

    with pytest.raises(sheets.NotExcel):
        open_workbook(word, "表.xls")
    with pytest.raises(sheets.MacrosInside):
        open_workbook(macros, "表.xls")
    with pytest.raises(sheets.PasswordProtected):
        open_workbook(locked, "表.xls")
    with pytest.raises(sheets.MacrosInside):
        open_workbook(malformed.goal_table(malformed.PROJECT), "表.xlsm")


def test_a_workbook_without_a_word_is_empty():
    with pytest.raises(sheets.WorkbookEmpty, match="工作表都没有内容"):
        open_workbook(malformed.without_content(), "空.xlsx")


def test_cells_read_as_they_look():
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("甲")
    sheet.write_row(0, 0, [0.1 + 0.2, 40200000, 4020.5, 1e-7, True, " 甲\r\n乙\u200b\u00a0丙 ", "   "])
    sheet.write(1, 0, 0.9, book.add_format({"num_format": "0%"}))
    sheet.write(1, 1, 0.955, book.add_format({"num_format": "0.00%"}))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_datetime(1, 2, datetime(2016, 1, 1), day)
    sheet.write_datetime(1, 3, datetime(2016, 1, 1, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    sheet.write_formula(1, 4, "=1+1", None, 2)
    sheet.write_formula(1, 5, '=""', None, "")
    book.close()

    rows = open_workbook(target.getvalue(), "甲.xlsx").sheets[0].rows

    assert rows == [
        ["0.3", "40200000", "4020.5", "0.0000001", "TRUE", "甲\n乙 丙", None],
        ["90%", "95.5%", "2016-01-01", "2016-01-01 09:30:00", "2", None, None],
    ]


def test_a_merged_block_says_the_same_in_all_its_cells_and_is_one_cell():
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("甲")
    sheet.merge_range(1, 1, 2, 2, "合并")
    sheet.write(2, 3, "末")
    book.close()

    found = open_workbook(target.getvalue(), "甲.xlsx").sheets[0]

    assert found.rows[1] == [None, "合并", "合并", None]
    assert found.rows[2] == [None, "合并", "合并", "末"]
    assert found.anchor(2, 2) == (1, 1)
    assert str(found.address(2, 2)) == "工作表“甲”第 2 行 B 列"
    assert found.text(99, 0) is None
    assert found.text(0, 99) is None


def test_the_old_format_reads_the_same():
    cells = {(0, 0): "合并", (1, 1): (0.9, 1), (2, 1): 0.1 + 0.2, (2, 2): "#DIV/0!", (3, 0): "末"}
    content = malformed.old_workbook(cells, merged=[((0, 0), (1, 0))], formats=("General", "0.0%"))

    sheet = open_workbook(content, "旧.xls").sheets[0]

    assert sheet.name == "表十一"
    assert sheet.rows == [["合并", None, None], ["合并", "90%", None], [None, "0.3", None], ["末", None, None]]
    assert sheet.anchor(1, 0) == (0, 0)
    assert [str(failure) for failure in sheet.failures()] == [
        "工作表“表十一”第 3 行 C 列的公式出错，显示为“#DIV/0!”，应为文字或数字；请改正公式或直接填写。"
    ]


def test_the_old_format_is_read_as_a_table_too():
    rows = [("单位：万元",), malformed.HEADS, malformed.PROJECT]
    cells = {(row, column): value for row, line in enumerate(rows) for column, value in enumerate(line)}

    assert read_plans(malformed.old_workbook(cells), "旧.xls") == read_plans(
        malformed.goal_table(malformed.PROJECT), "新.xlsx"
    )


def test_a_formula_that_nobody_calculated_is_told():
    content = malformed.workbook(("甲", [("一", ("=A1", ""))]))
    target = BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(target, "w") as copy:
        for part in archive.namelist():
            text = archive.read(part)
            copy.writestr(part, text.replace(b"<v></v>", b"") if part.endswith("sheet1.xml") else text)

    (sheet,) = open_workbook(target.getvalue(), "甲.xlsx").sheets

    assert [str(failure) for failure in sheet.failures()] == [
        "工作表“甲”第 1 行 B 列是没有计算结果的公式，应为文字或数字；请用 Excel 打开、保存后再上传。"
    ]


def test_hidden_sheets_are_passed_over():
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("显").write(0, 0, "甲")
    hidden = book.add_worksheet("隐")
    hidden.write(0, 0, "乙")
    hidden.hide()
    book.close()

    assert [sheet.name for sheet in open_workbook(target.getvalue(), "甲.xlsx").sheets] == ["显"]


def test_columns_are_named_as_in_excel():
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_old_file_is_a_file_system():
    file = Compound(malformed.compound({"Workbook": b"\1" * 5000, "Other": b"\2" * 4096}))

    assert file.stream("Workbook") == b"\1" * 5000
    assert file.names == {"Root Entry", "Workbook", "Other", ""}
    with pytest.raises(CompoundDamaged):
        Compound(malformed.compound({"Workbook": b"\1" * 5000})[:600])


def test_findings_are_told_together_and_no_more_than_fifty():
    rows = [malformed.changed((0, str(n)), (2, f"项目{n}"), (5, "未定")) for n in range(60)]

    with pytest.raises(refusals.MoneyUnreadable) as refused:
        read_plans(malformed.goal_table(*rows), "多.xlsx")

    assert len(refused.value.findings) == 51
    assert refused.value.findings[-1] == "另有 10 处问题未列出，请先改正以上各处。"


def test_findings_of_several_kinds_are_a_refusal_of_no_kind():
    rows = [malformed.changed((5, "未定")), malformed.changed((0, "2"), (2, "乙"), (3, "其他"), (4, "明年"))]

    with pytest.raises(sheets.SheetRefused) as refused:
        read_plans(malformed.goal_table(*rows), "多.xlsx")

    assert type(refused.value) is sheets.SheetRefused
    assert [finding.split("，")[0] for finding in refused.value.findings] == [
        "工作表“表十一”第 4 行 F 列写的是“未定”",
        "工作表“表十一”第 5 行 D 列写的是“其他”",
        "工作表“表十一”第 5 行 E 列写的是“明年”",
    ]

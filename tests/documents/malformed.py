"""Files that must be refused with a sentence, as bytes: made here, byte for byte, so that no office program is needed."""

import struct
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import xlsxwriter

HEADS = (
    "序号",
    "单位名称",
    "项目名称",
    "项目属性",
    "项目起止时间",
    "2016年项目预算金额",
    "项目内容及资金支出方向",
    "项目绩效目标",
    "项目主要绩效指标",
    "上年度项目绩效完成情况",
)
PROJECT = (
    "1",
    "某某局",
    "体育场馆开放经费",
    "持续项目",
    "2016-01-01至2016-12-31",
    120,
    "1.场馆维护费\n2.培训费",
    "1.向市民开放体育场馆",
    "体育场馆开放率达到70%",
    "2015年预算执行率96%",
)
SECTOR, MINI = 512, 4096
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LIMIT_AND_MORE = 50 * 1024 * 1024


def workbook(*sheets, **options):
    """Return an .xlsx of `(name, rows)`; a cell that is a tuple is `(formula, what it shows)`."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False} | options)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, tuple):
                    sheet.write_formula(row, column, value[0], None, value[1])
                elif value is not None:
                    sheet.write(row, column, value)
    book.close()
    return target.getvalue()


def goal_table(*projects, heads=HEADS, sheet="表十一", unit="单位：万元"):
    """Return an .xlsx with the table of 2016: title, unit, heads, the projects' rows, a remark."""
    return workbook((sheet, [("项目绩效目标表",), (unit,), heads, *projects, ("备注：1.项目属性可选。",)]))


def changed(*changes, project=PROJECT):
    """Return a project with some of its columns changed, as `(column, value)`."""
    cells = list(project)
    for column, value in changes:
        cells[column] = value
    return tuple(cells)


def not_excel():
    return "<html><body><table><tr><td>项目绩效目标表</td></tr></table></body></html>".encode()


def password_protected():
    return compound({"EncryptedPackage": b"\0" * MINI, "EncryptionInfo": b"\4\0\4\0" * 1024})


def empty():
    return b""


def without_content():
    return workbook(("Sheet1", []))


def of_fifty_megabytes():
    return goal_table(PROJECT) + b"\0" * LIMIT_AND_MORE


def unpacking_to(megabytes):
    """Return an .xlsx that is small and unpacks to so many megabytes, whatever its list of parts says of it."""
    content = BytesIO(goal_table(PROJECT))
    with ZipFile(content, "a", compression=8, compresslevel=9) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * megabytes * 1024 * 1024)
    return content.getvalue()


def with_macros():
    content = BytesIO(goal_table(PROJECT))
    with ZipFile(content, "a", compression=ZIP_STORED) as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return content.getvalue()


def wrong_sheet():
    return workbook(("人员名册", [("姓名", "处室"), ("张三", "综合处")]), ("车辆", [("车牌",)]))


def head_missing():
    return goal_table(PROJECT, heads=tuple(head for head in HEADS if head != "项目主要绩效指标"))


def text_in_money():
    return goal_table(changed((5, "四千万")))


def failed_formulas():
    return goal_table(changed((5, ("=1/0", "#DIV/0!"))), changed((0, "2"), (2, ("=B99+缺", "#NAME?"))))


def one_code_twice():
    heads = (*HEADS, "项目编号")
    return goal_table((*PROJECT, "P07"), (*changed((0, "2"), (2, "另一个名称")), "P07"), heads=heads)


MALFORMED = {
    "not_excel": not_excel,
    "password_protected": password_protected,
    "empty": empty,
    "of_fifty_megabytes": of_fifty_megabytes,
    "with_macros": with_macros,
    "wrong_sheet": wrong_sheet,
    "head_missing": head_missing,
    "text_in_money": text_in_money,
    "failed_formulas": failed_formulas,
    "one_code_twice": one_code_twice,
}
"""The ten, by name; each is called for its bytes."""


# --- the old file of Office ---------------------------------------------------------------------------------------------


def compound(streams, storages=()):
    """Return a compound file (MS-CFB, version 3) with the streams; each must have 4096 bytes or more."""
    bodies = [content + b"\0" * (-len(content) % SECTOR) for content in streams.values()]
    entries = 1 + len(streams) + len(storages)
    directory_sectors = -(-entries * 128 // SECTOR)
    used = 1 + directory_sectors + sum(len(body) // SECTOR for body in bodies)
    assert used <= SECTOR // 4, "one sector of the table is all there is"
    table, start, starts = [TABLE, *_chain(1, directory_sectors)], 1 + directory_sectors, []
    for body in bodies:
        starts.append(start)
        table += _chain(start, len(body) // SECTOR)
        start += len(body) // SECTOR
    table += [FREE] * (SECTOR // 4 - len(table))
    directory = _entry("Root Entry", 5, END, 0, child=1 if entries > 1 else FREE)
    sizes = [len(content) for content in streams.values()]
    rows = [(name, 2, at, size) for (name, at, size) in zip(streams, starts, sizes, strict=True)]
    rows += [(name, 1, END, 0) for name in storages]
    for number, (name, kind, at, size) in enumerate(rows, start=1):
        directory += _entry(name, kind, at, size, right=number + 1 if number < len(rows) else FREE)
    directory += b"\0" * (directory_sectors * SECTOR - len(directory))
    return _header() + struct.pack(f"<{len(table)}I", *table) + directory + b"".join(bodies)


def _chain(first, length):
    return [*range(first + 1, first + length), END]


def _header():
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, MINI, END, 0, END, 0)
    return head + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(name, kind, start, size, *, child=FREE, right=FREE):
    encoded = name.encode("utf-16-le")
    text = encoded + b"\0" * (64 - len(encoded))
    links = struct.pack("<HBBIII", len(encoded) + 2, kind, 1, FREE, right, child)
    return text + links + b"\0" * 36 + struct.pack("<IQ", start, size)


def old_workbook(cells, *, name="表十一", merged=(), password=False, formats=("General",)):
    """Return an .xls (BIFF8) of one sheet: `cells` by place are texts, numbers, `(number, format)` or errors as `#DIV/0!`."""
    globals_ = [_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))]
    if password:
        globals_.append(_record(0x2F, b"\1\0\1\0\1\0" + b"\0" * 48))
    globals_ += [
        _record(0x41E, struct.pack("<HHB", 164 + n, len(text), 0) + text.encode()) for n, text in enumerate(formats)
    ]
    globals_ += [_record(0xE0, struct.pack("<HH", 0, 164 + n) + b"\0" * 16) for n in range(len(formats))]
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    before = sum(map(len, globals_)) + len(_record(0x85, b"\0" * 6 + title)) + 4
    globals_ += [_record(0x85, struct.pack("<IH", before, 0) + title), _record(0x0A, b"")]
    sheet = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    sheet += [_cell(row, column, value) for (row, column), value in sorted(cells.items())]
    if merged:
        blocks = b"".join(struct.pack("<HHHH", top, bottom, left, right) for (top, left), (bottom, right) in merged)
        sheet.append(_record(0xE5, struct.pack("<H", len(merged)) + blocks))
    sheet.append(_record(0x0A, b""))
    content = b"".join(globals_ + sheet)
    return compound({"Workbook": content + b"\0" * max(0, MINI - len(content))})


def _record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def _cell(row, column, value):
    place = struct.pack("<HH", row, column)
    if isinstance(value, tuple):
        return _record(0x203, place + struct.pack("<Hd", value[1], value[0]))
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<Hd", 0, value))
    if value == "#DIV/0!":
        return _record(0x205, place + struct.pack("<HBB", 0, 7, 1))
    return _record(0x204, place + struct.pack("<HHB", 0, len(value), 1) + value.encode("utf-16-le"))

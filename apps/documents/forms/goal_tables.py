"""项目绩效目标表 as the municipal budget of 2016 printed it: ten columns, one project over several rows, a goal in each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from apps.documents.enums import Layout
from apps.documents.forms.cells import (
    EMPTY,
    Item,
    is_example,
    items,
    joined,
    read_attribute,
    read_money,
    read_period,
    shortened,
    squeezed,
)
from apps.documents.forms.printed import PrintedDirection, PrintedGoal, PrintedIndicator, PrintedPlan
from apps.documents.forms.refusals import HeadMissing, MoneyUnreadable, ProjectUnnamed
from apps.documents.forms.sentences import indicators_in, sentences, unnumbered
from apps.files.forms.cells import Address, PrintedText
from apps.files.forms.refusals import Findings
from apps.files.forms.workbooks import Place, Sheet
from apps.ui import formats

HEADS: Final = {
    "ordinal": ("序号",),
    "bureau": ("单位名称", "单位", "预算单位", "预算单位名称"),
    "name": ("项目名称",),
    "attribute": ("项目属性",),
    "period": ("项目起止时间", "起止时间", "项目起止日期", "起止日期"),
    "amount": ("项目预算金额", "预算金额"),
    "directions": ("项目内容及资金支出方向", "项目内容和资金支出方向", "资金支出方向"),
    "goals": ("项目绩效目标", "绩效目标"),
    "indicators": ("项目主要绩效指标", "主要绩效指标", "绩效指标"),
    "last_year": ("上年度项目绩效完成情况", "上年度绩效完成情况", "上年度项目完成情况"),
}
OWN_HEADS: Final = {"number": ("项目编号", "项目编码", "项目代码"), "bureau_code": ("单位编码", "单位代码")}
REQUIRED: Final = tuple(field for field in HEADS if field != "ordinal")
FIELD_OF_HEAD: Final = {word: name for name, words in {**HEADS, **OWN_HEADS}.items() for word in words}
HEAD: Final = re.compile(r"\*?(?:(?P<year>20\d\d)年(?:度)?)?(?P<word>[^()]*?)\*?(?P<unit>\((?:单位:)?(?:万元|元)\))?")
LONGEST_HEAD: Final = 40
ENOUGH_HEADS: Final = 3
ABOVE: Final = 10
UNIT: Final = re.compile(r"(?:单位|金额):?\(?(?:人民币)?(万元|元)")
DEPARTMENT: Final = re.compile(r"(?:部门|单位)名称\s*[:：]\s*(?P<name>.+?)(?:\s+(?:金额)?单位\s*[:：].*)?", re.DOTALL)
CODED: Final = re.compile(r"[\[（(]?(?P<code>\d{3,20})[\]）)]?\s*[-—_]?\s*(?P<name>[^\d\s].*)", re.DOTALL)
REMARKS: Final = re.compile(
    "(?:备注|注|说明|填表说明|填报说明)[:：]|填表人|填报人|审核人|制表人|联系人|单位负责人|部门负责人"
)
SUMS: Final = ("合计", "总计", "小计")
NUMBERS: Final = re.compile(r"项目(?:编号|编码|代码)\s*[:：]\s*(?P<rest>.+)", re.DOTALL)
NUMBER: Final = re.compile(r"(?:(?P<ordinal>\d+)\s*(?:为|号为|[:：=]|\s)\s*)?(?P<number>[\w./-]+)")


@dataclass(frozen=True, slots=True)
class Table:
    """A stretch of a sheet under one row of heads: `columns` by field, the rows from `first` to before `end`."""

    sheet: Sheet
    head: int
    columns: Mapping[str, int]
    year: int | None
    is_in_wan: bool | None
    end: int

    def places(self, name: str, rows: Iterable[int]) -> list[Place]:
        """Return the cells of a column that say something, each merged block once."""
        column = self.columns.get(name)
        if column is None:
            return []
        filled = (row for row in rows if self.sheet.text(row, column) is not None)
        return list(dict.fromkeys(self.sheet.anchor(row, column) for row in filled))

    def cells(self, name: str, rows: Iterable[int]) -> list[PrintedText]:
        """Return the words of a column's cells, with their addresses."""
        return [cell for place in self.places(name, rows) if (cell := self.sheet.printed(*place))]

    def distinct(self, name: str, rows: Iterable[int]) -> list[PrintedText]:
        """Return the words of a column, those once that are written out anew in every row."""
        return list(dict.fromkeys(self.cells(name, rows)))

    def first(self, name: str, rows: Iterable[int]) -> PrintedText | None:
        """Return the first words of a column, None where there are none."""
        return next(iter(self.cells(name, rows)), None)


@dataclass(slots=True)
class Block:
    """The rows of one project. `said` are the words of its own columns, by which the next row is held to go on with it."""

    table: Table
    rows: list[int]
    said: Mapping[str, str]
    department: tuple[PrintedText | None, PrintedText] | None
    numbers: Mapping[str, PrintedText]


def read_goal_table(sheet: Sheet, findings: Findings) -> list[PrintedPlan]:
    """Return the projects of all tables of a sheet, in their order; what is wrong is noted in `findings`."""
    plans: list[PrintedPlan] = []
    with findings.collected():
        for block in _blocks(_tables(sheet)):
            with findings.collected():
                plans.append(_plan(block, findings))
    return plans


def has_goal_table(sheet: Sheet) -> bool:
    """Tell whether a sheet has a row with heads of the form, be they all or not."""
    return any(True for _row, _found in _head_rows(sheet))


# --- where the tables are -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _head(text: str) -> tuple[str, int | None, str | None] | None:
    """Return which head a cell is: the field, the year in it and the unit in it; None for any other text."""
    if len(text) > LONGEST_HEAD:
        return None
    match = HEAD.fullmatch(squeezed(text))
    name = FIELD_OF_HEAD.get(match["word"]) if match else None
    if match is None or name is None:
        return None
    return name, int(match["year"]) if match["year"] else None, match["unit"]


def _head_rows(sheet: Sheet) -> Iterator[tuple[int, dict[str, tuple[int, int | None, str | None]]]]:
    """Yield the rows that hold heads, and in which column each is."""
    for row, cells in enumerate(sheet.rows):
        found: dict[str, tuple[int, int | None, str | None]] = {}
        for column, text in enumerate(cells):
            if text is not None and (head := _head(text)) and head[0] not in found:
                found[head[0]] = column, head[1], head[2]
        if len(found) >= ENOUGH_HEADS and {"goals", "indicators", "amount", "directions"} & set(found):
            yield row, found


def _tables(sheet: Sheet) -> list[Table]:
    """Return the stretches under each row of heads; raises `HeadMissing`."""
    heads = [(row, found) for row, found in _head_rows(sheet) if sheet.anchor(row, found_column(found))[0] == row]
    tables: list[Table] = []
    for number, (row, found) in enumerate(heads):
        _check_heads(sheet, row, found)
        above = _unit_above(sheet, row)
        before = tables[-1].is_in_wan if tables else None
        own = found["amount"][2]
        is_in_wan = "万元" in own if own else (before if above is None else above)
        end = heads[number + 1][0] if number + 1 < len(heads) else len(sheet.rows)
        columns = {name: place[0] for name, place in found.items()}
        tables.append(Table(sheet, row, columns, found["amount"][1], is_in_wan, end))
    return tables


def found_column(found: Mapping[str, tuple[int, int | None, str | None]]) -> int:
    """Return the first column of a row of heads."""
    return min(place[0] for place in found.values())


def _check_heads(sheet: Sheet, row: int, found: Mapping[str, object]) -> None:
    missing = [HEADS[name][0] for name in REQUIRED if name not in found]
    if missing:
        words = {"sheet": sheet.name, "row": row + 1, "missing": formats.names(missing)}
        raise HeadMissing(_("工作表“%(sheet)s”第 %(row)s 行是项目绩效目标表的表头，缺少：%(missing)s。") % words)


def _unit_above(sheet: Sheet, row: int) -> bool | None:
    """Return whether the table is in 万元 by the words above it, None where they do not say."""
    for above in range(row - 1, max(-1, row - ABOVE), -1):
        for text in sheet.rows[above]:
            if text and (match := UNIT.search(squeezed(text))):
                return match[1] == "万元"
    return None


# --- which rows belong together -----------------------------------------------------------------------------------------

HEAD_FIELDS: Final = ("ordinal", "bureau", "name", "attribute", "period", "amount", "number")
MONEY_FIELDS: Final = {"attribute", "period", "amount", "number"}


def _blocks(tables: Sequence[Table]) -> list[Block]:
    """Return the rows of each project. One goes on under repeated heads, where its own cells are empty or the same."""
    blocks: list[Block] = []
    for table in tables:
        department, numbers = _department(table), _numbers(table)
        for row in _rows(table):
            said = _said(table, row)
            if blocks and _goes_on(blocks[-1], table, row, said):
                blocks[-1].rows.append(row)
            else:
                blocks.append(Block(table, [row], said, department, numbers))
    return blocks


def _rows(table: Table) -> Iterator[int]:
    """Yield the rows of a table that belong to projects: up to the remarks, without sums, examples and titles."""
    sheet, name = table.sheet, table.columns["name"]
    for row in range(table.head + 1, table.end):
        if sheet.anchor(row, name)[0] <= table.head:
            continue
        begins = next((column for column, text in enumerate(sheet.rows[row]) if text is not None), None)
        if begins is None:
            continue
        if begins < table.columns["goals"] and REMARKS.match(sheet.rows[row][begins] or ""):
            return
        if not _is_aside(table, row):
            yield row


def _is_aside(table: Table, row: int) -> bool:
    """Tell whether a row is none of a project's: an example of a template, a sum, a title over the whole table."""
    sheet, cells = table.sheet, table.sheet.rows[row]
    if any(text in SUMS or is_example(text) for text in cells):
        return True
    filled = [column for column in table.columns.values() if sheet.text(row, column) is not None]
    if len(filled) == 1:
        return filled[0] == table.columns.get("ordinal")
    return len({sheet.anchor(row, column) for column in filled}) < 2


def _said(table: Table, row: int) -> dict[str, str]:
    found = {name: table.sheet.text(row, table.columns[name]) for name in HEAD_FIELDS if name in table.columns}
    return {name: text for name, text in found.items() if text is not None}


def _goes_on(block: Block, table: Table, row: int, said: Mapping[str, str]) -> bool:
    """Tell whether a row is of the project above it: nothing of its own columns is filled, or all of it is the same.

    Rows beside one merged name are one project's. A name in a merged block of its own begins another project, even one of
    the same name, unless a page break is between.
    """
    if block.table.columns != table.columns:
        return False
    is_same = said.items() <= block.said.items()
    if "name" not in said:
        return is_same or not said.keys() & MONEY_FIELDS
    name = table.columns["name"]
    anchor = table.sheet.anchors.get((row, name))
    if anchor is not None and anchor == table.sheet.anchors.get((block.rows[-1], name)):
        return True
    begins = anchor == (row, name)
    return is_same and not (begins and block.table is table)


def _department(table: Table) -> tuple[PrintedText | None, PrintedText] | None:
    """Return code and name of the department that is named above a table (部门名称：127001 某局), None where none is."""
    for row in range(table.head - 1, max(-1, table.head - ABOVE), -1):
        for column, text in enumerate(table.sheet.rows[row]):
            if text and (match := DEPARTMENT.fullmatch(text)):
                return _code_and_name(PrintedText(text=match["name"], address=table.sheet.address(row, column)))
    return None


def _code_and_name(cell: PrintedText) -> tuple[PrintedText | None, PrintedText]:
    match = CODED.fullmatch(cell.text)
    if match is None:
        return None, cell
    return replace(cell, text=match["code"]), replace(cell, text=match["name"].strip())


def _numbers(table: Table) -> dict[str, PrintedText]:
    """Return the projects' numbers that a remark gives (项目编号：1为P07；2为P08), by 序号; by "" where it gives but one."""
    found: dict[str, PrintedText] = {}
    for row in range(table.head + 1, table.end):
        first = next((column for column, text in enumerate(table.sheet.rows[row]) if text is not None), None)
        match = None if first is None else NUMBERS.fullmatch(table.sheet.rows[row][first] or "")
        for part in re.split("[;；，、]", match["rest"]) if match and first is not None else ():
            if number := NUMBER.fullmatch(part.strip()):
                cell = PrintedText(text=number["number"], address=table.sheet.address(row, first or 0))
                found[number["ordinal"] or ""] = cell
    return found


# --- one project --------------------------------------------------------------------------------------------------------


def _plan(block: Block, findings: Findings) -> PrintedPlan:
    """Return a project as it is printed; raises `ProjectUnnamed`, and notes what else cannot be read."""
    table, rows = block.table, block.rows
    name = table.first("name", rows)
    if name is None:
        address = table.sheet.address(rows[0], table.columns["name"])
        raise ProjectUnnamed(_("%(address)s是空的，应为项目名称。") % {"address": address})
    code, bureau = _bureau(block)
    is_in_wan = table.is_in_wan is not False
    attribute, amount, (starts_on, ends_on) = None, None, (None, None)
    with findings.collected():
        attribute = read_attribute(table.first("attribute", rows))
    with findings.collected():
        starts_on, ends_on = read_period(joined(table.distinct("period", rows)), table.year)
    with findings.collected():
        amount = read_money(_amount(table, rows), is_in_wan=is_in_wan)
    goals, indicators = _aims(table, rows)
    return PrintedPlan(
        layout=Layout.GOAL_TABLE,
        sheet=table.sheet.name,
        year=table.year,
        bureau_code=code,
        bureau_name=bureau,
        project_number=table.first("number", rows) or _number(block),
        project_name=name,
        attribute=attribute,
        starts_on=starts_on,
        ends_on=ends_on,
        amount=amount,
        is_in_wan=is_in_wan,
        directions=_directions(table, rows),
        goals=goals,
        indicators=indicators,
        last_year_completion=_said_at_all(joined(table.distinct("last_year", rows))),
        addresses=_addresses(table, rows[0]),
        notes=() if table.is_in_wan is not None else (_unit_missing(table.sheet),),
    )


def _unit_missing(sheet: Sheet) -> str:
    return _("工作表“%(sheet)s”没有写金额单位，已按表样的万元读取。") % {"sheet": sheet.name}


def _addresses(table: Table, row: int) -> dict[str, Address]:
    named = {"attribute": "attribute", "starts_on": "period", "ends_on": "period", "amount": "amount"}
    return {name: table.sheet.address(row, table.columns[column]) for name, column in named.items()}


def _said_at_all(cell: PrintedText | None) -> PrintedText | None:
    return None if cell is None or EMPTY.fullmatch(cell.text) else cell


def _bureau(block: Block) -> tuple[PrintedText | None, PrintedText | None]:
    """Return code and name of the project's unit. What is named above the table serves where the cell is empty or the same."""
    printed = block.table.first("bureau", block.rows)
    code, name = (None, None) if printed is None else _code_and_name(printed)
    code = block.table.first("bureau_code", block.rows) or code
    if block.department and (name is None or name == block.department[1]):
        return code or block.department[0], name or block.department[1]
    return code, name


def _number(block: Block) -> PrintedText | None:
    ordinal = block.said.get("ordinal", "")
    return block.numbers.get(ordinal) or block.numbers.get("")


def _amount(table: Table, rows: Sequence[int]) -> PrintedText | None:
    """Return the cell of the project's money; raises `MoneyUnreadable` where there are two that differ."""
    cells = table.distinct("amount", rows)
    if len(cells) > 1:
        words = {"address": cells[1].address, "text": shortened(cells[1].text), "other": shortened(cells[0].text)}
        raise MoneyUnreadable(
            _("%(address)s写的是“%(text)s”，而同一项目的预算金额已写为“%(other)s”，应只有一个金额。") % words
        )
    return cells[0] if cells else None


def _directions(table: Table, rows: Sequence[int]) -> tuple[PrintedDirection, ...]:
    found: list[PrintedDirection] = []
    for cell in table.distinct("directions", rows):
        for item in items(cell.text):
            lines = [item.text] if item.number else item.text.split("\n")
            for line in filter(None, map(str.strip, lines)):
                text = "".join(part.strip() for part in line.split("\n"))
                found.append(PrintedDirection(number=len(found) + 1, text=text, address=cell.address))
    return tuple(found)


# --- goals and indicators -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """An item of a cell: the number it is printed under, its words, where it stands."""

    number: int | None
    text: str
    address: Address


def _aims(table: Table, rows: Sequence[int]) -> tuple[tuple[PrintedGoal, ...], tuple[PrintedIndicator, ...]]:
    """Return goals and indicators. What stands in one stretch of rows belongs together; the form pairs nothing else."""
    goals: list[PrintedGoal] = []
    indicators: list[PrintedIndicator] = []
    for stretch in _stretches(table, rows):
        own = _goals(table, stretch, len(goals), {goal.number for goal in goals})
        said = list(_indicator_words(table, stretch, is_shared=len(own) > 1))
        numbers = [goal.number for goal in own]
        goals += own
        for goal, is_paired, words in _paired(said, numbers):
            indicators += _indicators(goal, is_paired, words)
    return tuple(goals), tuple(indicators)


def _stretches(table: Table, rows: Sequence[int]) -> list[list[int]]:
    """Return the rows of each goal's cell, with those below it that leave the goal empty or repeat it.

    A cell of indicators that reaches over several goals holds their rows together.
    """
    sheet, goal, indicator = table.sheet, table.columns["goals"], table.columns["indicators"]
    stretches: list[list[int]] = []
    for row in rows:
        text = sheet.text(row, goal)
        is_same = text is None or bool(stretches and sheet.text(stretches[-1][0], goal) == text)
        begins = not is_same and sheet.anchor(row, goal)[0] == row
        is_held = sheet.text(row, indicator) is not None and sheet.anchor(row, indicator)[0] < row
        if stretches and (is_held or not begins):
            stretches[-1].append(row)
        else:
            stretches.append([row])
    return stretches


def _goals(table: Table, rows: Sequence[int], before: int, taken: set[int]) -> list[PrintedGoal]:
    """Return the goals of a stretch: under their printed number where it is free, else under the next one."""
    found: list[PrintedGoal] = []
    for cell in table.distinct("goals", rows):
        for item in items(cell.text):
            number = item.number
            if number is None or number in taken:
                number = max(taken, default=before) + 1
            taken = taken | {number}
            found.append(PrintedGoal(number=number, text=item.text, address=cell.address))
    return found


def _indicator_words(table: Table, rows: Sequence[int], *, is_shared: bool) -> Iterator[Words]:
    """Yield the sentences of a stretch. Where it has several goals, the numbers of a list are theirs, as is the 2 of 2-1."""
    for cell in table.cells("indicators", rows):
        is_numbered = unnumbered(cell.text)[0] is not None
        for item in [Item(None, cell.text)] if is_numbered else items(cell.text):
            for sentence in sentences(item.text):
                number = unnumbered(sentence)[0] or item.number
                yield Words(number if is_shared else None, sentence, cell.address)


def _paired(said: Sequence[Words], goals: Sequence[int]) -> Iterator[tuple[int | None, bool, Words]]:
    """Yield each sentence with the goal it stands with, and whether the form says so.

    With one goal everything is its; with several, numbers decide, and without numbers the order, which says something
    only where there are as many sentences as goals.
    """
    for position, words in enumerate(said):
        if len(goals) == 1:
            yield goals[0], True, words
        elif words.number is not None:
            yield (words.number, True, words) if words.number in goals else (None, False, words)
        elif position < len(goals):
            yield goals[position], len(said) == len(goals), words
        else:
            yield None, False, words


def _indicators(goal: int | None, is_paired: bool, words: Words) -> Iterator[PrintedIndicator]:
    for name, target in indicators_in(words.text):
        yield PrintedIndicator(
            goal=goal,
            is_paired=is_paired,
            name=name,
            target_text=target,
            sentence=words.text,
            address=words.address,
        )

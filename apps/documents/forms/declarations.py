"""项目支出绩效目标申报表, the form in use since 财预〔2015〕88号: one block a project, labels with their values beside them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from apps.documents.enums import Layout
from apps.documents.forms.cells import (
    EMPTY,
    is_example,
    items,
    read_attribute,
    read_classes,
    read_money,
    read_period,
    read_weight,
    squeezed,
)
from apps.documents.forms.printed import PrintedDirection, PrintedGoal, PrintedIndicator, PrintedPlan
from apps.documents.forms.refusals import ClassUnknown, HeadMissing, ProjectUnnamed
from apps.documents.forms.sentences import unnumbered
from apps.files.forms.cells import Address, PrintedText
from apps.files.forms.refusals import Findings
from apps.files.forms.workbooks import Place, Sheet
from apps.plans.enums import Level1, Level2
from apps.ui import formats

LABELS: Final = {
    "name": ("项目名称",),
    "number": ("项目编码", "项目编号", "项目代码"),
    "bureau": ("主管部门及代码", "主管部门", "主管部门(单位)", "主管部门及编码", "预算部门"),
    "implementer": ("实施单位", "项目实施单位", "项目单位", "预算单位"),
    "attribute": ("项目属性",),
    "period": ("项目期", "项目期限", "项目起止时间", "实施期限", "项目实施期"),
    "last_year": ("上年度项目绩效完成情况", "上年度绩效完成情况"),
    "directions": ("项目内容及资金支出方向", "资金支出方向"),
}
HEADS: Final = ("项目名称", "项目属性", "一级指标", "二级指标", "三级指标", "指标值")
MONEY_BLOCK: Final = re.compile(r"(?:项目)?(?:预算)?资金(?:情况)?(?:\((?P<unit>万元|元)\))")
MONEY: Final = {
    "total": re.compile(r"(?P<span>中期|年度|实施期|全年|当年)?(?:项目)?资金总额"),
    "fiscal": re.compile(r"(?:其中:)?(?:财政拨款|财政资金|当年财政拨款|一般公共预算拨款)"),
    "other": re.compile(r"(?:其中:)?其他资金"),
}
SUMMED: Final = {"fiscal": "fiscal", "other": "other"}
LONG_SPANS: Final = ("中期", "实施期")
GOALS: Final = re.compile(r"(?:年度|项目|总体|绩效)*(?:总体|绩效|总)目标(?:\(.*\))?")
YEAR_GOALS: Final = re.compile(r"(?:20\d\d年)?(?:年度|当年|本年度|全年)(?:总体|绩效)?目标(?:\(.*\))?")
TERM_GOALS: Final = re.compile(r"(?:中期|实施期|总体|长期)(?:总体|绩效)?目标(?:\(.*\))?")
COLUMNS: Final = {
    "level1": ("一级指标", "一级"),
    "level2": ("二级指标", "二级"),
    "name": ("三级指标", "三级", "三级指标(核心绩效指标)", "指标名称", "核心绩效指标"),
    "value": ("指标值", "年度指标值", "目标值", "年度目标值", "计划指标值", "绩效指标值"),
    "sign": ("指标性质", "运算符号", "符号"),
    "unit": ("度量单位", "计量单位", "指标单位", "单位"),
    "weight": ("分值", "权重", "分值权重", "权重(分值)", "分值(权重)", "指标分值", "指标权重"),
    "goal": ("目标", "对应目标", "绩效目标", "对应绩效目标", "目标序号"),
}
NEEDED: Final = ("level1", "level2", "name", "value")
FIELD_OF_COLUMN: Final = {word: name for name, words in COLUMNS.items() for word in words}
YEAR: Final = re.compile(r"(?<!\d)(?P<year>20\d\d)年?度?")
ENDS: Final = re.compile(
    "(?:备注|注|说明|填表说明|其他需要?说明的?问题|其他说明)[:：]?|填表人|填报人|审核人|联系人|单位负责人|部门负责人"
)
PLACEHOLDER: Final = re.compile(r"(?:(?:指标|目标)\s*\d*\s*[:：]?)?\s*(?:[…\.。]+)?")
NUMBERED_NAME: Final = re.compile(r"指标\s*\d+\s*[:：]\s*")
CODE_BESIDE: Final = re.compile(
    r"(?P<name>.*?)\s*[\[（(]?(?P<code>\d{3,20})[\]）)]?|[\[（(]?(?P<code2>\d{3,20})[\]）)]?\s*[-—_]?\s*(?P<name2>.+)",
    re.DOTALL,
)
SIGNS: Final = re.compile("[≥≤><＞＜=＝≧≦]")
PLAIN_SIGNS: Final = {
    "大于等于": "≥", "不低于": "≥", "不少于": "≥", "≧": "≥", ">=": "≥", "小于等于": "≤", "不超过": "≤", "不高于": "≤", "≦": "≤",
    "<=": "≤", "等于": "=", "大于": ">", "小于": "<", "＞": ">", "＜": "<", "＝": "=",
}  # fmt: skip
PERCENT_UNITS: Final = ("百分比", "百分数", "百分之")
TITLE_ABOVE: Final = 4


@dataclass(frozen=True, slots=True)
class Form:
    """A block of a sheet that is one project's form: its rows, and where the heads of its indicators are."""

    sheet: Sheet
    above: int
    first: int
    end: int

    def rows(self) -> range:
        """Return the rows of the form, without its title."""
        return range(self.first, self.end)

    def cells(self, rows: Sequence[int]) -> Iterator[tuple[Place, str]]:
        """Yield the cells that say something, each merged block once and by its first cell, from the top."""
        for row in rows:
            for column, text in enumerate(self.sheet.rows[row]):
                if text is not None and self.sheet.anchor(row, column) == (row, column):
                    yield (row, column), text


def has_declaration(sheet: Sheet) -> bool:
    """Tell whether a sheet has a form's head or the heads of its indicators."""
    return bool(_beginnings(sheet)) or any(
        len(_columns(sheet, row)) >= len(NEEDED) - 1 for row in range(len(sheet.rows))
    )


def read_declarations(sheet: Sheet, findings: Findings) -> list[PrintedPlan]:
    """Return the plan of each form of a sheet, in their order; what is wrong is noted in `findings`.

    A form in which nobody wrote anything beside the labels is passed over.
    """
    plans: list[PrintedPlan] = []
    with findings.collected():
        for form in _forms(sheet):
            with findings.collected():
                if said := _labelled(form):
                    plans.append(_plan(form, said, findings))
    return plans


# --- where the forms are ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _label(text: str) -> str | None:
    """Return which label a cell is, its value behind a colon or not; None for any other text."""
    words = re.split("[:(]", squeezed(text), maxsplit=1)[0] if len(text) < 200 else ""
    whole = squeezed(text) if len(text) < 40 else ""
    return next((name for name, known in LABELS.items() if words in known or whole in known), None)


def _beginnings(sheet: Sheet) -> list[int]:
    """Return the rows where 项目名称 stands as the label of a form: at the beginning of its row."""
    return [row for row in range(len(sheet.rows)) if _label(_first(sheet, row)) == "name" and not _is_heads(sheet, row)]


def _first(sheet: Sheet, row: int) -> str:
    return next((text for text in sheet.rows[row] if text is not None), "")


def _is_heads(sheet: Sheet, row: int) -> bool:
    """Tell whether a row is one of heads, as every list of projects has one, and no label with its value."""
    heads = {text for text in sheet.rows[row] if text}
    return len([text for text in heads if squeezed(text).startswith(("项目", "单位", "序号", "预算"))]) > 2


def _forms(sheet: Sheet) -> list[Form]:
    """Return the forms of a sheet; raises `HeadMissing` where there is none that names a project."""
    firsts = [row for row in _beginnings(sheet) if not any(is_example(text) for text in sheet.rows[row])]
    if not firsts and not _beginnings(sheet):
        raise HeadMissing(_("工作表“%(sheet)s”有绩效指标的表头，缺少：项目名称。") % {"sheet": sheet.name})
    all_firsts = _beginnings(sheet)
    forms: list[Form] = []
    for number, first in enumerate(all_firsts):
        end = all_firsts[number + 1] if number + 1 < len(all_firsts) else len(sheet.rows)
        above = max(forms[-1].first if forms else 0, first - TITLE_ABOVE)
        forms.append(Form(sheet, above, first, end))
    return [form for form in forms if form.first in firsts]


@lru_cache(maxsize=8192)
def _column(text: str) -> str | None:
    return FIELD_OF_COLUMN.get(squeezed(text).strip("*")) if len(text) < 40 else None


def _columns(sheet: Sheet, row: int) -> dict[str, int]:
    """Return the columns of the indicators by field; of a form with 中期 and 年度 side by side those of the year."""
    found: dict[str, int] = {}
    for column, text in enumerate(sheet.rows[row]):
        name = None if text is None else _column(text)
        if name is not None and sheet.anchor(row, column)[1] == column:
            found[name] = column
    return found


# --- one form -----------------------------------------------------------------------------------------------------------


def _plan(form: Form, said: Mapping[str, PrintedText], findings: Findings) -> PrintedPlan:
    """Return a form as it is printed; raises `ProjectUnnamed` and `HeadMissing`, and notes what else cannot be read."""
    name = said.get("name")
    if name is None:
        raise ProjectUnnamed(_("%(address)s没有写项目名称。") % {"address": form.sheet.address(form.first, 0)})
    heads = _heads(form)
    year = _year(form, heads)
    money, is_in_wan = _money(form, heads, findings)
    attribute, (starts_on, ends_on) = None, (None, None)
    with findings.collected():
        attribute = read_attribute(said.get("attribute"))
    with findings.collected():
        starts_on, ends_on = read_period(said.get("period"), year)
    goals, term_goals = _goals(form, heads)
    code, bureau = _bureau(said.get("bureau"))
    last_year = said.get("last_year")
    return PrintedPlan(
        layout=Layout.DECLARATION,
        sheet=form.sheet.name,
        year=year,
        bureau_code=code,
        bureau_name=bureau,
        implementer=said.get("implementer"),
        project_number=said.get("number"),
        project_name=name,
        attribute=attribute,
        starts_on=starts_on,
        ends_on=ends_on,
        amount=_total(money),
        is_in_wan=is_in_wan is not False,
        funding={key: amount for key, amount in money.items() if key in SUMMED and amount is not None},
        directions=_directions(said.get("directions")),
        goals=goals,
        term_goals=term_goals,
        indicators=tuple(_indicators(form, heads, {goal.number for goal in goals}, findings)),
        last_year_completion=None if last_year is None or EMPTY.fullmatch(last_year.text) else last_year,
        addresses={key: cell.address for key, cell in _addressed(said).items()},
        notes=() if is_in_wan is not None else (_unit_missing(form.sheet),),
    )


def _addressed(said: Mapping[str, PrintedText]) -> dict[str, PrintedText]:
    named = {"attribute": "attribute", "starts_on": "period", "ends_on": "period"}
    return {name: said[label] for name, label in named.items() if label in said}


def _unit_missing(sheet: Sheet) -> str:
    return _("工作表“%(sheet)s”没有写金额单位，已按表样的万元读取。") % {"sheet": sheet.name}


def _labelled(form: Form) -> dict[str, PrintedText]:
    """Return the words beside each label of the form, without the labels that nothing stands beside."""
    found: dict[str, PrintedText] = {}
    for place, text in form.cells(form.rows()):
        name = _label(text)
        if name is not None and name not in found and (value := _beside(form.sheet, place, text)):
            found[name] = value
    return found


def _beside(sheet: Sheet, place: Place, text: str) -> PrintedText | None:
    """Return what a label's value is: behind its colon, or in the cell to its right unless that is a label too."""
    behind = re.split("[:：]", text, maxsplit=1)[1:]
    if behind and behind[0].strip():
        return PrintedText(text=behind[0].strip(), address=sheet.address(*place))
    row, column = place
    while column < len(sheet.rows[row]) and sheet.anchor(row, column) == place:
        column += 1
    value = sheet.printed(row, column)
    return None if value is None or _label(value.text) or _money_line(value.text) else value


def _heads(form: Form) -> int:
    """Return the row of the indicators' heads; raises `HeadMissing` where there is none or where one is missing."""
    rows = [(len(_columns(form.sheet, row)), row) for row in form.rows()]
    best, row = max(rows, key=lambda found: (found[0], -found[1]))
    missing = [COLUMNS[name][0] for name in NEEDED if name not in _columns(form.sheet, row)] if best > 1 else []
    words = {"sheet": form.sheet.name, "row": (row if best > 1 else form.first) + 1, "missing": formats.names(missing)}
    if best <= 1:
        raise HeadMissing(
            _("工作表“%(sheet)s”第 %(row)s 行起的申报表缺少绩效指标的表头：一级指标、二级指标、三级指标、指标值。")
            % words
        )
    if missing:
        raise HeadMissing(_("工作表“%(sheet)s”第 %(row)s 行是绩效指标的表头，缺少：%(missing)s。") % words)
    return row


def _year(form: Form, heads: int) -> int | None:
    """Return the year of the title (2026年度), else of a goal's label; None where none is printed."""
    for row in range(form.first - 1, form.above - 1, -1):
        for text in form.sheet.rows[row]:
            if text and (match := YEAR.search(squeezed(text))):
                return int(match["year"])
    for _place, text in form.cells(range(form.first, heads)):
        plain = squeezed(text) if len(text) < 40 else ""
        if plain.startswith(("年度", "20")) and "目标" in plain and (match := YEAR.search(plain)):
            return int(match["year"])
    return None


def _bureau(cell: PrintedText | None) -> tuple[PrintedText | None, PrintedText | None]:
    """Return code and name of 主管部门及代码, in either order."""
    match = None if cell is None else CODE_BESIDE.fullmatch(cell.text)
    if cell is None or match is None:
        return None, cell
    code, name = match["code"] or match["code2"], (match["name"] or match["name2"] or "").strip(" -—_")
    return replace(cell, text=code), replace(cell, text=name) if name else None


def _directions(cell: PrintedText | None) -> tuple[PrintedDirection, ...]:
    if cell is None or EMPTY.fullmatch(cell.text):
        return ()
    texts = ("".join(item.text.split("\n")) for item in items(cell.text))
    return tuple(PrintedDirection(number=n, text=text, address=cell.address) for n, text in enumerate(texts, start=1))


# --- money --------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _money_line(text: str) -> tuple[str, str] | None:
    """Return which line of 项目资金 a label is, and of what span of time (中期, 年度, none)."""
    words = squeezed(text) if len(text) < 60 else ""
    for name, pattern in MONEY.items():
        if match := pattern.match(words):
            return name, match.groupdict().get("span") or ""
    return None


def _money(form: Form, heads: int, findings: Findings) -> tuple[dict[str, Decimal | None], bool | None]:
    """Return the year's money by line in 元, and whether the form is in 万元, None where it does not say.

    Where 中期 stands beside 年度, the lines below each total are its own.
    """
    is_in_wan = _unit(form, heads)
    money: dict[str, Decimal | None] = {}
    long_columns: set[int] = set()
    for place, text in form.cells(range(form.first, heads)):
        line = _money_line(text)
        if line is None or place[1] in long_columns:
            continue
        if line[1] in LONG_SPANS:
            long_columns.add(place[1])
        elif line[0] not in money:
            with findings.collected():
                money[line[0]] = read_money(_amount_beside(form.sheet, place, text), is_in_wan=is_in_wan is not False)
    return money, is_in_wan


def _amount_beside(sheet: Sheet, place: Place, text: str) -> PrintedText | None:
    """Return the amount of a line; 其中： is no colon before it."""
    words = re.sub(r"^\s*其\s*中\s*[:：]", "", text)
    return _beside(sheet, place, words)


def _unit(form: Form, heads: int) -> bool | None:
    for _place, text in form.cells(range(form.above, heads)):
        plain = squeezed(text) if len(text) < 60 else ""
        match = MONEY_BLOCK.search(plain) or re.search(r"单位:(?P<unit>万元|元)", plain)
        if match and match["unit"]:
            return match["unit"] == "万元"
    return None


def _total(money: Mapping[str, Decimal | None]) -> Decimal | None:
    """Return the year's money: as printed, else the sum of its lines, None where nothing is given."""
    if money.get("total") is not None:
        return money["total"]
    lines = [amount for name, amount in money.items() if name in SUMMED and amount is not None]
    return sum(lines, Decimal(0)) if lines else None


# --- goals --------------------------------------------------------------------------------------------------------------


def _goals(form: Form, heads: int) -> tuple[tuple[PrintedGoal, ...], tuple[PrintedGoal, ...]]:
    """Return the goals of the year and those of the whole period."""
    first = next(
        (row for (row, _c), text in form.cells(range(form.first, heads)) if _is(GOALS, text) or _is(YEAR_GOALS, text)),
        None,
    )
    if first is None:
        return (), ()
    region = range(first, heads)
    labels = [(place, text) for place, text in form.cells(region) if _is(YEAR_GOALS, text) or _is(TERM_GOALS, text)]
    year = [cell for place, text in labels if _is(YEAR_GOALS, text) for cell in _under(form, place, heads)]
    term = [cell for place, text in labels if not _is(YEAR_GOALS, text) for cell in _under(form, place, heads)]
    if not year:
        places = [place for place, text in form.cells(region) if _is(GOALS, text)]
        beside = [cell for place in places[:1] for cell in _right_of(form, place, heads)]
        year, term = (beside, term) if not term or len(labels) > 1 else (term, [])
    return _numbered(year), _numbered(term)


def _is(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) < 40 and pattern.fullmatch(squeezed(text).rstrip(":")) is not None


def _under(form: Form, place: Place, heads: int) -> list[PrintedText]:
    """Return what stands under a label up to the indicators, else beside it."""
    sheet, (row, column) = form.sheet, place
    below = [sheet.anchor(at, column) for at in range(row + 1, heads) if sheet.text(at, column) is not None]
    cells = [cell for at in dict.fromkeys(below) if at != place and (cell := sheet.printed(*at))]
    own = [cell for cell in cells if not (_is(YEAR_GOALS, cell.text) or _is(TERM_GOALS, cell.text))]
    is_beside = len(own) < len(cells) or not own
    return _right_of(form, place, heads) if is_beside else own


def _right_of(form: Form, place: Place, heads: int) -> list[PrintedText]:
    """Return what stands to the right of a label, in each of the rows it reaches over."""
    sheet, (row, column) = form.sheet, place
    while column < len(sheet.rows[row]) and sheet.anchor(row, column) == place:
        column += 1
    rows = [at for at in range(row, heads) if sheet.anchor(at, place[1]) == place]
    places = dict.fromkeys(sheet.anchor(at, column) for at in rows if sheet.text(at, column) is not None)
    cells = [cell for at in places if (cell := sheet.printed(*at))]
    return [cell for cell in cells if not _is(YEAR_GOALS, cell.text) and not _is(TERM_GOALS, cell.text)]


def _numbered(cells: Sequence[PrintedText]) -> tuple[PrintedGoal, ...]:
    found: list[PrintedGoal] = []
    for cell in cells:
        for item in items(cell.text):
            taken = [goal.number for goal in found]
            number = item.number if item.number is not None and item.number not in taken else max(taken, default=0) + 1
            if not PLACEHOLDER.fullmatch(item.text):
                found.append(PrintedGoal(number=number, text=item.text, address=cell.address))
    return tuple(found)


# --- indicators ---------------------------------------------------------------------------------------------------------


def _indicators(form: Form, heads: int, goals: set[int], findings: Findings) -> Iterator[PrintedIndicator]:
    """Yield the indicators. A class that is left empty is the one above; so is a goal."""
    columns = _columns(form.sheet, heads)
    above: dict[str, PrintedText | None] = {}
    for row in _indicator_rows(form, heads, columns):
        cells = {name: form.sheet.printed(row, column) for name, column in columns.items()}
        _carry(above, cells)
        if _is_blank(cells):
            continue
        with findings.collected():
            yield _indicator(cells | above, goals, form.sheet.address(row, columns["name"]))


def _indicator_rows(form: Form, heads: int, columns: Mapping[str, int]) -> Iterator[int]:
    """Yield the rows under the heads, up to the remarks; each merged name once."""
    sheet = form.sheet
    for row in range(heads + 1, form.end):
        if ENDS.match(_first(sheet, row)) or _is_title(sheet, row):
            return
        is_example_row = any(is_example(text) for text in sheet.rows[row])
        if not is_example_row and sheet.anchor(row, columns["name"])[0] == row:
            yield row


def _is_title(sheet: Sheet, row: int) -> bool:
    """Tell whether a row is the title of the next form: one block over the sheet that names the form."""
    return "申报表" in _first(sheet, row) and len({text for text in sheet.rows[row] if text}) == 1


def _carry(above: dict[str, PrintedText | None], cells: Mapping[str, PrintedText | None]) -> None:
    """Keep class and goal for the rows below; another first class ends the second one."""
    if cells.get("level1") and cells["level1"] != above.get("level1"):
        above["level2"] = None
    for name in ("level1", "level2", "goal"):
        if cells.get(name) is not None:
            above[name] = cells[name]


def _is_blank(cells: Mapping[str, PrintedText | None]) -> bool:
    """Tell whether a row declares nothing: no name but a printed 指标1：, and no value."""
    name, value = cells.get("name"), cells.get("value")
    is_unnamed = name is None or PLACEHOLDER.fullmatch(name.text) is not None
    return is_unnamed and (value is None or PLACEHOLDER.fullmatch(value.text) is not None)


def _indicator(cells: Mapping[str, PrintedText | None], goals: set[int], address: Address) -> PrintedIndicator:
    level1, level2 = _classes(cells, address)
    value, sign, unit = (_text(cells.get(name)) for name in ("value", "sign", "unit"))
    target = target_words(value or "", sign, unit)
    printed = NUMBERED_NAME.sub("", _text(cells.get("name")) or "", count=1) or target
    number, name = unnumbered(printed)
    goal = _goal(cells.get("goal"), goals) or (number if number in goals else None)
    return PrintedIndicator(
        goal=goal,
        is_paired=goal is not None,
        level1=level1,
        level2=level2,
        name=" ".join(name.split("\n")),
        target_text=target,
        unit=unit,
        sign=sign,
        weight=read_weight(cells.get("weight")),
        sentence=f"{printed}：{target}" if target else printed,
        address=address,
    )


def _classes(cells: Mapping[str, PrintedText | None], address: Address) -> tuple[Level1, Level2]:
    level1, level2 = read_classes(cells.get("level1"), cells.get("level2"))
    if level1 is None or level2 is None:
        words = {"address": address, "head": "二级指标" if level1 else "一级指标、二级指标"}
        raise ClassUnknown(_("%(address)s的指标没有写%(head)s，应按表样填写。") % words)
    return level1, level2


def _text(cell: PrintedText | None) -> str | None:
    return None if cell is None else cell.text


def _goal(cell: PrintedText | None, goals: set[int]) -> int | None:
    """Return the goal that a cell names (1, 目标1), None where it names none of the form's."""
    match = re.search(r"\d+", squeezed(cell.text)) if cell else None
    return int(match[0]) if match and int(match[0]) in goals else None


def target_words(value: str, sign: str | None, unit: str | None) -> str:
    """Return a target as one writes it in one cell: 指标性质, 指标值 and 度量单位 put together, nothing said twice."""
    if not value:
        return ""
    written = PLAIN_SIGNS.get(squeezed(sign or ""), squeezed(sign or ""))
    shown = "%" if unit and squeezed(unit) in PERCENT_UNITS else (unit or "")
    before = written if SIGNS.fullmatch(written) and not SIGNS.match(value) else ""
    is_bare = re.fullmatch(r"[≥≤><=＞＜＝≧≦\s]*[\d.,，]+(?:\s*[-~～至—–]\s*[\d.,，]+)?", value) is not None
    return f"{before}{value}{shown if is_bare else ''}"

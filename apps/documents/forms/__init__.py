"""What people send in official forms, as clean values."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from apps.documents.forms.cells import squeezed
from apps.documents.forms.declarations import HEADS as DECLARATION_HEADS
from apps.documents.forms.declarations import has_declaration, read_declarations
from apps.documents.forms.goal_tables import HEADS, has_goal_table, read_goal_table
from apps.documents.forms.printed import PrintedDirection, PrintedGoal, PrintedIndicator, PrintedPlan
from apps.documents.forms.refusals import ProjectTwice, TableMissing
from apps.files.forms.cells import Address, PrintedText
from apps.files.forms.refusals import Findings, SheetRefused, WorkbookEmpty
from apps.files.forms.workbooks import Sheet, Workbook, open_workbook
from apps.ui import formats

__all__ = [
    "Address",
    "PrintedDirection",
    "PrintedGoal",
    "PrintedIndicator",
    "PrintedPlan",
    "PrintedText",
    "SheetRefused",
    "open_workbook",
    "read_plans",
]

QUOTED_SHEETS: Final = 10


def read_plans(content: bytes | Path, name: str) -> list[PrintedPlan]:
    """Return the plans that a file declares, in the order of its sheets; each sheet's layout is told by its heads.

    `name` is the file's, for the sentences. Sheets without a known table are left aside. Raises a `SheetRefused` whose
    `findings` are all that is wrong, each with its cell; then nothing of the file should be taken.
    """
    workbook, findings, plans = open_workbook(content, name), Findings(), list[PrintedPlan]()
    known = False
    for sheet in workbook.sheets:
        is_table, is_declaration = has_goal_table(sheet), has_declaration(sheet)
        known = known or is_table or is_declaration
        if is_table or is_declaration:
            plans += _read(sheet, findings, read_goal_table if is_table else read_declarations)
    if not known:
        raise _no_table(workbook)
    _check_once(plans, findings)
    findings.settle()
    if not plans:
        raise WorkbookEmpty(_("“%(name)s”只有表头，没有填写项目。") % {"name": name})
    return plans


def _read(
    sheet: Sheet, findings: Findings, reader: Callable[[Sheet, Findings], list[PrintedPlan]]
) -> list[PrintedPlan]:
    """Return the plans of a sheet; formulas that failed are all told at once and first, for they hide what is there."""
    failures = list(sheet.failures())
    for failure in failures:
        findings.add(failure)
    return [] if failures else reader(sheet, findings)


def _no_table(workbook: Workbook) -> SheetRefused:
    names = [sheet.name for sheet in workbook.sheets]
    seen = formats.names([f"“{name}”" for name in names[:QUOTED_SHEETS]])
    words = {
        "name": workbook.name,
        "seen": _("%(names)s等") % {"names": seen} if len(names) > QUOTED_SHEETS else seen,
        "table": formats.names([heads[0] for heads in HEADS.values()]),
        "declaration": formats.names(list(DECLARATION_HEADS)),
    }
    return TableMissing(
        _("“%(name)s”的工作表（%(seen)s）中没有找到绩效目标表，应有表头：%(table)s；或申报表的栏目：%(declaration)s。")
        % words
    )


def _check_once(plans: Sequence[PrintedPlan], findings: Findings) -> None:
    """Note every project that is there twice: in one year, of one unit, the same number, or the same name without numbers."""
    seen: dict[tuple[object, ...], PrintedPlan] = {}
    for plan in plans:
        for key in _identities(plan):
            if (other := seen.setdefault(key, plan)) is not plan:
                findings.add(_twice(plan, other))
                break


def _identities(plan: PrintedPlan) -> list[tuple[object, ...]]:
    bureau = str(plan.bureau_name or "")
    if plan.project_number is not None:
        return [(plan.year, bureau, "number", plan.project_number.text)]
    return [(plan.year, bureau, "name", squeezed(plan.project_name.text))]


def _twice(plan: PrintedPlan, other: PrintedPlan) -> ProjectTwice:
    cell, before = plan.project_number or plan.project_name, other.project_number or other.project_name
    words = {"address": cell.address, "text": cell.text, "before": before.address}
    return ProjectTwice(
        _("%(address)s的项目“%(text)s”已在%(before)s出现，同一项目在一个文件中应只有一份目标表。") % words
    )

"""What a careful reader would ask about a published budget: none of it a wrong sum, all of it found by rule.

The rules know the forms (which column means what, which remark asks for what); they know no bureau and no project.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.calculation.rounding import half_up
from apps.calculation.spending import execution_rate, rise_of, share_of
from apps.plans.enums import Attribute, EconomicItem, StatementNumber, TargetStatus
from apps.plans.models import (
    BudgetLine,
    Direction,
    EconomicLine,
    FunctionLine,
    PlanVersion,
    ProcurementLine,
    Project,
    Statement,
    Target,
)
from apps.ui.formats import figure, money, names, percent, unit

FULL: Final = Decimal(100)
STEEP_RISE: Final = Decimal(30)
OWED_LAST_YEAR: Final = (Attribute.CONTINUING, Attribute.MULTI_YEAR)
HIRED_CARS: Final = ("车辆租用", "租用车辆", "没有自有公车")
FITTING_UNITS: Final = {
    "出国": ("人", "人次", "团组"),
    "租赁": ("平方米", "月", "年"),
    "印刷": ("份", "册", "本", "张"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to ask about: the rule's code, the table or project it is about, and the sentence people read."""

    code: str
    where: str
    sentence: str


def budget_findings(bureau: Unit, year: int) -> list[Finding]:
    """Return what one would ask about a bureau's published budget, by the rules' codes. Nine queries.

    Sums are not among it: a table whose sum is wrong is refused when it is taken in. Empty for a year without a budget.
    """
    budget = _Budget(bureau, year)
    rules = (
        _unrecorded_adjustments,
        _hidden_remainders,
        _rounded_shares,
        _money_named_twice,
        _odd_units,
        _remarks_not_followed,
        _unsettled_targets,
        _running_costs_of_hired_cars,
        _empty_tables,
        _order_of_print,
        _steep_rises,
    )
    return [finding for rule in rules for finding in rule(budget)]


class _Budget:
    """The rows of one budget, each kind read once."""

    def __init__(self, bureau: Unit, year: int) -> None:
        self.bureau, self.year = bureau, year

    @cached_property
    def lines(self) -> list[FunctionLine]:
        return list(FunctionLine.objects.filter(bureau=self.bureau, year=self.year).order_by("code"))

    @cached_property
    def statements(self) -> dict[int, Statement]:
        return {row.number: row for row in Statement.objects.filter(bureau=self.bureau, year=self.year)}

    @cached_property
    def projects(self) -> list[Project]:
        return list(Project.objects.filter(bureau=self.bureau, plans__year=self.year).order_by("number", "pk"))

    @cached_property
    def budgets(self) -> dict[int, Decimal]:
        """Return each project's money of the year in 元, and remember from which sources it comes."""
        totals: dict[int, Decimal] = defaultdict(Decimal)
        for row in self.budget_lines:
            totals[row.plan.project_id] += row.amount
        return totals

    @cached_property
    def budget_lines(self) -> list[BudgetLine]:
        rows = BudgetLine.objects.settled().filter(plan__project__bureau=self.bureau, plan__year=self.year)
        return list(rows.select_related("plan", "source"))

    @cached_property
    def named(self) -> list[EconomicLine]:
        """Return the amounts of this year that 表九 gives to projects."""
        rows = EconomicLine.objects.filter(bureau=self.bureau, year=self.year, money_year=self.year)
        return list(rows.filter(project__isnull=False).select_related("project").order_by("project__number", "pk"))

    @cached_property
    def purchases(self) -> list[ProcurementLine]:
        rows = ProcurementLine.objects.filter(project__bureau=self.bureau, year=self.year)
        return list(rows.select_related("project").order_by("position", "pk"))

    @cached_property
    def versions(self) -> list[PlanVersion]:
        rows = PlanVersion.objects.filter(plan__project__bureau=self.bureau, plan__year=self.year)
        return list(
            rows.filter(plan__approved=F("pk")).select_related("plan__project").order_by("plan__project__number")
        )

    @cached_property
    def directions(self) -> dict[int, list[Direction]]:
        """Return the spending directions by version."""
        found: dict[int, list[Direction]] = defaultdict(list)
        for row in Direction.objects.filter(version__in=[version.pk for version in self.versions]):
            found[row.version_id].append(row)
        return found

    @cached_property
    def first_targets(self) -> list[Target]:
        """Return the targets as published, which is their first version."""
        rows = Target.objects.settled().filter(
            indicator__plan__project__bureau=self.bureau, indicator__plan__year=self.year
        )
        return list(rows.filter(number=1).select_related("indicator__plan__project").order_by("indicator_id"))

    def table(self, number: StatementNumber) -> str:
        return str(number.label)


def total_of(line: FunctionLine) -> Decimal:
    """Return this year's total of a line of 表四 in 元: the sum of its parts, zero where it has none."""
    parts = (line.wages, line.goods_services, line.subsidies, line.recurring, line.one_off)
    return sum((part for part in parts if part is not None), Decimal(0))


def _unrecorded_adjustments(budget: _Budget) -> Iterator[Finding]:
    """F2: money was spent beyond an adjusted budget that is everywhere the initial one, so adjustments are missing."""
    dated = [line for line in budget.lines if line.last_adjusted is not None]
    above = [line for line in dated if (rate := _rate(line)) is not None and rate > FULL]
    if above and all(line.last_initial == line.last_adjusted for line in dated):
        listed = names([f"{line.name} {percent(_rate(line))}" for line in above])
        sentence = _(
            "%(year)s年每一行的调整后预算都等于年初预算，但有%(count)s行的执行超过了它（%(lines)s）：年中调整没有记入。"
        ) % {"year": budget.year - 1, "count": len(above), "lines": listed}
        yield Finding("F2", budget.table(StatementNumber.GENERAL), sentence)


def _rate(line: FunctionLine) -> Decimal | None:
    """Return last year's execution of a line in percent, None where it cannot be divided."""
    return execution_rate(line.last_adjusted, line.last_executed)


def _hidden_remainders(budget: _Budget) -> Iterator[Finding]:
    """F3: a rate printed as 100 % that is not."""
    for line in budget.lines:
        rate = _rate(line)
        if line.printed_rate == FULL and rate is not None and rate < FULL:
            sentence = _("“%(line)s”印出的执行率是 100 %%，实际为 %(rate)s：整数百分比掩盖了未完成的部分。") % {
                "line": line.name,
                "rate": percent(rate),
            }
            yield Finding("F3", budget.table(StatementNumber.GENERAL), sentence)


def _rounded_shares(budget: _Budget) -> Iterator[Finding]:
    """F4: shares by class that are rounded one by one and then do not add up to 100."""
    classes: dict[str, Decimal] = defaultdict(Decimal)
    for line in budget.lines:
        classes[line.code.split()[0]] += total_of(line)
    whole = sum(classes.values(), Decimal(0))
    if not whole:
        return
    shares = [half_up(share_of(part, whole)) for part in classes.values() if part]
    if sum(shares) != FULL:
        sentence = _("按功能分类的占比 %(shares)s 合计为 %(sum)s，与 100 %% 的差额来自四舍五入。") % {
            "shares": " + ".join(figure(share, 2) for share in shares),
            "sum": percent(sum(shares, Decimal(0))),
        }
        yield Finding("F4", budget.table(StatementNumber.EXPENDITURE), sentence)


def _money_named_twice(budget: _Budget) -> Iterator[Finding]:
    """F5: a project's whole money goes to purchases, and part of the same money is named for something else too.

    A project that is one item from end to end (its purchase and its item are the same amount) names it once.
    """
    bought = _sums((row.project_id, row.amount) for row in budget.purchases)
    named: dict[int | None, list[EconomicLine]] = defaultdict(list)
    for row in budget.named:
        named[row.project_id].append(row)
    for project in budget.projects:
        given, items = budget.budgets[project.pk], named[project.pk]
        elsewhere = sum((row.amount for row in items), Decimal(0))
        if bought[project.pk] + elsewhere > given > elsewhere > 0:
            sentence = _(
                "预算 %(given)s 万元中政府采购占 %(bought)s 万元，表九又列了%(items)s：两处的钱有重叠，需要说明。"
            ) % {
                "given": money(given),
                "bought": money(bought[project.pk]),
                "items": names(
                    [
                        _("%(item)s %(amount)s 万元") % {"item": row.get_item_display(), "amount": money(row.amount)}
                        for row in items
                    ]
                ),
            }
            yield Finding("F5", str(project), sentence)


def _sums(pairs: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for key, amount in pairs:
        totals[key] += amount
    return totals


def _odd_units(budget: _Budget) -> Iterator[Finding]:
    """F6: a purchase counted in a unit that says little about what is bought, such as rent by the piece."""
    for row in budget.purchases:
        for word, fitting in FITTING_UNITS.items():
            if word in row.name and row.unit_name not in fitting:
                sentence = _("“%(name)s”以“%(quantity)s%(unit)s”计量，说明不了买了多少；宜用%(fitting)s。") % {
                    "name": row.name,
                    "quantity": figure(row.quantity),
                    "unit": unit(row.unit_name, row.quantity),
                    "fitting": names([unit(name) for name in fitting]),
                }
                yield Finding("F6", str(row.project), sentence)


def _remarks_not_followed(budget: _Budget) -> Iterator[Finding]:
    """F7: remarks 2 and 4 of 表十一: directions by economic item with an amount, and what last year came to."""
    for version in budget.versions:
        if version.attribute in OWED_LAST_YEAR and not version.last_year_completion:
            sentence = _("项目属性为“%(attribute)s”，但“上年度项目绩效完成情况”为空（备注4要求填写）。") % {
                "attribute": version.get_attribute_display()
            }
            yield Finding("F7", str(version.plan.project), sentence)
        loose = [row for row in budget.directions[version.pk] if not row.economic_item or row.amount is None]
        if loose:
            sentence = _("%(count)s项资金支出方向没有按经济分类科目填写，也没有金额（备注2要求填写）。") % {
                "count": len(loose)
            }
            yield Finding("F7", str(version.plan.project), sentence)


def _unsettled_targets(budget: _Budget) -> Iterator[Finding]:
    """F8: a target that is another year's figure, or that somebody has yet to settle."""
    for row in budget.first_targets:
        where = str(row.indicator.plan.project)
        words = {
            "code": row.indicator.code,
            "year": row.reference_year,
            "value": figure(row.reference_value if row.reference_value is not None else row.value),
        }
        if row.status == TargetStatus.PENDING and row.reference_value is not None:
            sentence = _("指标%(code)s只给出%(year)s年的数（%(value)s），本年度的指标值待定。") % words
            yield Finding("F8", where, sentence)
        if row.status == TargetStatus.PROVISIONAL:
            yield Finding("F8", where, _("指标%(code)s的指标值（%(value)s）是暂定的，以审定数为准。") % words)


def _running_costs_of_hired_cars(budget: _Budget) -> Iterator[Finding]:
    """F9: running costs of official cars in a project that hires cars because there are none."""
    for row in budget.named:
        text = row.project.name + row.project.description if row.project else ""
        if row.item == EconomicItem.CAR_RUNNING and any(words in text for words in HIRED_CARS):
            sentence = _("%(amount)s 万元列在“%(item)s”下，而项目说明写的是没有自有公车、租用车辆。") % {
                "amount": money(row.amount),
                "item": row.get_item_display(),
            }
            yield Finding("F9", str(row.project), sentence)


def _empty_tables(budget: _Budget) -> Iterator[Finding]:
    """F10: tables without any figure are a statement, not an omission; so is a single source of money."""
    for row in sorted(budget.statements.values(), key=lambda statement: statement.number):
        if row.printed_total is None:
            yield Finding("F10", row.get_number_display(), _("这张表没有任何数字：表示没有此类支出，按空表载入。"))
    sources = {row.source_id: row.source for row in budget.budget_lines}
    if len(sources) == 1 and StatementNumber.INCOME in budget.statements:
        (source,) = sources.values()
        sentence = _("全部资金来自%(source)s，其他来源的各栏为空。") % {"source": source}
        yield Finding("F10", budget.table(StatementNumber.INCOME), sentence)


def _order_of_print(budget: _Budget) -> Iterator[Finding]:
    """F11: a table that runs over pages with its heading repeated, and parts that stand out of order."""
    for row in sorted(budget.statements.values(), key=lambda statement: statement.number):
        if row.pages > 1:
            sentence = _("这张表分印在%(pages)s页上，表头重复，读取时要合并。") % {"pages": row.pages}
            yield Finding("F11", row.get_number_display(), sentence)
    for part, place in sorted({(row.part, row.place) for row in budget.statements.values()}):
        if part != place:
            sentence = _("第%(part)s部分印在文件的第%(place)s个位置，部分的次序被打乱。") % {
                "part": part,
                "place": place,
            }
            yield Finding("F11", _("文件"), sentence)


def _steep_rises(budget: _Budget) -> Iterator[Finding]:
    """F12: a line that was spent to the last 元 and rises by nearly a third or more; alone in its code, a project's last year."""
    for line in budget.lines:
        total, spent = total_of(line), line.last_executed
        rise = rise_of(spent, total)
        if rise is None or spent != line.last_adjusted or rise < STEEP_RISE:
            continue
        sentence = _("“%(line)s”上年 %(spent)s 万元全部执行，本年 %(total)s 万元，增长 %(rise)s。") % {
            "line": line.name,
            "spent": money(spent),
            "total": money(total),
            "rise": percent(rise),
        }
        alone = [project for project in budget.projects if project.function_code == line.code]
        if len(alone) == 1:
            sentence += _("该科目只有“%(project)s”一个项目，这就是它的上年数。") % {"project": alone[0]}
        yield Finding("F12", budget.table(StatementNumber.GENERAL), sentence)

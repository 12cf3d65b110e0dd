"""A plan as a sheet prints it: clean values, each with the cell it stands in, and nothing understood beyond that.

Two printed values are equal when they say the same, wherever they stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from apps.documents.enums import Layout
from apps.files.forms.cells import Address, PrintedText
from apps.plans.enums import Attribute, Level1, Level2


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDirection:
    """One of the directions that the money goes in, without its number."""

    number: int
    text: str
    address: Address = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedGoal:
    """One goal, without its number; lines inside it are kept. Numbers are those printed, else the order in the project."""

    number: int
    text: str
    address: Address = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedIndicator:
    """One indicator and its target in words.

    `goal` is the number of a goal of the same plan, None where the form pairs it with none; `is_paired` is whether the
    form says so, and not merely the order of the words. The 2016 form has no classes, unit, sign or weight: None there.
    `sign` is 指标性质 as printed (≥, 定性). `sentence` are the verbatim words; two indicators out of one sentence share
    it. `target_text` is what a reader of targets should be given; where words could not be taken apart it is all of
    them, and so is `name`.
    """

    goal: int | None
    is_paired: bool
    level1: Level1 | None = None
    level2: Level2 | None = None
    name: str
    target_text: str
    unit: str | None = None
    sign: str | None = None
    weight: Decimal | None = None
    sentence: str
    address: Address = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPlan:
    """One project in one year, as a file declares it.

    `bureau_name` is the unit that answers for the project, `implementer` 实施单位 where the form asks for it apart.
    `amount` is the year's money in 元, whatever the sheet's unit; `is_in_wan` says that the sheet is in 万元. None is what
    the sheet leaves empty or has no place for. `funding` splits the amount by the form's lines of money (`fiscal`,
    `other`), empty where the form does not. `goals` are the year's; `term_goals` those of the whole project period.
    `addresses` holds the cells of the values that are not texts, by field name. `notes` are sentences for the person
    who looks at the preview: what was taken for granted.
    """

    layout: Layout
    sheet: str
    year: int | None
    bureau_code: PrintedText | None
    bureau_name: PrintedText | None
    implementer: PrintedText | None = None
    project_number: PrintedText | None
    project_name: PrintedText
    attribute: Attribute | None
    starts_on: date | None
    ends_on: date | None
    amount: Decimal | None
    is_in_wan: bool = field(compare=False)
    funding: Mapping[str, Decimal] = field(default_factory=dict)
    directions: tuple[PrintedDirection, ...] = ()
    goals: tuple[PrintedGoal, ...] = ()
    term_goals: tuple[PrintedGoal, ...] = ()
    indicators: tuple[PrintedIndicator, ...] = ()
    last_year_completion: PrintedText | None = None
    addresses: Mapping[str, Address] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

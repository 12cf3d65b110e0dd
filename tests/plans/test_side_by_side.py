"""Two versions side by side, in words."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.plans.enums import Accumulation, BudgetKind, Operator
from apps.plans.models import Plan
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlannedContent,
    TargetContent,
)
from apps.plans.queries.side_by_side import Names, sections, side_by_side
from tests.plans.approving import make_desk, sound_content

NAMES = Names({("unit", "unit"): "本单位", ("unit", "other"): "另一个"}, {"D": "一处", "E": "二处"}, {})
BASE = sound_content("D")
# A value that differs from what the sound content says, by piece and column; what names the piece cannot differ.
OTHERS = {
    GoalContent: {"text": "改", "original_text": "改"},
    DirectionContent: {"text": "改", "economic_item": "office", "amount": Decimal(5), "goals": ()},
    IndicatorContent: {
        "goal": 2,
        "name": "改",
        "name_en": "changed",
        "original_text": "改",
        "level1": "cost",
        "level2": "cost",
        "weight": Decimal(5),
        "has_suggested_weight": True,
        "pairing": "unverified",
        "is_soft": True,
        "evidence": "改",
        "measure": "cards-2",
        "target": None,
        "whole_target": TargetContent(value=Decimal(300)),
    },
    MeasureContent: {
        "name": "改",
        "name_en": "changed",
        "kind": "money",
        "unit_name": "起",
        "decimals": 2,
        "factor": Decimal(100),
        "numerator_name": "子",
        "numerator_name_en": "part",
        "denominator_name": "母",
        "denominator_name_en": "whole",
        "is_part_of_whole": True,
        "accumulation": Accumulation.SNAPSHOT,
        "denominator_accumulation": Accumulation.SNAPSHOT,
        "aggregation": "mean",
        "dimension": "district",
        "frequency": "yearly",
        "season": "学年",
        "division": "E",
        "definition": "改",
        "items": ("一",),
        "members": (MembershipContent(member="other", reporting_unit="E", starts_on=date(2016, 5, 1)),),
    },
    TargetContent: {
        "operator": Operator.AT_MOST,
        "basis": "last_year",
        "value": Decimal(81),
        "due_on": date(2016, 5, 1),
        "step": Decimal(5),
        "scope": "all",
        "members": ("unit",),
        "path": "keep_at",
        "planned": (PlannedContent(ends_on=date(2016, 6, 30), value=Decimal(40)),),
        "status": "provisional",
        "document": "文",
        "decided_by": "市政府",
        "reference_value": Decimal(70),
        "reference_year": 2015,
        "reason": "改",
    },
}
# Columns that are said only together with others.
TOGETHER = {"equal_means", "high", "factor", "offset", "years", "scope_count"}


def changed(old, new):
    return [piece for section in sections(old, new, NAMES) for piece in section.changed]


def with_first(part, **columns):
    first, *others = getattr(BASE, part)
    return replace(BASE, **{part: (replace(first, **columns), *others)})


@pytest.mark.parametrize(
    ("part", "kind", "column"),
    [
        (part, kind, column)
        for part, kind in (
            ("goals", GoalContent),
            ("directions", DirectionContent),
            ("indicators", IndicatorContent),
            ("measures", MeasureContent),
        )
        for column in OTHERS[kind]
    ],
)
def test_no_column_changes_unseen(part, kind, column):
    (piece, *more) = changed(BASE, with_first(part, **{column: OTHERS[kind][column]}))

    assert [line.label for line in piece.lines if line.is_changed]
    assert len(more) <= 1  # a measure's unit shows in its indicator's target too


def target(**columns):
    return replace(BASE.indicators[0].target, **columns)


@pytest.mark.parametrize("column", OTHERS[TargetContent])
def test_nothing_of_a_target_changes_unseen(column):
    assert changed(BASE, with_first("indicators", target=target(**{column: OTHERS[TargetContent][column]})))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"operator": Operator.EQUAL}, {"equal_means": "exact"}),
        ({"operator": Operator.RANGE, "high": Decimal(90)}, {"high": Decimal(95)}),
        ({"basis": "last_year", "value": None}, {"factor": Decimal("0.95")}),
        ({"basis": "last_year", "value": None}, {"offset": Decimal(-5)}),
        ({"basis": "mean_of_years", "value": None, "years": 2}, {"years": 3}),
        ({"scope": "at_least", "scope_count": 1, "members": ("unit",)}, {"scope_count": 2}),
    ],
)
def test_what_is_said_only_with_something_else_is_seen_there(before, after):
    old = with_first("indicators", target=target(**before))

    assert changed(old, with_first("indicators", target=target(**before | after)))


def test_every_column_is_tried():
    named = {"number", "code"}
    for kind, tried in OTHERS.items():
        assert is_dataclass(kind)
        columns = {row.name for row in fields(kind)} - named
        assert columns - set(tried) - (TOGETHER if kind is TargetContent else set()) == set()


@pytest.mark.parametrize(
    "column", ["attribute", "starts_on", "ends_on", "scheme", "last_year_completion", "document", "reason"]
)
def test_nothing_of_the_head_changes_unseen(column):
    value = date(2015, 1, 1) if column.endswith("_on") else "continuing" if column == "attribute" else "改"

    assert len(changed(BASE, replace(BASE, **{column: value}))) == 1


def test_what_is_the_same_is_folded():
    (head, *others) = sections(BASE, BASE, NAMES)

    assert [section.changed for section in (head, *others)] == [[]] * 5
    assert [len(section.same) for section in (head, *others)] == [1, 1, 4, 1, 4]


def test_what_came_and_went_is_named():
    new = replace(BASE, indicators=(*BASE.indicators[1:], replace(BASE.indicators[0], code="1-9")))

    came, went = changed(BASE, new)

    assert (came.name, came.is_new, went.name, went.is_gone) == ("1-9", True, "1-1", True)


@pytest.mark.django_db
def test_money_is_summed_over_the_versions(client, django_assert_max_num_queries):
    desk = make_desk()
    first = desk.approved()
    line = BudgetContent(
        source="general",
        kind=BudgetKind.ADJUSTMENT,
        amount=Decimal(-200_000),
        effective_on=date(2016, 7, 1),
        document="财函〔2016〕8号",
    )
    second = desk.adjustment(lambda content: replace(content, budget=(line,)))

    with django_assert_max_num_queries(30):
        page = side_by_side(first, second)

    (money,) = page.sections[-1].changed
    assert [(row.left, row.right) for row in money.lines if row.is_changed] == [
        ("100.00", "80.00"),
        ("", "-20.00 · 财函〔2016〕8号"),
    ]
    assert page.changes == 2  # the money, and the reason in the head
    client.force_login(desk.leader)
    shown = client.get(reverse("plans:compare", args=[Plan.objects.get(project=desk.project).pk]))
    assert (shown.context["page"].left, shown.context["page"].right) == (first, second)
    assert "财函〔2016〕8号" in shown.content.decode()
    assert client.get(f"{shown.request['PATH_INFO']}?left=9").status_code == 404

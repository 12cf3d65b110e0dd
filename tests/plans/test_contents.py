"""What a version says as one value: read, written, changed, undone, compared and kept as JSON."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.plans.actions import drafts
from apps.plans.actions.contents import ContentRefused, IndicatorInUse, MeasureInUse, NameUnknown, TargetInForce
from apps.plans.enums import Dimension, VersionState
from apps.plans.models import Definition, Indicator, Measure, PlanVersion, Target
from apps.plans.queries import target_in_force
from apps.plans.queries.comparisons import compare
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlanContent,
    PlannedContent,
    TargetContent,
    content_of,
    contents_of,
    from_json,
    to_json,
)
from tests.factories import (
    AssignmentFactory,
    BureauFactory,
    DivisionFactory,
    MemberFactory,
    ProjectFactory,
    SchemeFactory,
    UserFactory,
)
from tests.progress.world import NOW

pytestmark = pytest.mark.django_db


class Office:
    """A bureau with an officer, a division, two districts and a project without a plan."""

    def __init__(self):
        self.bureau = BureauFactory()
        self.division = DivisionFactory(parent=self.bureau)
        self.officer = UserFactory()
        AssignmentFactory(user=self.officer, unit=self.bureau, role=Role.OFFICER)
        for code in ("A", "B"):
            MemberFactory(bureau=self.bureau, dimension=Dimension.DISTRICT, code=code)
        MemberFactory(bureau=self.bureau, dimension=Dimension.FUNDING, code="general")
        self.scheme = SchemeFactory()
        self.project = ProjectFactory(bureau=self.bureau, division=self.division)

    def opened(self, content=None):
        return drafts.open_plan(
            project=self.project, year=2016, content=content or self.content(), person=self.officer, at=NOW
        )

    def approve(self, version):
        version.state = VersionState.APPROVED
        version.approved_at = NOW
        version.save()
        version.plan.approved = version
        version.plan.save()

    def content(self):
        """Return a plan that uses every kind of piece."""
        members = (
            MembershipContent(member="A", reporting_unit=self.division.code),
            MembershipContent(member="B", ends_on=date(2016, 6, 30)),
        )
        rate = MeasureContent(
            code="rate",
            name="登记率",
            kind="ratio",
            unit_name="%",
            decimals=2,
            factor=Decimal(100),
            numerator_name="登记数",
            denominator_name="应登记数",
            is_part_of_whole=True,
            accumulation="snapshot",
            denominator_accumulation="snapshot",
            aggregation="pooled",
            dimension="district",
            frequency="monthly",
            division=self.division.code,
            definition="按期末台账统计。",
            members=members,
        )
        judged = MeasureContent(
            code="standard",
            name="达标",
            kind="judgement",
            dimension="district",
            frequency="half_yearly",
            items=("明亮", "整洁"),
            members=members[:1],
        )
        return PlanContent(
            attribute="continuing",
            starts_on=date(2016, 1, 1),
            ends_on=date(2016, 12, 31),
            scheme=f"{self.scheme.code}@1",
            last_year_completion="已完成。",
            budget=(
                BudgetContent(
                    source="general",
                    kind="initial",
                    amount=Decimal("800000.00"),
                    effective_on=date(2016, 1, 1),
                    document="预算批复",
                ),
            ),
            directions=(DirectionContent(number=1, text="会议费", amount=Decimal(5000), goals=(1, 2)),),
            goals=(
                GoalContent(number=1, text="提高登记率", original_text="提高登记率"),
                GoalContent(number=2, text="达标", original_text="达标"),
            ),
            measures=(rate, judged),
            indicators=(
                IndicatorContent(
                    code="1-1",
                    goal=1,
                    name="登记率",
                    level1="output",
                    level2="quality",
                    weight=Decimal("22.5"),
                    measure="rate",
                    target=TargetContent(
                        value=Decimal(80),
                        scope="all",
                        members=("A", "B"),
                        path="per_period",
                        planned=(PlannedContent(ends_on=date(2016, 6, 30), value=Decimal(70)),),
                    ),
                    whole_target=TargetContent(value=Decimal(95), due_on=date(2018, 12, 31)),
                ),
                IndicatorContent(
                    code="2-1",
                    goal=2,
                    name="达标",
                    level1="output",
                    level2="quality",
                    measure="standard",
                    target=TargetContent(operator="qualitative", path="keep_at"),
                ),
            ),
        )


@pytest.fixture
def office():
    return Office()


def first_indicator(**values):
    """Return a change of columns of the first indicator."""
    return lambda content: replace(
        content, indicators=(replace(content.indicators[0], **values), *content.indicators[1:])
    )


def first_target(**values):
    """Return a change of columns of the first indicator's target."""
    return lambda content: first_indicator(target=replace(content.indicators[0].target, **values))(content)


def first_measure(**values):
    """Return a change of columns of the first measure."""
    return lambda content: replace(content, measures=(replace(content.measures[0], **values), *content.measures[1:]))


def with_weight(weight):
    """Return a change of the first indicator's weight."""
    return first_indicator(weight=Decimal(weight))


def edit(office, version, change, label="改"):
    return drafts.edit(version=version, person=office.officer, at=NOW, label=label, change=change)


def test_what_is_written_is_read_again(office):
    version = office.opened()

    assert content_of(version) == office.content()
    assert list(version.authors.all()) == [office.officer]
    assert from_json(to_json(office.content())) == office.content()


def test_a_change_leaves_an_event_that_says_what_changed_and_can_be_undone(office):
    version = office.opened()

    edit(
        office,
        version,
        lambda content: first_target(value=Decimal(85))(with_weight("20")(content)),
        "改分值和指标值",
    )

    assert content_of(version).indicators[0].target.value == 85
    event = Event.objects.latest("pk")
    assert event.before == {"indicators.1-1.weight": "22.50", "indicators.1-1.target.value": "80.0000"}
    assert event.after == {"indicators.1-1.weight": "20", "indicators.1-1.target.value": "85"}
    assert event.reason == "改分值和指标值"

    assert drafts.undo(version=version, person=office.officer, at=NOW) == "改分值和指标值"
    assert content_of(version) == office.content()
    with pytest.raises(drafts.NothingToUndo):
        drafts.undo(version=version, person=office.officer, at=NOW)


def test_a_change_that_changes_nothing_leaves_no_trace(office):
    version = office.opened()
    before = Event.objects.count()

    edit(office, version, lambda content: replace(content, document=content.document))

    assert (version.edits.count(), Event.objects.count()) == (0, before)


def test_pieces_go_and_come_back_with_everything_they_had(office):
    version = office.opened()

    edit(
        office,
        version,
        lambda content: replace(content, measures=content.measures[:1], indicators=content.indicators[:1]),
    )

    assert set(Indicator.objects.values_list("code", flat=True)) == {"1-1"}
    assert set(Measure.objects.values_list("code", flat=True)) == {"rate"}
    drafts.undo(version=version, person=office.officer, at=NOW)
    assert content_of(version) == office.content()


def test_a_proposal_does_not_count_before_it_is_approved(office):
    version = office.opened()
    office.approve(version)
    second = drafts.open_adjustment(
        plan=version.plan, reason="任务调整", document="请示", person=office.officer, at=NOW
    )

    edit(office, second, first_target(value=Decimal(60)))
    edit(office, second, first_measure(definition="新口径"))

    indicator = Indicator.objects.get(code="1-1")
    assert target_in_force([indicator], date(2016, 12, 31))[indicator.pk].value == 80
    assert Definition.objects.settled().get(measure__code="rate").text == "按期末台账统计。"
    assert content_of(version) == office.content()
    assert (content_of(second).indicators[0].target.value, content_of(second).measures[0].definition) == (60, "新口径")
    office.approve(second)
    assert target_in_force([indicator], date(2016, 12, 31))[indicator.pk].value == 60
    assert content_of(version) == office.content()


def test_an_unchanged_adjustment_proposes_no_target_of_its_own(office):
    version = office.opened()
    office.approve(version)

    second = drafts.open_adjustment(plan=version.plan, reason="x", document="", person=office.officer, at=NOW)

    assert not Target.objects.filter(version=second).exists()
    assert {row.key for row in compare(content_of(version), content_of(second))} == {
        "reason",
        "budget.general/initial/1",
    }


@pytest.mark.parametrize(
    ("sentence", "change", "refusal"),
    [
        ("how an approved measure counts", first_measure(unit_name="‰"), MeasureInUse),
        ("what an approved indicator looks at", first_indicator(measure="standard"), IndicatorInUse),
        ("a member nobody knows", first_target(members=("Z",)), NameUnknown),
        ("a goal that is not there", first_indicator(goal=9), NameUnknown),
        ("an approved target taken away", first_indicator(target=None), TargetInForce),
        ("a weight out of range", with_weight("101"), ContentRefused),
        ("a scheme nobody has loaded", lambda c: replace(c, scheme="none@1"), NameUnknown),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_of_it_stays(office, sentence, change, refusal):
    version = office.opened()
    office.approve(version)
    second = drafts.open_adjustment(plan=version.plan, reason="x", document="", person=office.officer, at=NOW)
    before, events = content_of(second), Event.objects.count()

    with pytest.raises(refusal), transaction.atomic():
        edit(office, second, change)

    assert (content_of(second), Event.objects.count(), second.edits.count()) == (before, events, 0), sentence


def test_only_who_drafts_for_the_project_may_change_and_only_a_draft(office):
    version = office.opened()
    stranger = UserFactory()
    AssignmentFactory(user=stranger, unit=BureauFactory(), role=Role.OFFICER)
    head = UserFactory()
    AssignmentFactory(user=head, unit=office.division, role=Role.HEAD)

    with pytest.raises(drafts.NotYours):
        drafts.edit(version=version, person=stranger, at=NOW, label="x", change=with_weight(1))
    drafts.edit(version=version, person=head, at=NOW, label="x", change=with_weight(1))
    assert set(version.authors.all()) == {office.officer, head}
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.DIVISION_REVIEW)
    with pytest.raises(drafts.PlanLocked, match="处室审核"):
        edit(office, version, with_weight(2))


def test_a_plan_has_one_version_on_its_way(office):
    version = office.opened()
    with pytest.raises(drafts.AlreadyOpen):
        office.opened()
    office.approve(version)
    drafts.open_adjustment(plan=version.plan, reason="x", document="", person=office.officer, at=NOW)
    with pytest.raises(drafts.AlreadyOpen):
        drafts.open_adjustment(plan=version.plan, reason="x", document="", person=office.officer, at=NOW)
    with pytest.raises(drafts.DraftRefused, match="原因"):
        drafts.open_adjustment(plan=version.plan, reason=" ", document="", person=office.officer, at=NOW)


def test_reading_many_versions_costs_as_much_as_reading_one(office):
    first = office.opened()
    office.project = ProjectFactory(bureau=office.bureau, division=office.division)
    office.opened()
    both = list(PlanVersion.objects.all())

    with CaptureQueriesContext(connection) as one:
        content_of(first)
    with CaptureQueriesContext(connection) as two:
        contents_of(both)

    assert (len(both), len(one), len(two)) == (2, 13, 13)

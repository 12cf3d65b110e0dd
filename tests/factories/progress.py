"""Rounds, cells, figures and what was said of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from apps.accounts.enums import Role
from apps.calculation.periods import cut, year_of
from apps.plans.enums import Frequency
from apps.progress.enums import EntryState, RevisionOrigin, Verdict
from apps.progress.models import Entry, Review, Revision, Round
from tests.factories.accounts import BureauFactory, UserFactory
from tests.factories.plans import NumberFactory


class RoundFactory(DjangoModelFactory):
    """August 2016, or another `month`; opens the day after and is due on the eighth."""

    class Meta:
        model = Round

    class Params:
        month = 8
        period = factory.LazyAttribute(lambda row: cut(year_of(row.fiscal_year), 1)[row.month - 1])

    bureau = factory.SubFactory(BureauFactory)
    frequency = Frequency.MONTHLY
    fiscal_year = 2016
    starts_on = factory.LazyAttribute(lambda row: row.period.starts_on)
    ends_on = factory.LazyAttribute(lambda row: row.period.ends_on)
    opens_on = factory.LazyAttribute(lambda row: row.ends_on + timedelta(days=1))
    due_on = factory.LazyAttribute(lambda row: row.ends_on + timedelta(days=8))


class EntryFactory(DjangoModelFactory):
    """A cell of a measure's first member; bureau reports, bureau reviews, unless units are given."""

    class Meta:
        model = Entry

    measure = factory.SubFactory(NumberFactory)
    member = factory.LazyAttribute(lambda row: row.measure.memberships.select_related("member").first().member)
    round = factory.SubFactory(RoundFactory, bureau=factory.SelfAttribute("..measure.bureau"))
    reporting_unit = factory.SelfAttribute("measure.bureau")
    reviewing_unit = factory.SelfAttribute("measure.bureau")
    state = EntryState.PENDING


class RevisionFactory(DjangoModelFactory):
    """A figure of twelve as typed on 2 September 2016; its cell then waits for review.

    For a ratio pass `numerator` and `denominator` and `value=None`.
    """

    class Meta:
        model = Revision
        skip_postgeneration_save = True

    entry = factory.SubFactory(EntryFactory)
    number = factory.LazyAttribute(lambda row: row.entry.revisions.count() + 1)
    value = Decimal(12)
    origin = RevisionOrigin.TYPED
    submitted_by = factory.SubFactory(
        UserFactory, role=Role.REPORTER, unit=factory.SelfAttribute("..entry.reporting_unit")
    )
    submitted_at = datetime(2016, 9, 2, 2, 0, tzinfo=UTC)

    @factory.post_generation
    def in_cell(self, create, extracted, **kwargs):
        if create:
            self.entry.latest, self.entry.state = self, EntryState.SUBMITTED
            self.entry.save(update_fields=["latest", "state"])


class ReviewFactory(DjangoModelFactory):
    """An approval of 5 September 2016, after which the figure counts; with `verdict=Verdict.RETURNED` it goes back."""

    class Meta:
        model = Review
        skip_postgeneration_save = True

    revision = factory.SubFactory(RevisionFactory)
    verdict = Verdict.APPROVED
    reason = factory.LazyAttribute(lambda row: "" if row.verdict == Verdict.APPROVED else "请核对分母。")
    reviewer = factory.SubFactory(
        UserFactory, role=Role.HEAD, unit=factory.SelfAttribute("..revision.entry.reviewing_unit")
    )
    reviewed_at = datetime(2016, 9, 5, 2, 0, tzinfo=UTC)

    @factory.post_generation
    def in_cell(self, create, extracted, **kwargs):
        if not create:
            return
        entry = self.revision.entry
        entry.state = EntryState.RETURNED
        if self.verdict == Verdict.APPROVED:
            entry.approved, entry.state = self.revision, EntryState.APPROVED
        entry.save(update_fields=["approved", "state"])

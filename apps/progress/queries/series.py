"""The reviewed figures of measures, by round and member: what every answer about figures starts from."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from apps.calculation.aggregation import Aggregate, Figure, Method, aggregate, per_member
from apps.calculation.terms import Accumulation, Aggregation
from apps.plans.models import Measure, Member
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Entry, Revision, Round
from apps.progress.querysets import EntryQuerySet


@dataclass
class Series:
    """One measure in one fiscal year: its rounds in order, who was asked in each, and the figures that count.

    `waiting` are the members of each round whose figure is in and waits for its review while none of theirs counts.
    """

    measure: Measure
    rounds: list[Round] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    asked: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    revisions: dict[int, dict[int, Revision]] = field(default_factory=lambda: defaultdict(dict))
    waiting: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def last_round(self) -> Round | None:
        """Return the latest round in which a figure counts, None while there is none."""
        reported = [row for row in self.rounds if self.revisions.get(row.pk)]
        return reported[-1] if reported else None

    def told_until(self, today: date) -> date | None:
        """Return the end of the last round that was reported or whose due day is past; None before either."""
        told = [row.ends_on for row in self.rounds if self.revisions.get(row.pk) or row.due_on < today]
        return max(told, default=None)

    def up_to(self, day: date) -> "Series":
        """Return the series cut after the rounds that end by a day."""
        rounds = [row for row in self.rounds if row.ends_on <= day]
        return replace(self, rounds=rounds)

    def waiting_of(self, lacking: Collection[int]) -> list[int]:
        """Return who of those that a figure lacks did hand theirs in: it only waits for its review."""
        return [pk for pk in lacking if self._is_waiting(pk)]

    def _is_waiting(self, pk: int) -> bool:
        """Tell whether all that a member left out waits: the last round, or each where the sum needs all of them."""
        out = [
            row.pk
            for row in self.rounds
            if pk in self.asked.get(row.pk, ()) and pk not in self.revisions.get(row.pk, ())
        ]
        counted = out if self.measure.is_figured and method_of(self.measure).needs_every_period else out[-1:]
        return bool(counted) and all(pk in self.waiting.get(row, ()) for row in counted)

    def aggregate(
        self, members: Collection[int] | None = None, aggregation: Aggregation | None = None
    ) -> Aggregate[int]:
        """Return the figure of the members (all where None is given) over all rounds, with coverage.

        `aggregation` combines the members in another way than the measure's own.
        """
        method = method_of(self.measure)
        if aggregation is not None:
            method = replace(method, aggregation=aggregation)
        return aggregate(self._of(members), self._periods, method, asked=self._asked)

    def per_member(self, members: Collection[int] | None = None) -> dict[int, Aggregate[int]]:
        """Return each member's own figure over all rounds."""
        return per_member(self._of(members), self._periods, method_of(self.measure), asked=self._asked)

    def _of(self, members: Collection[int] | None) -> list[int]:
        return [pk for pk in self.members if members is None or pk in members]

    @property
    def _periods(self) -> list[Mapping[int, Figure]]:
        return [{pk: figure_of(row) for pk, row in self.revisions.get(r.pk, {}).items()} for r in self.rounds]

    @property
    def _asked(self) -> list[Collection[int]]:
        return [self.asked.get(row.pk, set()) for row in self.rounds]


def series_of(
    measures: Collection[Measure], years: Collection[int], today: date, known_at: datetime | None = None
) -> dict[tuple[int, int], Series]:
    """Return the series of each measure and fiscal year, by (measure id, year). One query.

    Cells without a counting figure are in it as "asked". A measure that was never asked has an empty series. An extra round
    without any counting figure is not in it while it is not overdue on the day, nor once it is closed: what nobody needs to
    answer takes nothing from what was said before. `known_at` asks what was asked and counted at that moment, in the rounds
    that were open by that day. None is now.
    """
    found = gathered(measures, years, known_at)
    for series in found.values():
        _leave_unasked(series, today)
    return found


def gathered(
    measures: Collection[Measure],
    years: Collection[int],
    known_at: datetime | None = None,
    members: Collection[int] | None = None,
) -> dict[tuple[int, int], Series]:
    """Return the series of `series_of` with every round in them, or only the cells of some members. One query."""
    found = {(measure.pk, year): Series(measure) for measure in measures for year in years}
    rows = (
        Entry.everything.filter(measure__in=[measure.pk for measure in measures], round__fiscal_year__in=years)
        .select_related("round__season", "member")
        .order_by("round__ends_on", "round__starts_on", "round_id", "member__position", "member_id")
    )
    if members is not None:
        rows = rows.filter(member__in=members)
    asked = rows.filter(released_at=None).select_related("approved") if known_at is None else _as_known(rows, known_at)
    for entry in asked:
        series = found[entry.measure_id, entry.round.fiscal_year]
        if not series.rounds or series.rounds[-1].pk != entry.round_id:
            series.rounds.append(entry.round)
        series.members.setdefault(entry.member_id, entry.member)
        series.asked[entry.round_id].add(entry.member_id)
        if entry.approved:
            series.revisions[entry.round_id][entry.member_id] = entry.approved
        elif entry.state == EntryState.SUBMITTED:
            series.waiting[entry.round_id].add(entry.member_id)
    return found


def _leave_unasked(series: Series, today: date) -> None:
    """Take the rounds that nobody answered and nobody needs to answer out of a series, and who was asked in them alone."""
    kept = [row for row in series.rounds if series.revisions.get(row.pk) or _needs_answer(row, today)]
    if len(kept) < len(series.rounds):
        asked = {pk for row in kept for pk in series.asked[row.pk]}
        series.rounds, series.members = kept, {pk: row for pk, row in series.members.items() if pk in asked}


def _needs_answer(row: Round, today: date) -> bool:
    """Tell whether silence in a round says something: always, but in an extra one only if it is open and overdue."""
    return not row.is_extra or (row.closed_at is None and row.due_on < today)


def _as_known(rows: EntryQuerySet, known_at: datetime) -> Iterator[Entry]:
    """Yield the cells that were asked at a moment, `approved`, round and waiting as they were then; not to be saved. One query."""
    for entry in rows.asked_by(known_at).with_known_round(known_at).with_known(known_at).with_last_word(known_at):
        entry.approved = getattr(entry, "known", None)
        is_waiting = vars(entry)["known_latest"] is not None and vars(entry)["last_said"] in (None, Verdict.TAKEN_BACK)
        entry.state = EntryState.SUBMITTED if is_waiting else EntryState.PENDING
        entry.round.due_on = vars(entry)["known_due_on"]
        entry.round.closed_at = known_at if vars(entry)["was_closed"] else None
        yield entry


def method_of(measure: Measure) -> Method:
    """Return how the calculation combines the figures of a measure that collects figures."""
    has_denominator = bool(measure.denominator_accumulation)
    method = Method(Accumulation(measure.accumulation), Aggregation(measure.aggregation), has_denominator)
    if not has_denominator:
        return method
    denominator = Accumulation(measure.denominator_accumulation)
    return replace(method, denominator_accumulation=denominator, factor=measure.factor or Decimal(1))


def figure_of(revision: Revision) -> Figure:
    """Return a revision as the calculation takes it; a measure without a denominator has its value in the numerator."""
    if revision.value is not None:
        return Figure(revision.value)
    return Figure(revision.numerator, revision.denominator)

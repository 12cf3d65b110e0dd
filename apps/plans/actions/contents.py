"""Writing what a version says: the one way by which the rows of a draft come into being, change and go.

The rows of a version (terms, directions, proposed targets, wordings and money) are written anew, whatever stood there. What
outlives versions (goals, indicators, measures and their members) is found by code and kept.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import models
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from apps.accounts.models import Unit, User
from apps.plans.enums import Dimension, Origin, Span, VersionState
from apps.plans.models import (
    BudgetLine,
    ChecklistItem,
    Definition,
    Direction,
    Goal,
    GoalTerms,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureMember,
    Member,
    PlannedFigure,
    PlanVersion,
    Scheme,
    Season,
    Target,
    TargetMember,
)
from apps.plans.queries.contents import (
    OF_MEASURE,
    OF_TARGET,
    SCHEME_VERSION,
    IndicatorContent,
    MeasureContent,
    PlanContent,
    TargetContent,
    measure_content,
    target_content,
)

HEAD: Final = ("attribute", "starts_on", "ends_on", "last_year_completion", "document", "reason")
OF_TERMS: Final = (
    "name",
    "name_en",
    "original_text",
    "level1",
    "level2",
    "weight",
    "has_suggested_weight",
    "pairing",
    "is_soft",
    "evidence",
)
BATCH: Final = 500


class ContentRefused(ValueError):
    """What cannot be kept; the message is the sentence for people."""


class NameUnknown(ContentRefused):
    """A unit, member, season, source or scheme that is not there."""


class MeasureInUse(ContentRefused):
    """A measure that an approved plan uses: figures of years hang on how it counts."""


class IndicatorInUse(ContentRefused):
    """An approved indicator that would look at another measure: it is another indicator then."""


class TargetInForce(ContentRefused):
    """An approved target that would be taken away while its indicator stays."""


@dataclass(frozen=True, slots=True)
class Written:
    """One version with what it said and is to say; `before` None for a version that says nothing yet."""

    version: PlanVersion
    before: PlanContent | None
    content: PlanContent


def write_contents(
    pairs: Sequence[Written], *, bureau: Unit, person: User | None, at: datetime, origin: Origin = Origin.TYPED
) -> None:
    """Make versions of one bureau say their contents. About thirty queries however many fresh ones there are.

    Must run inside the transaction of the action that checked that the versions are open. Raises a `ContentRefused`.
    """
    writer = _Writer(pairs, bureau, person, at, origin)
    writer.clear()
    writer.write_heads()
    writer.write_measures()
    writer.write_goals()
    writer.write_indicators()
    writer.write_targets()
    writer.write_money()
    writer.drop_orphans()


class _Writer:
    """The work of one `write_contents`, in the order in which rows need each other."""

    def __init__(
        self, pairs: Sequence[Written], bureau: Unit, person: User | None, at: datetime, origin: Origin
    ) -> None:
        self.pairs, self.bureau, self.person, self.at, self.origin = pairs, bureau, person, at, origin
        self.old = [pair.version.pk for pair in pairs if pair.before is not None]
        self.measures: dict[str, Measure] = {}
        self.goals: dict[tuple[int, int], Goal] = {}
        self.indicators: dict[tuple[int, str], Indicator] = {}

    @cached_property
    def members(self) -> dict[tuple[str, str], Member]:
        return {(row.dimension, row.code): row for row in Member.objects.filter(bureau=self.bureau)}

    @cached_property
    def units(self) -> dict[str, Unit]:
        codes = {pair.division for pair in self._measures_wanted()}
        codes |= {member.reporting_unit for pair in self._measures_wanted() for member in pair.members}
        return {row.code: row for row in Unit.objects.filter(code__in=codes, path__startswith=self.bureau.path)}

    @cached_property
    def seasons(self) -> dict[str, Season]:
        return {row.name: row for row in Season.objects.filter(bureau=self.bureau).order_by("pk")}

    def _measures_wanted(self) -> list[MeasureContent]:
        return [measure for pair in self.pairs for measure in pair.content.measures]

    def clear(self) -> None:
        """Take away what the versions said; fresh ones said nothing."""
        if not self.old:
            return
        for model in (Direction, IndicatorTerms, GoalTerms, Target, Definition, BudgetLine):
            model._default_manager.filter(version__in=self.old).delete()

    def write_heads(self) -> None:
        """Write the columns of the versions themselves."""
        schemes = {f"{row.code}{SCHEME_VERSION}{row.number}": row for row in Scheme.objects.all()}
        changed = []
        for pair in self.pairs:
            version, wanted = pair.version, pair.content.scheme
            scheme = _found(schemes, wanted, _("评分方案")) if wanted else None
            columns = {name: getattr(pair.content, name) for name in HEAD} | {
                "scheme_id": scheme.pk if scheme else None
            }
            if any(getattr(version, name) != value for name, value in columns.items()):
                changed.append(version)
                for name, value in columns.items():
                    setattr(version, name, value)
        PlanVersion.objects.bulk_update(changed, [*HEAD, "scheme"], batch_size=BATCH)

    # Measures ------------------------------------------------------------------------------------------------------

    def write_measures(self) -> None:
        """Find the measures by code, make the missing, change those that no approved plan uses."""
        wanted = {content.code: content for content in self._measures_wanted()}
        there = self._measures_of(wanted)
        fresh = [
            self._measure(content, Measure(bureau=self.bureau)) for code, content in wanted.items() if code not in there
        ]
        made = Measure.objects.bulk_create(fresh, batch_size=BATCH)
        self.measures = there | {row.code: row for row in made}
        known = self._as_stored(there.values())
        changed = [wanted[code] for code in there if _form(known[code]) != _form(wanted[code])]
        self._change_measures(changed)
        self._write_parts([wanted[row.code] for row in made])
        self._write_definitions({code: content.definition for code, content in known.items()})

    def _measures_of(self, wanted: Collection[str]) -> dict[str, Measure]:
        rows = Measure.objects.filter(bureau=self.bureau, code__in=list(wanted)).select_related("season", "division")
        return {row.code: row for row in rows}

    def _as_stored(self, measures: Collection[Measure]) -> dict[str, MeasureContent]:
        """Return the measures that are there as contents, wordings as they are settled."""
        if not measures:
            return {}
        ids = [row.pk for row in measures]
        members: dict[int, list[MeasureMember]] = {pk: [] for pk in ids}
        for row in MeasureMember.objects.filter(measure__in=ids).select_related("member", "reporting_unit"):
            members[row.measure_id].append(row)
        items: dict[int, list[str]] = {pk: [] for pk in ids}
        for item in ChecklistItem.objects.filter(measure__in=ids).order_by("number"):
            items[item.measure_id].append(item.text)
        wordings = dict(
            Definition.objects.settled().filter(measure__in=ids).order_by("number").values_list("measure_id", "text")
        )
        return {
            row.code: measure_content(row, wordings.get(row.pk, ""), items[row.pk], members[row.pk]) for row in measures
        }

    def _measure(self, content: MeasureContent, row: Measure) -> Measure:
        for name in OF_MEASURE:
            setattr(row, name, getattr(content, name))
        row.season = _found(self.seasons, content.season, _("填报季")) if content.season else None
        row.division = _found(self.units, content.division, _("责任处室")) if content.division else None
        return row

    def _change_measures(self, contents: Sequence[MeasureContent]) -> None:
        """Change measures that are there. Raises `MeasureInUse` where an approved plan uses one."""
        if not contents:
            return
        rows = [self._measure(content, self.measures[content.code]) for content in contents]
        used = IndicatorTerms.objects.filter(version__state=VersionState.APPROVED, indicator__measure__in=rows)
        if name := used.values_list("indicator__measure__name", flat=True).first():
            sentence = _("数据项“%(name)s”已用于批复的目标，它怎么计数不能再改；口径可以改，其余请另建数据项。")
            raise MeasureInUse(sentence % {"name": name})
        Measure.objects.bulk_update(rows, [*OF_MEASURE, "season", "division"], batch_size=BATCH)
        ChecklistItem.objects.filter(measure__in=rows).delete()
        MeasureMember.objects.filter(measure__in=rows).delete()
        self._write_parts(contents)

    def _write_parts(self, contents: Iterable[MeasureContent]) -> None:
        """Write members and checklist items of measures that have none."""
        members, items = [], []
        for content in contents:
            measure = self.measures[content.code]
            members += [self._membership(measure, row) for row in content.members]
            items += [
                ChecklistItem(measure=measure, number=number, text=text)
                for number, text in enumerate(content.items, start=1)
            ]
        MeasureMember.objects.bulk_create(members, batch_size=BATCH)
        ChecklistItem.objects.bulk_create(items, batch_size=BATCH)

    def _membership(self, measure: Measure, content: Any) -> MeasureMember:
        unit = content.reporting_unit
        return MeasureMember(
            measure=measure,
            member=self._member(measure.dimension, content.member),
            reporting_unit=_found(self.units, unit, _("填报单位")) if unit else None,
            starts_on=content.starts_on,
            ends_on=content.ends_on,
        )

    def _member(self, dimension: str, code: str) -> Member:
        return _found(self.members, (dimension, code), str(Dimension(dimension).label), shown=code)

    def _write_definitions(self, settled: dict[str, str]) -> None:
        """Propose a wording where it differs from the one in force; each counts when its version is approved."""
        numbers = dict(
            Definition.objects.filter(measure__in=list(self.measures.values()))
            .order_by()
            .values_list("measure")
            .annotate(Max("number"))
        )
        rows = []
        for pair in self.pairs:
            for content in pair.content.measures:
                if content.definition and content.definition != settled.get(content.code):
                    measure = self.measures[content.code]
                    numbers[measure.pk] = numbers.get(measure.pk, 0) + 1
                    rows.append(
                        Definition(
                            measure=measure,
                            version=pair.version,
                            number=numbers[measure.pk],
                            text=content.definition,
                            effective_on=pair.content.starts_on,
                        )
                    )
        Definition.objects.bulk_create(rows, batch_size=BATCH)

    # Goals and indicators ------------------------------------------------------------------------------------------

    def write_goals(self) -> None:
        """Find or make the goals, and write their wording."""
        plans = [pair.version.plan_id for pair in self.pairs]
        self.goals = {(row.plan_id, row.number): row for row in Goal.objects.filter(plan__in=plans)}
        wanted = [(pair.version.plan_id, goal.number) for pair in self.pairs for goal in pair.content.goals]
        fresh = [Goal(plan_id=plan, number=number) for plan, number in wanted if (plan, number) not in self.goals]
        for row in Goal.objects.bulk_create(fresh, batch_size=BATCH):
            self.goals[row.plan_id, row.number] = row
        GoalTerms.objects.bulk_create(
            [
                GoalTerms(
                    version=pair.version,
                    goal=self._goal(pair, goal.number),
                    text=goal.text,
                    original_text=goal.original_text or goal.text,
                )
                for pair in self.pairs
                for goal in pair.content.goals
            ],
            batch_size=BATCH,
        )
        self._write_directions()

    def _goal(self, pair: Written, number: int) -> Goal:
        """Return a goal of the plan; it must be among those that the content names."""
        if number not in {goal.number for goal in pair.content.goals}:
            raise NameUnknown(_("没有绩效目标%(number)s，请先添加该目标或改正编号。") % {"number": number})
        return self.goals[pair.version.plan_id, number]

    def _write_directions(self) -> None:
        wanted = [(pair, direction) for pair in self.pairs for direction in pair.content.directions]
        rows = Direction.objects.bulk_create(
            [
                Direction(
                    version=pair.version,
                    number=direction.number,
                    text=direction.text,
                    economic_item=direction.economic_item,
                    amount=direction.amount,
                )
                for pair, direction in wanted
            ],
            batch_size=BATCH,
        )
        link = Direction.goals.through
        link._default_manager.bulk_create(
            [
                link(direction_id=row.pk, goal_id=self._goal(pair, number).pk)
                for row, (pair, direction) in zip(rows, wanted, strict=True)
                for number in direction.goals
            ],
            batch_size=BATCH,
        )

    def write_indicators(self) -> None:
        """Find or make the indicators, and write what the versions say of them."""
        plans = [pair.version.plan_id for pair in self.pairs]
        self.indicators = {(row.plan_id, row.code): row for row in Indicator.objects.filter(plan__in=plans)}
        fresh = []
        for pair in self.pairs:
            for content in pair.content.indicators:
                row = self.indicators.get((pair.version.plan_id, content.code))
                if row is None:
                    row = Indicator(plan_id=pair.version.plan_id, code=content.code)
                    row.measure = self.measures[content.measure]
                    fresh.append(row)
                elif row.measure_id != self.measures[content.measure].pk:
                    self._point_elsewhere(row, content)
        for row in Indicator.objects.bulk_create(fresh, batch_size=BATCH):
            self.indicators[row.plan_id, row.code] = row
        self._write_terms()

    def _point_elsewhere(self, row: Indicator, content: IndicatorContent) -> None:
        """Let an indicator look at another measure. Raises `IndicatorInUse` for one that was approved."""
        if IndicatorTerms.objects.filter(indicator=row, version__state=VersionState.APPROVED).exists():
            raise IndicatorInUse(_("指标%(code)s已批复，不能改用另一个数据项；请另设指标。") % {"code": content.code})
        row.measure = self.measures[content.measure]
        row.save(update_fields=["measure"])

    def _write_terms(self) -> None:
        IndicatorTerms.objects.bulk_create(
            [
                IndicatorTerms(
                    version=pair.version,
                    indicator=self.indicators[pair.version.plan_id, content.code],
                    goal=self._goal(pair, content.goal),
                    position=position,
                    **{name: getattr(content, name) for name in OF_TERMS},
                )
                for pair in self.pairs
                for position, content in enumerate(pair.content.indicators, start=1)
            ],
            batch_size=BATCH,
        )

    # Targets and money ---------------------------------------------------------------------------------------------

    def write_targets(self) -> None:
        """Propose a target where it differs from the one in force; each counts when its version is approved."""
        settled = self._settled_targets()
        numbers = self._numbers_of_targets()
        wanted = []
        for pair, printed, span, content in self._targets_wanted():
            indicator = self.indicators[pair.version.plan_id, printed.code]
            if content is None:
                _require_none(settled.get((indicator.pk, span)), printed)
                continue
            if content == settled.get((indicator.pk, span)):
                continue
            numbers[indicator.pk] = numbers.get(indicator.pk, 0) + 1
            wanted.append((self._target(pair, indicator, numbers[indicator.pk], span, content), content))
        rows = Target.objects.bulk_create([row for row, _content in wanted], batch_size=BATCH)
        named, planned = [], []
        for row, (_row, content) in zip(rows, wanted, strict=True):
            dimension = row.indicator.measure.dimension
            named += [TargetMember(target=row, member=self._member(dimension, code)) for code in content.members]
            planned += [PlannedFigure(target=row, ends_on=p.ends_on, value=p.value) for p in content.planned]
        TargetMember.objects.bulk_create(named, batch_size=BATCH)
        PlannedFigure.objects.bulk_create(planned, batch_size=BATCH)

    def _targets_wanted(self) -> Iterable[tuple[Written, IndicatorContent, Span, TargetContent | None]]:
        for pair in self.pairs:
            for indicator in pair.content.indicators:
                yield pair, indicator, Span.YEAR, indicator.target
                yield pair, indicator, Span.PROJECT, indicator.whole_target

    def _settled_targets(self) -> dict[tuple[int, str], TargetContent]:
        """Return the settled targets of the indicators; what the versions themselves proposed is gone already."""
        rows = Target.objects.settled().filter(indicator__in=[row.pk for row in self.indicators.values()])
        return {
            (row.indicator_id, row.span): target_content(row)
            for row in rows.order_by("number").prefetch_related("named__member", "planned")
        }

    def _numbers_of_targets(self) -> dict[int, int]:
        rows = Target.objects.filter(indicator__in=[row.pk for row in self.indicators.values()]).order_by()
        return dict(rows.values_list("indicator").annotate(Max("number")))

    def _target(self, pair: Written, indicator: Indicator, number: int, span: Span, content: TargetContent) -> Target:
        return Target(
            indicator=indicator,
            version=pair.version,
            number=number,
            span=span,
            effective_on=pair.content.starts_on,
            origin=self.origin,
            entered_by=self.person,
            entered_at=self.at,
            **{name: getattr(content, name) for name in OF_TARGET},
        )

    def write_money(self) -> None:
        """Propose the money that the versions bring."""
        BudgetLine.objects.bulk_create(
            [
                BudgetLine(
                    plan_id=pair.version.plan_id,
                    version=pair.version,
                    source=self._member(Dimension.FUNDING, line.source),
                    kind=line.kind,
                    amount=line.amount,
                    effective_on=line.effective_on,
                    document=line.document,
                    reason=line.reason,
                    origin=self.origin,
                )
                for pair in self.pairs
                for line in pair.content.budget
            ],
            batch_size=BATCH,
        )

    def drop_orphans(self) -> None:
        """Take away goals, indicators and measures that were only ever in a draft and are in none any more."""
        plans = [pair.version.plan_id for pair in self.pairs if pair.before is not None]
        if not plans:
            return
        gone = Indicator.objects.filter(plan__in=plans, terms=None)
        measures = list(gone.values_list("measure", flat=True))
        gone.delete()
        Goal.objects.filter(plan__in=plans, terms=None).delete()
        for measure in Measure.objects.filter(pk__in=measures, indicators=None, project=None):
            _delete_unless_used(measure)


def _require_none(settled: TargetContent | None, indicator: IndicatorContent) -> None:
    """Raise `TargetInForce` where a target in force would go and leave its indicator without any."""
    if settled is not None:
        raise TargetInForce(
            _("指标%(code)s的指标值已批复，不能清空；不再考核的，请删除整条指标。") % {"code": indicator.code}
        )


def _delete_unless_used(row: models.Model) -> None:
    """Delete a row that nothing points to; one with figures behind it stays."""
    try:
        row.delete()
    except ProtectedError:
        return


def _form(content: MeasureContent) -> MeasureContent:
    """Return what an approved plan fixes of a measure: everything but its wording, which has versions of its own."""
    return replace(content, definition="")


def _found(rows: dict[Any, Any], key: Any, what: str, shown: str | None = None) -> Any:
    """Return the row of a key. Raises `NameUnknown`."""
    if key not in rows:
        raise NameUnknown(_("找不到%(what)s“%(name)s”。") % {"what": what, "name": shown or key})
    return rows[key]

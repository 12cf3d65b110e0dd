"""One way to open, check and save a piece, whatever kind it is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from apps.plans.actions import pieces
from apps.plans.actions.pieces import Change
from apps.plans.forms.editor.heads import BudgetLineForm, DirectionForm, GoalForm, HeadForm
from apps.plans.forms.editor.indicators import NEW, IndicatorForms
from apps.plans.forms.editor.measures import MeasureForm
from apps.plans.queries.contents import PlanContent
from apps.plans.queries.editing import EditorPage, is_approved


class Desk:
    """A piece on the desk: its form, whether what was typed is clean, and the change that follows from it."""

    template = "plans/_editor_fields.html"

    def __init__(self, form: Any) -> None:
        self.form = form

    def is_valid(self) -> bool:
        """Tell whether everything typed is clean."""
        return self.form.is_valid()

    def change(self, name: str) -> Change:
        """Return the change that was typed."""
        raise NotImplementedError

    def landed(self, name: str, before: PlanContent, after: PlanContent) -> str:  # noqa: ARG002
        """Return the name that the piece has now."""
        return name


class HeadDesk(Desk):
    """The plan's head."""

    template = "plans/_editor_head_form.html"

    def change(self, name: str) -> Change:  # noqa: ARG002
        """Return the change of the head."""
        columns = self.form.columns()
        return lambda content: pieces.put_head(content, **columns)


class BudgetDesk(Desk):
    """A line of money."""

    template = "plans/_editor_budget_form.html"

    def change(self, name: str) -> Change:
        """Return the change of a line, or one line more."""
        line = self.form.content()
        return lambda content: pieces.put_budget_line(content, line, None if name == NEW else int(name))

    def landed(self, name: str, before: PlanContent, after: PlanContent) -> str:  # noqa: ARG002
        """Return the last place for a line that was added."""
        return str(len(after.budget)) if name == NEW else name


class DirectionDesk(Desk):
    """A spending direction; `below` is the number of the one it is put after."""

    template = "plans/_editor_direction_form.html"

    def __init__(self, form: DirectionForm, below: int | None) -> None:
        super().__init__(form)
        self.below = below

    def change(self, name: str) -> Change:
        """Return the change of a direction, or one direction more."""
        direction = self.form.content()
        below = self.below if name == NEW else None
        return lambda content: pieces.put_direction(content, direction, below=below)

    def landed(self, name: str, before: PlanContent, after: PlanContent) -> str:  # noqa: ARG002
        """Return the number that a new direction was given."""
        if name != NEW:
            return name
        return str(self.below + 1 if self.below else len(after.directions))


class GoalDesk(Desk):
    """A goal."""

    template = "plans/_editor_goal_form.html"

    def change(self, name: str) -> Change:
        """Return the change of a goal, or one goal more."""
        goal = self.form.content()
        return lambda content: pieces.put_goal(content, goal, None if name == NEW else int(name))

    def landed(self, name: str, before: PlanContent, after: PlanContent) -> str:  # noqa: ARG002
        """Return the number that was typed."""
        return str(self.form.cleaned_data["number"])


class MeasureDesk(Desk):
    """A measure."""

    template = "plans/_editor_measure_form.html"

    def change(self, name: str) -> Change:
        """Return the change of the measure."""
        measure = self.form.content(code=name)
        return lambda content: pieces.put_measure(content, measure)


class IndicatorDesk(Desk):
    """An indicator with its targets, and its measure where that is made along."""

    template = "plans/_editor_indicator_form.html"

    def __init__(self, form: IndicatorForms, below: str, fresh_code: Callable[[], str]) -> None:
        super().__init__(form)
        self.below, self.fresh_code = below, fresh_code

    def change(self, name: str) -> Change:
        """Return the change of an indicator, or one indicator more."""
        code = self.fresh_code() if self.form.is_making else ""
        return self.form.change(name, measure_code=code, below=self.below or None)

    def landed(self, name: str, before: PlanContent, after: PlanContent) -> str:
        """Return the code that the indicator has now."""
        there = {row.code for row in before.indicators}
        return next((row.code for row in after.indicators if row.code not in there), name)


def desk_for(
    part: str,
    *,
    page: EditorPage,
    piece: Any,
    data: Any,
    goal: int | None,
    below: str,
    today: date,
    borrowed: Any,
    fresh_code: Callable[[], str],
) -> Desk:
    """Return a desk for a piece of a part; `piece` None for one that is made, under `goal` and after `below`.

    Money that an adjustment moves is moved `today` unless another day is typed.

    `borrowed` is an indicator with its measure from the library, and the id by which the library knows it.
    """
    if part == "indicators":
        form = _indicator_forms(page, piece, data, goal, borrowed)
        return IndicatorDesk(form, below, fresh_code)
    if part == "measures":
        row = page.measure(piece.code)
        return MeasureDesk(MeasureForm(data, page=page, piece=piece, lock=row.lock if row else ""))
    if part == "directions":
        place = int(below) if below.isascii() and below.isdecimal() and len(below) < 5 else None
        return DirectionDesk(DirectionForm(data, page=page, piece=piece), place)
    if part == "goals":
        first = {"number": pieces.next_goal(page.content)} if piece is None else None
        return GoalDesk(GoalForm(data, page=page, piece=piece, initial=first))
    if part == "budget":
        first = {"effective_on": today} if piece is None and page.version.is_adjustment else None
        return BudgetDesk(BudgetLineForm(data, page=page, piece=piece, initial=first))
    return HeadDesk(HeadForm(data, page=page, piece=piece))


def _indicator_forms(page: EditorPage, piece: Any, data: Any, goal: int | None, borrowed: Any) -> IndicatorForms:
    """Return the forms of an indicator; a new one without a goal stands under the last."""
    known = {row.number for row in page.content.goals}
    under = goal if goal in known else max(known, default=None)
    return IndicatorForms(
        data,
        page=page,
        piece=piece,
        borrowed=borrowed[:2] if borrowed else None,
        library=borrowed[2] if borrowed else None,
        is_fixed=piece is not None and is_approved(page.plan, piece.code),
        goal=under,
    )

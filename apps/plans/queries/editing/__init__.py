"""What the editor of a plan shows: the pieces of its content beside the rows that surround them."""

from apps.plans.queries.editing.labels import label_of, place_name
from apps.plans.queries.editing.pages import EditorPage, editor_page, is_typed, plan_on_the_table
from apps.plans.queries.editing.places import HEAD, PARTS, anchor, fingerprint, named_pieces, piece_of
from apps.plans.queries.editing.readings import WordedTarget, read_words, unit_and_scale
from apps.plans.queries.editing.rows import IndicatorRow, MeasureRow
from apps.plans.queries.editing.surroundings import Places, free_measure_code, is_approved
from apps.plans.queries.editing.wording import accumulation_examples, target_words

__all__ = [
    "HEAD",
    "PARTS",
    "EditorPage",
    "IndicatorRow",
    "MeasureRow",
    "Places",
    "WordedTarget",
    "accumulation_examples",
    "anchor",
    "editor_page",
    "fingerprint",
    "free_measure_code",
    "is_approved",
    "is_typed",
    "label_of",
    "named_pieces",
    "piece_of",
    "place_name",
    "plan_on_the_table",
    "read_words",
    "target_words",
    "unit_and_scale",
]

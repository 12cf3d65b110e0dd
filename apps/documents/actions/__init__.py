"""What happens to a file on its way into plans: taken in, read, mended, confirmed or dropped."""

from apps.documents.actions.confirmation import (
    AlreadyConfirmed,
    ChangedSincePreview,
    ImportRefused,
    confirm_batch,
    confirm_imported,
    finish_confirmation,
    request_confirmation,
)
from apps.documents.actions.readings import (
    begin_reading,
    choose_division,
    choose_projects,
    confirm_readings,
    keep_rows,
    mend_reading,
    refuse_import,
)
from apps.documents.actions.uploads import SeenBefore, drop_import, drop_imported, start_import

__all__ = [
    "AlreadyConfirmed",
    "ChangedSincePreview",
    "ImportRefused",
    "SeenBefore",
    "begin_reading",
    "choose_division",
    "choose_projects",
    "confirm_batch",
    "confirm_imported",
    "confirm_readings",
    "drop_import",
    "drop_imported",
    "finish_confirmation",
    "keep_rows",
    "mend_reading",
    "refuse_import",
    "request_confirmation",
    "start_import",
]

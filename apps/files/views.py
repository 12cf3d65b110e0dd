"""A kept file on its way out."""

from collections.abc import Mapping

from django.http import FileResponse, Http404

from apps.files.models import StoredFile
from apps.files.queries import open_content
from apps.ui.exports import NOT_IN_NAMES


def stored_file_response(
    stored: StoredFile, name: str, *, as_attachment: bool = True, headers: Mapping[str, str] | None = None
) -> FileResponse:
    """Return a kept content under a name, as a download and not as a page; 404 where the store has lost it.

    What no disk takes in a name is replaced. Whether the person may have it is for the caller to know.
    """
    try:
        content = open_content(stored)
    except FileNotFoundError as lost:
        raise Http404 from lost
    return FileResponse(
        content,
        as_attachment=as_attachment,
        filename=NOT_IN_NAMES.sub("_", name),
        content_type=stored.content_type,
        headers=headers,
    )

"""Files without a content on the disk; tests that read one store it with `apps.files.actions.store_file`."""

from datetime import UTC, datetime

import factory

from apps.files.models import StoredFile
from tests.factories.accounts import UserFactory


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A stored PDF."""

    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 2048
    content_type = "application/pdf"
    stored_by = factory.SubFactory(UserFactory)
    stored_at = datetime(2016, 9, 1, 2, tzinfo=UTC)

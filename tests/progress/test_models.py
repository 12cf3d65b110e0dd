"""What the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.progress.enums import Mark, RevisionOrigin
from apps.progress.models import CheckMark, Entry, Review, Revision
from tests.factories import ChecklistItemFactory, RevisionFactory
from tests.progress.world import make_world

pytestmark = pytest.mark.django_db


def refused(act, table):
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), transaction.atomic():
        act()


@pytest.fixture
def figures():
    """Return a typed figure and a made-up one, each reviewed and with a finding."""
    world = make_world(districts=2)
    typed, made_up = world.count([(9, 10), (8, 10)])
    Entry.objects.update(latest=None, approved=None)
    made_up = RevisionFactory(
        entry=made_up.entry, value=None, numerator=7, denominator=10, origin=RevisionOrigin.DEMONSTRATION
    )
    item = ChecklistItemFactory()
    for revision in (typed, made_up):
        CheckMark.objects.create(revision=revision, item=item, mark=Mark.PASSED)
    Review.objects.create(revision=made_up, verdict="approved", reviewer=world.head, reviewed_at=made_up.submitted_at)
    Entry.objects.update(latest=None, approved=None)
    return typed, made_up


def test_figures_findings_and_reviews_are_never_changed(figures):
    for revision in figures:
        refused(lambda row=revision: Revision.objects.filter(pk=row.pk).update(numerator=1), "progress_revision")
        refused(lambda row=revision: row.marks.update(mark=Mark.FAILED), "progress_checkmark")
        refused(lambda row=revision: row.reviews.update(reason="改"), "progress_review")


def test_only_made_up_figures_are_deleted(figures):
    typed, made_up = figures
    if connection.vendor == "postgresql":
        refused(typed.marks.all().delete, "progress_checkmark")
        refused(typed.reviews.all().delete, "progress_review")
        refused(lambda: Revision.objects.filter(pk=typed.pk)._raw_delete("default"), "progress_revision")

    made_up.marks.all().delete()
    made_up.reviews.all().delete()
    made_up.delete()

    assert not Revision.objects.demonstration().exists()
    assert (typed.marks.count(), typed.reviews.count()) == (1, 1)

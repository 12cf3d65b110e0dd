"""The journal verified as a whole: its chains, its anchors, and the rows that it speaks of or should."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from apps.journal.models import Chain, Event
from apps.journal.queries.anchors import AnchorBook, lost_chains, missing_anchors
from apps.journal.queries.chains import chain_flaws, nothing
from apps.journal.queries.rows import content_flaws
from apps.journal.queries.told import told_kinds, untold_flaws


def journal_flaws(book: AnchorBook, *, is_copy: bool = False, step: Callable[[int], None] = nothing) -> Iterator[str]:
    """Yield a sentence for everything that is wrong, in the order of finding.

    `book` is what the anchor files say; a copy that was taken away earlier (`is_copy`) need not know the latest anchors.
    `step` is told how much was looked at since, of `verification_steps`.
    """
    chains = list(Chain.objects.select_related("bureau").order_by("bureau__path"))
    yield from lost_chains(book, chains)
    yield from flaws_of_chains(chains, book, is_copy=is_copy, step=step)
    yield from untold_flaws(step)


def flaws_of_chains(
    chains: Collection[Chain], book: AnchorBook, *, is_copy: bool = False, step: Callable[[int], None] = nothing
) -> Iterator[str]:
    """Yield a sentence for everything wrong with the anchor files, with some chains and with the rows they speak of.

    What rows lack an event is said of no chain, for they are in none: see `untold_flaws`.
    """
    yield from book.flaws
    if not is_copy:
        yield from missing_anchors(book, Path(settings.ANCHOR_DIR), chains)
    for chain in chains:
        yield from chain_flaws(chain, book.heads.get(chain.pk), step)
    yield from content_flaws(step, chains)


def verification_steps(chains: Collection[Chain]) -> int:
    """Return about how much there is to look at: events, rows they speak of, rows that need one. A handful of queries."""
    events: int = Chain.objects.filter(pk__in=[chain.pk for chain in chains]).aggregate(all=Sum("length"))["all"] or 0
    told = Event.objects.filter(chain__in=chains).order_by().values("subject_type", "subject_id").distinct().count()
    return events + told + sum(model._default_manager.count() for model in told_kinds())

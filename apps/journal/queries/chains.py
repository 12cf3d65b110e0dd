"""Whether the events still are what was written, one chain at a time."""

from collections.abc import Callable, Iterator, Mapping

from django.db.models import Max
from django.utils.translation import gettext as _

from apps.journal.models import Chain, Event
from apps.journal.queries.hashes import event_hash

ROWS_AT_ONCE = 500


def nothing(_steps: int) -> None:
    """Take no notice of how far it is."""


def chain_flaws(
    chain: Chain, anchors: Mapping[int, str] | None = None, step: Callable[[int], None] = nothing
) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with a chain itself, in its order.

    Found are an edited event, a gap, a cut tail and events that were put in or written anew. `anchors` are hashes that stand
    outside the database, by the event's number: with them a chain that was written anew to its end is found too. `step` is
    told how many events were looked at since. One pass, memory flat.
    """
    number, head, anchors = 0, "", anchors or {}
    for event in chain.events.order_by("number").iterator(ROWS_AT_ONCE):
        number += 1
        yield from _event_flaws(event, chain, number, head, anchors)
        number, head = event.number, event.hash
        if number % ROWS_AT_ONCE == 0:
            step(ROWS_AT_ONCE)
        if number == chain.length:
            break
    step(number % ROWS_AT_ONCE)
    yield from _end_flaws(chain, number, head)
    yield from _beyond_the_anchors(chain, anchors)


def _event_flaws(event: Event, chain: Chain, number: int, head: str, anchors: Mapping[int, str]) -> Iterator[str]:
    words = {"chain": chain.bureau, "number": number, "found": event.number}
    if event.number != number:
        yield _("%(chain)s：第 %(number)d 条事件不见了，接着的是第 %(found)d 条。") % words
    if event.hash != event_hash(event):
        yield _("%(chain)s：第 %(found)d 条事件的内容被改过。") % words
    if event.previous_hash != head:
        yield _("%(chain)s：第 %(found)d 条事件与前一条不相连。") % words
    if anchors.get(event.number, event.hash) != event.hash:
        yield _("%(chain)s：第 %(found)d 条事件与锚文件所记的哈希不符，这一条或更早的被改写过。") % words


def _end_flaws(chain: Chain, number: int, head: str) -> Iterator[str]:
    words = {"chain": chain.bureau, "missing": chain.length - number, "length": chain.length, "number": number}
    if number < chain.length:
        yield _("%(chain)s：最后 %(missing)d 条事件不见了，应有 %(length)d 条。") % words
    elif head != chain.head:
        yield _("%(chain)s：第 %(number)d 条事件与链尾哈希不符，链被改写过。") % words
    yield from _events_beyond(chain)


def _events_beyond(chain: Chain) -> Iterator[str]:
    """Yield a sentence for events past the end; the end is read anew, for people go on working while this looks."""
    last = chain.events.aggregate(last=Max("number"))["last"] or 0
    if last > Chain.objects.values_list("length", flat=True).get(pk=chain.pk):
        yield _("%(chain)s：链尾之后另有事件，第 %(number)d 条不在链内。") % {"chain": chain.bureau, "number": last}


def _beyond_the_anchors(chain: Chain, anchors: Mapping[int, str]) -> Iterator[str]:
    last = max(anchors, default=0)
    if last > chain.length and last > Chain.objects.values_list("length", flat=True).get(pk=chain.pk):
        words = {"chain": chain.bureau, "last": last, "length": chain.length}
        yield _("%(chain)s：锚文件记到第 %(last)d 条，链里只有 %(length)d 条，末尾被截去。") % words

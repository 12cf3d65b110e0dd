"""Verify the journal."""

from itertools import chain as one_after_another
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.journal.models import Chain
from apps.journal.queries import chain_flaws, content_flaws


class Command(BaseCommand):
    """Look for events that were edited, left out or cut off, and for rows that were changed behind the journal's back."""

    help = "Verify every chain of the journal and the rows its events speak of; exit 1 when anything is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a sentence for every flaw."""
        chains = list(Chain.objects.select_related("bureau").order_by("bureau__path"))
        flaws = 0
        for sentence in one_after_another(*(chain_flaws(chain) for chain in chains), content_flaws()):
            self.stderr.write(sentence)
            flaws += 1
        if flaws:
            raise CommandError(ngettext("日志有 %(n)d 处不符。", "日志有 %(n)d 处不符。", flaws) % {"n": flaws})
        self.stdout.write(
            _("日志完好：%(chains)d 条链，%(events)d 条事件。")
            % {"chains": len(chains), "events": sum(chain.length for chain in chains)}
        )

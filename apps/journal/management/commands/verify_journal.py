"""Verify the journal."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.journal.models import Chain
from apps.journal.queries import anchors_in, journal_flaws


class Command(BaseCommand):
    """Look for events that were edited, left out or cut off, and for rows that came, went or changed behind the journal's back."""

    help = "Verify every chain of the journal, its anchors, and the rows its events speak of; exit 1 when anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a copy of the anchor files that was kept elsewhere."""
        parser.add_argument(
            "--anchors", type=Path, metavar="PATH", help="a folder of anchor files, or one of them, kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a sentence for every flaw."""
        copy = options["anchors"]
        if copy and not copy.exists():
            raise CommandError(_("找不到锚文件：%(path)s。") % {"path": copy})
        book = anchors_in(copy or Path(settings.ANCHOR_DIR))
        if copy and not book:
            raise CommandError(_("%(path)s 里没有锚。") % {"path": copy})
        flaws = 0
        for sentence in journal_flaws(book, is_copy=bool(copy)):
            self.stderr.write(sentence)
            flaws += 1
        self.stdout.write(
            _("核对了 %(lines)d 行锚，最近一行记于 %(at)s。") % {"lines": book.lines, "at": book.last.at}
            if book.last
            else _("还没有锚：整条链从头改写时看不出来。")
        )
        if flaws:
            raise CommandError(ngettext("日志有 %(n)d 处不符。", "日志有 %(n)d 处不符。", flaws) % {"n": flaws})
        size = Chain.objects.aggregate(chains=Count("pk"), events=Sum("length"))
        self.stdout.write(
            _("日志完好：%(chains)d 条链，%(events)d 条事件。")
            % {"chains": size["chains"], "events": size["events"] or 0}
        )

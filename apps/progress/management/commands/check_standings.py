"""Check the stored standings."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.progress.models import Standing
from apps.progress.queries import drifts


class Command(BaseCommand):
    """Work every standing out from the figures as of the day it was stored for, and compare."""

    help = "Compare stored standings with what the figures come to; exit 1 when any differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a sentence for every difference."""
        found = [
            drift for bureau in Unit.objects.filter(kind=UnitKind.BUREAU).order_by("path") for drift in drifts(bureau)
        ]
        for drift in found:
            self.stderr.write(drift.sentence)
        if found:
            number = len(found)
            raise CommandError(
                ngettext("%(n)d 处完成情况与数据不符。", "%(n)d 处完成情况与数据不符。", number) % {"n": number}
            )
        self.stdout.write(_("%(n)d 个指标的完成情况与数据相符。") % {"n": Standing.objects.count()})

"""Load the working days of past and present years."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.calendars.actions import PUBLISHED_YEARS, YearUnknown, load_calendar


class Command(BaseCommand):
    """Add the days that the calendar lacks."""

    help = "Load working days, holidays and make-up days; years that are there stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take years, the known ones around the seed and today by default."""
        parser.add_argument("years", nargs="*", type=int, default=list(PUBLISHED_YEARS))

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was new."""
        root = Unit.objects.filter(depth=1).order_by("path").first()
        try:
            years = load_calendar(years=set(options["years"]), authority=root, at=timezone.now())
        except YearUnknown as error:
            raise CommandError(
                _("日历数据中没有%(year)s年的放假安排，请在国务院办公厅公布后再载入。") % {"year": error.year}
            ) from error
        listed = "、".join(str(year) for year in years)
        self.stdout.write(_("已载入工作日历：%(years)s") % {"years": listed} if years else _("工作日历没有变化。"))

"""Load the published 2016 budget and performance plan."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.calculation.scheme_reading import SchemeRefused
from apps.calendars.actions import PUBLISHED_YEARS, load_calendar
from apps.plans.actions import Loaded, PrintedSumDiffers, PublishedFileMissing, SchemeMissing, load_published


class Command(BaseCommand):
    """Take in the scoring schemes, the published year and the calendar; a second run changes nothing."""

    help = "Load the published 2016 budget and performance plan, the scoring schemes and the calendar."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder of fixtures, for a bureau that has its own."""
        parser.add_argument("--fixtures", type=Path, default=Path(settings.BASE_DIR) / "fixtures")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was new."""
        folder, now = options["fixtures"], timezone.now()
        try:
            loaded = load_published(folder=folder / "2016", schemes=folder / "schemes", at=now)
        except (PublishedFileMissing, PrintedSumDiffers, SchemeMissing) as error:
            raise CommandError(str(error)) from error
        except SchemeRefused as error:
            raise CommandError(error.sentence.in_language(get_language() or "zh")) from error
        root = Unit.objects.filter(depth=1).order_by("path").first()
        years = load_calendar(years=set(PUBLISHED_YEARS), authority=root, at=now)
        self.stdout.write(_sentence(loaded, len(years)))


def _sentence(loaded: Loaded, years: int) -> str:
    if loaded.is_nothing_new and not years:
        return _("%(bureau)s%(year)s年的预算和绩效目标已经载入，没有变化。") % {
            "bureau": loaded.bureau,
            "year": loaded.year,
        }
    return _(
        "已载入%(bureau)s%(year)s年的预算和绩效目标：项目%(projects)s个，绩效目标%(goals)s个，绩效指标%(indicators)s个，"
        "评分方案%(schemes)s个，日历%(years)s年。"
    ) % {
        "bureau": loaded.bureau,
        "year": loaded.year,
        "projects": loaded.made["project"],
        "goals": loaded.made["goal"],
        "indicators": loaded.made["indicator"],
        "schemes": loaded.made["scheme"],
        "years": years,
    }

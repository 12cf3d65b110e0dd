"""Load made-up figures of 2016 for a look around."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.progress.actions.demonstration import DEMONSTRATION_DAY, NoPlan, TooShort, load_demonstration


class Command(BaseCommand):
    """Play the year up to a September morning."""

    help = "Load made-up figures, labelled as such, and eight accounts; remove_demonstration takes them away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the accounts' password from the environment, or from here."""
        parser.add_argument("--password", default=settings.DEMO_PASSWORD, help="or PERFTRACK_DEMO_PASSWORD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was made."""
        bureau = Unit.objects.filter(kind=UnitKind.BUREAU, projects__isnull=False).order_by("path").first()
        if bureau is None:
            raise CommandError(_("还没有载入任何单位的绩效目标，请先运行 load_plan_2016。"))
        try:
            made = load_demonstration(bureau=bureau, password=options["password"], at=timezone.now())
        except (NoPlan, TooShort) as error:
            raise CommandError(str(error)) from error
        words = {"count": made.revisions, "day": DEMONSTRATION_DAY, "accounts": "、".join(made.accounts)}
        if made.revisions:
            self.stdout.write(_("已载入演示数据%(count)s条，演示日期 %(day)s。演示账号：%(accounts)s。") % words)
        else:
            self.stdout.write(_("演示数据已经载入，没有变化；演示账号的口令已设置：%(accounts)s。") % words)

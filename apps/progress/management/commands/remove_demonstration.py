"""Take the made-up figures away."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.progress.actions.demonstration import Removed, remove_demonstration


class Command(BaseCommand):
    """Remove the demonstration and keep what people typed."""

    help = "Remove everything that load_demonstration made; what people typed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and say what went."""
        now = timezone.now()
        bureaus = Unit.objects.filter(kind=UnitKind.BUREAU, projects__isnull=False).distinct().order_by("path")
        removed = [remove_demonstration(bureau=row, today=timezone.localdate(now), at=now) for row in bureaus]
        self.stdout.write(_sentence([row for row in removed if not row.is_nothing]))


def _sentence(removed: list[Removed]) -> str:
    if not removed:
        return _("没有演示数据，没有变化。")
    return _(
        "已清除演示数据%(revisions)s条、演示指标值%(targets)s个，停用演示账号%(accounts)s个；录入的数据全部保留。"
    ) % {
        "revisions": sum(len(row.revisions) for row in removed),
        "targets": sum(len(row.targets) for row in removed),
        "accounts": sum(row.accounts for row in removed),
    }

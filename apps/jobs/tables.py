"""Long work as a list."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from apps.jobs.enums import JobKind
from apps.jobs.models import Job
from apps.ui import formats
from apps.ui.tables import NUMBERS, MomentColumn, Table


class JobTable(Table):
    """What ran, when, how far it came and what came of it."""

    kind = tables.Column(_("工作"), order_by=("kind", "pk"))
    state = tables.Column(_("状态"), order_by=("state", "pk"))
    progress = tables.Column(_("进度"), empty_values=(), orderable=False, attrs=NUMBERS)
    outcome = tables.Column(_("结果"), orderable=False, default=formats.UNKNOWN)
    started_by = tables.Column(_("发起人"), orderable=False, default=_("系统"))
    started_at = MomentColumn(verbose_name=_("开始时间"), order_by=("started_at", "pk"))
    ended_at = MomentColumn(verbose_name=_("结束时间"), order_by=("ended_at", "pk"), default=formats.UNKNOWN)

    class Meta(Table.Meta):
        model = Job
        fields = ()
        order_by = ("-started_at",)
        empty_text = _("还没有后台工作的记录。")

    def render_kind(self, value):
        """Return the words for a kind of work, the kind itself where there are none."""
        return JobKind(value).label if value in JobKind.values else value

    def render_progress(self, record):
        """Return how many steps are finished; a dash where nobody counted them."""
        return f"{record.finished_steps}/{record.steps}" if record.steps else formats.UNKNOWN

"""The ledger of mails as a list."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from apps.outbox.models import Mail
from apps.ui.tables import NUMBERS, MomentColumn, Table


class MailTable(Table):
    """What was sent to whom, and what became of it. `TOLD` shows what a mail said; administrators see only that it went."""

    created_at = MomentColumn(verbose_name=_("写入时间"))
    recipient = tables.TemplateColumn(
        template_name="reminders/_mail_person.html", verbose_name=_("收件人"), orderable=False
    )
    subject = tables.TemplateColumn(
        template_name="reminders/_mail_subject.html", verbose_name=_("主题"), orderable=False
    )
    state = tables.TemplateColumn(template_name="reminders/_mail_state.html", verbose_name=_("状态"))
    attempts = tables.Column(verbose_name=_("尝试次数"), attrs=NUMBERS)
    again = tables.TemplateColumn(
        template_name="reminders/_mail_again.html", verbose_name=_("操作"), orderable=False, empty_values=()
    )

    class Meta(Table.Meta):
        model = Mail
        fields = ("created_at", "recipient", "subject", "state", "attempts", "again")
        order_by = "-created_at"
        empty_text = _("还没有发过提醒。")

    def __init__(self, *args, shows_lines: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.shows_lines = shows_lines

    def order_created_at(self, rows, is_descending):
        """Order by time, then by key, so that pages never share a row."""
        sign = "-" if is_descending else ""
        return rows.order_by(f"{sign}created_at", f"{sign}pk"), True

    def order_state(self, rows, is_descending):
        """Order by state, the newest first within one."""
        return rows.order_by("-state" if is_descending else "state", "-created_at", "-pk"), True

    def order_attempts(self, rows, is_descending):
        """Order by attempts, the newest first among equals."""
        return rows.order_by("-attempts" if is_descending else "attempts", "-created_at", "-pk"), True

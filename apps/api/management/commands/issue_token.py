"""Issue a token for the API."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.api.actions import end_tokens, issue_token

LONGEST = 3650


class Command(BaseCommand):
    """Print a token with which a program speaks for a person; it is shown once and only its hash is kept."""

    help = "Print a new API token of a person, or end all of theirs with --end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person and how long."""
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=365, help="how long the token is good for (1 to 3650)")
        parser.add_argument("--end", action="store_true", help="end every token of the person, and print none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token, and nothing else, so that a script can take it."""
        now, days = timezone.now(), options["days"]
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(_("没有用户名为“%(username)s”的人。") % {"username": options["username"]})
        if options["end"]:
            count = end_tokens(person=person, at=now)
            words = ngettext("已终止 %(count)d 个令牌。", "已终止 %(count)d 个令牌。", count)
            self.stdout.write(words % {"count": count})
            return
        if not person.is_active:
            raise CommandError(_("“%(username)s”已停用，不能签发令牌。") % {"username": person.username})
        if not 1 <= days <= LONGEST:
            raise CommandError(
                _("令牌的有效天数应在 1 至 %(most)d 之间，读到 %(days)d。") % {"most": LONGEST, "days": days}
            )
        self.stdout.write(issue_token(person=person, at=now, ends_at=now + timedelta(days=days)))

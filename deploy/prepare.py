"""Bring static files and database up to date, fill an empty one, and say who may sign in. Run by `deploy.run` before anything starts."""

import io
import json
import os
import secrets
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from deploy import assets
from deploy.group import VAR

ACCOUNTS = ("reporter", "district", "head", "officer", "leader", "finance", "auditor", "admin")
KEPT = VAR / "demo-password"


def main() -> None:
    """Migrate, load the published plan into an empty database, and write what `deploy.run` prints as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perftrack.settings")
    try:
        django.setup()
        assets.collect()
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.IS_PRODUCTION:
            fill()
    except (CommandError, ImproperlyConfigured, OperationalError) as error:
        sys.exit(str(error))
    print(json.dumps(accounts(), ensure_ascii=False))


def fill() -> None:
    """Load the published plan and its demonstration once; what is there already is left as it is.

    A demonstration that was removed does not come back: its password is still kept. A new password is given to its accounts.
    """
    from apps.accounts.models import User  # noqa: PLC0415 - after django.setup()
    from apps.plans.models import Plan  # noqa: PLC0415

    if not Plan.objects.exists():
        say("正在载入 2016 年部门预算 … / loading the budget and plan of 2016 …")
        call_command("load_plan_2016", stdout=io.StringIO())
    given = os.environ.get("PERFTRACK_DEMO_PASSWORD", "").strip()
    is_new = not KEPT.exists() and not User.objects.exists()
    if is_new or (given and accounts() and given != kept_password()):
        demonstrate(given or f"demo-{secrets.token_hex(4)}")


def demonstrate(password: str) -> None:
    """Load the demonstration, or give its accounts the password, and keep that for its owner's eyes, to be printed again."""
    say("正在准备演示数据 … / preparing the demonstration …")
    call_command("load_demonstration", password=password, stdout=io.StringIO())
    KEPT.touch(mode=0o600)
    KEPT.chmod(0o600)
    KEPT.write_text(f"{password}\n")


def kept_password() -> str:
    """Return the password that the demonstration accounts have."""
    return KEPT.read_text().strip()


def say(sentence: str) -> None:
    """Tell who waits what is going on; standard output carries the answer."""
    print(sentence, file=sys.stderr, flush=True)


def accounts() -> dict[str, str]:
    """Return the demonstration accounts that are there, each with its person's name, and their password under ""."""
    from apps.accounts.models import User  # noqa: PLC0415 - after django.setup()

    found = dict(User.objects.filter(username__in=ACCOUNTS, is_active=True).values_list("username", "name"))
    if not found or not KEPT.exists():
        return {}
    return {"": kept_password()} | {name: found[name] for name in ACCOUNTS if name in found}


if __name__ == "__main__":
    main()

"""The made-up organisation: a division, an office in every district, eight accounts, and a reporter behind every office."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit, User
from apps.plans.enums import Dimension
from apps.plans.models import Measure, Member, Project

DOMAIN: Final = "demo.example"
SHORTEST_PASSWORD: Final = 8
AUDIT_LASTS: Final = timedelta(days=365)
OWN_DISTRICT: Final = "440103"
ADMINISTERED: Final = ("accounts", "calendars")


class TooShort(Exception):
    """A password that is missing or too short; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: reporters by the unit they report for, and the head who reviews."""

    division: Unit
    reporters: dict[int, User]
    head: User


def ensure_cast(bureau: Unit, password: str, at: datetime) -> Cast:
    """Make or wake the demonstration's units and accounts and give everything to the demonstration's division.

    Accounts sign in with the one password; the reporters of the other districts cannot sign in at all. Raises `TooShort`.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise TooShort(
            _("请设置演示账号的口令（环境变量 PERFTRACK_DEMO_PASSWORD），至少%(count)s个字符。")
            % {"count": SHORTEST_PASSWORD}
        )
    division = _ensure_unit(
        bureau, f"{bureau.code}-demo", "出租屋管理处（演示）", "Rented Housing Division (demo)", UnitKind.DIVISION
    )
    Measure.objects.filter(bureau=bureau, division=None).update(division=division)
    _answer_for_indicators(bureau, division)
    offices = _ensure_offices(bureau)
    accounts = _ensure_accounts(bureau, division, offices[OWN_DISTRICT], password, at)
    reporters = {division.pk: accounts["reporter"]}
    for code, office in offices.items():
        reporters[office.pk] = accounts["district"] if code == OWN_DISTRICT else _ensure_silent(code, office)
    return Cast(division, reporters, accounts["head"])


def demonstration_units(bureau: Unit) -> QuerySet[Unit]:
    """Return the units that the demonstration made for a bureau."""
    return Unit.objects.filter(code__startswith=f"{bureau.code}-demo")


def demonstration_accounts() -> QuerySet[User]:
    """Return the accounts of the demonstration."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}")


def _ensure_unit(bureau: Unit, code: str, name: str, name_en: str, kind: UnitKind) -> Unit:
    found = Unit.objects.filter(code=code).first()
    return found or Unit.objects.add_child(bureau, {"code": code, "name": name, "name_en": name_en, "kind": kind})


def _answer_for_indicators(bureau: Unit, division: Unit) -> None:
    """Give the division the projects that have indicators; the others stay with the bureau."""
    planned = Project.objects.filter(bureau=bureau, division=None, plans__indicators__isnull=False)
    Project.objects.filter(pk__in=planned.values("pk")).update(division=division)


def _ensure_offices(bureau: Unit) -> dict[str, Unit]:
    """Return an office per district in force, by the district's code."""
    offices = {}
    for member in Member.objects.filter(bureau=bureau, dimension=Dimension.DISTRICT, ends_on=None):
        office = _ensure_unit(
            bureau,
            f"{bureau.code}-demo-{member.code}",
            f"{member.name}填报单位（演示）",
            f"{member.name_en} office (demo)",
            UnitKind.DISTRICT,
        )
        offices[member.code] = office
        Member.objects.filter(pk=member.pk, unit=None).update(unit=office)
    return offices


def _ensure_accounts(bureau: Unit, division: Unit, office: Unit, password: str, at: datetime) -> dict[str, User]:
    root = Unit.objects.get_parent(bureau) or bureau
    ends_at = at + AUDIT_LASTS
    cast = [
        ("reporter", "演示填报人", Role.REPORTER, division, None),
        ("district", "演示填报人（荔湾区）", Role.REPORTER, office, None),
        ("head", "演示处室负责人", Role.HEAD, division, None),
        ("officer", "演示绩效管理岗", Role.OFFICER, bureau, None),
        ("leader", "演示局领导", Role.LEADER, bureau, None),
        ("finance", "演示财政复核人", Role.FINANCE, root, None),
        ("auditor", "演示审计人员", Role.AUDITOR, bureau, ends_at),
        ("admin", "演示系统管理员", Role.ADMIN, bureau, None),
    ]
    accounts = {
        username: _ensure_account(username, name, role, unit, until, password)
        for username, name, role, unit, until in cast
    }
    _let_administer(accounts["admin"])
    return accounts


def _ensure_account(username: str, name: str, role: Role, unit: Unit, ends_at: datetime | None, password: str) -> User:
    user, _is_new = User.objects.get_or_create(
        username=username, defaults={"name": name, "email": f"{username}@{DOMAIN}"}
    )
    user.is_active = True
    user.set_password(password)
    user.save(update_fields=["is_active", "password"])
    Assignment.objects.update_or_create(user=user, unit=unit, role=role, defaults={"ends_at": ends_at})
    return user


def _ensure_silent(code: str, office: Unit) -> User:
    """Return the made-up reporter of a district, who stands behind its figures, is reminded of them and has no password."""
    user, is_new = User.objects.get_or_create(
        username=f"demo-{code}",
        defaults={"name": f"演示填报人（{office.name[:3]}）", "email": f"demo-{code}@{DOMAIN}"},
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    Assignment.objects.get_or_create(user=user, unit=office, role=Role.REPORTER)
    return user


def _let_administer(user: User) -> None:
    """Let the administrator into accounts and calendar, and into nothing that holds a figure."""
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=ADMINISTERED))

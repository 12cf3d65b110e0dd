"""People, the units they work in and the roles they hold there."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from apps.accounts.enums import Role, UnitKind
from apps.accounts.querysets import AssignmentQuerySet, TokenQuerySet


class Unit(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A node of the organisation tree: the finance bureau, its bureaus, their divisions and district offices."""

    code = models.CharField(_("编码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind)

    node_order_by = ["code"]

    class Meta:
        verbose_name = verbose_name_plural = _("单位")

    def __str__(self) -> str:
        return self.name_en if self.name_en and not (get_language() or "zh").startswith("zh") else self.name


@dataclass(frozen=True, slots=True)
class Duty:
    """One role held in one unit, with the unit's place in the tree and the names of the bureau above it."""

    role: Role
    unit_id: int
    path: str
    kind: str
    bureau: str = ""
    bureau_en: str = ""


class User(AbstractUser):
    """A person who signs in. Names are whole: Chinese names have no useful split into first and last."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    language = models.CharField(_("界面语言"), max_length=10, blank=True)
    seen_at = models.DateTimeField(_("上次来访"), null=True, blank=True)

    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Return the roles in force, read once per request in one query."""
        rows = Assignment.objects.in_force().with_bureau().filter(user=self).order_by("pk")
        columns = ("role", "unit_id", "unit__path", "unit__kind", "bureau_name", "bureau_name_en")
        return tuple(Duty(Role(role), *place) for role, *place in rows.values_list(*columns))

    @property
    def bureau(self) -> str:
        """Return the name of the bureau of the person's first duty in the language of the page, empty without a duty."""
        first = next(iter(self.duties), None)
        if first is None:
            return ""
        is_chinese = (get_language() or "zh").startswith("zh")
        return first.bureau if is_chinese or not first.bureau_en else first.bureau_en

    def paths(self, *roles: Role) -> list[str]:
        """Return the tree paths in which the person holds one of the roles."""
        return [duty.path for duty in self.duties if duty.role in roles]

    @property
    def reads_plans(self) -> bool:
        """Tell whether the person may see plans as wholes: everybody but administrators and a district's reporters."""
        return any(duty.role != Role.ADMIN and duty.kind != UnitKind.DISTRICT for duty in self.duties)

    def holds(self, *roles: Role) -> bool:
        """Tell whether the person holds one of the roles anywhere."""
        return bool(self.paths(*roles))


class Assignment(models.Model):
    """A role of a person in a unit, until a moment where it is limited. An auditor's is always limited."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("用户"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    ends_at = models.DateTimeField(_("有效至"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="assignment_once"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.AUDITOR) | models.Q(ends_at__isnull=False),
                name="assignment_auditor_is_limited",
                violation_error_message=_("审计人员的授权必须写明截止时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"


class Token(models.Model):
    """A key with which a program speaks for a person, until a moment. Only its hash is kept, so nobody can read it again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("用户"))
    digest = models.CharField(_("哈希"), max_length=64, unique=True)
    issued_at = models.DateTimeField(_("签发时间"))
    ends_at = models.DateTimeField(_("有效至"))

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("访问令牌")

    def __str__(self) -> str:
        return f"{self.user} · {self.digest[:8]}"

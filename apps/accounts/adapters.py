"""The doors: who may come in, and who may administer."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.accounts.enums import Role

ADMINISTERED: Final = ("accounts", "calendars")


class Door(DefaultAccountAdapter):  # type: ignore[misc] # the package is not typed
    """People are added by an administrator. They sign in by username; failures are counted per account and address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the framework's signature
        """Return that nobody adds themselves."""
        return False


class Administration(AdminSite):
    """People, units and the calendar, for administrators alone. Nothing that holds a figure or a score gets in here."""

    site_title = site_header = _("绩效跟踪 · 管理后台")
    index_title = _("账户与日历")
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """Take what belongs here, and silently leave out what other packages would bring along."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in ADMINISTERED]
        if ours:
            super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person is an administrator in force; being superuser or staff is not enough."""
        user = request.user
        return user.is_active and user.is_staff and user.holds(Role.ADMIN)

    def admin_view(  # type: ignore[override] # the stubs name their own type of a view
        self, view: Callable[..., Any], cacheable: bool = False
    ) -> Callable[..., Any]:
        """Show strangers the way to sign in, and everybody else who may not be here that there is nothing."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request) and view != self.logout:
                raise Http404
            return inner(request, *args, **kwargs)

        return guarded

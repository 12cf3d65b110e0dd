"""What surrounds every page: the name of the product, the rail, whose data it is, and which day it plays on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIGURE_READERS: Final = ("reporter", "head", "officer", "leader", "finance", "auditor")
BUREAU_READERS: Final = ("officer", "leader", "finance", "auditor")


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the rail: its word, the page it leads to, its icon and the roles that may use it (empty: all).

    `reach` is how near the thumb it belongs on a phone, which has room for `AT_HAND` places: the lowest ones.
    """

    word: str | Promise
    view: str
    icon: str
    roles: tuple[str, ...] = ()
    is_of_plans: bool = False
    reach: int = 9

    def is_open_to(self, user: Any) -> bool:
        """Tell whether the person's roles may use it, and whether they see plans as wholes where it is about those."""
        return (not self.roles or user.holds(*self.roles)) and (user.reads_plans or not self.is_of_plans)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the rail as one person sees it on one page."""

    word: str | Promise
    address: str
    icon: str
    is_here: bool
    is_at_hand: bool


AT_HAND: Final = 4
PLACES: Final = (
    Place(_("工作台"), "dashboards:home", "home", reach=0),
    Place(_("看板"), "dashboards:board", "board", ("head", *BUREAU_READERS), reach=3),
    Place(
        pgettext_lazy("several", "项目"), "dashboards:projects", "projects", FIGURE_READERS, is_of_plans=True, reach=4
    ),
    Place(_("目标"), "plans:index", "target", FIGURE_READERS, is_of_plans=True),
    Place(_("填报"), "progress:rounds", "entry", FIGURE_READERS, reach=2),
    Place(_("填报期"), "progress:rounds_office", "rounds", ("officer",)),
    Place(_("审核"), "progress:queue", "review", ("head",), reach=1),
    Place(_("监控"), "progress:monitorings", "monitoring", FIGURE_READERS, is_of_plans=True),
    Place(_("自评"), "assessments:index", "assessment", FIGURE_READERS, is_of_plans=True),
    Place(_("预算"), "dashboards:budgets", "budget", BUREAU_READERS),
    Place(_("提醒"), "reminders:overview", "reminder", ("officer", "admin")),
    Place(_("日志"), "journal:events", "journal", ("officer", "leader", "auditor")),
    Place(_("账号"), "admin:index", "accounts", ("admin",)),
    Place(_("移交"), "assessments:hand_over", "handover", ("admin",)),
    Place(_("系统"), "jobs:jobs", "health", ("admin",)),
)


class Shell:
    """The frame of one request's page. Nothing is read before a template asks for it."""

    product: Final = "perftrack"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def links(self) -> list[Link]:
        """Return the rail: only what the person's roles may use; nothing for a stranger."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        places = [(reverse(place.view), place) for place in PLACES if place.is_open_to(user)]
        here = self._nearest(address for address, _place in places)
        at_hand = sorted((place for _address, place in places), key=lambda place: place.reach)[:AT_HAND]
        return [Link(place.word, address, place.icon, address == here, place in at_hand) for address, place in places]

    def _nearest(self, addresses: Iterable[str]) -> str | None:
        """Return the address of the place that the page is, or is below of; the start page is only itself."""
        start, path = reverse("dashboards:home"), self.request.path
        above = [address for address in addresses if path == address or (address != start and path.startswith(address))]
        return max(above, key=len, default=None)

    @property
    def bureau(self) -> str:
        """Return the name of the bureau whose data the person sees, empty for a stranger."""
        return getattr(getattr(self.request, "user", None), "bureau", "")

    @property
    def today(self) -> date | None:
        """Return the day the page plays on, None where the request never reached the clock."""
        clock = getattr(self.request, "clock", None)
        return clock.today if clock else None

    @property
    def demonstration_day(self) -> date | None:
        """Return the day a demonstration plays on. It is set while demonstration figures are loaded, None in earnest."""
        clock = getattr(self.request, "clock", None)
        return clock.demonstration_day if clock else None

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Return the languages of the interface, each in its own name."""
        return settings.LANGUAGES


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give every template the frame of its page."""
    return {"shell": Shell(request)}

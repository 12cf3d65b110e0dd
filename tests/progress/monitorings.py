"""Monitorings of a world's plan, made as the product makes them."""

from datetime import date
from decimal import Decimal

from apps.accounts.enums import Role
from apps.progress.actions.monitoring import Said, open_monitorings, submit_monitoring
from apps.progress.models import Monitoring, MonitoringReport
from tests.progress.world import NOW, TODAY, World

HALF = {"year": 2016, "month": 6, "title": "2016年上半年", "due_on": date(2016, 9, 30), "layout": "central"}


def open_half(world: World, **other) -> Monitoring:
    """Open the monitoring of January to June and return the one of the world's plan."""
    officer = world.people[Role.OFFICER]
    row = open_monitorings(bureau=world.bureau, officer=officer, today=TODAY, at=NOW, **{**HALF, **other})
    return row.monitorings.get(plan=world.version.plan)


def said(world: World, **words) -> Said:
    """Return what is said of the world's indicator: that it will certainly come to 90."""
    return Said(world.indicator.pk, **{"likelihood": "certain", "estimate": Decimal(90)} | words)


def submit(
    world: World, monitoring: Monitoring, *rows: Said, money=None, person=None, today=TODAY, **more
) -> MonitoringReport:
    """Submit a monitoring as the world's reporter."""
    return submit_monitoring(
        monitoring=monitoring,
        said=rows or [said(world)],
        money=money or {},
        person=person or world.reporter,
        today=today,
        at=NOW,
        **more,
    )


def make_monitorings(world: World) -> tuple[Monitoring, Monitoring]:
    """Return one that is being filled in, and one that waits for the head."""
    waiting = open_half(world, month=7, title="1—7月")
    submit(world, waiting)
    return open_half(world), waiting

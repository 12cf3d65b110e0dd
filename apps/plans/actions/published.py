"""Taking in a bureau's published year: organisation, budget tables, projects and the performance plan."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.aims import Year, ensure_aims, ensure_project_plan, ensure_version
from apps.plans.actions.money import ensure_budget, ensure_projects
from apps.plans.actions.organisation import ensure_bureau, ensure_members
from apps.plans.actions.rows import Rows
from apps.plans.actions.schemes import ensure_schemes, scheme_changes
from apps.plans.actions.sums import check_sums
from apps.plans.enums import StatementNumber
from apps.plans.models import Plan, PlanVersion, Project, Scheme, Statement

FILES = ("bureau", "members", "projects", "budget", "plan")


class PublishedFileMissing(Exception):
    """A folder that lacks one of the files of a published year; the message is a sentence for people."""


class SchemeMissing(Exception):
    """A plan that names a scoring scheme nobody has loaded; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load found and made: rows made by model name; none at all when everything was there."""

    bureau: Unit
    year: int
    made: Counter[str]

    @property
    def is_nothing_new(self) -> bool:
        """Tell whether everything was there already."""
        return not self.made


@transaction.atomic
def load_published(*, folder: Path, schemes: Path, at: datetime, channel: Channel = Channel.COMMAND) -> Loaded:
    """Take in a published year from the JSON files of a folder, and the schemes of another; all or nothing.

    Amounts are read as printed in 万元 and kept in 元. What is there already stays as it is, whatever became of it
    since, so a second load makes nothing and writes no event. One event for the bureau's tables, one per plan and scheme.
    Raises `PublishedFileMissing`, `PrintedSumDiffers`, `SchemeMissing` and `calculation.scheme_reading.SchemeRefused`.
    """
    content = {name: _read(folder / f"{name}.json") for name in FILES}
    check_sums(content["budget"], content["projects"])
    rows = Rows()
    bureau = ensure_bureau(content["bureau"], rows)
    year = content["plan"]["year"]
    members = ensure_members(content["members"], bureau, rows)
    projects = ensure_projects(content["projects"], bureau, rows)
    ensure_budget(content["budget"], bureau, year, projects, rows)
    summary = Statement.objects.get(bureau=bureau, year=year, number=StatementNumber.SUMMARY)
    changes = [Change(Verb.LOAD, summary, after=dict(rows.made))] if rows.made else []
    fresh = ensure_schemes(schemes)
    rows.made.update({"scheme": len(fresh)} if fresh else {})
    changes += scheme_changes(fresh)
    y = Year(
        bureau=bureau,
        year=year,
        starts_on=date.fromisoformat(content["plan"]["approval"]["effective_on"]),
        document=content["plan"]["document"],
        members=members,
        rows=rows,
        at=at,
    )
    changes += _load_plans(content, projects, y)
    record(bureau=bureau, actor=None, changes=changes, at=at, channel=channel)
    return Loaded(bureau, year, rows.made)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise PublishedFileMissing(_("缺少文件 %(name)s，无法载入公开的年度预算。") % {"name": path.name})
    return json.loads(path.read_text(encoding="utf-8"))


def _load_plans(content: dict[str, Any], projects: dict[str, Project], y: Year) -> list[Change]:
    """Make every project's plan and return an event for each that gained something."""
    plan_file, printed = content["plan"], {row["number"]: row for row in content["projects"]["projects"]}
    funding = next(row for row in y.members["funding"] if row.code == content["projects"]["funding"])
    changes = []
    for number, project in projects.items():
        before = y.rows.made.copy()
        plan = ensure_project_plan(project, printed[number], funding, plan_file["execution"], y)
        version = _ensure_version(plan, plan_file, is_planned=number == plan_file["head"]["project"], y=y)
        if made := y.rows.made - before:
            changes.append(Change(Verb.LOAD, version, after=dict(made)))
    return changes


def _ensure_version(plan: Plan, plan_file: dict[str, Any], *, is_planned: bool, y: Year) -> PlanVersion:
    if not is_planned:
        return ensure_version(plan, None, None, y)
    head = plan_file["head"]
    scheme = Scheme.objects.filter(code=head["scheme"]).order_by("-number").first()
    if scheme is None:
        raise SchemeMissing(_("评分方案 %(code)s 尚未载入，请先载入评分方案。") % {"code": head["scheme"]})
    version = ensure_version(plan, head, scheme, y)
    ensure_aims(version, plan_file, y)
    return version

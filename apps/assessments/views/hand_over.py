"""The page on which an administrator hands a person's work to a successor."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.actions import AccountsRefused
from apps.accounts.enums import Role
from apps.accounts.models import Unit
from apps.accounts.queries import administered_people, administered_units
from apps.assessments import actions
from apps.assessments.forms import HandOverForm, PeopleForm
from apps.assessments.queries.hand_over import hand_over_preview, held_roles

UNCLEAR = 422


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Show what would change hands between two people, and let it; 404 for whoever administers nobody."""
    if not request.user.holds(Role.ADMIN):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    people = PeopleForm(asked or None, people=_people(request), units=administered_units(request.user))
    form = HandOverForm(request.POST if request.method == "POST" else None)
    chosen = people.cleaned_data if people.is_valid() else {}
    roles = held_roles(chosen["person"], request.user) if chosen else []
    units = _units(roles, chosen.get("units") or ())
    if request.method == "POST" and units and form.is_valid():
        done = _hand_over(request, form, chosen, units)
        if done:
            _thank(request, done, chosen)
            return redirect("assessments:hand_over")
    shown = hand_over_preview(chosen["person"], chosen["successor"], units, request.clock.today) if units else None
    context = {
        "people": people,
        "form": form,
        "person": chosen.get("person"),
        "successor": chosen.get("successor"),
        "every_unit": _units(roles, ()),
        "units": units,
        "preview": shown,
        "page_title": _("移交"),
    }
    status = UNCLEAR if request.method == "POST" else 200
    return render(request, "assessments/hand_over.html", context, status=status)


def _people(request: HttpRequest):
    """Return whom the administrator may let hand over and take over, by name; never themselves."""
    return administered_people(request.user).exclude(pk=request.user.pk).order_by("name", "username", "pk")


def _units(roles, chosen) -> list[Unit]:
    """Return the units in which the roles are held, once each; the chosen ones where any are."""
    held = {row.unit_id: row.unit for row in roles}
    wanted = {unit.pk for unit in chosen}
    return [unit for pk, unit in held.items() if not wanted or pk in wanted]


def _hand_over(request, form, chosen, units):
    """Return what changed hands, None where it is refused; the form says why."""
    try:
        return actions.hand_over(
            person=chosen["person"],
            successor=chosen["successor"],
            units=units,
            **form.cleaned_data,
            by=request.user,
            today=request.clock.today,
            at=request.now,
        )
    except AccountsRefused as refusal:
        form.add_error(None, str(refusal))


def _thank(request, done, chosen) -> None:
    words = {
        "person": chosen["person"],
        "successor": chosen["successor"],
        "roles": len(done.roles.ended),
        "drafts": done.cells.drafts,
        "cells": len(done.cells.reopenings),
    }
    text = _("已把%(person)s的 %(roles)d 项任职、%(drafts)d 份草稿、%(cells)d 个单独开放的格子移交给%(successor)s。")
    messages.success(request, text % words)
    if done.roles.asleep:
        messages.info(request, _("%(person)s的账号已停用；以往填报、审核仍显示原名。") % words)
    for draft in done.cells.kept:
        told = _("“%(cell)s”：%(successor)s自己已有草稿，保留；%(person)s的那份没有移交，仍存在原名下。")
        messages.warning(request, told % (words | {"cell": draft.entry}))

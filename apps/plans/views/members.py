"""Members and seasons of a bureau, and who reports what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.plans.actions.members import (
    MemberRefused,
    add_members,
    add_season,
    change_member,
    follow_season,
    join,
    reassign,
)
from apps.plans.enums import Dimension, Frequency
from apps.plans.forms.members import (
    BlockForm,
    FollowForm,
    JoinForm,
    MemberForm,
    MembershipForm,
    NewMemberForm,
    SeasonForm,
)
from apps.plans.models import Measure, MeasureMember, Member, Season
from apps.plans.queries.members import (
    bureaus_of,
    is_officer,
    is_there,
    member_groups,
    memberships_of,
    outsiders,
    season_rows,
    units_of,
    visible_measures,
)
from apps.plans.querysets import READERS

UNCLEAR = 422
YEARS_AROUND = 5


@login_required
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """List the bureau's members by dimension as they were in a year, and its seasons."""
    bureau = _bureau(request)
    year = _year(request)
    this_year = request.clock.today.year
    context = {
        "page_title": _("成员与填报季"),
        "bureau": bureau,
        "groups": member_groups(request.user, bureau, year),
        "seasons": season_rows(request.user, bureau),
        "year": year,
        "years": sorted({year, *range(this_year - YEARS_AROUND, this_year + 2)}, reverse=True),
        "may_change": is_officer(request.user, bureau),
    }
    return render(request, "plans/member_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def member_new(request: HttpRequest, dimension: str) -> HttpResponse:
    """Add members of a dimension: one by a form, or a pasted block (`deed` paste)."""
    bureau = _kept_bureau(request)
    dimension = _dimension(dimension)
    units = units_of(bureau)
    one = NewMemberForm(units=units, prefix="one")
    block = BlockForm(prefix="block")
    if request.method == "POST":
        if request.POST.get("deed") == "paste":
            block = BlockForm(request.POST, prefix="block", taken=_codes(bureau, dimension))
            made = block.is_valid() and _added(block, block.rows, bureau, dimension, request)
        else:
            one = NewMemberForm(request.POST, units=units, prefix="one")
            made = one.is_valid() and _added(one, [one.words()], bureau, dimension, request)
        if made:
            told = ngettext("已新增 %(count)s 个成员。", "已新增 %(count)s 个成员。", len(made)) % {"count": len(made)}
            messages.success(request, told)
            return redirect(_list(bureau))
    context = {
        "page_title": _("新增成员：%(dimension)s") % {"dimension": dimension.label},
        "bureau": bureau,
        "one": one,
        "pasted": block,
    }
    return render(request, "plans/member_new.html", context, status=UNCLEAR if request.method == "POST" else 200)


def _added(form, rows, bureau, dimension, request):
    """Return the members that were made, None where they are refused; the form says why."""
    measures = Measure.objects.filter(bureau=bureau, dimension=dimension) if form.cleaned_data["joins"] else ()
    try:
        return add_members(
            bureau=bureau,
            dimension=dimension,
            rows=rows,
            measures=list(measures),
            person=request.user,
            at=request.now,
        )
    except MemberRefused as refused:
        form.add_error(None, str(refused))


@login_required
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """Change a member: when it is valid and who reports it."""
    rows = Member.objects.filter(bureau__in=_bureaus(request)).select_related("bureau", "unit")
    found = get_object_or_404(rows, pk=member_id)
    _require_officer(request, found.bureau)
    units = units_of(found.bureau)
    form = MemberForm(request.POST, units=units) if request.method == "POST" else MemberForm(units=units, member=found)
    if request.method == "POST" and form.is_valid() and _done(form, _change, request, found):
        messages.success(request, _("已保存。"))
        return redirect(_list(found.bureau))
    context = {"page_title": str(found), "member": found, "form": form, "bureau": found.bureau}
    return render(request, "plans/member_page.html", context, status=UNCLEAR if request.method == "POST" else 200)


def _change(form, request, found):
    return change_member(member=found, words=form.words(), person=request.user, at=request.now)


@login_required
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Show a measure's members and who reports each; one more may be put in."""
    rows = visible_measures(request.user).filter(bureau__in=_bureaus(request)).select_related("bureau", "division")
    found = get_object_or_404(rows, pk=measure_id)
    may_change = is_officer(request.user, found.bureau)
    form = JoinForm(members=outsiders(found))
    if request.method == "POST":
        _require_officer(request, found.bureau)
        form = JoinForm(request.POST, members=outsiders(found))
        if form.is_valid() and _done(form, _join, request, found):
            messages.success(request, _("已加入。"))
            return redirect("plans:measure", measure_id)
    context = {
        "page_title": str(found),
        "measure": found,
        "bureau": found.bureau,
        "rows": _membership_rows(found, request.clock.today.year),
        "form": form,
        "may_change": may_change,
    }
    return render(request, "plans/member_measure.html", context, status=UNCLEAR if request.method == "POST" else 200)


def _membership_rows(measure, year):
    """Return a measure's memberships, each with its form and whether it is there in the year."""
    units = [(row.pk, str(row)) for row in units_of(measure.bureau)]
    responsible = measure.division or measure.bureau
    return [
        (
            row,
            MembershipForm.of(row, units=units, usual=row.member.unit or responsible),
            is_there(row, year) and is_there(row.member, year),
        )
        for row in memberships_of(measure)
    ]


def _join(form, request, found):
    values = form.cleaned_data
    return join(
        measure=found, member=values["member"], starts_on=values["starts_on"], person=request.user, at=request.now
    )


@login_required
@require_POST
def membership(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Change who reports a member of a measure, and from when to when it is asked."""
    rows = MeasureMember.objects.filter(measure__bureau__in=_bureaus(request)).select_related("measure__bureau")
    found = get_object_or_404(rows, pk=membership_id)
    _require_officer(request, found.measure.bureau)
    form = MembershipForm.typed(request.POST, units=units_of(found.measure.bureau))
    if form.is_valid() and _done(form, _reassign, request, found):
        messages.success(request, _("已保存；以后开放的填报期由新的填报单位填报。"))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("plans:measure", found.measure_id)


def _reassign(form, request, found):
    return reassign(membership=found, person=request.user, at=request.now, **form.cleaned_data)


@login_required
@require_http_methods(["GET", "POST"])
def season_new(request: HttpRequest) -> HttpResponse:
    """Add a season."""
    bureau = _kept_bureau(request)
    form = SeasonForm(request.POST) if request.method == "POST" else SeasonForm()
    if request.method == "POST" and form.is_valid() and _done(form, _add_season, request, bureau):
        messages.success(request, _("已新增填报季。"))
        return redirect(_list(bureau))
    context = {"page_title": _("新增填报季"), "form": form, "bureau": bureau}
    return render(request, "plans/member_season.html", context, status=UNCLEAR if request.method == "POST" else 200)


def _add_season(form, request, bureau):
    return add_season(bureau=bureau, person=request.user, at=request.now, **form.cleaned_data)


@login_required
@require_http_methods(["GET", "POST"])
def season(request: HttpRequest, season_id: int) -> HttpResponse:
    """Let seasonal measures go on to a season."""
    found = get_object_or_404(
        Season.objects.filter(bureau__in=_bureaus(request)).select_related("bureau"), pk=season_id
    )
    _require_officer(request, found.bureau)
    rows = Measure.objects.filter(bureau=found.bureau, frequency=Frequency.SEASON).exclude(season=found)
    rows = rows.select_related("season").order_by("name", "pk")
    form = FollowForm(request.POST, measures=rows) if request.method == "POST" else FollowForm(measures=rows)
    if request.method == "POST" and form.is_valid() and _done(form, _follow, request, found):
        messages.success(request, _("已换季；新的填报期会按新的填报季开放。"))
        return redirect(_list(found.bureau))
    context = {
        "page_title": str(found),
        "season": found,
        "measures": rows,
        "form": form,
        "bureau": found.bureau,
    }
    return render(
        request, "plans/member_season_follow.html", context, status=UNCLEAR if request.method == "POST" else 200
    )


def _follow(form, request, found):
    return follow_season(
        measures=list(form.cleaned_data["measures"]),
        season=found,
        today=request.clock.today,
        person=request.user,
        at=request.now,
    )


def _done(form, deed, request, row):
    """Return what a deed made, None where it is refused; the form says why."""
    try:
        return deed(form, request, row)
    except MemberRefused as refused:
        form.add_error(None, str(refused))


def _bureaus(request):
    if not request.user.holds(*READERS):
        raise Http404
    return bureaus_of(request.user)


def _bureau(request):
    """Return the bureau whose members are shown; `bureau` chooses among several."""
    rows = _bureaus(request)
    code = request.GET.get("bureau") or request.POST.get("bureau")
    found = rows.filter(code=code).first() if code else rows.first()
    if found is None:
        raise Http404
    return found


def _kept_bureau(request):
    """Return the bureau whose members the person keeps; 403 for whoever only reads them."""
    bureau = _bureau(request)
    _require_officer(request, bureau)
    return bureau


def _require_officer(request, bureau):
    if not is_officer(request.user, bureau):
        raise PermissionDenied(_("只有本单位的绩效管理岗可以维护成员和填报季。"))


def _dimension(word):
    if word not in Dimension.values:
        raise Http404
    return Dimension(word)


def _codes(bureau, dimension):
    return set(Member.objects.filter(bureau=bureau, dimension=dimension).values_list("code", flat=True))


def _year(request):
    word = request.GET.get("year", "")
    return int(word) if word.isdecimal() and len(word) == len("2016") else request.clock.today.year


def _list(bureau):
    return f"{reverse('plans:members')}?bureau={bureau.code}"

"""The administration of people, roles and units, every change with its event.

It stands here because it is the lowest place that knows both: people are a floor below the journal and cannot write it.
"""

from django.contrib import admin
from django.utils import timezone

from apps.accounts import actions
from apps.accounts.admin import Administered
from apps.accounts.forms import AssignmentForm, PersonForm, UnitForm
from apps.accounts.models import Assignment, Unit, User
from apps.accounts.queries import (
    administered_assignments,
    administered_people,
    administered_units,
    bureau_of,
    home_bureau,
)
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb


class Journaled(Administered):
    """Rows whose changes are written down in the transaction that the framework opens around a form."""

    refusals = (actions.AccountsRefused,)

    def note(self, request, bureau, verb, changed):
        """Write an event for a change; a form that changed nothing leaves none."""
        if verb == Verb.CHANGE and not changed.after:
            return
        change = Change(verb, changed.row, before=changed.before, after=changed.after)
        record(bureau=bureau, actor=request.user, changes=[change], at=timezone.now(), channel=Channel.ADMIN)

    def changed_values(self, form):
        """Return what was typed for the columns of the row that the form changed."""
        columns = {field.name for field in self.model._meta.concrete_fields}
        return {name: form.cleaned_data[name] for name in form.changed_data if name in columns}


@admin.register(User)
class UserAdmin(Journaled):
    """People, of the administrator's units and those who work nowhere yet."""

    form = PersonForm
    fields = ["username", "name", "email", "language", "new_password", "is_active", "is_staff"]
    list_display = ["username", "name", "email", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "name"]
    ordering = ["username", "pk"]

    def get_queryset(self, request):
        return administered_people(request.user)

    def get_readonly_fields(self, request, obj=None):
        return ["username"] if obj else ["is_active"]

    def save_model(self, request, obj, form, change):
        """Add or change the person by an action, and write it down."""
        bureau, password = home_bureau(request.user), form.cleaned_data["new_password"]
        if not change:
            names = ("username", "name", "email", "language", "is_staff")
            added = actions.add_person(password=password, **{name: form.cleaned_data[name] for name in names})
            obj.pk = added.row.pk
            self.note(request, bureau, Verb.ADD, added)
            return
        values = self.changed_values(form)
        self.note(request, bureau, Verb.CHANGE, actions.change_person(person=obj, by=request.user, values=values))
        if password:
            done = actions.set_password(person=obj, by=request.user, password=password)
            self.note(request, bureau, Verb.SET_PASSWORD, done)


@admin.register(Assignment)
class AssignmentAdmin(Journaled):
    """Roles. Who holds which where is said once; afterwards only the end can be changed."""

    form = AssignmentForm
    list_display = ["user", "unit", "role", "ends_at"]
    list_filter = ["role"]
    list_select_related = ["user", "unit"]
    search_fields = ["user__username", "user__name", "unit__name"]
    ordering = ["unit__path", "role", "pk"]

    def get_queryset(self, request):
        return administered_assignments(request.user)

    def get_readonly_fields(self, request, obj=None):
        return ["user", "unit", "role"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the people and units that are the administrator's own to give roles to and in."""
        offered = {
            "user": administered_people(request.user).exclude(pk=request.user.pk).order_by("username", "pk"),
            "unit": administered_units(request.user),
        }
        return super().formfield_for_foreignkey(db_field, request, queryset=offered[db_field.name], **kwargs)

    def save_model(self, request, obj, form, change):
        """Give or limit the role by an action, and write it down."""
        ends_at = form.cleaned_data["ends_at"]
        if change:
            done = actions.limit_assignment(assignment=obj, ends_at=ends_at, by=request.user)
        else:
            done = actions.assign(person=obj.user, unit=obj.unit, role=obj.role, ends_at=ends_at, by=request.user)
            obj.pk = done.row.pk
        self.note(request, bureau_of(obj.unit), Verb.CHANGE if change else Verb.ADD, done)


@admin.register(Unit)
class UnitAdmin(Journaled):
    """Units of the tree, at and below the administrator's own."""

    form = UnitForm
    fields = ["code", "name", "name_en", "kind"]
    list_display = ["name", "name_en", "code", "kind"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]
    ordering = ["path"]

    def get_queryset(self, request):
        return administered_units(request.user)

    def get_readonly_fields(self, request, obj=None):
        return ["code", "kind"] if obj else []

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["parent", *self.fields]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offer the administrator's own units as the place of a new one."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj:
            form.base_fields.pop("parent", None)
        else:
            form.base_fields["parent"].queryset = administered_units(request.user)
        return form

    def save_model(self, request, obj, form, change):
        """Add or rename the unit by an action, and write it down."""
        if change:
            done = actions.change_unit(unit=obj, by=request.user, values=self.changed_values(form))
        else:
            names = ("parent", "code", "name", "name_en", "kind")
            done = actions.add_unit(by=request.user, **{name: form.cleaned_data[name] for name in names})
            obj.pk, obj.path = done.row.pk, done.row.path
        self.note(request, bureau_of(done.row), Verb.CHANGE if change else Verb.ADD, done)

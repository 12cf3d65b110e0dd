"""What the administration has in common. Its pages stand in the apps that can write the journal."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect


class Administered(admin.ModelAdmin):
    """Rows that administrators see, add and change, and that nobody deletes. The door decides who is one."""

    refusals: tuple[type[Exception], ...] = ()

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Say in its own words what an action refused, and leave everything as it was."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.refusals as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

"""Where every page lives. Each app maps its own part."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from apps.accounts.views import set_language

# One door, with one lock: the admin's own login would not count failures.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/setlang/", set_language, name="set_language"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("admin/", admin.site.urls),
    path("", include("apps.api.urls")),
    path("", include("apps.dashboards.urls")),
    path("plans/", include("apps.plans.urls")),
    path("progress/", include("apps.progress.urls")),
    path("assessments/", include("apps.assessments.urls")),
    path("reminders/", include("apps.reminders.urls")),
    path("documents/", include("apps.documents.urls")),
    path("journal/", include("apps.journal.urls")),
    path("jobs/", include("apps.jobs.urls")),
]

"""Paths for machines, and of the self-test."""

from django.urls import path

from apps.api import adapters, views

app_name = "api"
# No page of documentation: it would load scripts from elsewhere. `docs/api.md` is the description.
v1 = adapters.Door(
    title="perftrack",
    auth=adapters.Bearer(),
    parser=adapters.DigitsParser(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="v1",
)
v1.add_router("/preview/", views.preview)
adapters.say_what_is_wrong(v1)

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("self-test/", views.self_test, name="self_test"),
    path("api/v1/", v1.urls),
]

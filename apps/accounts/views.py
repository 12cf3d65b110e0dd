"""What a person sets for themselves."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language
from django.views import i18n
from django.views.decorators.http import require_POST

from apps.accounts.models import User


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, and of the mails of whoever is signed in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(language):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return i18n.set_language(request)

"""Hooks of the API's framework: who may come in, how numbers are read, and what is said when a request does not fit."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError, ValidationErrorContext
from ninja.parser import Parser
from ninja.security import HttpBearer

from apps.accounts.models import User
from apps.accounts.queries import token_bearer
from apps.api.schemas import TOO_FAR, sentence_of, spoken


class Bearer(HttpBearer):
    """Let in whoever carries a token that is in force, and speak for its person. One query."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        person = token_bearer(token)
        if person is not None:
            request.user = person
        return person


class DigitsParser(Parser):
    """Reads every number of a request as the digits that were sent, so that none becomes a binary fraction."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_float=str, parse_int=str, parse_constant=str)


class Door(NinjaAPI):
    """The API of one version; requests that it cannot take are answered with {"detail": a sentence}."""

    def validation_error_from_error_contexts(self, error_contexts: list[ValidationErrorContext]) -> ValidationError:
        """Keep the first thing that is wrong as it was found, with what was read."""
        found = error_contexts[0].pydantic_validation_error.errors(include_url=False)
        return ValidationError([dict(one) for one in found])


def say_what_is_wrong(api: Door) -> None:
    """Give every way in which a request may not fit its sentence."""

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        detail = _("需要有效的访问令牌：Authorization: Bearer <令牌>。")
        answer = api.create_response(request, {"detail": detail}, status=401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        return api.create_response(request, {"detail": _("请求正文不是可读的 JSON。")}, status=error.status_code)

    @api.exception_handler(ValidationError)
    def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        inside = {**first, "loc": first["loc"][1:]}  # the first part is the name of the view's argument
        return api.create_response(request, {"detail": spoken(sentence_of(inside))}, status=422)

    @api.exception_handler(ArithmeticError)
    def too_far(request: HttpRequest, _error: ArithmeticError) -> HttpResponse:
        return api.create_response(request, {"detail": spoken(TOO_FAR)}, status=422)

    @api.exception_handler(RequestDataTooBig)
    def too_long(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        return api.create_response(request, {"detail": _("请求正文过大，请分几次发送。")}, status=413)

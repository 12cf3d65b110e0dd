"""Reading printed figures, and rows that are made once however often they are asked for."""

from collections import Counter
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from apps.calculation.spending import in_yuan

M = TypeVar("M", bound=models.Model)


class Rows:
    """Makes rows that are not there yet and counts them by the name of their model; a row that is there stays as it is."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def ensure(self, model: type[M], find: dict[str, Any], **values: Any) -> M:
        """Return the row that `find` names, made with `values` besides where it was missing."""
        row = model._default_manager.filter(**find).first()
        self.count(model, is_new=row is None)
        return row or model._default_manager.create(**find, **values)

    def count(self, model: type[models.Model], *, is_new: bool) -> None:
        """Remember one row of the model, if it is new."""
        if is_new:
            self.made[model._meta.model_name or ""] += 1


def printed_number(text: str | None) -> Decimal | None:
    """Return a figure printed with thousands commas or a percent sign; None for a dash or an empty cell."""
    return None if text is None else Decimal(text.replace(",", "").removesuffix("%"))


def yuan(text: str | None) -> Decimal | None:
    """Return an amount printed in 万元 as 元; None for an empty cell."""
    number = printed_number(text)
    return None if number is None else in_yuan(number)

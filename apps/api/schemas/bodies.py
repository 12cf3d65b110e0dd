"""Whole requests: a list of items, each answered in its place, a bad one by a sentence that leaves the others alone."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.utils.translation import get_language
from ninja import Schema
from pydantic import BaseModel, BeforeValidator, ValidationError

from apps.api.queries import Rules
from apps.api.schemas.cells import Unfit, Year
from apps.calculation.terms import Refusal, Sentence

MOST_ITEMS: Final = 1000
TOO_FAR: Final = Sentence(
    zh="这些数相差过于悬殊，无法计算。", en="These figures are too far apart to be reckoned with."
)


class Wrong(BaseModel):
    """What stands in the place of an item that cannot be answered."""

    error: str


class Item(BaseModel, ABC):
    """One question; keys that are not known are left aside."""

    @abstractmethod
    def answer(self, rules: Rules) -> BaseModel:
        """Return the answer from `calculation`. Raises `Refusal` for what no rule can be applied to."""


def as_items(value: object) -> list[Any]:
    """Return the items of a request; raises `Unfit` for no list and for more than a thousand."""
    if not isinstance(value, list):
        raise Unfit(value, zh="由对象组成的列表", en="a list of objects")
    if len(value) > MOST_ITEMS:
        raise Unfit(str(len(value)), zh=f"每次最多 {MOST_ITEMS:,} 项", en=f"at most {MOST_ITEMS:,} items a call")
    return value


class Body(Schema):
    """The items of a request."""

    items: Annotated[list[Any], BeforeValidator(as_items)]


class ReadingsBody(Body):
    """Cells of a plan, and the year that a month without one belongs to."""

    year: Year


def answers(kind: type[Item], items: Sequence[object], rules: Rules) -> list[BaseModel]:
    """Return an answer for every item, in their order."""
    return [_answer(kind, item, rules) for item in items]


def _answer(kind: type[Item], item: object, rules: Rules) -> BaseModel:
    try:
        return kind.model_validate(item).answer(rules)
    except ValidationError as unfit:
        sentence = sentence_of(unfit.errors(include_url=False)[0])
    except Refusal as refusal:
        sentence = refusal.sentence
    except ArithmeticError:
        sentence = TOO_FAR
    return Wrong(error=spoken(sentence))


def spoken(sentence: Sentence) -> str:
    """Return a sentence in the language of the request."""
    return sentence.in_language(get_language() or "zh")


def sentence_of(error: Any) -> Sentence:
    """Return what to say to a person about the first thing that a request has wrong."""
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing" and place:
        return Sentence(zh=f"缺少“{place}”。", en=f"{place} is missing.")
    if error["type"] == "enum":
        known = error["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        told = Unfit(error["input"], zh=f" {known} 之一", en=f"one of {known}").sentence
    else:
        cause = error.get("ctx", {}).get("error")
        told = cause.sentence if isinstance(cause, Refusal) else _not_an_object(error["input"])
    return Sentence(zh=f"“{place}”{told.zh}", en=f"{place}: {told.en}") if place else told


def _not_an_object(read: object) -> Sentence:
    return Unfit(read, zh="由键和值组成的对象", en="an object of keys and values").sentence

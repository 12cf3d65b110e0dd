"""The interface is whole in both languages."""

import re

import pytest
from babel.messages.pofile import read_po
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override

from deploy.messages import TRANSLATION, collected, untranslated

CHINESE = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLACE = re.compile(r"%\(\w+\)[a-z]|%%|</?strong>")


def pairs():
    """Yield every string with its English, each form of a plural by itself."""
    with TRANSLATION.open("rb") as file:
        for message in read_po(file, locale="en"):
            chinese, english = (
                words if isinstance(words, tuple) else (words,) for words in (message.id, message.string)
            )
            yield from ((chinese[0], words) for words in english if chinese[0])


def test_the_collector_finds_strings_of_code_and_of_templates():
    places = {place for message in collected() for place, _line in message.locations}

    assert any(place.endswith(".py") for place in places)
    assert any(place.endswith(".html") for place in places)


def test_every_chinese_string_has_its_english():
    assert untranslated() == []


def test_the_english_is_english():
    assert [english for _chinese, english in pairs() if CHINESE.search(english)] == []


def test_what_is_filled_in_is_the_same_in_both_languages():
    assert [
        english for chinese, english in pairs() if sorted(PLACE.findall(chinese)) != sorted(PLACE.findall(english))
    ] == []


@pytest.mark.parametrize("words", ["Model name", "Add link", "Change or view list link"])
def test_words_that_the_framework_leaves_in_english_are_chinese(words):
    with override("zh-hans"):
        assert CHINESE.search(gettext(words))


def test_a_short_password_is_refused_in_chinese():
    with override("zh-hans"), pytest.raises(ValidationError, match="密码太短，至少要有 12 个字符。"):
        MinimumLengthValidator(12).validate("short")

"""Settings come from outside, so every reader says what it cannot read."""

from pathlib import Path

import pytest

from perftrack import env

NAME = "PERFTRACK_EXAMPLE"


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv(NAME, value)


def test_what_is_not_set_is_the_default(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env.text(NAME, "a") == "a"
    assert env.flag(NAME, default=True) is True
    assert env.whole(NAME, 7, least=1, most=9) == 7
    assert env.choice(NAME, "a", {"a", "b"}) == "a"
    assert env.words(NAME, ["a"]) == ["a"]
    assert env.url(NAME, "", {"redis"}) == ""
    assert env.transport(NAME, Path("mail")) == env.Folder(Path("mail"))


def test_an_empty_value_counts_as_not_set(given):
    given("  ")

    assert env.text(NAME, "a") == "a"
    assert env.whole(NAME, 7, least=1, most=9) == 7


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False)]
)
def test_a_flag_is_yes_or_no(given, value, expected):
    given(value)

    assert env.flag(NAME, default=not expected) is expected


@pytest.mark.parametrize("value", ["2", "ja", "01"])
def test_another_word_is_no_flag(given, value):
    given(value)

    with pytest.raises(env.Misconfigured, match=f'{NAME}: read "{value}", expected 1 or 0'):
        env.flag(NAME, default=False)


@pytest.mark.parametrize("value", ["0", "10", "3.0", "-1", "x", "٣", "1e1"])
def test_a_whole_number_has_digits_and_bounds(given, value):
    given(value)

    with pytest.raises(env.Misconfigured, match=f'{NAME}: read "{value}", expected a whole number from 1 to 9'):
        env.whole(NAME, 7, least=1, most=9)


@pytest.mark.parametrize("value", ["1", "9"])
def test_both_bounds_are_allowed(given, value):
    given(value)

    assert env.whole(NAME, 7, least=1, most=9) == int(value)


def test_a_choice_names_the_options(given):
    given("c")

    with pytest.raises(env.Misconfigured, match=f'{NAME}: read "c", expected one of a, b'):
        env.choice(NAME, "a", {"b", "a"})


def test_words_are_parted_by_commas(given):
    given(" a, b,,c ")

    assert env.words(NAME) == ["a", "b", "c"]


@pytest.mark.parametrize("value", ["http://:secret@host", "redis:secret"])
def test_a_wrong_address_is_refused_without_repeating_its_password(given, value):
    given(value)

    with pytest.raises(env.Misconfigured, match="expected an address that begins with one of redis://") as refusal:
        env.url(NAME, "", {"redis"})

    assert "secret" not in str(refusal.value)


def test_a_sentence_is_in_both_languages(given):
    given("x")

    with pytest.raises(env.Misconfigured, match=f'{NAME}：读到 "x"，应为 1 或 0。 / {NAME}: read "x"'):
        env.flag(NAME, default=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("smtp://mail.test", env.Smtp("mail.test", 25, "none")),
        ("smtp://mail.test:2525?timeout=3", env.Smtp("mail.test", 2525, "none", timeout=3)),
        ("smtp+tls://me:p%40ss@mail.test", env.Smtp("mail.test", 587, "starttls", "me", "p@ss")),
        ("smtps://mail.test", env.Smtp("mail.test", 465, "tls")),
    ],
)
def test_a_mail_server_is_one_address(given, value, expected):
    given(value)

    assert env.transport(NAME, Path("mail")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("imap://mail.test", "expected an address that begins with one of smtp://, smtp+tls://, smtps://"),
        ("smtp://", "expected an address with a host"),
        ("smtp://mail.test:99999", "expected a port from 1 to 65535"),
        ("smtp://mail.test?timeout=0", "expected 1 to 120 seconds"),
    ],
)
def test_a_wrong_mail_server_gets_its_sentence(given, value, expected):
    given(value)

    with pytest.raises(env.Misconfigured) as refusal:
        env.transport(NAME, Path("mail"))

    assert expected in str(refusal.value)

"""The vocabularies, and the sentence in two languages."""

import pytest

from apps.calculation.terms import Direction, Operator, Refusal, Sentence


@pytest.mark.parametrize("operator", list(Operator))
def test_an_operator_is_found_again_by_its_symbol(operator):
    assert Operator.from_symbol(operator.symbol) is operator


def test_an_unknown_symbol_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'≈' is no operator; known are >= <= > < = range date qualitative"):
        Operator.from_symbol("≈")


@pytest.mark.parametrize(
    ("symbol", "direction"),
    [
        (">=", Direction.HIGHER),
        (">", Direction.HIGHER),
        ("=", Direction.HIGHER),
        ("<=", Direction.LOWER),
        ("<", Direction.LOWER),
        ("range", Direction.NEUTRAL),
        ("date", Direction.NEUTRAL),
        ("qualitative", Direction.NEUTRAL),
    ],
)
def test_an_operator_says_which_way_is_better(symbol, direction):
    assert Operator.from_symbol(symbol).direction is direction


@pytest.mark.parametrize(("code", "told"), [("zh-hans", "好"), ("zh", "好"), ("en", "good"), ("fr", "good")])
def test_a_sentence_is_told_in_the_readers_language(code, told):
    assert Sentence(zh="好", en="good").in_language(code) == told


def test_sentences_are_joined_in_each_language():
    assert Sentence("甲", "a") + Sentence("乙", "b") == Sentence("甲乙", "ab")


def test_a_refusal_keeps_its_sentence_and_shows_the_english_one_in_logs():
    refusal = Refusal(Sentence(zh="不行", en="no"))

    assert (refusal.sentence.zh, str(refusal)) == ("不行", "no")

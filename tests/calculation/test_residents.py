"""Numbers that name a resident are found; amounts, file numbers and hashes are left alone."""

import pytest

from apps.calculation.residents import ResidentNumbers, has_identity_number, resident_numbers, resident_numbers_in

CARD, SHORT_CARD, PHONE = "11010519491231002X", "110105491231002", "13800138000"


@pytest.mark.parametrize(
    ("text", "cards", "phones"),
    [
        (f"身份证 {CARD}", 1, 0),
        (f"证号{CARD.lower()}，", 1, 0),
        (f"旧证 {SHORT_CARD}。", 1, 0),
        ("证号１１０１０５１９４９１２３１００２Ｘ", 1, 0),
        (f"电话 {PHONE}", 0, 1),
        ("+86 138-0013-8000", 0, 1),
        ("8613800138000", 0, 1),
        ("138 0013 8000", 0, 1),
        (f"{CARD}、{PHONE}、{CARD}", 2, 1),
        (f"句末的号码{PHONE}.", 0, 1),
    ],
)
def test_a_number_that_names_a_resident_is_found(text, cards, phones):
    assert resident_numbers(text) == ResidentNumbers(cards, phones)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105194912310021",  # the check digit disagrees
        "11010519491331002X",  # there is no thirteenth month
        "11010520150230100X",  # nor a thirtieth of February
        "990105194912310023",  # nor such a province
        "110105490231002",
        f"{CARD}1",
        f"A{CARD}",
        f"a{PHONE}",
        f"{PHONE}0",
        "12800138000",
        "0.13800138000123",
        "13800138000.55",
        "13,800,138,000",
        "138-00138000",
        "穗来穗〔2016〕12号",
        "92,000 ÷ 100,000",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text):
    assert not resident_numbers(text)


def test_what_was_found_is_counted_and_said_without_the_numbers():
    found = resident_numbers_in([CARD, PHONE, "无"])

    assert found.sentence.zh == "1 处像身份证号、1 处像手机号"
    assert found.sentence.en == "1 like the number of an identity card, 1 like a mobile phone number"
    assert resident_numbers(PHONE).sentence.zh == "1 处像手机号"
    assert resident_numbers(CARD).sentence.zh == "1 处像身份证号"


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        (f"证号{CARD}，", True),
        ("证号１１０１０５１９４９１２３１００２Ｘ", True),
        ("110105194912310021", False),  # the check digit does not agree
        (SHORT_CARD, False),
        (PHONE, False),
        ("", False),
    ],
)
def test_an_identity_card_of_today_is_told_from_what_may_be_something_else(text, is_named):
    assert has_identity_number(text) is is_named

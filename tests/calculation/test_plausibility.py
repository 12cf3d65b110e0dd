"""What is asked about a figure before it goes in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.plausibility import (
    Code,
    Subject,
    Told,
    is_word,
    parts_differ,
    question_of_note,
    questions,
    told_of_parts,
)
from apps.calculation.terms import Accumulation, Kind, Sentence

D = Decimal
STOCK, FLOW, RUNNING = Accumulation.SNAPSHOT, Accumulation.INCREMENT, Accumulation.RUNNING_TOTAL
MANAGED, DUE = Sentence("已纳管人数", "People managed"), Sentence("应纳管人数", "People due")
RATE = Subject(Kind.RATIO, "%", STOCK, STOCK, MANAGED, DUE)
VISITS = Subject(Kind.RATIO, "%", FLOW, FLOW, MANAGED, DUE)
CASES = Subject(Kind.NUMBER, "件", FLOW)
BUILT = Subject(Kind.NUMBER, "台", RUNNING)
STAFF = Subject(Kind.NUMBER, "人", STOCK)
SHARE = Subject(Kind.NUMBER, "%", STOCK)
SPENT = Subject(Kind.MONEY, "元", RUNNING, budget=D(50_000_000))
JUDGED = Subject(Kind.JUDGEMENT)


def told(figure, year=2016, subject=None):
    if subject is JUDGED:
        return Told(year, {"percent": D(figure)})
    if isinstance(figure, tuple):
        return Told(year, dict(zip(("numerator", "denominator"), map(D, figure), strict=True)))
    return Told(year, {"value": D(figure)})


def asked(subject, figure, *before, last_year=()):
    """Return the codes and fields asked about, most telling first."""
    earlier = [told(each, 2015, subject) for each in last_year] + [told(each, 2016, subject) for each in before]
    return [(row.code, row.field) for row in questions(subject, told(figure, 2016, subject), earlier)]


def sentence(subject, figure, *before):
    found = questions(subject, told(figure, 2016, subject), [told(each, 2016, subject) for each in before])
    return found[0].sentence


LOOKS_RIGHT = [
    ("a first figure has nothing beside it", RATE, (9, 10), ()),
    ("nothing moved", RATE, (9, 10), ((9, 10),)),
    ("a whole that moved by a tenth exactly", RATE, (9, 110), ((9, 100),)),
    ("a whole that adds up by the month is another one each month", VISITS, (9, 30), ((9, 10),)),
    ("a running total that stands still", BUILT, 12, (12,)),
    ("a month without a case", CASES, 0, (400, 380, 410)),
    ("a correction downwards of a flow", CASES, -5, (1,)),
    ("three times the usual step exactly", STAFF, 160, (100, 110, 120, 130)),
    ("two moves do not say what is usual", STAFF, 900, (100, 110, 120)),
    ("standing still is no move", STAFF, 900, (100, 110, 110, 110, 120, 120)),
    ("ten times exactly", STAFF, 1000, (100,)),
    ("a tenth exactly", STAFF, 10, (100,)),
    ("something after nothing", STAFF, 4711, (0,)),
    ("a part above its whole, as the last time", RATE, (12, 10), ((11, 10),)),
    ("one per cent", SHARE, 1, ()),
    ("none at all", SHARE, 0, ()),
    ("a rate that was as small the last time", SHARE, "0.9", ("0.8",)),
    ("a judged percentage", JUDGED, 85, ()),
    ("all the money", SPENT, 50_000_000, ()),
]
LOOKS_ODD = [
    ("0.8 for 80 %", SHARE, "0.8", (), [(Code.SHARE, "value")]),
    ("0.8 after 80 is not also a slip of ten", SHARE, "0.8", (80,), [(Code.SHARE, "value")]),
    ("a judged 0.8", JUDGED, "0.8", (), [(Code.SHARE, "percent")]),
    ("a digit too many", STAFF, 1001, (100,), [(Code.TENFOLD, "value")]),
    ("a digit missing", STAFF, 9, (100,), [(Code.TENTH, "value")]),
    ("a slip is not also a jump", STAFF, 5000, (100, 110, 120, 130), [(Code.TENFOLD, "value")]),
    ("yuan typed for 万元", SPENT, 400_000_000_000, (40_000_000,), [(Code.TENFOLD_MONEY, "value")]),
    ("亿元 typed for 万元", SPENT, 4_000, (40_000_000,), [(Code.TENTH_MONEY, "value")]),
    ("more spent than given", SPENT, 50_000_001, (49_000_000,), [(Code.OVER_BUDGET, "value")]),
    ("a part above what is no whole", RATE, (11, 10), (), [(Code.ABOVE_WHOLE, "numerator")]),
    ("a slip explains a part above its whole", RATE, (920, 100), ((91, 100),), [(Code.TENFOLD, "numerator")]),
    ("a running total that fell", BUILT, 30, (40,), [(Code.FELL, "value")]),
    ("a running total that fell by nine tenths is a slip", BUILT, 3, (40,), [(Code.TENTH, "value")]),
    ("zero after a running total", BUILT, 0, (40,), [(Code.ZERO, "value")]),
    ("a whole that moved by more than a tenth", RATE, (9, 111), ((9, 100),), [(Code.MOVED, "denominator")]),
    ("a whole that vanished", RATE, (0, 0), ((9, 100),), [(Code.MOVED, "denominator")]),
    ("more than three times the usual step", STAFF, 161, (100, 110, 120, 130), [(Code.JUMP, "value")]),
    ("as far down", STAFF, 99, (100, 110, 120, 130), [(Code.JUMP, "value")]),
    ("one cause is asked about once", VISITS, (200, 2000), ((10, 100),), [(Code.TENFOLD, "numerator")]),
    (
        "two causes are two questions, the more telling first",
        RATE,
        (2, 80),
        ((90, 100),),
        [(Code.TENTH, "numerator"), (Code.MOVED, "denominator")],
    ),
]


@pytest.mark.parametrize(
    ("subject", "figure", "before"), [row[1:] for row in LOOKS_RIGHT], ids=[r[0] for r in LOOKS_RIGHT]
)
def test_nothing_is_asked_about(subject, figure, before):
    assert asked(subject, figure, *before) == []


@pytest.mark.parametrize(
    ("subject", "figure", "before", "expected"), [row[1:] for row in LOOKS_ODD], ids=[r[0] for r in LOOKS_ODD]
)
def test_it_is_asked_about(subject, figure, before, expected):
    assert asked(subject, figure, *before) == expected


def test_a_running_total_begins_anew_with_the_year():
    assert asked(BUILT, 5, last_year=(100, 110, 120, 130)) == []
    assert asked(BUILT, 500, last_year=(100, 110, 120, 130)) == [(Code.JUMP, "value")]
    assert asked(STAFF, 5, last_year=(100, 110)) == [(Code.TENTH, "value")]


def test_what_lies_more_than_twelve_rounds_back_is_forgotten():
    lively = [100, 500, 100, 500]

    assert asked(STAFF, 141, *lively, *[100, 110] * 6) == [(Code.JUMP, "value")]
    assert asked(STAFF, 141, *lively, *[100] * 11) == []


def test_an_amount_is_spoken_of_in_the_unit_it_is_typed_in():
    zh, en = (getattr(sentence(SPENT, 395_000_000_000, 39_484_400), name) for name in ("zh", "en"))

    assert zh == "本次 39,500,000 万元，是上次 3,948.44 万元的 10,004 倍。这里以万元填写，是否把元填成了万元？"
    assert en == "39,500,000 万元 is 10,004 times the last 3,948.44. Were yuan typed where 万元 are meant?"


@pytest.mark.parametrize(
    ("subject", "figure", "before", "expected"),
    [
        (SHARE, "0.8", (), "0.8 不到 1；这里按百分数填写，80 表示 80 %。是否应为 80？"),
        (RATE, (11, 10), (), "已纳管人数 11 大于应纳管人数 10。是否填反了？"),
        (RATE, (9, 80), ((9, 100),), "应纳管人数本次 80，比上次 100 变动了 20 %。范围或口径是否有变化？"),
        (BUILT, 30, (40,), "本期数是累计数，本次 30，比上次 40 少了 10。是否填成了当期数？"),
        (SPENT, 60_000_000, (), "累计支出 6,000 万元，超过全年预算 5,000 万元，多出 1,000 万元。是否漏录了预算调整？"),
        (STAFF, 161, (100, 110, 120, 130), "本期数本次 161，比上次变动 31，是平时变动（约 10）的 3.1 倍。是否属实？"),
    ],
)
def test_a_question_is_a_sentence(subject, figure, before, expected):
    assert sentence(subject, figure, *before).zh == expected
    assert "{" not in sentence(subject, figure, *before).en


FIGURES = st.decimals(0, 10**9, places=2)
SUBJECTS = st.sampled_from([CASES, BUILT, STAFF, SPENT])


@given(subject=SUBJECTS, figure=FIGURES, before=st.lists(FIGURES, max_size=20))
def test_each_cause_and_each_field_is_asked_about_once_and_every_question_can_be_read(subject, figure, before):
    found = questions(subject, told(figure), [told(each) for each in before])

    assert len({row.code for row in found}) == len({row.field for row in found}) == len(found) <= 1
    assert all(row.sentence.zh and row.sentence.en for row in found)


@given(figure=FIGURES, before=st.lists(FIGURES, max_size=14), factor=st.integers(2, 1000))
def test_questions_about_counts_do_not_depend_on_the_scale(figure, before, factor):
    def of(times):
        return [row.code for row in questions(STAFF, told(figure * times), [told(each * times) for each in before])]

    assert of(1) == of(factor)


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        (17, [8, 9], None),
        ("17.11", [8, 9], D("-0.11")),
        (10, [4, 7], D(1)),
        (10, [4, None], D(-6)),
        (0, [], None),
        (0, [0, None], None),
    ],
)
def test_parts_and_their_total(total, parts, expected):
    numbers = [None if part is None else D(part) for part in parts]

    assert parts_differ(D(total), numbers) == expected
    assert (told_of_parts(D(total), numbers) is None) is (expected is None)


def test_a_total_that_does_not_hold_is_told():
    found = told_of_parts(D("17.11"), [D(8), D(9)])

    assert found.zh == "合计填的是 17.11，各行相加是 17，少 0.11。合计由系统计算，请核对各行。"
    assert (
        found.en == "The total reads 17.11 and the rows add up to 17, 0.11 less. Totals are computed; check the rows."
    )


def test_a_note_that_names_residents_is_warned_of_without_repeating_the_numbers():
    found = question_of_note("张三 13800138000，李四 139 0013 9000")

    assert (found.code, found.field) == (Code.RESIDENTS, "note")
    assert found.sentence.zh == "说明里有 2 处像手机号。居民的个人信息不要写在这里，请隐去。"
    assert "138" not in str(found)
    assert question_of_note("新增两个街道，共 13800 户") is None


@pytest.mark.parametrize(
    ("sentence", "figure", "was", "before", "expected"),
    [
        ("a digit is lost", 99_700, 1_282_700, (), [Code.TENTH_CORRECTION]),
        ("a digit too many", 1_282_700, 99_700, (), [Code.TENFOLD_CORRECTION]),
        ("tenfold exactly", 1000, 100, (), []),
        ("nothing was said before", 99_700, None, (), []),
        ("it comes back to what the round before said", 99_700, 997_001, (99_600,), []),
        ("asked about once where both differ", 99_700, 1_282_700, (1_282_600,), [Code.TENTH]),
        ("zero is no tenth", 0, 1_282_700, (), []),
    ],
)
def test_a_correction_is_held_against_what_it_replaces(sentence, figure, was, before, expected):
    replaced = None if was is None else told(was)

    found = questions(STAFF, told(figure), [told(each) for each in before], replaced)

    assert [row.code for row in found] == expected, sentence


def test_a_corrected_amount_is_spoken_of_in_wan():
    found = questions(SPENT, told(1_000_000), [], told(20_000_000))[0].sentence

    assert found.zh == "本期数更正为 100 万元，不到更正前（2,000 万元）的十分之一。是否漏了位数，或者填错了行？"
    assert "less than a tenth of the 2,000 that it replaces" in found.en


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("。", False),
        ("", False),
        (" -- ", False),
        ("！！", False),
        ("是", False),
        ("属实", True),
        ("ok", True),
        ("✓✓", False),
    ],
)
def test_a_note_holds_at_least_two_signs_that_say_something(text, says):
    assert is_word(text) is says


def test_a_total_of_one_of_two_columns_says_which():
    told = told_of_parts(D(34), [D(33)], MANAGED)

    assert told == Sentence(
        "已纳管人数：合计填的是 34，各行相加是 33，少 1。合计由系统计算，请核对各行。",
        "People managed: the total reads 34 and the rows add up to 33, 1 less. Totals are computed; check the rows.",
    )

from decimal import Decimal

import pytest
from django.template import Context, Template

from apps.ui.charts import drawing, share


@pytest.mark.parametrize(
    ("value", "whole", "expected"),
    [
        pytest.param(Decimal(25), Decimal(50), Decimal(50), id="half way"),
        pytest.param(Decimal(120), Decimal(100), Decimal(100), id="never beyond the end"),
        pytest.param(Decimal(-5), Decimal(100), Decimal(0), id="never before the start"),
        pytest.param(None, Decimal(100), Decimal(0), id="unknown stands at the start"),
        pytest.param(Decimal(5), Decimal(0), Decimal(0), id="nothing to share"),
    ],
)
def test_a_value_has_a_place_on_the_bar(value, whole, expected):
    assert share(value, whole) == expected


def test_a_line_breaks_where_a_figure_is_unknown():
    series = [("1月", Decimal(1), "1"), ("2月", Decimal(2), "2"), ("3月", None, "—"), ("4月", Decimal(3), "3")]

    sketch = drawing(series, width=100, height=50)

    assert (len(sketch.lines), [dot.label for dot in sketch.dots]) == (1, ["1月", "2月", "4月"])


def test_a_higher_figure_stands_higher_on_the_drawing():
    sketch = drawing([("1月", Decimal(1), "1"), ("2月", Decimal(2), "2")], width=100, height=50)

    assert sketch.dots[1].y < sketch.dots[0].y


def test_the_target_line_is_on_the_drawing_even_far_from_the_figures():
    sketch = drawing([("1月", Decimal(1), "1")], width=100, height=50, reference=Decimal(100))

    assert 0 <= sketch.reference < sketch.dots[0].y <= 50


def test_nothing_known_draws_nothing():
    sketch = drawing([("1月", None, "—")], width=100, height=50)

    assert (sketch.lines, sketch.dots, sketch.reference) == ([], [], None)


def printed(source, **context):
    return Template("{% load charts status %}" + source).render(Context(context))


def test_an_unknown_bar_says_so_and_has_no_fill():
    svg = printed("{% bar value %}", value=None)

    assert "没有数据" in svg
    assert 'class="fill' not in svg


def test_a_bar_of_zero_is_not_an_unknown_bar():
    svg = printed("{% bar value %}", value=Decimal(0))

    assert "0.00 %" in svg
    assert 'width="0.0"' in svg


def test_a_bar_says_what_is_expected_by_now():
    svg = printed("{% bar value 'warn' expected %}", value=Decimal("62.1"), expected=Decimal("66.67"))

    assert "62.10 %，应达 66.67 %" in svg
    assert 'class="tick"' in svg


def test_a_sparkline_names_its_last_known_figure():
    svg = printed("{% sparkline series '纳管率' %}", series=[("1月", Decimal(70), "70 %"), ("2月", None, "—")])

    assert "纳管率 最近 70 %" in svg


@pytest.mark.parametrize(
    ("code", "shape", "word"),
    [
        ("done", "●", "已完成"),
        ("behind", "■", "滞后"),
        ("not_reported", "○", "未报"),
        ("returned", "↩", "已退回"),
        ("yellow", "◆", "略滞后"),
        (None, "–", "不适用"),
    ],
)
def test_a_status_is_a_shape_and_a_word(code, shape, word):
    html = printed("{% status code %}", code=code)

    assert shape in html
    assert word in html

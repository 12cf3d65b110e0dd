"""Sentences taken apart: the number before an indicator, and what only looks like one."""

import pytest

from apps.documents.forms.sentences import unnumbered


@pytest.mark.parametrize(
    ("sentence", "goal", "words"),
    [
        ("2-2.年底前完成信息库建设", 2, "年底前完成信息库建设"),
        ("2.2 项目验收率100%", 2, "项目验收率100%"),
        ("1-1 人均成本不超过240元", 1, "人均成本不超过240元"),
        ("1-1安装门禁", 1, "安装门禁"),
        ("3．1、10场培训", None, "3．1、10场培训"),
        ("3．1、培训10场", 3, "培训10场"),
        ("（1-2）年度报告印发", 1, "年度报告印发"),
        ("2-1-3. 培训人数", 2, "培训人数"),
        ("2-3场培训", None, "2-3场培训"),
        ("2-3 个月内办结", None, "2-3 个月内办结"),
        ("1.5万人次参加", None, "1.5万人次参加"),
        ("1.5 万元以内", None, "1.5 万元以内"),
        ("99.5%以上", None, "99.5%以上"),
        ("3.15消费者权益日活动1场", None, "3.15消费者权益日活动1场"),
        ("2016-2018年安装门禁", None, "2016-2018年安装门禁"),
    ],
)
def test_a_number_before_an_indicator_is_told_from_a_quantity(sentence, goal, words):
    assert unnumbered(sentence) == (goal, words)

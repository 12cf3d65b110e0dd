"""The words of a target cell, by the form in which each reading is printed: it carries every part of it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.calculation.reading import Reading, ReadOperator, read_actual, read_target, written
from apps.calculation.reading.plain import LONGEST
from apps.calculation.terms import Basis, Direction, Operator, TargetStatus

D = Decimal
YEAR = 2016


def read(text, **levels):
    return read_target(text, **levels, year=YEAR)


def said(reading):
    return " ".join(note.zh for note in reading.notes)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        # a sign, in every width and shape
        ("≥80%", "≥80%"),
        ("≧８０％", "≥80%"),
        (">=80%", "≥80%"),
        ("＞＝80%", "≥80%"),
        ("=>80%", "≥80%"),
        ("〉80%", ">80%"),
        ("≦5‰", "≤5‰"),
        ("═100%", "=100%"),
        ("＝512人", "=512人"),
        ("≥ 95.5 ％", "≥95.5%"),
        ("不低于（≥）95%", "≥95%"),
        ("≥(100)人", "≥100人"),
        ("≥“95%”", "≥95%"),
        ("98%≤", "≥98%"),
        ("≥-5%", "≥-5%"),
        ("-5℃以下", "≤-5℃"),
        # words before
        ("达到80%", "≥80%"),
        ("不低于90%", "≥90%"),
        ("不得少于3次", "≥3次"),
        ("至少10件", "≥10件"),
        ("大于等于10157.6平方米", "≥10157.6平方米"),
        ("大于、等于10157.6平方米", "≥10157.6平方米"),
        ("提高到95%", "≥95%"),
        ("不超过30天", "≤30天"),
        ("未超过3次", "≤3次"),
        ("最多10件", "≤10件"),
        ("控制在3%", "≤3%"),
        ("降至5%以下", "≤5%"),
        ("控制在95%以上", "≥95%"),
        ("小于等于10", "≤10"),
        ("超过100人", ">100人"),
        ("少于10件", "<10件"),
        ("不足10件", "<10件"),
        ("等于4500人", "=4500人"),
        # words after; 以上, 以下, 以内 include the number, unless they say otherwise (民法典 第1259条)
        ("95%以上", "≥95%"),
        ("95%及以上", "≥95%"),
        ("95%（含）以上", "≥95%"),
        ("95%以上（含95%）", "≥95%"),
        ("95%（不含）以上", ">95%"),
        ("5%以下（不含5%）", "<5%"),
        ("3天以内", "≤3天"),
        ("24小时内", "≤24小时"),
        ("50人以外", ">50人"),
        ("控制在90万元以内", "≤90万元"),
        ("达到80%以上", "≥80%"),
        ("100名学生以上", "≥100名"),
        # numerals
        ("三个以上", "≥3个"),
        ("不少于五次", "≥5次"),
        ("百分之九十五以上", "≥95%"),
        ("千分之五以内", "≤5‰"),
        ("九成以上", "≥90%"),
        ("一半以上", "≥50%"),
        ("过半", ">50%"),
        ("半年内", "≤0.5年"),
        # units stay as printed, 万 with them; only the percent sign has one form
        ("≥100百分比", "≥100%"),
        ("1.5万人以上", "≥1.5万人"),
        ("100件(套)以上", "≥100件(套)"),
        (">=530元/人*月", "≥530元/人*月"),
        ("≥3000元/人.月", "≥3000元/人·月"),
        ("每月不少于2次", "≥2次/月"),
        ("每人每月不低于530元", "≥530元/人/月"),
        ("≥35个百分点", "≥35百分点"),
        ("≥50蒲式耳", "≥50蒲式耳"),
        ("≥12,000人次", "≥12000人次"),
        ("≥12 000人次", "≥12000人次"),
        ("1，180.50万元以上", "≥1180.50万元"),
        # what is no figure
        ("PM2.5年均浓度≤35微克/立方米", "≤35微克/立方米"),
        ("12345热线答复率≥95%", "≥95%"),
        ("《2015年方案》完成率≥95%", "≥95%"),
        ("0-6岁儿童健康管理率≥85%", "≥85%"),
        ("18周岁居民覆盖率达到85%", "≥85%"),
        # a rate is reached at its percentage
        ("答复率：100%", "≥100%"),
        ("95%（服务对象满意度）", "≥95%"),
        # of a rank, the lower number is the better one
        ("全市排名前10名", "≤10名"),
        ("前5", "≤5"),
        ("大于零", ">0"),
        ("2次以上/年", "≥2次/年"),
        ("≤5/10万", "≤5/10万"),
        ("门禁系统实际安装应用数/计划安装总数：100%", "≥100%"),
    ],
)
def test_a_clear_comparison_is_read(text, printed):
    reading = read(text)

    assert written(reading) == printed
    assert reading.operator.is_comparison


@pytest.mark.parametrize(
    ("text", "printed", "why"),
    [
        ("2370人", "≥2370人（待核）", "没有比较词"),
        ("1", "≥1（待核）", "没有计量单位"),
        ("完成培训100人次", "≥100人次（待核）", "没有比较词"),
        ("90%", "≥90%（待核）", "没有比较词"),
        ("提高就业率5%", "≥5%（待核）", "没有比较词"),
        ("一百二十人", "≥120人（待核）", "没有比较词"),
        ("0起", "=0起（待核）", "一个也没有"),
        ("零事故", "=0（待核）", "一个也没有"),
        ("约50人", "≥50人（待核）", "约数"),
        ("≥50人左右", "≥50人（待核）", "约数"),
        ("2000余人", "≥2000人（待核）", "约数"),
        ("20多万人", "≥20万人（待核）", "约数"),
        ("超过80%以上", ">80%（待核）", "不一致"),
        ("≥1/3", "≥0.3333333333（待核）", "分数"),
        ("三分之二以上", "≥0.6666666667（待核）", "分数"),
        ("优秀区90%，全市80%", "≥90%（待核）", "另有：80%"),
        ("≥90%;≥95%", "≥90%（待核）", "另有：95%"),
        ("1.完成培训100人；2.满意度达到90%", "≥100人（待核）", "另有：90%"),
        ("6月30日前完成80%，12月31日前完成100%", "2016年12月31日前≥100%（待核）", "最晚"),
        ("不低于上年的95%", "≥95%（待核）", "与上年相比"),
        ("XX%", "≥待定%（待核）", "尚"),
    ],
)
def test_what_is_taken_without_being_said_is_flagged_with_the_reason(text, printed, why):
    reading = read(text)

    assert written(reading) == printed
    assert reading.is_ambiguous
    assert why in said(reading) or reading.status is TargetStatus.PENDING


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("18—54周岁", "18～54周岁"),
        ("30-50", "30～50"),
        ("80%～90%", "80～90%"),
        ("50至60人", "50～60人"),
        ("介于30和50之间", "30～50"),
        ("3—5次/年", "3～5次/年"),
        ("2%±0.5%", "1.5～2.5%"),
        ("≥30且≤50", "30～50"),
        ("≤50,≥30人", "30～50人"),
        ("30≤x≤50", "30～50"),
        ("不少于30人，不超过50人", "30～50人"),
        ("控制在30%-50%", "30～50%"),
        ("≥3-5个", "3～5个（待核）"),
        (">95%且<100%", "95～100%（待核）"),
        ("50-30人", "30～50人（待核）"),
        ("误差±3%以内", "-3～3%"),
        ("[80%,100%]", "80～100%"),
        ("5000元至1万元", "0.5～1万元"),
        ("30人-50元", "30～50元（待核）"),
    ],
)
def test_a_range_has_two_ends(text, printed):
    reading = read(text)

    assert written(reading) == printed
    assert reading.operator is ReadOperator.RANGE


@pytest.mark.parametrize("text", ["≥50且≤30", "≥30人且≤50元", "≥30-40且≤50", "≥30", "≥XX%，≤50%"])
def test_two_bounds_that_hold_nothing_between_them_are_no_range_of_both(text):
    reading = read(text)

    assert (reading.operator, reading.high) != (ReadOperator.RANGE, D(50))


@pytest.mark.parametrize(
    ("text", "due", "is_ambiguous"),
    [
        ("2022年12月底前", "2022-12-31", False),
        ("2021年12月完成", "2021-12-31", False),
        ("2021年7月", "2021-07-31", False),
        ("9月底前", "2016-09-30", False),
        ("12月31日24时前", "2016-12-31", False),
        ("12月31日前", "2016-12-31", False),
        ("9月前", "2016-09-30", True),
        ("三季度前", "2016-09-30", True),
        ("2022年前", "2022-12-31", True),
        ("2016-12-31", "2016-12-31", False),
        ("2016/12/31", "2016-12-31", False),
        ("2021.12.31之前", "2021-12-31", False),
        ("2016.12", "2016-12-31", True),
        ("20161231", "2016-12-31", False),
        ("16年12月底前", "2016-12-31", False),
        ("十二月底前", "2016-12-31", False),
        ("二〇一六年十二月三十一日前", "2016-12-31", False),
        ("年底顺利通过考核验收", "2016-12-31", False),
        ("本年度内完成", "2016-12-31", False),
        ("次年3月底前", "2017-03-31", False),
        ("次年底前", "2017-12-31", False),
        ("第三季度", "2016-09-30", False),
        ("Q2", "2016-06-30", False),
        ("上半年", "2016-06-30", False),
        ("下半年完成", "2016-12-31", False),
        ("6月上旬", "2016-06-10", False),
        ("6月中旬", "2016-06-20", False),
        ("6月下旬", "2016-06-30", False),
        ("2016年完成", "2016-12-31", False),
        ("全年", "2016-12-31", True),
        ("2月30日", "2016-02-29", True),
        ("3月启动，12月完成", "2016-12-31", True),
        # periods end on their last day
        ("2021.1.1-12.31", "2021-12-31", False),
        ("2023.07-2024.01", "2024-01-31", False),
        ("2023.10-3", "2024-03-31", False),
        ("2016年1-12月", "2016-12-31", False),
        ("2016年1月1日至12月31日", "2016-12-31", False),
        ("2021年10月-3月", "2022-03-31", False),
        ("2021年10月1日-3月31日", "2022-03-31", False),
        ("2021年10月1日至年底", "2021-12-31", False),
        ("2016-2018年", "2018-12-31", False),
    ],
)
def test_a_date_comes_down_to_its_last_day(text, due, is_ambiguous):
    reading = read(text)

    assert reading.operator is ReadOperator.DATE
    assert reading.due_on == date.fromisoformat(due)
    assert reading.is_ambiguous is is_ambiguous
    assert str(reading.due_on) in said(reading)


def test_a_quantity_and_its_deadline_are_one_target():
    reading = read("2016年12月31日前合格率达到100%")

    assert reading == Reading("", ReadOperator.AT_LEAST, D(100), unit="%", due_on=date(2016, 12, 31))
    assert reading.notes[0].en == "Read as: at least 100 %, by 2016-12-31."


@pytest.mark.parametrize("text", ["每月10日前报送", "每季度末前", "次月15日前", "月底前"])
def test_a_deadline_that_recurs_is_no_date(text):
    reading = read(text)

    assert reading.operator is ReadOperator.QUALITATIVE
    assert reading.due_on is None
    assert "每期重复" in said(reading)


def test_a_deadline_of_every_year_is_this_years():
    assert read("每年12月底前").due_on == date(2016, 12, 31)


def test_a_day_without_a_year_is_one_only_where_time_is_spoken_of():
    assert read("12.31", level2="时效指标").due_on == date(2016, 12, 31)
    assert read("30天", level2="时效指标").due_on is None
    assert read("12.31").value == D("12.31")
    assert not read("2016.12", level2="时效指标").is_ambiguous


def test_a_plan_of_no_plausible_year_gives_no_date():
    assert read_target("12月底前", year=0).due_on is None
    assert read_target("全年", year=0).due_on is None


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("每2名管理员配备1台", "每1名配备0.5台"),
        ("移动终端标准提升：每两名管理员至少配备一台", "每1名配备0.5台"),
        ("每万人口拥有公厕5座", "每1万人口配备5座"),
        ("每个街镇配备2名", "每1街镇配备2名"),
        ("每3户设1个", "每1户配备0.3333333333个"),
        ("每2名管理员配备不超过1台", "每1名配备0.5台（待核）"),
        ("师生比1:15", "比例0.0666666667:1（待核）"),
        ("1:4", "比例0.25:1（待核）"),
    ],
)
def test_a_ratio_is_so_many_for_one(text, printed):
    reading = read(text)

    assert written(reading) == printed
    assert reading.operator is ReadOperator.RATIO


def test_a_name_that_speaks_of_a_proportion_makes_one():
    assert read("不低于1:4", level3="师生比").value == D("0.25")
    assert read("不低于1:4").operator is ReadOperator.AT_LEAST


@pytest.mark.parametrize("text", ["每0名管理员配备1台", "比例1:0"])
def test_nothing_is_divided_by_zero(text):
    assert read(text).operator is not ReadOperator.RATIO


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("逐年减少", "比上年下降"),
        ("比上年下降", "比上年下降"),
        ("出租屋内安全隐患数量相比上年逐年减少", "比上年下降"),
        ("比上年下降5%以上", "比上年下降5%"),
        ("较2015年下降10%", "比上年下降10%"),
        ("比上年下降5%-10%", "比上年下降5～10%"),
        ("比上年减少30起", "比上年下降30起"),
        ("同比增长8%", "比上年同期增长8%"),
        ("比前三年平均下降5%", "比前三年平均下降5%"),
        ("较2013年下降10%", "比基期下降10%"),
        ("环比下降3%", "比基期下降3%"),
        ("年均增长6%", "比上年增长6%"),
        ("不低于上年水平", "不低于上年"),
        ("不高于上年", "不高于上年"),
        ("低于上年同期", "比上年同期下降"),
        ("高于上年", "比上年增长"),
        ("比上年不增长", "不高于上年"),
        ("比上年未下降", "不低于上年"),
        ("与上年持平", "与上年持平"),
        ("保持上年水平", "与上年持平"),
        ("案件和事故与往年同期相比有所下降", "比上年同期下降（待核）"),
        ("比往年增加", "比前三年平均增长（待核）"),
        ("下降", "比上年下降（待核）"),
        ("下降5%", "比上年下降5%（待核）"),
        ("提升3个百分点以上", "比上年增长3百分点（待核）"),
        ("比上年下降不超过5%", "比上年下降5%（待核）"),
        ("比上年下降不超过0%", "不高于上年（待核）"),
        ("比上年下降0%", "不高于上年"),
        ("比上年下降约5%", "比上年下降5%（待核）"),
    ],
)
def test_a_change_is_measured_against_an_earlier_figure(text, printed):
    reading = read(text)

    assert written(reading) == printed
    assert reading.operator is ReadOperator.CHANGE


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("比上年提高到95%", ReadOperator.AT_LEAST),
        ("增长率≥5%", ReadOperator.AT_LEAST),
        ("提高就业100人", ReadOperator.AT_LEAST),
        ("比上年不增长5%", ReadOperator.AT_LEAST),
        ("比上年下降XX%", ReadOperator.AT_LEAST),
        ("稳步提高", ReadOperator.QUALITATIVE),
        ("明显下降", ReadOperator.QUALITATIVE),
    ],
)
def test_a_level_a_rate_or_an_effect_is_no_change(text, operator):
    assert read(text).operator is operator


def test_a_fall_is_negative_and_says_what_it_is_measured_against():
    reading = read("比上年同期下降5%")

    assert (reading.value, reading.direction, reading.basis) == (D(-5), Direction.LOWER, Basis.SAME_PERIOD)
    assert reading.notes[0].zh == "读作：与上年同期相比下降 5% 以上。"


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("逐年减少", Operator.LESS_THAN),
        ("比上年增长", Operator.MORE_THAN),
        ("比上年下降5%", Operator.AT_MOST),
        ("比上年增长5%", Operator.AT_LEAST),
        ("不高于上年", Operator.AT_MOST),
        ("与上年持平", Operator.EQUAL),
        ("每2名配备1台", Operator.AT_LEAST),
        ("≤5%", Operator.AT_MOST),
        ("合规", Operator.QUALITATIVE),
        ("年底前", Operator.DATE),
    ],
)
def test_every_reading_can_be_scored_by_an_operator(text, operator):
    assert read(text).scoring_operator is operator


@pytest.mark.parametrize(
    ("text", "status", "printed"),
    [
        ("4500人（以市政府实际审定数目为准）", TargetStatus.PROVISIONAL, "≥4500人（暂定）（待核）"),
        ("≥4500人（待市政府审定）", TargetStatus.PROVISIONAL, "≥4500人（暂定）"),
        ("待市政府审定", TargetStatus.PENDING, "待市政府审定"),
        ("待定", TargetStatus.PENDING, "待定"),
        ("≥95%（待定）", TargetStatus.PENDING, "≥95%（待定）"),
        ("达到__%", TargetStatus.PENDING, "≥待定%"),
        ("高标准完成入户指标（2015年积分制入户指标为4500个）", TargetStatus.PENDING, "≥待定个（待核）"),
        ("去年完成100", TargetStatus.PENDING, "≥待定（待核）"),
        ("2018年达到95%", TargetStatus.PENDING, "≥待定%（待核）"),
        ("", TargetStatus.PENDING, ""),
        ("——", TargetStatus.PENDING, "——"),
        ("≥95%", TargetStatus.FINAL, "≥95%"),
    ],
)
def test_how_firm_a_target_is(text, status, printed):
    reading = read(text)

    assert reading.status is status
    assert written(reading) == printed


def test_a_figure_of_another_year_is_quoted_and_not_taken():
    reading = read("≥4600个（2015年为4500个）")

    assert reading == Reading("", ReadOperator.AT_LEAST, D(4600), unit="个")
    assert "2015年为4500个" in said(reading)


def test_a_figure_of_this_year_is_the_target():
    assert written(read("2016年不少于4600个")) == "≥4600个"
    assert written(read("上年4500个，本年不少于4600个")) == "≥4600个"


def test_figures_in_parentheses_are_quoted_or_taken_where_there_are_no_others():
    assert "其中女性2000人" in said(read("≥4500人（其中女性2000人）"))
    assert written(read("高标准完成（≥95%）")) == "≥95%"


@pytest.mark.parametrize("text", ["争取做到≥90%", "力求≥90%", "初见示范成效"])
def test_soft_wording_is_marked_and_stays_soft_in_print(text):
    assert read(text).is_soft
    assert read(written(read(text))).is_soft


@pytest.mark.parametrize(
    "text",
    ["合规", "及时", "效果明显", "严格执行相关制度规定", "基本建立", "好", "A级", "一级", "符合GB/T 19001-2016标准"],
)
def test_words_stay_words(text):
    reading = read(text)

    assert reading == Reading("", ReadOperator.QUALITATIVE)
    assert written(reading) == text
    assert reading.notes[0].en == "Read as: a requirement in words, for a person to judge."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1-6期培训结束后及时考核", "序号"),
        ("第3批完成验收", "序号"),
        ("无", "可能是没有要求"),
        ("9:00至17:00:00", "没有比较词"),
        ("完成1.2.3", "读不出"),
        ("内12去年‰减少蒲式耳≥20161231", "读不出"),
        ("长" * (LONGEST + 1), "过长"),
    ],
)
def test_digits_that_are_no_target_are_left_to_a_person(text, why):
    reading = read(text)

    assert reading.is_ambiguous
    assert why in said(reading)


@pytest.mark.parametrize(
    ("text", "levels", "printed", "why"),
    [
        ("15万元", {"level2": "成本"}, "≤15万元（待核）", "不超过"),
        ("3000元", {"level3": "人均培训费用"}, "≤3000元（待核）", "不超过"),
        ("5%", {"level1": "成本指标", "level3": "资金节约率"}, "≤5%（待核）", "越高越好"),
        ("5%", {"level3": "成本节约率"}, "≥5%", "达到即为完成"),
        ("≥1050元", {"level2": "成本"}, "≥1050元（待核）", "可能应为"),
        ("≥1050元", {"level2": "成本", "level3": "节约资金"}, "≥1050元", "不低于"),
        ("≤90万元", {"level2": "成本"}, "≤90万元", "不超过"),
        ("250万", {"level2": "成本", "level3": "控制在预算成本内"}, "≤250万", "指标名称"),
        ("3次", {"level3": "每年不少于"}, "≥3次", "指标名称"),
        ("5%", {"level3": "投诉率"}, "≥5%（待核）", "越低越好"),
        ("95%", {"level3": "投诉处理率"}, "≥95%", "达到即为完成"),
        ("90%", {"level1": "满意度"}, "≥90%", "达到即为完成"),
        ("30天", {"level2": "时效"}, "≥30天（待核）", "越少越好"),
    ],
)
def test_the_class_and_the_name_say_what_the_cell_leaves_out(text, levels, printed, why):
    reading = read(text, **levels)

    assert written(reading) == printed
    assert why in said(reading)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("95%以上", "读作：不低于95%。", "Read as: at least 95 %."),
        ("18-54周岁", "读作：18 至 54周岁（含两端）。", "Read as: 18 to 54 周岁, both included."),
        ("年底前", "读作：2016-12-31 之前完成。", "Read as: done by 2016-12-31."),
        ("不高于上年", "读作：不高于上年。", "Read as: not above last year."),
        ("不低于上年", "读作：不低于上年。", "Read as: not below last year."),
        ("与上年持平", "读作：与上年相比持平。", "Read as: no change against last year."),
        ("环比增长", "读作：与所写基数相比增长。", "Read as: a rise against the base it names."),
        ("≥XX个", "读作：不低于（待定）个。", "Read as: at least (open) 个."),
        (
            "比上年下降5-10%",
            "读作：与上年相比下降 5% 至 10% 以上。",
            "Read as: a fall of at least 5 % to 10 % against last year.",
        ),
    ],
)
def test_the_first_note_says_in_words_what_was_read(text, zh, en):
    note = read(text).notes[0]

    assert (note.zh, note.en) == (zh, en)


WORDS = (
    "≥ ≤ > < = ≧ 95 % 100 1.5 万 人 个 次 元 / 每 2 名 配备 台 年 月 日 12 2016 2015 底 前 9 以上 以下 以内 及 "
    "不低于 不超过 超过 低于 达到 控制在 下降 增长 提高 到 至 比 上年 较 同比 逐年 减少 - — ~ ( ) （ ） ， 。 ； ： 、 "
    "暂定 待定 争取 以 为准 三 十 百分之 成 . 0 上 半年 季度 第 一 期 同期 元/人*月 km 率 XX 余 约 左右 件(套) 蒲式耳 "
    "与 之间 ± 内 完成 _ × 20161231 每月 去年 不 （待核） 往年 持平 1:15 1/3 级"
)
PIECES = st.sampled_from(WORDS.split())
CELLS = st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=30)
NAMES = st.sampled_from(["", "成本", "时效", "满意度", "投诉率", "控制在预算内", "不低于", "师生比"]) | st.text(
    max_size=9
)


@given(CELLS, NAMES, NAMES, st.integers(-1, 10000))
@example("2016.5", "", "", 2016)
def test_any_text_is_read_and_its_printed_form_gives_the_same_reading(text, level2, level3, year):
    reading = read_target(text, level2=level2, level3=level3, year=year)

    assert read_target(written(reading), level2=level2, level3=level3, year=year) == reading
    assert reading.notes


@given(CELLS, CELLS, st.integers(-1, 10000))
def test_any_actual_is_read(text, actual_text, year):
    actual = read_actual(actual_text, read_target(text, year=year), year=year)

    assert actual.value is None or actual.value.is_finite()
    assert actual.high is None or actual.value is not None


@given(
    st.sampled_from(["≥", "≤", ">", "<", "="]),
    st.decimals(0, 10**9, places=2),
    st.sampled_from(["%", "人", "万元", "元/人*月", "件(套)", "个工作日", "km", ""]),
)
def test_a_sign_a_number_and_a_unit_are_read_as_they_stand(sign, value, unit):
    reading = read(f"{sign}{value}{unit}")

    assert (reading.value, reading.unit or "", reading.is_ambiguous) == (value, unit, False)

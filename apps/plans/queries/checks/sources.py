"""Which rules the plan check goes by, in words for the people who have to follow them.

What a published form or document says is named; what is only practice says so, and names no document.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

REMARK_1: Final = _("项目绩效目标表备注1：项目属性为新增项目、持续项目、跨年度项目之一。")
REMARK_2: Final = _("项目绩效目标表备注2：资金支出方向按经济分类科目填写，如会议费、培训费、办公费。")
REMARK_3: Final = _("项目绩效目标表备注3：填写三个以上关键指标的内容及预计完成值。“三个以上”包括三个。")
REMARK_4: Final = _("项目绩效目标表备注4：填写上年度预算完成情况和绩效目标完成情况；新增项目不填。")
EXPECTED_VALUE: Final = _("项目绩效目标表备注3：每个指标都要有预计完成值，如“体育场馆开放率达到70%”。")
OWN_WORDS: Final = _("本系统的规则：目标经处室、绩效管理岗、局领导三级审核，任何人不审核自己拟的内容。")
SCHEME: Final = _("评分方案的分值：申报时各指标分值之和应等于方案的申报分值，预算执行的分值在自评时计入。")
ASKED: Final = _("本系统的规则：每个数由一个单位的填报人填报，没有填报人就没有人会收到填报提醒。")
RATE: Final = _("比率由分子和分母算出，不能直接填写；口径不同的比率不能相加或相比（通行做法）。")
FRAMEWORK: Final = _(
    "财预〔2020〕10号自评表的指标框架：产出（数量、质量、时效、成本）、效益、满意度。哪些必须设置按各地通行做法。"
)
COST: Final = _("财预〔2021〕101号：绩效目标包括产出、效果和成本控制要求。")
COST_OF_WORKS: Final = _(
    "财预〔2021〕101号：绩效目标包括产出、效果和成本控制要求；工程、修缮、购置、信息系统类项目通常必须有成本指标（通行做法）。"
)
SATISFACTION: Final = _(
    "评分方案给满意度指标留了分值；没有这类指标，这些分就得不到。不需设置的项目请换用不设满意度的方案。"
)
NO_SATISFACTION: Final = _("公开的自评表多设服务对象满意度 10 分；面向群众的项目宜设置（通行做法）。")
MEASURABLE: Final = _("绩效目标要指向明确、细化量化（通行的审核标准）；“争取”“力求”这类措辞到年底无法评分。")
ONE_NUMBER: Final = _("指标值要能评分；公开的自评表里，写“完成”或约数的指标到年底只能凭印象打分。")
PENDING: Final = _("指标值待定或暂定的，须由审定文件确定；自评前仍未确定的不能评分（本系统的规则）。")
PAIRING: Final = _("指标应当衡量它所在的目标（目标审核的相关性要求，通行做法）；原表按文字顺序对应的要核实。")
WEIGHTS_BY_IMPORTANCE: Final = _("指标分值按重要性确定，随目标一并批复，批复后一般不再调整（通行做法）。")
SPREAD: Final = _(
    "公开的自评表里有一个指标占去全部 90 分的：这一项没完成，其余做得再好也没有分（审核时的通行关注点）。"
)
TRACKED: Final = _("没有分值的指标只跟踪，不计分（本系统的规则）。")
BASELINE: Final = _("与上年或往年相比的指标，没有基期数就定不出指标值，到年底无法评分。")
DEFINITION: Final = _("定量指标要说明计算公式和统计范围（口径），否则各单位报的数不能相加（通行做法）。")
EVIDENCE: Final = _("每个完成值都要有佐证材料；事先写明要什么材料，年底不必补（审计的通行关注点）。")
PRINTED: Final = _("指标名称在 40 个字以内，官方表格里才排得下（通行做法）。")
AUDIT_LOW: Final = _("审计关注指标值偏低、每年大幅超额完成的情况；年初指标值明显偏低的，自评时可能扣分（通行做法）。")
AUDIT_COPIED: Final = _("审计关注指标值逐年照抄的情况（通行做法）。")
MONEY_TO_GOAL: Final = _(
    "每一笔钱都应说得出要达到什么目标，每个目标也应说得出用什么钱（目标审核的匹配性要求，通行做法）。"
)
MONEY_ADDS_UP: Final = _("各支出方向的金额之和应等于预算。")
WITHOUT_BUDGET: Final = _("没有预算数就算不出执行率；执行率是自评总分的一部分。")
YEARLY: Final = _("年度绩效目标按预算年度编制；跨年度的工作请选“跨年度项目”，并设整个项目期的指标值。")

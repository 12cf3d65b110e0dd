"""Why a table of plans is not read."""

from apps.files.forms.refusals import SheetRefused


class TableMissing(SheetRefused):
    """No sheet has a table of a known form."""


class HeadMissing(SheetRefused):
    """A table has some heads of a form but not all."""


class MoneyUnreadable(SheetRefused):
    """A cell for money holds something else."""


class PeriodUnreadable(SheetRefused):
    """A cell for the project's period holds something else."""


class AttributeUnknown(SheetRefused):
    """项目属性 is none of the three."""


class ClassUnknown(SheetRefused):
    """一级指标 or 二级指标 is no class of the forms, or does not belong to the other."""


class WeightUnreadable(SheetRefused):
    """A cell for points holds something else."""


class ProjectUnnamed(SheetRefused):
    """There is a project without a name."""


class ProjectTwice(SheetRefused):
    """Two plans of one file are of the same project."""

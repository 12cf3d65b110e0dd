"""What people type about a project, and which year of which project they begin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.plans.actions.projects import ProjectWords
from apps.plans.enums import Attribute, Nature
from apps.plans.models import Project

YEARS = {"min_value": 2000, "max_value": 2100}


class ProjectForm(forms.Form):
    """A project of a bureau."""

    number = forms.CharField(label=_("项目编号"), max_length=20, help_text=_("本单位内不重复，例如 P13。"))
    name = forms.CharField(label=_("项目名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    function_code = forms.CharField(label=_("功能科目编码"), max_length=20, help_text=_("例如 201 99 99。"))
    nature = forms.ChoiceField(label=_("项目类别"), choices=Nature.choices)
    division = forms.ModelChoiceField(
        label=_("责任处室"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("未定"),
        help_text=_("处室负责人审核它的目标；没有责任处室的目标不能提交。"),
    )
    description = forms.CharField(
        label=_("项目说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args, bureau, **kwargs):
        super().__init__(*args, **kwargs)
        divisions = Unit.objects.filter(path__startswith=bureau.path, kind=UnitKind.DIVISION)
        self.fields["division"].queryset = divisions.order_by("path")

    @classmethod
    def of(cls, project, *args, **kwargs):
        """Return the form with what is said of a project now."""
        names = [name for name in cls.base_fields if name != "division"]
        initial = {name: getattr(project, name) for name in names} | {"division": project.division_id}
        return cls(*args, bureau=project.bureau, initial=initial, **kwargs)

    def words(self):
        """Return what was typed, for the action."""
        return ProjectWords(**{name: self.cleaned_data[name] for name in ProjectForm.base_fields})


class NewProjectForm(ProjectForm):
    """A project and the year of its first plan."""

    year = forms.IntegerField(label=_("年度"), **YEARS)
    attribute = forms.ChoiceField(label=_("项目属性"), choices=Attribute.choices, initial=Attribute.NEW)


class YearForm(forms.Form):
    """Another year of a project that is there."""

    project = forms.ModelChoiceField(label=_("项目"), queryset=Project.objects.none(), empty_label=_("请选择"))
    year = forms.IntegerField(label=_("年度"), **YEARS)
    attribute = forms.ChoiceField(label=_("项目属性"), choices=Attribute.choices, initial=Attribute.CONTINUING)

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects

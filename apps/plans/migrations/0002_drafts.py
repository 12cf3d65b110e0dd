
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('plans', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Edit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='序号')),
                ('label', models.CharField(max_length=200, verbose_name='修改内容')),
                ('before', models.JSONField(verbose_name='修改前')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '修改',
                'verbose_name_plural': '修改',
                'ordering': ['version', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finding', models.CharField(max_length=80, verbose_name='体检事项')),
                ('text', models.CharField(max_length=300, verbose_name='说明')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '体检说明',
                'verbose_name_plural': '体检说明',
                'ordering': ['version', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PlannedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends_on', models.DateField(verbose_name='期末')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='应达')),
            ],
            options={
                'verbose_name': '分期计划',
                'verbose_name_plural': '分期计划',
                'ordering': ['target', 'ends_on'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('draft', '草稿'), ('division_review', '处室审核'), ('officer_review', '绩效管理岗审核'), ('leader_review', '局领导审签'), ('approved', '已批复'), ('withdrawn', '已撤销')], max_length=20, verbose_name='环节')),
                ('kind', models.CharField(choices=[('submitted', '提交'), ('passed', '通过'), ('passed_over', '免于本环节'), ('returned', '退回'), ('recalled', '收回'), ('withdrawn', '撤销')], max_length=20, verbose_name='办理')),
                ('reason', models.TextField(blank=True, verbose_name='意见')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '办理过程',
                'verbose_name_plural': '办理过程',
                'ordering': ['version', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='budgetline',
            name='version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='budget_lines', to='plans.planversion', verbose_name='目标版本'),
        ),
        migrations.AddField(
            model_name='definition',
            name='version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='definitions', to='plans.planversion', verbose_name='目标版本'),
        ),
        migrations.AddField(
            model_name='indicatorterms',
            name='evidence',
            field=models.CharField(blank=True, max_length=200, verbose_name='佐证要求'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='authors',
            field=models.ManyToManyField(blank=True, related_name='drafted_versions', to=settings.AUTH_USER_MODEL, verbose_name='拟稿人'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_versions', to='files.storedfile', verbose_name='文件'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='reason',
            field=models.TextField(blank=True, verbose_name='调整原因'),
        ),
        migrations.AddField(
            model_name='target',
            name='version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='plans.planversion', verbose_name='目标版本'),
        ),
        migrations.AlterField(
            model_name='budgetline',
            name='origin',
            field=models.CharField(choices=[('published', '公开文件'), ('typed', '录入'), ('decision', '审定文件'), ('demonstration', '演示数据'), ('imported', '表格导入')], max_length=20, verbose_name='来源'),
        ),
        migrations.AlterField(
            model_name='planversion',
            name='origin',
            field=models.CharField(choices=[('published', '公开文件'), ('typed', '录入'), ('decision', '审定文件'), ('demonstration', '演示数据'), ('imported', '表格导入')], max_length=20, verbose_name='来源'),
        ),
        migrations.AlterField(
            model_name='planversion',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('division_review', '处室审核'), ('officer_review', '绩效管理岗审核'), ('leader_review', '局领导审签'), ('approved', '已批复'), ('withdrawn', '已撤销')], default='draft', max_length=20, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='result',
            name='origin',
            field=models.CharField(choices=[('published', '公开文件'), ('typed', '录入'), ('decision', '审定文件'), ('demonstration', '演示数据'), ('imported', '表格导入')], max_length=20, verbose_name='来源'),
        ),
        migrations.AlterField(
            model_name='target',
            name='origin',
            field=models.CharField(choices=[('published', '公开文件'), ('typed', '录入'), ('decision', '审定文件'), ('demonstration', '演示数据'), ('imported', '表格导入')], max_length=20, verbose_name='来源'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'division_review', 'officer_review', 'leader_review'))), fields=('plan',), name='plan_version_open_once', violation_error_message='该项目已有一个版本正在办理。'),
        ),
        migrations.AddField(
            model_name='edit',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_edits', to=settings.AUTH_USER_MODEL, verbose_name='修改人'),
        ),
        migrations.AddField(
            model_name='edit',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='plans.planversion', verbose_name='目标版本'),
        ),
        migrations.AddField(
            model_name='explanation',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to=settings.AUTH_USER_MODEL, verbose_name='说明人'),
        ),
        migrations.AddField(
            model_name='explanation',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='explanations', to='plans.planversion', verbose_name='目标版本'),
        ),
        migrations.AddField(
            model_name='plannedfigure',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned', to='plans.target', verbose_name='指标值'),
        ),
        migrations.AddField(
            model_name='step',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_steps', to=settings.AUTH_USER_MODEL, verbose_name='办理人'),
        ),
        migrations.AddField(
            model_name='step',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='plans.planversion', verbose_name='目标版本'),
        ),
        migrations.AddConstraint(
            model_name='edit',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='edit_once'),
        ),
        migrations.AddConstraint(
            model_name='explanation',
            constraint=models.UniqueConstraint(fields=('version', 'finding'), name='explanation_once'),
        ),
        migrations.AddConstraint(
            model_name='plannedfigure',
            constraint=models.UniqueConstraint(fields=('target', 'ends_on'), name='planned_figure_once'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='step_return_has_reason', violation_error_message='退回时请写明原因。'),
        ),
    ]


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0002_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('load', '载入'), ('submit', '提交'), ('correct', '更正'), ('approve', '审核通过'), ('return', '退回'), ('open', '开放填报期'), ('decide_target', '审定指标值'), ('draw_up', '生成自评'), ('remove', '清除演示数据'), ('resend', '重发邮件'), ('attach', '上传佐证'), ('add', '新增'), ('change', '修改'), ('set_password', '重设密码'), ('request', '申请调整'), ('pass', '审核通过，送下一环节'), ('recall', '收回'), ('withdraw', '撤销申请'), ('explain', '说明体检事项'), ('import', '导入')], max_length=20, verbose_name='动作'),
        ),
    ]

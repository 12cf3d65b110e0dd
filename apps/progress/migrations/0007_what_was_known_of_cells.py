from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0006_monitoring")]
    operations = [
        migrations.AlterModelManagers(name="entry", managers=[("everything", models.Manager())]),
        migrations.RemoveConstraint(model_name="entry", name="entry_once"),
        migrations.AddField(
            model_name="entry",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="要求填报时间"),
        ),
        migrations.AddField(
            model_name="entry",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="不再要求时间"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(released_at=None), fields=["measure", "member", "round"], name="entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(latest=None),
                name="released_entry_is_empty",
                violation_error_message="填过数据的格子不能取消。",
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="noted",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="所据上年结果"),
        ),
    ]

"""The worker's configuration.

The broker is only a bell: every task can be run again without harm, and a sweep finds what a lost bell should have
announced. So tasks are acknowledged late, a killed worker's task comes back, and nothing waits inside the broker.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perftrack.settings")

app = Celery("perftrack")
# Without this only the thread that imports this module knows the app, and a web server's other threads ring nowhere.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=240,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        # Longer than any task may run; a task of a killed worker returns after it at the latest.
        "visibility_timeout": 300,
        # Look for such tasks every five seconds. The defaults let them lie for minutes.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,
        "socket_timeout": 30,
        # A page that rings the bell must not wait for a broker that is away: by default kombu tries for six seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    },
    # A page that rings the bell must not wait for a broker that is away.
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},
    timezone="Asia/Shanghai",
    enable_utc=True,
    beat_schedule={
        "feel the pulse": {
            "task": "apps.jobs.tasks.pulse",
            "schedule": 60.0,
            # Without a worker old questions would pile up; the answer to the latest is enough.
            "options": {"expires": 60},
        },
        "tell people what is due": {
            "task": "apps.reminders.tasks.send_digests",
            "schedule": crontab(minute="*/5"),
        },
        "send what waits in the outbox": {
            "task": "apps.outbox.tasks.sweep_outbox",
            "schedule": 30.0,
        },
        "find files whose reading was left lying": {
            "task": "apps.documents.tasks.sweep_imports",
            "schedule": 60.0,
        },
        "find long tables of figures that were left lying": {
            "task": "apps.progress.tasks.sweep_bulk_uploads",
            "schedule": 60.0,
        },
        "write the ends of the journal down": {
            "task": "apps.journal.tasks.anchor_chains",
            "schedule": crontab(hour=0, minute=30),
        },
        "date the standings anew": {
            "task": "apps.progress.tasks.redate_standings",
            "schedule": crontab(hour=0, minute=5),
        },
        "open the rounds": {
            "task": "apps.progress.tasks.open_rounds",
            "schedule": crontab(hour=0, minute=10),
        },
        "open the rounds of new plans": {
            "task": "apps.progress.tasks.open_rounds_of_new_plans",
            "schedule": crontab(minute="*/5"),
        },
        "check the standings": {
            "task": "apps.progress.tasks.check_standings",
            "schedule": crontab(hour=2, minute=0),
        },
    },
)
app.autodiscover_tasks()

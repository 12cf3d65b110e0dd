"""Set the environment of a test process before the settings read it; loaded first by `addopts` in pyproject.toml.

Every process has its own folder for data, its own broker and, on SQLite, its own database file. `TEST_DATABASE_URL` and
`REDIS_URL` name servers to use instead; they should be there for the tests alone.
"""

import os
import tempfile
from pathlib import Path

from tests.servers.broker import BrokerServer

UNSET = (
    "ALLOWED_HOSTS",
    "DEBUG",
    "EMAIL_URL",
    "PERFTRACK_ENV",
    "PERFTRACK_DEMO_PASSWORD",
    "PORT",
    "SECRET_KEY",
    "SITE_URL",
)
# The processes of one run inherit the environment of the first, which has set this for itself.
OWN_BROKER = "PERFTRACK_TEST_OWN_BROKER"

VAR = Path(tempfile.mkdtemp(prefix="perftrack-test-"))
BROKER = None if os.environ.get("REDIS_URL") and OWN_BROKER not in os.environ else BrokerServer()

for name in UNSET:
    os.environ.pop(name, None)
os.environ["PERFTRACK_VAR"] = str(VAR)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "").strip() or f"sqlite:///{VAR}/perftrack.sqlite3"
if BROKER is not None:
    os.environ |= {"REDIS_URL": BROKER.url, OWN_BROKER: "1"}

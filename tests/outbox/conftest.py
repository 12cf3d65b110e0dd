"""A mail server."""

import pytest

from tests.outbox.mail_server import MailServer


@pytest.fixture
def mail_server():
    """Run a real mail server on loopback."""
    server = MailServer()
    server.start()
    yield server
    server.stop()

"""A mail server, and a broker that is away."""

import pytest

from perftrack.celery import app
from tests.outbox.mail_server import MailServer


@pytest.fixture
def mail_server():
    """Run a real mail server on loopback."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def closed_broker():
    """Point the bell at a port where nobody listens."""
    before = app.conf.broker_url
    _ring_at("redis://127.0.0.1:1/0")
    yield
    _ring_at(before)


def _ring_at(url):
    app.conf.broker_url = app.conf.broker_write_url = url
    app._pool = None
    app.amqp._producer_pool = None

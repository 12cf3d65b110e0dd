"""What every test may ask for. The environment is set before, in `tests.servers.environment`."""

import os
import shutil

import pytest

from tests.servers.environment import BROKER, VAR

ONCE = ("tests/calculation/", "tests/deploy/", "tests/perftrack/")
# One page's forms and templates: their actions and queries are tested beside them on both databases. `make test-long` runs
# these too on both.
PAGES = (
    "tests/documents/test_import_pages.py",
    "tests/journeys/test_a_month.py",
    "tests/journeys/test_a_monitoring.py",
    "tests/journeys/test_a_plan.py",
    "tests/journeys/test_evidence.py",
    "tests/plans/test_approval_pages.py",
    "tests/plans/test_checks_pages.py",
    "tests/plans/test_editor.py",
    "tests/progress/test_evidence_pages.py",
    "tests/progress/test_locks.py",
    "tests/progress/test_review_pages.py",
    "tests/progress/test_round_pages.py",
)
# What they reach is covered by the tests of its own place; following them line by line only takes time.
UNFOLLOWED = (
    "tests/accounts/test_every_url.py",
    "tests/deploy/",
    "tests/journeys/",
    "tests/outbox/test_delivery.py",
    "tests/perftrack/test_settings.py",
    "tests/reminders/test_racing.py",
)
# Tests that share something dear, which every process would have to make anew: one process runs all of a file's.
TOGETHER = ("tests/accounts/test_every_url.py", "tests/deploy/test_group.py")
ASKING = {"db", "transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Loosen what only a power cut, a stranger or a cache would notice; everything else is as in earnest."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.LOGGING_CONFIG = None
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        command = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database["OPTIONS"] = database["OPTIONS"] | {"init_command": command}
    else:
        database["OPTIONS"] = {key: value for key, value in database["OPTIONS"].items() if key != "pool"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Deal the tests out one by one, but those that belong `TOGETHER` in one piece, and these first.

    The groups of `--dist=loadgroup` have no effect here: they need the marked names of tests, which pytest 9 does not pass on.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Dealer(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::")[0]
            return file if file in TOGETHER else nodeid

    return Dealer(config, log)


def pytest_unconfigure(config):
    shutil.rmtree(VAR, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """Mark by place and by what is asked for, so that nobody has to remember; leave out what is for the other pass."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        other = [item for item in items if item.get_closest_marker("postgresql")]
        items[:] = [item for item in items if item not in other]
        config.hook.pytest_deselected(items=other)
    for item in items:
        is_page = item.nodeid.startswith(PAGES) and not os.environ.get("PERFTRACK_LONG")
        if is_page or item.nodeid.startswith(ONCE) or not _may_use_the_database(item):
            item.add_marker("once")
        if item.nodeid.startswith(UNFOLLOWED):
            item.add_marker("no_cover")
        if "page" in item.fixturenames:
            item.add_marker("browser")


def _may_use_the_database(item):
    """Tell whether a test asks for the database; every other is refused it, so it cannot depend on which one it is."""
    from django.test import TransactionTestCase

    if isinstance(cls := getattr(item, "cls", None), type) and issubclass(cls, TransactionTestCase):
        return True
    return item.get_closest_marker("django_db") is not None or not ASKING.isdisjoint(item.fixturenames)


@pytest.fixture(scope="session")
def redis_url():
    """Return the address of a real broker that runs for the tests of this process; settings name it already."""
    if BROKER is None:
        yield os.environ["REDIS_URL"]
        return
    BROKER.start()
    yield BROKER.url
    BROKER.stop()


@pytest.fixture(autouse=True)
def _empty_broker(request):
    """Give every test that touches the database a broker and a cache that hold nothing."""
    if not _may_use_the_database(request.node):
        return
    request.getfixturevalue("redis_url")
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def closed_broker():
    """Point the bell at a port where nobody listens."""
    from perftrack.celery import app

    def ring_at(url):
        app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = url
        app._pool = None
        app.amqp._producer_pool = None

    before = app.conf.broker_url
    ring_at("redis://127.0.0.1:1/0")
    yield
    ring_at(before)


@pytest.fixture(scope="session")
def postgres_url():
    """Return the address of a PostgreSQL, for tests that need one whatever the others run on."""
    from tests.servers.postgres import PostgresServer, ServerMissing

    try:
        with PostgresServer() as server:
            yield server.url
    except ServerMissing as why:
        pytest.skip(f"no PostgreSQL: {why}")


@pytest.fixture
def smtp_server(settings):
    """Run a real mail server on loopback and send this test's mail there; see `tests.outbox.mail_server`."""
    from perftrack.env import Smtp
    from tests.outbox.mail_server import MailServer

    server = MailServer()
    server.start()
    settings.OUTBOX_TRANSPORT = Smtp(host="127.0.0.1", port=server.port, security="none", timeout=10)
    yield server
    server.stop()


@pytest.fixture
def start_worker(request, transactional_db, redis_url, tmp_path):
    """Return `start(**environment) -> Worker`: real worker processes on this test's database, broker and mail server."""
    from django.db import connection

    from tests.servers.worker import Worker, database_url

    workers = []
    environment = {"DATABASE_URL": database_url(connection), "REDIS_URL": redis_url}
    if "smtp_server" in request.fixturenames:
        environment["EMAIL_URL"] = f"smtp://127.0.0.1:{request.getfixturevalue('smtp_server').port}"

    def start(**more):
        worker = Worker(tmp_path / f"worker{len(workers)}.log", environment | more)
        workers.append(worker)
        return worker.start()

    yield start
    for worker in workers:
        worker.kill()


@pytest.fixture(scope="session")
def chromium():
    """Return a real Chromium without a window; where there is none, the tests that need it are reported as not run."""
    from playwright.sync_api import Error, sync_playwright

    from deploy import browser

    path = os.environ.get("PERFTRACK_CHROMIUM") or browser.found()
    if not path:
        pytest.skip("no Chromium on this machine, and none could be fetched")
    # Playwright keeps an event loop in this thread; Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        try:
            started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        except Error as why:
            pytest.skip(f"Chromium does not start: {str(why).splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def new_page(chromium, live_server):
    """Return `new_page(**options)`: a page of a person of their own, that may ask nobody but the live server.

    Afterwards the test fails on a request to another origin, an error of a script or of the security policy, or a 5xx.
    """
    from tests.servers.browser import Watch

    contexts, watches = [], []

    def make(**options):
        wanted = {
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1280, "height": 800},
        } | options
        context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce", **wanted)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, live_server.url))
        return page

    yield make
    for context in contexts:
        context.close()
    assert [trouble for watch in watches for trouble in watch.troubles] == []


@pytest.fixture
def page(new_page):
    """Return a page in Chinese on a desktop screen; see `new_page`."""
    return new_page()

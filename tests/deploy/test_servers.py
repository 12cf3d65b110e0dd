"""The servers of the tests are real ones."""

import pytest


def test_the_broker_answers_only_with_its_password(redis_url):
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
    with redis.Redis.from_url(redis_url.replace("//:", "//:x")) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_postgres_is_new_enough(postgres_url):
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        assert connection.info.server_version >= 150000
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)


def test_a_page_that_asks_another_origin_is_caught(new_page, live_server):
    from tests.servers.browser import Watch

    page = new_page()
    watch = Watch(page, "http://127.0.0.1:1")

    page.goto("/accounts/login/")

    assert watch.troubles != []
    assert set(watch.troubles) >= {f"request to another origin: {live_server.url}/accounts/login/"}


def test_the_door_opens_in_a_browser_and_asks_nobody_else(page):
    page.goto("/accounts/login/")

    assert page.locator("input[type=password]").count() == 1


def test_a_worker_is_a_process_of_its_own_on_the_same_broker(start_worker):
    from perftrack.celery import app

    worker = start_worker()

    assert worker.program.poll() is None
    assert app.control.ping(timeout=5) != []

"""What the journeys start from: the published plan with demonstration figures, and people who sign in."""

import pytest
from django.core.management import call_command

PASSWORD = "a-demonstration-of-2016"


@pytest.fixture
def demonstration(transactional_db):
    """Load the 2016 plan and the demonstration, as `make run` does."""
    from tests.prepared import prepared

    prepared(load)


def load():
    call_command("load_plan_2016", verbosity=0)
    call_command("load_demonstration", password=PASSWORD, verbosity=0)


@pytest.fixture
def sign_in(demonstration, new_page):
    """Return `sign_in(username, **options)`: a page of that person, signed in through the form."""

    def enter(username, **options):
        page = new_page(**options)
        page.goto("/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="退出").wait_for()
        return page

    return enter

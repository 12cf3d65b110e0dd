"""Taking in scoring schemes."""

import json
import shutil

import pytest

from apps.calculation.scheme_reading import SchemeRefused
from apps.journal.models import Event
from apps.plans.actions import load_schemes
from apps.plans.models import Scheme
from tests.factories import BureauFactory
from tests.plans.conftest import FIXTURES, NOW

CODE = "national-2020"


@pytest.fixture
def folder(tmp_path):
    shutil.copy(FIXTURES / "schemes" / f"{CODE}.json", tmp_path)
    return tmp_path


def rewrite(folder, **changes):
    path = folder / f"{CODE}.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.django_db
def test_a_scheme_is_loaded_once(folder):
    bureau = BureauFactory()
    (scheme,) = load_schemes(folder=folder, authority=bureau, at=NOW)
    assert (scheme.code, scheme.number, scheme.name_en) == (CODE, 1, "National standard (2020)")
    assert load_schemes(folder=folder, authority=bureau, at=NOW) == []
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_a_changed_scheme_becomes_the_next_version_and_the_old_one_stays(folder):
    bureau = BureauFactory()
    load_schemes(folder=folder, authority=bureau, at=NOW)
    rewrite(folder, overshoot_flag="50")
    (second,) = load_schemes(folder=folder, authority=bureau, at=NOW)
    assert second.number == 2
    assert [row.content["overshoot_flag"] for row in Scheme.objects.order_by("number")] == ["30", "50"]


@pytest.mark.django_db
def test_a_file_that_is_no_scheme_is_refused_and_nothing_is_kept(folder):
    rewrite(folder, execution_weight="20")
    with pytest.raises(SchemeRefused):
        load_schemes(folder=folder, authority=BureauFactory(), at=NOW)
    assert not Scheme.objects.exists()

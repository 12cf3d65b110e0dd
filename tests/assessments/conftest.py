"""The published plan of 2016 with the made-up actuals of a whole year, which come to 95.61 points."""

import pytest


@pytest.fixture
def year(db):
    from tests.assessments.whole_year import make_year
    from tests.prepared import prepared

    return prepared(make_year)

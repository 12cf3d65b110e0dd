import time, pytest
import datetime as dt
from tests.progress.world import *
from tests.factories import *
from apps.progress.queries import series_of
from apps.progress.models import *
pytestmark=pytest.mark.django_db
def test_time():
    w=make_world(districts=11)
    ms=[RatioFactory(bureau=w.bureau,division=w.division,members=w.members) for _ in range(100)]
    rs=list(Round.objects.all())
    Entry.objects.bulk_create([Entry(measure=m,member=x,round=r,reporting_unit=w.division,reviewing_unit=w.division) for m in ms for x in w.members for r in rs])
    at=NOW+dt.timedelta(days=1)
    for k in (None, at, None, at):
        t=time.process_time(); series_of(ms,{2016},TODAY,k); print(k, time.process_time()-t)
    from apps.accounts.models import User
    u=User.objects.get(pk=w.people[Role.LEADER].pk)
    from apps.dashboards.queries.boards import _late
    for k in (None, at):
        t=time.process_time(); _late(u,2016,TODAY,k); print("late", k, time.process_time()-t)
    assert 0

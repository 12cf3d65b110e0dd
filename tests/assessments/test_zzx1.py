from tests.assessments.test_hand_over import *
from django.db import connection
from django.test.utils import CaptureQueriesContext
def test_x(world, successor):
  for many in (1,3):
    from django.db import transaction
    sid = transaction.savepoint()
    officer = world.people[Role.OFFICER]
    close_round(row=world.round_of(8), reason="已上报。", officer=officer, today=TODAY, at=NOW)
    for entry in world.cells()[:many]:
        words = {"person": world.reporter, "until": date(2016, 9, 20), "reason": "补报。", "officer": officer}
        reopen_cell(entry=entry, **words, today=TODAY, at=NOW)
    with CaptureQueriesContext(connection) as q:
        handed(world, fresh(successor), person=fresh(world.reporter), by=fresh(world.people[Role.ADMIN]))
    open(f"/tmp/x1q{many}","w").write("\n".join(r["sql"][:260] for r in q))
    transaction.savepoint_rollback(sid)

"""Let the database refuse to change revisions and reviews again, and evidence and reopenings too.

SQLite makes a table anew where a constraint changes, and loses its triggers by that.
"""

from django.db import migrations

REMADE = ("progress_revision", "progress_review")
EVIDENCE = "entry_id, measure_id, fiscal_year, number, file_id, name, note, findings, added_by_id, added_at"
"""What never changes of a file; that another took its place is written into the row."""


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in (("progress_evidence", f" OF {EVIDENCE}"), ("progress_reopening", "")):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE{columns} OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION perftrack_append_only()"
            )
        return
    for table in (*REMADE, "progress_reopening"):
        schema_editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_append_only BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    schema_editor.execute(
        f"CREATE TRIGGER progress_evidence_append_only BEFORE UPDATE OF {EVIDENCE} ON progress_evidence "
        "BEGIN SELECT RAISE(ABORT, 'progress_evidence is append-only'); END"
    )


def allow(apps, schema_editor):
    on = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for table in ("progress_evidence", "progress_reopening"):
        schema_editor.execute(f"DROP TRIGGER {table}_append_only" + on.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("progress", "0004_questions_evidence_and_uploads")]
    operations = [migrations.RunPython(refuse, allow)]

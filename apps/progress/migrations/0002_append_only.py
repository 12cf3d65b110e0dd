"""Let the database itself refuse to change figures, findings and reviews, which are only ever added to.

Made-up figures may be deleted, with what hangs on them. As in the journal, SQLite refuses changes, PostgreSQL deleting too.
"""

from django.db import migrations

IS_MADE_UP = "(SELECT origin FROM progress_revision WHERE id = OLD.revision_id) = 'demonstration'"
KEPT = {
    "progress_revision": "OLD.origin <> 'demonstration'",
    "progress_checkmark": f"NOT {IS_MADE_UP}",
    "progress_review": f"NOT {IS_MADE_UP}",
}
DELETION = """
CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$
"""


def refuse(apps, schema_editor):
    for table, condition in KEPT.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION perftrack_append_only()"
            )
            schema_editor.execute(DELETION.format(table=table, condition=condition), params=None)
            schema_editor.execute(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def allow(apps, schema_editor):
    for table in KEPT:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_kept ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_kept()")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only")


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunPython(refuse, allow)]

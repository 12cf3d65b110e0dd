"""Let the database itself refuse to change what is only ever added to.

On SQLite the rows cannot be changed; that one was deleted there is found by `manage.py verify_journal`, as the file belongs
to whoever may write it anyhow. PostgreSQL refuses both.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION perftrack_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
ON_POSTGRESQL = (
    "CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE ON journal_event "
    "FOR EACH ROW EXECUTE FUNCTION perftrack_append_only()"
)
ON_SQLITE = (
    "CREATE TRIGGER journal_event_append_only BEFORE UPDATE ON journal_event "
    "BEGIN SELECT RAISE(ABORT, 'journal_event is append-only'); END"
)


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute(ON_POSTGRESQL, params=None)
    else:
        schema_editor.execute(ON_SQLITE)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_event_append_only ON journal_event")
        schema_editor.execute("DROP FUNCTION perftrack_append_only()")
    else:
        schema_editor.execute("DROP TRIGGER journal_event_append_only")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(refuse, allow)]

"""Let the database itself refuse to change what an approved plan says, and what was settled without one.

What an approved version says of goals, indicators and directions stays; targets, wordings and money are only ever added to,
unless a draft still proposes them; and an approved version never becomes anything else. As in the journal, SQLite refuses
changes, PostgreSQL also deleting what an approved version says.
"""

from django.db import migrations

OF_VERSIONS = ("plans_goalterms", "plans_indicatorterms", "plans_direction")
SETTLED = ("plans_target", "plans_definition", "plans_budgetline")
APPROVED = "(SELECT state FROM plans_planversion WHERE id = OLD.version_id) = 'approved'"
RULES = [
    *((table, "UPDATE", APPROVED) for table in OF_VERSIONS),
    *((table, "UPDATE", f"OLD.version_id IS NULL OR {APPROVED}") for table in SETTLED),
    ("plans_planversion", "UPDATE OF state", "OLD.state = 'approved' AND NEW.state <> 'approved'"),
]
KEPT = [
    *((table, "DELETE", APPROVED) for table in (*OF_VERSIONS, *SETTLED)),
    ("plans_planversion", "DELETE", "OLD.state = 'approved'"),
]
FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '% is approved', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN {row};
END $$
"""


def name_of(table, event):
    return f"{table}_{'kept' if event == 'DELETE' else 'settled'}"


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, event, condition in RULES + KEPT:
            name, row = name_of(table, event), "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(FUNCTION.format(name=name, condition=condition, row=row), params=None)
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
    else:
        for table, event, condition in RULES:
            schema_editor.execute(
                f"CREATE TRIGGER {name_of(table, event)} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is approved'); END"
            )


def allow(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, event, _condition in RULES + KEPT if is_postgresql else RULES:
        name = name_of(table, event)
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if is_postgresql else f"DROP TRIGGER {name}")
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_drafts")]
    operations = [migrations.RunPython(refuse, allow)]

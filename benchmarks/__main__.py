"""Measure and print: `make bench`."""

import os
import sys
import tempfile


def main() -> None:
    """Measure each thing in a database of its own and print one line for it."""
    with tempfile.TemporaryDirectory(prefix="perftrack-bench-") as folder:
        os.environ["PERFTRACK_VAR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perftrack.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _print_all()


def _print_all() -> None:
    from benchmarks import entries, imports, scoring, standings

    found = scoring.measure()
    speed = scoring.COUNT / found.ours
    print(
        f"score {scoring.COUNT:,} indicators  {found.ours:.3f} s ({speed:,.0f} a second), "
        f"{found.ratio:.1f} x the bare Decimal operations ({found.theirs:.3f} s)"
    )
    found = standings.measure()
    print(
        f"rebuild 15 standings    {found.ours:.3f} s, {found.ratio:.1f} x the bare SQL aggregate ({found.theirs:.3f} s)"
    )
    found = imports.measure()
    print(
        f"import {imports.PLANS:,} plans      {found.ours:.1f} s, {found.ratio:.1f} x reading the sheet and bare inserts "
        f"({found.theirs:.1f} s), {found.peak:.0f} MB at most, progress told {found.news:,} times"
    )
    found = entries.measure()
    print(
        f"upload {entries.FIGURES:,} figures  {found.ours:.1f} s, {found.ratio:.1f} x reading the sheet and bare inserts "
        f"({found.theirs:.1f} s), writing {found.writing:.1f} s, {found.peak:.0f} MB at most, progress told {found.news:,} times"
    )


if __name__ == "__main__":
    sys.exit(main())

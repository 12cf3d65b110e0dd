"""Measure and print: `make bench`."""

import sys

from benchmarks.measuring import Comparison, own_database


def main() -> None:
    """Measure each thing in a database of its own and print one line for it."""
    with own_database():
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
        f"import {imports.PLANS:,} plans      {_beside_bare(found.taken)}, "
        f"{found.peak:.0f} MB at most, progress told {found.news:,} times"
    )
    found = entries.measure()
    print(
        f"upload {entries.FIGURES:,} figures  {_beside_bare(found.taken)}, writing {found.writing:.1f} s, "
        f"{found.peak:.0f} MB at most, progress told {found.news:,} times"
    )


def _beside_bare(taken: Comparison) -> str:
    return f"{taken.ours:.1f} s, {taken.ratio:.1f} x reading the sheet and bare inserts ({taken.theirs:.1f} s)"


if __name__ == "__main__":
    sys.exit(main())

"""Remove what the commands made. The data under `var/` stays unless `--data` is given. Standard library only."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MADE = (
    *(".venv", "node_modules", "apps/ui/static/ui/vendor", "var/static", "var/run", "var/log", "var/test"),
    *(".coverage", "htmlcov", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
)


def main(arguments: list[str]) -> None:
    """Remove it all, after making sure that nothing of it is in use."""
    from deploy import group  # noqa: PLC0415 - found through the path set above

    group.hold().close()
    group.end_leftovers()
    places = [ROOT / name for name in MADE]
    places += [*ROOT.glob("locale/*/LC_MESSAGES/*.mo"), *ROOT.glob(".coverage.*")]
    places += [path for top in ("apps", "perftrack", "deploy", "tests") for path in (ROOT / top).rglob("__pycache__")]
    for place in [*places, *([ROOT / "var"] if "--data" in arguments else [])]:
        remove(place)


def remove(place: Path) -> None:
    """Remove a file or a folder that may be gone already."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])

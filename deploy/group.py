"""One installation runs as one group of processes: who belongs to it, and whether it may start.

Standard library only, for this is asked before anything is installed. Every part leads a process group of its own, whose
number is kept in `var/run/<part>.pid`; where a parent was killed, that is how its orphans are found and ended.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PERFTRACK_VAR", "").strip() or ROOT / "var").absolute()
RUN, LOG = VAR / "run", VAR / "log"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECONDS_TO_END = 5


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine, as far as we look at it."""

    pid: int
    group: int
    command: str

    @property
    def is_ours(self) -> bool:
        """Whether the command names this checkout or its data; a bare number may long be somebody else's."""
        return f"{ROOT}/" in self.command or f"{VAR}/" in self.command


def stop(chinese: str, english: str) -> NoReturn:
    """Say in both languages why it cannot start, and end."""
    sys.exit(f"\n{chinese}\n{english}\n")


def port() -> int:
    """Return the port to listen on: `PORT`, 8000 where it is not set."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        stop(
            f'PORT 应为 1 到 65535 的整数，读到 "{text}"。',
            f'PORT must be a whole number from 1 to 65535, read "{text}".',
        )
    return int(text)


def host() -> str:
    """Return the address to listen on: this machine only, unless `PERFTRACK_HOST` says otherwise."""
    address = os.environ.get("PERFTRACK_HOST", "").strip() or "127.0.0.1"
    if address not in LOOPBACK and not os.environ.get("SECRET_KEY", "").strip():
        stop(
            "要让别的机器访问（PERFTRACK_HOST），请先设置 SECRET_KEY（至少 50 个随机字符）和 ALLOWED_HOSTS。",
            "To be reached from other machines (PERFTRACK_HOST), set SECRET_KEY (50 random characters) and ALLOWED_HOSTS first.",
        )
    return address


def require_room() -> None:
    """End with a sentence where this installation runs already or its port is taken; clear what a crash left behind."""
    held = hold()
    end_leftovers()
    require_port(host(), port())
    held.close()


def hold() -> TextIO:
    """Return the open file whose lock says "this installation runs"; the lock goes with the process, however it ends."""
    RUN.mkdir(parents=True, exist_ok=True)
    for folder in (VAR, RUN):
        folder.chmod(0o700)
    file = (RUN / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop(
            f"perftrack 已经在运行（数据在 {VAR}）。请先在那个窗口按 Ctrl-C。",
            f"perftrack is running already (data in {VAR}). Press Ctrl-C in its window first.",
        )
    return file


def require_port(address: str, number: int) -> None:
    """End with a sentence where somebody listens on the port or it may not be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, number))
        except OSError as error:
            stop(
                f"不能使用 {address}:{number}（{error.strerror}）。可换一个端口：PORT={number % 65535 + 1} make run",
                f"Cannot use {address}:{number} ({error.strerror}). Take another port: PORT={number % 65535 + 1} make run",
            )


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes() -> list[Process]:
    """Return all processes of this machine, read from /proc, or from `ps` where there is none."""
    if Path("/proc/self/stat").exists():
        return [process for path in Path("/proc").glob("[0-9]*") if (process := _from_proc(path))]
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,pgid=,command="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return [Process(int(row[0]), int(row[1]), row[2]) for row in rows if len(row) == 3]


def _from_proc(path: Path) -> Process | None:
    """Return what /proc says of a process; None where it just ended or is only waited for."""
    try:
        state, _, group = (path / "stat").read_text(errors="replace").rpartition(")")[2].split()[:3]
        command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (OSError, ValueError):
        return None
    return None if state == "Z" else Process(int(path.name), int(group), command)


def leftovers(part: str | None = None) -> list[Process]:
    """Return the processes of earlier runs that still live, of one part or of all."""
    files = [RUN / f"{part}.pid"] if part else sorted(RUN.glob("*.pid"))
    groups = {int(text) for file in files if file.exists() and (text := file.read_text().strip()).isdigit()}
    groups.discard(os.getpgrp())
    return [process for process in processes() if process.group in groups and process.is_ours] if groups else []


def end_leftovers(part: str | None = None) -> None:
    """End them: asked first, killed after a few seconds."""
    deadline = time.monotonic() + SECONDS_TO_END
    for process in leftovers(part):
        _send(process, signal.SIGTERM)
    while time.monotonic() < deadline:
        if not leftovers(part):
            return
        time.sleep(0.05)
    for process in leftovers(part):
        _send(process, signal.SIGKILL)


def _send(process: Process, number: signal.Signals) -> None:
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        return


def follow_parent() -> None:
    """Ask the kernel to end this process when its parent is gone, `kill -9` included. Linux only; nothing elsewhere."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - slow to import, and not on every system

    parent = os.getppid()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(1)

"""Programs that tests start: each ends with the test run, even if that is killed."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path


def start(command, **options) -> subprocess.Popen:
    """Start a program in a process group of its own, so that it and its children can be ended together."""
    words = [str(word) for word in command]
    return subprocess.Popen(words, preexec_fn=_follow_parent, process_group=0, **options)  # noqa: PLW1509 - no locks taken


def _follow_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def end(program: subprocess.Popen, number: int = signal.SIGTERM, seconds: float = 15) -> None:
    """Ask a program to end, then kill what is left of its group."""
    if program.poll() is None:
        program.send_signal(number)
        try:
            program.wait(seconds)
        except subprocess.TimeoutExpired:
            program.kill()
    kill_group(program)
    program.wait()


def kill_group(program: subprocess.Popen) -> None:
    """Kill a program and all its children at once: kill -9."""
    try:
        os.killpg(program.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def kill(pid: int) -> None:
    """Kill one process, which may have ended already: kill -9."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children(pid: int) -> list[int]:
    """Return the children of a process, none where it has ended. Only Linux tells."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return sorted(found)


def command_of(pid: int) -> bytes:
    """Return the words of a process's command, nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float = 30, what: str = "the condition"):
    """Return the first true answer of `condition()`; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"Not within {seconds} seconds: {what}")


def accepts(port: int) -> bool:
    """Tell whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0

"""Become one part of the group: `python -m deploy.child web granian …`.

The part notes its process group, ends what an earlier self left behind (a killed web server leaves workers that still
listen), and ends when its parent does, even if that was killed.
"""

import os
import sys

from deploy import group


def main(part: str, command: list[str]) -> None:
    """Take the place of this process with the command."""
    group.follow_parent()
    group.end_leftovers(part)
    if part != "supervisor":
        os.chdir(group.ROOT)
    (group.RUN / f"{part}.pid").write_text(f"{os.getpgrp()}\n")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

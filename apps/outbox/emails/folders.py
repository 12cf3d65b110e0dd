"""Mail as files: what an installation without a mail server does."""

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apps.outbox.emails.letters import letter
from apps.outbox.emails.transports import ClaimLost, Deferred
from apps.outbox.models import Mail


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """A folder of `.eml` files named by Message-ID, so that sending twice cannot make two."""

    path: Path

    def send(self, mail: Mail, may_end: Callable[[], bool]) -> None:
        """Write beside the final name, ask, then rename: a reader never sees half a mail."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self._drafted(letter(mail))
        except OSError as error:
            raise Deferred(str(error)) from error
        if not may_end():
            draft.unlink()
            raise ClaimLost
        try:
            draft.replace(self.path / file_name(mail))
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise Deferred(str(error)) from error

    def _drafted(self, content: bytes) -> Path:
        with tempfile.NamedTemporaryFile(dir=self.path, prefix=".", suffix=".draft", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return Path(file.name)


def file_name(mail: Mail) -> str:
    """Return the Message-ID without its brackets and anything a file system might mind."""
    return re.sub(r"[^A-Za-z0-9.@_-]", "_", mail.message_id.strip("<>")) + ".eml"

"""Mail to a server, in two halves: everything but the final dot, and the dot."""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr

from django.core.mail.utils import DNS_NAME

from apps.outbox.emails.letters import ascii_address, letter
from apps.outbox.emails.transports import ClaimLost, Deferred, Refused, Unanswered
from apps.outbox.models import Mail

GOOD = range(200, 300)
GO_AHEAD = 354
NEVER = range(500, 600)


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server. `security` is "none", "starttls" or "tls"; an empty `username` means no login; `timeout` in seconds."""

    host: str
    port: int
    security: str = "none"
    username: str = ""
    password: str = ""
    timeout: int = 20

    def send(self, mail: Mail, may_end: Callable[[], bool]) -> None:
        """Send one mail. Until the dot the server has nothing (RFC 5321 §4.1.1.4); after it, only its answer tells."""
        content = stuffed(letter(mail))
        server = self._opened()
        try:
            self._greet(server)
            hand_over(server, mail, content)
            if not may_end():
                raise ClaimLost
            end(server)
            with suppress(OSError):
                server.putcmd("quit")
        finally:
            server.close()

    def _opened(self) -> smtplib.SMTP:
        """Return a connection. What goes wrong before the mail is spoken of is not the mail's fault."""
        name = DNS_NAME.get_fqdn()
        try:
            if self.security == "tls":
                context = ssl.create_default_context()
                return smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout, context=context)
            return smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)
        except OSError as error:
            raise Deferred(words_of(error)) from error

    def _greet(self, server: smtplib.SMTP) -> None:
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.username:
                server.login(self.username, self.password)
            server.ehlo_or_helo_if_needed()
        except OSError as error:
            raise Deferred(words_of(error)) from error


def hand_over(server: smtplib.SMTP, mail: Mail, content: bytes) -> None:
    """Say whom the mail is from and for, and give its whole body without the dot that ends it."""
    try:
        judge(server.mail(ascii_address(parseaddr(mail.sender)[1])))
        judge(server.rcpt(ascii_address(mail.recipient)))
        judge(server.docmd("data"), accepted=range(GO_AHEAD, GO_AHEAD + 1))
        server.send(content)
    except OSError as error:
        raise Deferred(words_of(error)) from error


def stuffed(content: bytes) -> bytes:
    """Double the dots at line starts and end the last line, so that only the final dot is one (RFC 5321 §4.5.2)."""
    doubled = re.sub(rb"(?m)^\.", b"..", content)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def end(server: smtplib.SMTP) -> None:
    """Send the dot and wait for the answer. No answer is no knowledge."""
    try:
        server.send(b".\r\n")
        answer = server.getreply()
    except OSError as error:
        raise Unanswered(words_of(error)) from error
    if answer[0] < 0:
        raise Unanswered(answer[1].decode(errors="replace"))
    judge(answer)


def judge(answer: tuple[int, bytes], accepted: range = GOOD) -> None:
    """Let a good answer pass; raise `Refused` for a lasting no (5xx), `Deferred` for any other (RFC 5321 §4.2.1)."""
    code, words = answer
    if code in accepted:
        return
    sentence = f"{code} {words.decode(errors='replace')}"
    raise (Refused if code in NEVER else Deferred)(sentence)


def words_of(error: OSError) -> str:
    """Return the server's own words where an error carries them, else what the system says."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__

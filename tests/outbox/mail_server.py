"""A real mail server on loopback that can hesitate, refuse and count."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Handler:
    """What the server says and when; the tests set its attributes.

    `dots` lists the Message-ID of every mail whose final dot came in, answered or not: what a reader may have received.
    """

    def __init__(self):
        self.dots = []
        self.messages = []
        self.bytes_seen = bytearray()
        self.recipient_answer = "250 OK"
        self.refused = {}
        self.dot_answer = "250 OK"
        self.delay = 0.0
        self.reads_at_most = None
        self.rcpt_gate = asyncio.Event()
        self.dot_gate = asyncio.Event()
        self.rcpt_gate.set()
        self.dot_gate.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.rcpt_gate.wait()
        answer = self.refused.get(address, self.recipient_answer)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=modern)
        self.dots.append(message["Message-ID"])
        self.messages.append(message)
        await asyncio.sleep(self.delay)
        await self.dot_gate.wait()
        return self.dot_answer


class Line(SMTP):
    """A connection that keeps the bytes as they came in, and stops reading after so many where it is told to."""

    def data_received(self, data):
        handler = self.event_handler
        handler.bytes_seen += data
        if handler.reads_at_most is not None and len(handler.bytes_seen) > handler.reads_at_most:
            self.transport.pause_reading()
        super().data_received(data)


class MailServer(Controller):
    """The server in a thread of its own, on a free port."""

    def __init__(self):
        super().__init__(Handler(), hostname="127.0.0.1", port=0, ready_timeout=10)

    def factory(self):
        return Line(self.handler, hostname="mail.test", enable_SMTPUTF8=False)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    @property
    def dots(self) -> list[str]:
        """Return the Message-IDs of all mails that were handed over in full."""
        return self.handler.dots

    @property
    def messages(self) -> list[EmailMessage]:
        """Return all mails that were handed over in full."""
        return self.handler.messages

    def hold(self, gate: str) -> None:
        """Answer nothing at `rcpt` or `dot` until it is released."""
        self.loop.call_soon_threadsafe(getattr(self.handler, f"{gate}_gate").clear)

    def release(self, gate: str) -> None:
        """Go on answering."""
        self.loop.call_soon_threadsafe(getattr(self.handler, f"{gate}_gate").set)

"""A mail as the bytes that travel."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.utils import timezone
from django.utils.encoding import punycode

from apps.outbox.emails.transports import Refused
from apps.outbox.models import Mail


def letter(mail: Mail) -> bytes:
    """Return the mail in the form of RFC 5322, with CRLF line ends and nothing but ASCII.

    The same row gives the same bytes whenever it is sent. Raises `Refused` for an address that cannot be written.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(timezone.localtime(mail.created_at))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="base64")
        message.set_boundary(f"=={mail.message_id.strip('<>').partition('@')[0]}==")
    return message.as_bytes()


def _address(written: str) -> Address:
    name, address = parseaddr(written)
    try:
        return Address(display_name=name, addr_spec=ascii_address(address))
    except (ValueError, IndexError, MessageError) as error:
        raise Refused(f"{written}: {error}") from error


def ascii_address(address: str) -> str:
    """Return the address with its domain as it goes over the wire: 例.公司.cn becomes xn--… (RFC 5891).

    Raises `UnicodeEncodeError` where the part before the @ is not ASCII: few servers take that.
    """
    local, _, domain = address.rpartition("@")
    return f"{local.encode('ascii').decode()}@{punycode(domain)}"

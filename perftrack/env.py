"""Read the environment, typed.

Every reader takes the name of a variable and what holds when it is absent or empty. A value that cannot be read raises
`Misconfigured` with a sentence that names the variable, what was read and what is expected. Secrets are never repeated.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
Security = Literal["none", "starttls", "tls"]
SMTP_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+tls": ("starttls", 587),
    "smtps": ("tls", 465),
}


class Misconfigured(ImproperlyConfigured):
    """A variable of the environment cannot be used as it is."""

    def __init__(self, name: str, read: str, zh: str, en: str) -> None:
        super().__init__(f"{name}：读到 {read}，应为{zh}。 / {name}: read {read}, expected {en}.")


def text(name: str, default: str = "") -> str:
    """Return the value without the spaces around it."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or a no: 1/0, true/false, yes/no, on/off in any case."""
    value = text(name).lower()
    if not value:
        return default
    if value not in YES | NO:
        raise Misconfigured(name, f'"{value}"', " 1 或 0", "1 or 0")
    return value in YES


def whole(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number between `least` and `most`, both allowed."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise Misconfigured(name, f'"{value}"', f" {least} 到 {most} 的整数", f"a whole number from {least} to {most}")
    return int(value)


def choice(name: str, default: str, options: Collection[str]) -> str:
    """Return one of the `options`."""
    value = text(name, default)
    if value not in options:
        listed = ", ".join(sorted(options))
        raise Misconfigured(name, f'"{value}"', f"其中之一：{listed}", f"one of {listed}")
    return value


def words(name: str, default: Collection[str] = ()) -> list[str]:
    """Return a list that is written with commas."""
    return [word for part in text(name).split(",") if (word := part.strip())] or list(default)


def url(name: str, default: str, schemes: Collection[str]) -> str:
    """Return an address that begins with one of the `schemes`; the message leaves out what may be a password."""
    value = text(name, default)
    scheme = value.partition(":")[0]
    if value and (scheme not in schemes or "://" not in value):
        listed = ", ".join(f"{known}://" for known in sorted(schemes))
        raise Misconfigured(
            name, f'"{scheme}:…"', f"以下列之一开头的地址：{listed}", f"an address that begins with one of {listed}"
        )
    return value


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `username` is empty where it asks for none; `timeout` is in seconds."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = ""
    timeout: int = 20


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that receives each mail as a file: what an installation without a mail server does."""

    path: Path


def transport(name: str, folder: Path) -> Smtp | Folder:
    """Return where mail goes: `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://`, else files in `folder`.

    User and password stand before the host and are percent-encoded; `?timeout=` is in seconds.
    """
    value = url(name, "", SMTP_SCHEMES)
    if not value:
        return Folder(folder)
    parts = urlsplit(value)
    security, port = SMTP_SCHEMES[parts.scheme]
    if not parts.hostname:
        raise Misconfigured(name, f'"{parts.scheme}://"', "带主机名的地址", "an address with a host")
    return Smtp(
        host=parts.hostname,
        port=_port(name, parts) or port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        timeout=_timeout(name, parts),
    )


def _port(name: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise Misconfigured(
            name, f'"{parts.netloc.rpartition(":")[2]}"', " 1 到 65535 的端口", "a port from 1 to 65535"
        ) from None


def _timeout(name: str, parts: SplitResult) -> int:
    value = parse_qs(parts.query).get("timeout", ["20"])[0]
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 120:
        raise Misconfigured(name, f'timeout="{value}"', " 1 到 120 秒", "1 to 120 seconds")
    return int(value)

"""Where letters are handed over, read from the environment. Without a host none are sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# How the connection is kept private, and the usual port.
PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class Mail:
    """One SMTP server. ``security`` is "starttls", "tls" (from the first byte) or "none"."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: str
    sender: str


def read(
    *, url: str, host: str, port: int, user: str, password: str, security: str, sender: str
) -> Mail | None:
    """What the single variables say counts, then ``url`` (``smtp://user:password@host:port``, or
    ``smtps://``; ``?tls=none&from=desk@example.com``). None: no letters.

    Raises ImproperlyConfigured naming the variable.
    """
    parts = urlsplit(url)
    if url and parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or smtps://")
    told = dict(parse_qsl(parts.query))
    host = host or parts.hostname or ""
    if not host:
        return None
    way = security or told.get("tls", "tls" if parts.scheme == "smtps" else "starttls")
    if way not in PORTS:
        raise ImproperlyConfigured(f"EMAIL_TLS must be starttls, tls or none, not {way!r}")
    from_whom = sender or told.get("from", "")
    if "@" not in from_whom or any(character in from_whom for character in "\r\n"):
        raise ImproperlyConfigured("EMAIL_FROM must be the address that letters come from")
    return Mail(
        host=host,
        port=port or _port(url) or PORTS[way],
        user=user or unquote(parts.username or ""),
        password=password or unquote(parts.password or ""),
        security=way,
        sender=from_whom,
    )


def _port(url: str) -> int:
    try:
        return urlsplit(url).port or 0
    except ValueError:
        raise ImproperlyConfigured("EMAIL_URL must have a number as its port") from None

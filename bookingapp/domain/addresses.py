"""The address of an organisation's Connect: what may be saved, and what may be connected to.

Whoever may change it could have tokens sent wherever it leads, and look into the house's own
network. So it is https, public, and free of everything but an address, unless the operator of the
installation opened more. It is judged when it is saved, and by the network at each connection.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

import idna
from django.conf import settings

from bookingapp import connect
from bookingapp.domain.errors import Invalid

FIELD = "connect_url"
LONGEST = 500
# Letters, digits and hyphens between dots; or an IPv6 address.
_HOST = re.compile(r"[a-z0-9_.-]{1,253}|[0-9a-f:.]{2,45}")


class BadAddress(Invalid):
    """``reason`` is a code: see REASONS. ``host`` and ``found`` (an IP) say what it is about."""

    def __init__(self, reason: str, *, host: str = "", found: str = "") -> None:
        super().__init__({FIELD: REASONS[reason]})
        self.reason, self.host, self.found = reason, host, found


# What the operator at a terminal is told; pages have words of their own.
REASONS = {
    "required": "is missing",
    "unreadable": "must begin with https:// and name a host",
    "too_long": f"longer than {LONGEST} characters",
    "person": "no user or password in it",
    "more": "no query or fragment in it",
    "plain": "https, or http on this machine only (CONNECT_PLAIN_HOSTS opens more)",
    "unknown": "the host cannot be found",
    "closed": "leads to an address that is not public (CONNECT_PRIVATE_NETWORKS opens more)",
}


def reach() -> connect.Reach:
    """What the operator allows, for the network to ask at each connection."""
    plain = frozenset(connect.plain_name(host) for host in settings.CONNECT_PLAIN_HOSTS)
    return connect.Reach(tuple(settings.CONNECT_PRIVATE_NETWORKS), plain)


def normal(url: str) -> str:
    """The address as it is kept: small letters, an ASCII host, no slash at the end.

    Raises BadAddress for what cannot be an address here, wherever it leads.
    """
    parts = _parts(url)
    host = _host(parts)
    if parts.scheme == "http" and not reach().may_be_plain(host):
        raise BadAddress("plain", host=host)
    port = _port(parts)
    named = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    place = named if port in {None, usual} else f"{named}:{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"


def checked(url: str, *, must_be_found: bool = True) -> str:
    """The same, after looking where the host leads now: every place must be open.

    Raises BadAddress. That it may lead elsewhere later is seen to at each connection; so is a host
    that cannot be found yet, where the caller lets it pass.
    """
    address = normal(url)
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        found = connect.lookup(host, parts.port or 443)
    except (OSError, UnicodeError):
        if not must_be_found:
            return address
        raise BadAddress("unknown", host=host) from None
    good = connect.allowed(reach(), host, found)
    closed = next((one for one in found if one not in good), "")
    if closed or not good:
        raise BadAddress("closed", host=host, found=closed)
    return address


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: who gets the tokens."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, connect.plain_name(parts.hostname or ""), port


def _parts(url: str) -> SplitResult:
    text = url.strip()
    if not text:
        raise BadAddress("required")
    if len(text) > LONGEST:
        raise BadAddress("too_long")
    # Browsers and resolvers read these in different ways.
    if re.search(r"[\s\\\x00-\x1f\x7f]", text):
        raise BadAddress("unreadable")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadAddress("unreadable") from None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadAddress("unreadable")
    if "@" in parts.netloc:
        raise BadAddress("person")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise BadAddress("more")
    return parts


def _host(parts: SplitResult) -> str:
    """The name as it is asked for, in ASCII and without the dot at its end."""
    name = connect.plain_name(parts.hostname or "")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode().lower()
        except idna.IDNAError:
            raise BadAddress("unreadable") from None
    if not _HOST.fullmatch(name) or ".." in name or name.startswith((".", "-")):
        raise BadAddress("unreadable")
    return name


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if port == 0:
        raise BadAddress("unreadable")
    return port

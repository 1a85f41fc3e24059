"""Which addresses may be reached: a rule that the network asks at every connection. Pure.

A name is no proof of where it leads: it may lead elsewhere a moment later. So the address that is
really connected to is looked at, each time.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOPBACK: Final[tuple[Network, ...]] = (
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("::1/128"),
)
# IPv6 addresses that carry an IPv4 one, and how many bits stand behind it. What they lead to is
# the IPv4 address, so that is what is judged.
_CARRIERS: Final = tuple(
    (ipaddress.IPv6Network(network), bits)
    for network, bits in (
        ("64:ff9b::/96", 0),  # NAT64
        ("64:ff9b:1::/48", 0),  # NAT64, local
        ("::/96", 0),  # once "IPv4-compatible"
        ("2002::/16", 80),  # 6to4
    )
)
# Where a service of the house itself may answer although Python calls the address global.
_RESERVED: Final[tuple[Network, ...]] = (
    ipaddress.ip_network("192.88.99.0/24"),  # relays of 6to4
    ipaddress.ip_network("fec0::/10"),  # once "site-local"
    ipaddress.ip_network("2001::/32"),  # Teredo: a tunnel to anywhere
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be asked: every public address, and of all others those in ``networks``.

    ``plain_hosts`` may be asked without TLS; this machine by its own name may be, too.
    """

    networks: tuple[Network, ...] = LOOPBACK
    plain_hosts: frozenset[str] = frozenset()

    def may_connect(self, host: str, address: str) -> bool:
        """Whether the connection for ``host`` may go to ``address`` (an IP as text)."""
        found = read(address)
        if found is None:
            return False
        if is_loopback_name(host) and not found.is_loopback:
            # It was let through without TLS because it cannot leave this machine.
            return False
        return _is_public(found) or any(found in network for network in self.networks)

    def may_be_plain(self, host: str) -> bool:
        """Whether ``host`` may be asked without TLS."""
        return is_loopback_name(host) or plain_name(host) in self.plain_hosts


def allowed(reach: Reach, host: str, addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that may be connected to, in their order, each once."""
    return [one for one in dict.fromkeys(addresses) if reach.may_connect(host, one)]


def read(address: str) -> Address | None:
    """The address meant, with what is wrapped in another one unwrapped; None when it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address) or found.is_loopback:
        return found
    return found.ipv4_mapped or _carried(found) or found


def _carried(found: ipaddress.IPv6Address) -> Address | None:
    if not int(found):
        return None
    bits = next((bits for network, bits in _CARRIERS if found in network), None)
    return None if bits is None else ipaddress.IPv4Address(int(found) >> bits & 0xFFFFFFFF)


def _is_public(found: Address) -> bool:
    closed = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_link_local
    return found.is_global and not closed and not any(found in one for one in _RESERVED)


def plain_name(host: str) -> str:
    """A host name as it is compared: small letters, no dot at the end, no brackets."""
    return host.strip("[]").rstrip(".").lower()


def is_loopback_name(host: str) -> bool:
    """Whether ``host`` names this machine by itself, whatever a resolver says."""
    name = plain_name(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False

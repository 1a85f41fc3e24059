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
# Through NAT64 (RFC 6052) and from a mapped address a connection goes on to the IPv4 address in the
# last 32 bits, so that is what is judged. Every other way to carry one is closed as a whole below:
# where it ends, the address does not say for certain.
_CARRIERS: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::ffff:0:0/96"))
# All of IPv6 that is for hosts anywhere. What lies outside is this machine, the link, the house
# (fc00::/7, fec0::/10), multicast, NAT64 of the house (64:ff9b:1::/48), "IPv4-compatible" (::/96),
# "IPv4-translated" (::ffff:0:0:0/96) or nobody's.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# By our own list, since Python's tables differ between 3.11 and 3.13, and call some places global
# where a service of the house itself may answer.
_CLOSED: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",
        "169.254.0.0/16",  # the link, and what clouds tell their machines
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocols; two of them answer from the next router
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocols: Teredo, benchmarks, ORCHID, anycast of the house
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: a tunnel to anywhere
        "3ffe::/16",  # once the 6bone
        "3fff::/20",  # documentation
    )
)
# The second half of an ISATAP address begins like this and ends with an IPv4 address.
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})


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
        if is_loopback_name(host) and not _is_loopback(found):
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
    """The address meant, with what is wrapped in another one unwrapped; None when it is none.

    A scope ("%eth0") says by which link to go, not where to.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return found
    plain = ipaddress.IPv6Address(int(found))
    if any(plain in network for network in _CARRIERS):
        return ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF)
    return plain


def _is_public(found: Address) -> bool:
    if any(found in network for network in _CLOSED) or not found.is_global:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return True
    return found in _GLOBAL_UNICAST and int(found) >> 32 & 0xFFFFFFFF not in _ISATAP


def _is_loopback(found: Address) -> bool:
    return any(found in network for network in LOOPBACK)


def plain_name(host: str) -> str:
    """A host name as it is compared: small letters, no dot at the end, no brackets."""
    return host.strip("[]").rstrip(".").lower()


def is_loopback_name(host: str) -> bool:
    """Whether ``host`` names this machine by itself, whatever a resolver says."""
    name = plain_name(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    found = read(name)
    return found is not None and _is_loopback(found)

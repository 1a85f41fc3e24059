"""Only loopback may be reached; a test that tries more fails with the address it wanted."""

import ipaddress
import socket

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideRefused(RuntimeError):
    pass


def _is_local(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in {None, "", "localhost"} or str(host).endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _check(sock, address):
    if sock.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
        raise OutsideRefused(f"a test tried to reach {address!r}")


def refuse_outside():
    """From now on, in this process."""

    def connect(self, address):
        _check(self, address)
        return _connect(self, address)

    def connect_ex(self, address):
        _check(self, address)
        return _connect_ex(self, address)

    def getaddrinfo(host, *more, **named):
        if not _is_local(host):
            raise OutsideRefused(f"a test tried to look up {host!r}")
        return _getaddrinfo(host, *more, **named)

    socket.socket.connect = connect
    socket.socket.connect_ex = connect_ex
    socket.getaddrinfo = getaddrinfo

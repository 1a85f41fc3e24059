"""Is the port free? Asked before anything starts, so that the answer can be one sentence."""

from __future__ import annotations

import errno
import socket

from bookingapp.launch.say import Stop


def require_free(host: str, port: int, *, variable: str) -> None:
    """Raises Stop naming ``variable`` when nothing can listen on ``host:port``."""
    family, kind, protocol, _, address = _resolve(host, port)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Stop(
                    f"Port {port} is in use by another program."
                    f" Choose another one, for example {variable}={port + 10}."
                ) from None
            raise Stop(f"Cannot listen on {host}:{port} ({variable}): {error.strerror}.") from None


def _resolve(host: str, port: int) -> tuple[int, int, int, str, tuple[object, ...]]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Stop(f"HOST={host} is not an address of this machine.") from None

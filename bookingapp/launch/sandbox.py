"""The sandbox's process: Connect's stand-in for the demo."""

from __future__ import annotations

import contextlib
import socket
import sys
from pathlib import Path

from bookingapp.launch.child import Child

MODULE = (sys.executable, "-m", "bookingapp.sandbox")


def child(folder: Path, port: int, environment: dict[str, str]) -> Child:
    data = folder / "sandbox"
    return Child(
        name="sandbox",
        command=[*MODULE, "serve", "--port", str(port), "--data", str(data)],
        environment=environment,
        log=folder / "logs" / "sandbox.log",
        is_ready=lambda: listens(port),
        before_start=lambda: data.mkdir(parents=True, exist_ok=True, mode=0o700),
    )


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False

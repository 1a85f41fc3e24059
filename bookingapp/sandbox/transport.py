"""What the HTTP server does to the bytes of one answer: the faults below HTTP live here."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event

from django.http import HttpRequest

# Set when the server stops, so that a hanging answer does not hold it up.
stopping = Event()


@dataclass
class Transport:
    """Put into the WSGI environ by our server; set by a fault, obeyed after the answer is made."""

    # Close the connection with a TCP reset, sending nothing.
    reset: bool = False
    # Announce this many bytes more than are sent, then close.
    missing_bytes: int = 0
    # Send this many bytes of padding in front of the body.
    padding_bytes: int = 0


def of(request: HttpRequest) -> Transport:
    found = request.META.get("sandbox.transport")
    return found if isinstance(found, Transport) else Transport()


def pause(seconds: float) -> bool:
    """Wait; False when the wait was cut short by a reset of the world or the end of the server."""
    return not _pauses.wait(seconds)


def release() -> None:
    """End every pause: who hangs must not wake up in a world made anew."""
    global _pauses
    waiting, _pauses = _pauses, Event()
    waiting.set()


_pauses = Event()

"""One copy per data folder. Every child holds the lock too, so it is free only when all ended."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from bookingapp.launch.say import Stop, say

LEFTOVERS_SECONDS = 30


def take(folder: Path) -> int:
    """The locked descriptor. Raises Stop when another copy runs from this folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "running", os.O_RDWR | os.O_CREAT, 0o600)
    if not _try(descriptor):
        _wait_for_leftovers(descriptor, folder)
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_leftovers(descriptor: int, folder: Path) -> None:
    """A launcher that was killed leaves children that are just ending; a living one is a no."""
    owner = os.pread(descriptor, 20, 0).decode() or "0"
    if _lives(int(owner)):
        raise Stop(
            f"Already running from {folder} (process {owner}). Stop it first with Ctrl-C, or use"
            " another DATA_DIR and PORT for a second copy."
        )
    say("The last copy is still stopping; waiting for it.")
    end = time.monotonic() + LEFTOVERS_SECONDS
    while not _try(descriptor):
        if time.monotonic() > end:
            raise Stop(f"Processes of an earlier copy still use {folder}. End them and try again.")
        time.sleep(0.1)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0

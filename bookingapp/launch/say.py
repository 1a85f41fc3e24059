"""What the launcher tells the person at the terminal: short sentences, one at a time."""

from __future__ import annotations

import sys


class Stop(Exception):
    """Ends the launcher with one clear sentence and exit code 1."""


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()

"""Words for the person at the terminal, and the one way to give up."""

from __future__ import annotations

import sys
from typing import NoReturn


def say(text: str = "") -> None:
    print(text, flush=True)


def give_up(text: str) -> NoReturn:
    """One clear sentence and exit code 1."""
    say(text)
    sys.exit(1)

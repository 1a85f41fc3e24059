"""What whoever starts an installation that nobody has an account of yet is told."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from bookingapp import keys
from bookingapp.launch.options import Options
from bookingapp.launch.say import say


def tell(options: Options) -> None:
    """Where to begin, and with which code; nothing once somebody has an account."""
    if options.demo or os.environ.get("DATABASE_URL"):
        return
    if not is_empty(options.folder / "desk.sqlite3"):
        return
    given = any(os.environ.get(f"SETUP_CODE{ending}", "").strip() for ending in ("", "_FILE"))
    code = "the one you set" if given else keys.setup_code(options.folder)
    say("Nobody has an account here yet. Open this address and make the first one:")
    say(f"  {options.address}welcome/   setup code {code}")


def is_empty(database: Path) -> bool:
    """Whether nobody has an account."""
    with contextlib.closing(sqlite3.connect(database, timeout=5)) as line:
        try:
            return line.execute("SELECT 1 FROM auth_user LIMIT 1").fetchone() is None
        except sqlite3.Error:
            return False

"""Compiles ``locale/*/LC_MESSAGES/*.po``: ``python -m bookingapp.launch.messages``."""

from __future__ import annotations

import os
from pathlib import Path

import polib  # type: ignore[import-untyped]

from bookingapp.launch.options import BASE_DIR


def compile_all(locale: Path = BASE_DIR / "locale") -> int:
    """Write the ``.mo`` of every catalogue that is newer than it; how many were written."""
    written = 0
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            # Written beside and moved into place: a running web process may be reading it.
            draft = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(draft))
            draft.replace(target)
            written += 1
    return written


if __name__ == "__main__":
    compile_all()

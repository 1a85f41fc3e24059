"""The lock files are in step with what they were made from, and with each other. Works offline."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from say import say

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
SETS = ("runtime", "production", "dev")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(.*)$")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(kind: str) -> set[str]:
    """Names that the set asks for itself."""
    lines = (FOLDER / f"{kind}.in").read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line[:1] not in {"#", "-", ""})
    return {_plain(name[0]) for name in names if name}


def pinned(kind: str) -> dict[str, set[str]]:
    """Name to its pinned versions (one for each marker)."""
    pins: dict[str, set[str]] = {}
    for line in (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            pins.setdefault(_plain(match[1]), set()).add(match[2])
    return pins


def without_hash(kind: str) -> list[str]:
    lines = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").splitlines()
    following = [*lines[1:], ""]
    return [a for a, b in zip(lines, following, strict=True) if PIN.match(a) and "--hash=" not in b]


def findings() -> list[str]:
    found = []
    for smaller, kind in zip((None, *SETS), SETS, strict=False):
        pins = pinned(kind)
        found += [f"{kind}.txt lacks {name}: run make lock" for name in asked(kind) - set(pins)]
        found += [f"{kind}.txt has no hash for {line}" for line in without_hash(kind)]
        for name, versions in pinned(smaller).items() if smaller else ():
            if pins.get(name) != versions:
                found.append(f"{kind}.txt and {smaller}.txt differ in {name}: run make lock")
    return found


if __name__ == "__main__":
    lines = findings()
    for line in lines:
        say(line)
    sys.exit(bool(lines))

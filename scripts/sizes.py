"""Files stay small enough to be read in one go."""

from __future__ import annotations

import sys
from pathlib import Path

from say import say

ROOT = Path(__file__).resolve().parent.parent
# Lines a file may have, by where it lies and how it ends.
LIMITS = (
    ("bookingapp", "*.py", 250),
    ("scripts", "*.py", 250),
    ("bench", "*.py", 250),
    # A table of cases is read line by line, so it may be longer.
    ("tests", "*.py", 450),
    ("bookingapp", "*.html", 120),
    ("templates", "*.html", 120),
    ("static", "*.css", 250),
    ("static", "*.js", 120),
)
# Two lists that are better read as one: every variable, and every allowed move of a write.
EXCEPT = {"settings.py", "states.py"}


def too_long() -> list[str]:
    found = []
    for folder, pattern, limit in LIMITS:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if path.name in EXCEPT or "migrations" in path.parts:
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit:
                found.append(f"{path.relative_to(ROOT)}: {lines} lines, at most {limit}")
    return found


if __name__ == "__main__":
    findings = too_long()
    for finding in findings:
        say(finding)
    sys.exit(bool(findings))

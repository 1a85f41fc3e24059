"""``.env``: lines of ``KEY=VALUE``. What the real environment says wins."""

from __future__ import annotations

import os
import re
from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


class DotenvError(ValueError):
    """A line that is neither a comment nor ``KEY=VALUE``; the message names file and line."""


def parse(text: str, *, source: str = ".env") -> dict[str, str]:
    """The pairs of a ``.env`` file. Raises DotenvError.

    A value may stand in single or double quotes; without quotes a `` #`` begins a comment.
    Nothing is expanded: a value means itself.
    """
    pairs: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise DotenvError(f"{source}, line {number}: expected KEY=VALUE")
        pairs[match[1]] = _value(match[2], f"{source}, line {number}")
    return pairs


def _value(raw: str, where: str) -> str:
    if raw[:1] in {'"', "'"}:
        end = raw.find(raw[0], 1)
        rest = raw[end + 1 :].strip()
        if end < 0 or (rest and not rest.startswith("#")):
            raise DotenvError(f"{where}: the quote is not closed, or something follows it")
        return raw[1:end]
    return re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()


def load(path: Path) -> None:
    """Put the file's pairs into the environment where they are not set yet. Raises DotenvError."""
    if path.is_file():
        for key, value in parse(path.read_text(encoding="utf-8"), source=path.name).items():
            os.environ.setdefault(key, value)

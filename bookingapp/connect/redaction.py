"""Keeps secrets out of anything a person or a log may see."""

from __future__ import annotations

import logging
import re

REDACTED = "[redacted]"
MESSAGE_LIMIT = 500

_SECRETS = re.compile(
    r"""
      rocketlead_\w+(?:[-.]\w+)*                      # a token, whatever its second word
    | (?P<label>authorization['"]?\s*[:=,]\s*(?:b?['"])?) # a header in any of its usual prints
      (?:(?:bearer|basic|token)\s+)?[^\s'",;)\]}]+
    | (?P<scheme>\b(?:bearer|basic)\s+)[^\s'",;)\]}]{6,}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """The text with everything that looks like a token or an Authorization value replaced."""
    return _SECRETS.sub(_replacement, text)


def clean(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """Outside text made fit to show: redacted, on one line, at most ``limit`` characters."""
    # Cut first, so that a huge text costs little; again at the end, as redaction may lengthen it.
    # Not printable: controls, marks that turn the direction of text around, halves of surrogates.
    head = "".join(sign if sign.isprintable() else " " for sign in text[: limit * 4])
    line = " ".join(redact(head).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _replacement(match: re.Match[str]) -> str:
    kept = match["label"] or match["scheme"] or ""
    return kept + REDACTED


class RedactingFilter(logging.Filter):
    """Rewrites log records of libraries below us, which know nothing of our secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        return True

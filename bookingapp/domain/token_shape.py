"""What somebody pasted, made a token or refused with a code. Pure; it keeps and shows nothing."""

from __future__ import annotations

import re

from bookingapp.domain.errors import Invalid

# Connect answers 401 to everything else (contract section 2).
PREFIX = "rocketlead_"
LONGEST = 300

_LABEL = re.compile(r"\A\s*(?:authorization\s*:\s*)?(?:bearer\s+)?", re.IGNORECASE)
_QUOTES = frozenset("\"'`„“”‚‘’«»")
_SHORTENED = frozenset("…*•●")


def cleaned(pasted: str) -> str:
    """The token in what was pasted, without ``Bearer`` and the blanks around it.

    Raises Invalid with a code for ``secret``: "required", "too_long", "blank_inside", "quotes",
    "shortened", "other_letters" or "prefix". The error never quotes what was pasted.
    """
    secret = _LABEL.sub("", pasted[: LONGEST * 4]).strip()
    problem = _problem(secret)
    if problem:
        raise Invalid({"secret": problem})
    return secret


def _problem(secret: str) -> str:
    signs = set(secret)
    checks = (
        ("required", not secret),
        ("quotes", bool(signs & _QUOTES)),
        ("blank_inside", any(sign.isspace() or not sign.isprintable() for sign in signs)),
        ("shortened", bool(signs & _SHORTENED) or secret.endswith("...")),
        ("other_letters", not secret.isascii()),
        ("prefix", not secret.startswith(PREFIX) or secret == PREFIX),
        ("too_long", len(secret) > LONGEST),
    )
    return next((code for code, is_so in checks if is_so), "")

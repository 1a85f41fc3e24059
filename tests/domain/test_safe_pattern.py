"""Patterns from outside: read as browsers do, and never a hang."""

import time

import pytest

from bookingapp.domain import safe_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^\d{5}$", "12345", True),
        (r"^\d{5}$", "1234", False),
        (r"^\d{2,4}$", "12345", False),
        (r"^[A-Z]{2}\d{2}[ \d]*$", "DE12 3456", True),
        (r"^(Herr|Frau)$", "Frau", True),
        (r"^(Herr|Frau)$", "Frauen", False),
        (r"^[^@\s]+@[^@\s]+\.\w+$", "a@b.de", True),
        (r"\+49", "0049", False),
        (r"^a?b*?c+$", "bbcc", True),
        (r"^\x41\u00e4$", "Aä", True),
        (r"^[\w.-]+$", "a-b_c.9", True),
        (r"", "anything", True),
        ("^.{3}$", "🙂ää", True),
        # Anywhere in the text, as a browser's test() does.
        ("b", "abc", True),
    ],
)
def test_a_pattern_is_read_as_browsers_do(pattern, text, found):
    assert safe_pattern.finds(pattern, text) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)",
        "(?!a)",
        "(?<n>a)",
        r"(a)\1",
        r"\bword\b",
        r"\p{L}",
        "(",
        ")",
        "[",
        "[]",
        "*",
        "a{2",
        "a{9999}",
        "a{b}",
        "[z-a]",
        "\\",
        "(" * 50 + ")" * 50,
        "a" * 301,
        "(?i)a",
    ],
)
def test_a_pattern_that_is_not_understood_says_nothing(pattern):
    assert safe_pattern.finds(pattern, "text") is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 2000 + "!"),
        ("^(a|a)*$", "a" * 1999 + "b"),
        ("^((a*)*)*$", "a" * 1000 + "b"),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 2000),
        (".*.*.*.*.*.*.*.*=x", "=" * 2000),
        ("(x{0,500}){0,500}y", "x" * 2000),
    ],
)
def test_a_pattern_that_would_hang_other_engines_answers_at_once(pattern, text):
    # CPU time: a busy machine must not fail it.
    started = time.process_time()
    assert safe_pattern.finds(pattern, text) in {False, None}
    assert time.process_time() - started < 2

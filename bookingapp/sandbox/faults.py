"""Faults by rule: which calls go wrong, how often, and in what way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Lock
from typing import Any

# Kind -> the parameters it understands with their defaults.
KINDS: dict[str, dict[str, Any]] = {
    "latency": {"ms": 500},
    "status_400": {"when": "before", "message": "Validation failed"},
    "status_401": {"when": "before", "message": "Unauthorized"},
    "status_403": {"when": "before", "message": "Forbidden"},
    "status_404": {"when": "before", "message": "Not Found"},
    "status_500": {"when": "before", "message": "Internal Server Error"},
    "html_502": {"when": "before"},
    "status_503": {"when": "before", "retry_after": ""},
    "status_429": {"when": "before", "retry_after": "2"},
    "status_409": {"when": "before", "message": "Conflict"},
    "reset_before": {},
    "reset_after_commit": {},
    "hang": {"when": "before", "seconds": 30},
    "malformed": {},
    "truncated": {"missing_bytes": 100},
    "empty": {},
    "huge": {"megabytes": 64},
    "redirect": {"location": "http://elsewhere.invalid/connect/", "status": 302},
    "rate_limit": {"per_minute": 10, "retry_after": ""},
    "steal_slot": {},
}
RETRY_AFTER = re.compile(r"(date:)?\d{0,6}")
LIMITS = {"ms": 120_000, "seconds": 600, "megabytes": 512, "missing_bytes": 1_000_000,
    "per_minute": 100_000}  # fmt: skip


@dataclass
class Rule:
    """One fault: for calls that match, after the first few, so many times, that likely."""

    number: int
    kind: str
    params: dict[str, Any]
    method: str = ""
    path: str = ""
    path_regex: str = ""
    organisation: str = ""
    times: int | None = None
    after: int = 0
    probability: float = 1.0
    seed: int = 7
    matched: int = 0
    used: int = 0
    random: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - chance, not secrecy

    def matches(self, method: str, path: str, organisation: str) -> bool:
        return (
            self.method in {"", method}
            and path.startswith(self.path)
            and (not self.path_regex or re.search(self.path_regex, path) is not None)
            and self.organisation in {"", organisation}
        )

    def is_due(self) -> bool:
        """Counts one matching call, and says whether this one goes wrong."""
        self.matched += 1
        if self.matched <= self.after or (self.times is not None and self.used >= self.times):
            return False
        if self.probability < 1 and self.random.random() >= self.probability:
            return False
        self.used += 1
        return True

    def as_json(self) -> dict[str, Any]:
        match = {
            "method": self.method, "path": self.path, "path_regex": self.path_regex,
            "organisation": self.organisation,
        }  # fmt: skip
        return {
            "id": self.number, "kind": self.kind, "params": self.params,
            "match": {key: value for key, value in match.items() if value},
            "times": self.times, "after": self.after, "probability": self.probability,
            "seed": self.seed, "matched": self.matched, "used": self.used,
        }  # fmt: skip


class Book:
    """The rules as they stand; decides for each call which faults it meets."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._numbers = count(1)
        self._lock = Lock()

    def all(self) -> list[Rule]:
        with self._lock:
            return list(self._rules)

    def add(self, raw: Any) -> Rule:
        """A rule out of JSON; ValueError says what is wrong with it."""
        with self._lock:
            rule = read(raw, next(self._numbers))
            self._rules.append(rule)
        return rule

    def remove(self, number: int) -> bool:
        with self._lock:
            kept = [rule for rule in self._rules if rule.number != number]
            found = len(kept) < len(self._rules)
            self._rules = kept
        return found

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def met_by(self, method: str, path: str, organisation: str) -> list[Rule]:
        """The faults of this call: every latency, and the first other rule that is due."""
        met: list[Rule] = []
        with self._lock:
            for rule in self._rules:
                is_taken = any(one.kind != "latency" for one in met)
                if rule.kind != "latency" and is_taken:
                    continue
                if rule.matches(method, path, organisation) and rule.is_due():
                    met.append(rule)
        return met


def read(raw: Any, number: int) -> Rule:
    """``{kind, match?, times?, after?, probability?, seed?, params?}`` as a Rule."""
    if not isinstance(raw, dict) or raw.get("kind") not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    if unknown := set(raw) - {"kind", "match", "times", "after", "probability", "seed", "params"}:
        raise ValueError(f"A fault has no {min(unknown)}")
    return Rule(
        number=number, kind=raw["kind"], params=_params(raw["kind"], raw.get("params", {})),
        times=_whole(raw, "times", None), after=_whole(raw, "after", 0) or 0,
        probability=_share(raw.get("probability", 1)), seed=_whole(raw, "seed", 7) or 0,
        **_match(raw.get("match", {})),
    )  # fmt: skip


def _params(kind: str, given: Any) -> dict[str, Any]:
    known = KINDS[kind]
    if not isinstance(given, dict) or set(given) - set(known):
        raise ValueError(f"params of {kind} are {', '.join(known) or 'none'}")
    if given.get("when", "before") not in {"before", "after"}:
        raise ValueError("when must be before or after")
    if not RETRY_AFTER.fullmatch(str(given.get("retry_after", ""))):
        raise ValueError("retry_after must be seconds, date:seconds, or empty")
    if not isinstance(given.get("message", ""), str) or not str(given.get("location", "x")).strip():
        raise ValueError("message and location must be texts")
    if given.get("status", 302) not in {301, 302, 303, 307, 308}:
        raise ValueError("status of a redirect must be 301, 302, 303, 307 or 308")
    for name, limit in LIMITS.items():
        value = given.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= limit:
            raise ValueError(f"{name} must be between 0 and {limit}")
    return known | given


def _match(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise ValueError("match must be an object of texts")
    if set(given) - {"method", "path", "path_regex", "organisation"}:
        raise ValueError("match knows method, path, path_regex and organisation")
    try:
        re.compile(given.get("path_regex", ""))
    except re.error as error:
        raise ValueError(f"path_regex: {error}") from None
    return given | ({"method": given["method"].upper()} if "method" in given else {})


def _whole(raw: dict[str, Any], name: str, default: int | None) -> int | None:
    value = raw.get(name, default)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise ValueError(f"{name} must be a whole number")
    return value


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("probability must be between 0 and 1")
    return float(value)


book = Book()

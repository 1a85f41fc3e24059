"""Patterns from outside, tried in bounded time: a hostile one can cost work, never a hang. Pure.

Python's engine goes back over its steps, and ``(a+)+$`` makes it do so for years; a check that only
looks for dangerous shapes misses some. So this engine never goes back: it carries the set of all
places a part of the pattern can end at, and stops counting after a fixed number of steps. It reads
what field patterns are made of, as browsers understand them; everything else (look-around,
back-references, flags) is not understood, and what is not understood refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

LONGEST_PATTERN = 300
LONGEST_TEXT = 2_000
# Of one question: some 30 milliseconds.
MOST_STEPS = 60_000
_DEEPEST = 20
_MOST_TIMES = 500

Places = frozenset[int]
Test = Callable[[str], bool]
Node = Callable[["_Run", Places], Places]
NOWHERE: Places = frozenset()


class NotUnderstood(ValueError):
    """The pattern is not one of those we read, or it costs too much."""


def finds(pattern: str, text: str) -> bool | None:
    """Whether ``pattern`` is somewhere in ``text``; None where that cannot be told."""
    if len(pattern) > LONGEST_PATTERN or len(text) > LONGEST_TEXT:
        return None
    try:
        node = _read(pattern)
        return bool(node(_Run(text), frozenset(range(len(text) + 1))))
    except NotUnderstood:
        return None


class _Run:
    """One text, and how many steps are left for it."""

    def __init__(self, text: str) -> None:
        self.text, self.left = text, MOST_STEPS

    def pay(self, places: Places, times: int = 1) -> None:
        self.left -= (len(places) + 1) * times
        if self.left < 0:
            raise NotUnderstood("too much work")


@lru_cache(maxsize=256)
def _read(pattern: str) -> Node:
    reader = _Reader(pattern)
    node = reader.either(depth=0)
    if reader.more:
        raise NotUnderstood("a bracket too many")
    return node


# -- what a pattern is made of -------------------------------------------------------------


def _one(test: Test, times: int = 1) -> Node:
    """``times``: how much work ``test`` is."""

    def step(run: _Run, places: Places) -> Places:
        run.pay(places, times)
        text, end = run.text, len(run.text)
        return frozenset(at + 1 for at in places if at < end and test(text[at]))

    return step


def _row(nodes: list[Node]) -> Node:
    def step(run: _Run, places: Places) -> Places:
        for node in nodes:
            if not places:
                break
            places = node(run, places)
        return places

    return step


def _any_of(nodes: list[Node]) -> Node:
    def step(run: _Run, places: Places) -> Places:
        # Ways that are empty cost something, too.
        run.pay(places, len(nodes))
        return NOWHERE.union(*(node(run, places) for node in nodes))

    return step


def _repeat(node: Node, least: int, most: int | None) -> Node:
    def step(run: _Run, places: Places) -> Places:
        for _ in range(least):
            # What is repeated may be empty: to go round costs something by itself.
            run.pay(NOWHERE)
            places = node(run, places)
        fresh, reached = places, set(places)
        times = least
        # A place reached before is reached by fewer repetitions: going on from it again adds none.
        while fresh and (most is None or times < most):
            run.pay(NOWHERE)
            fresh = node(run, fresh) - reached
            reached |= fresh
            times += 1
        return frozenset(reached)

    return step


def _start(_run: _Run, places: Places) -> Places:
    return places & {0}


def _end(run: _Run, places: Places) -> Places:
    return places & {len(run.text)}


# -- reading one ---------------------------------------------------------------------------

_KINDS: dict[str, Test] = {
    "d": lambda char: char in "0123456789",
    "w": lambda char: char.isascii() and (char.isalnum() or char == "_"),
    "s": str.isspace,
    "D": lambda char: char not in "0123456789",
    "W": lambda char: not (char.isascii() and (char.isalnum() or char == "_")),
    "S": lambda char: not char.isspace(),
}
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_HEX = {"x": 2, "u": 4}


@dataclass
class _Reader:
    pattern: str
    at: int = 0

    @property
    def more(self) -> bool:
        return self.at < len(self.pattern)

    def next_is(self, text: str) -> bool:
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def take(self) -> str:
        if not self.more:
            raise NotUnderstood("it ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def either(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise NotUnderstood("too deep")
        ways = [self._row(depth)]
        while self.next_is("|"):
            ways.append(self._row(depth))
        return ways[0] if len(ways) == 1 else _any_of(ways)

    def _row(self, depth: int) -> Node:
        nodes: list[Node] = []
        while self.more and self.pattern[self.at] not in "|)":
            nodes.append(self._times(self._part(depth)))
        return _row(nodes)

    def _part(self, depth: int) -> Node:
        char = self.take()
        match char:
            case "(":
                return self._group(depth)
            case "[":
                return _one(*self._choice())
            case ".":
                return _one(lambda found: found not in "\n\r")
            case "^":
                return _start
            case "$":
                return _end
            case "\\":
                return _one(self._escaped())
            case "*" | "+" | "?" | "{":
                raise NotUnderstood("nothing to repeat")
        return _one(_is(char))

    def _group(self, depth: int) -> Node:
        if not self.next_is("?:") and self.next_is("?"):
            raise NotUnderstood("a group of a kind we do not read")
        node = self.either(depth + 1)
        if not self.next_is(")"):
            raise NotUnderstood("a bracket too few")
        return node

    def _times(self, node: Node) -> Node:
        signs: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if not self.more:
            return node
        sign = self.pattern[self.at]
        if sign in signs:
            self.at += 1
            least, most = signs[sign]
        elif sign == "{":
            self.at += 1
            least, most = self._counts()
        else:
            return node
        # Whether it takes much or little first makes no difference to whether it is there.
        self.next_is("?")
        return _repeat(node, least, most)

    def _counts(self) -> tuple[int, int | None]:
        end = self.pattern.find("}", self.at)
        first, comma, last = self.pattern[self.at : end].partition(",") if end > 0 else ("", "", "")
        texts = [text for text in (first, last) if text]
        if not first or any(not (text.isascii() and text.isdecimal()) for text in texts):
            raise NotUnderstood("how often?")
        self.at = end + 1
        least = int(first[:6])
        most = (int(last[:6]) if last else None) if comma else least
        if max(least, most or 0) > _MOST_TIMES:
            raise NotUnderstood("too often")
        return least, most

    def _escaped(self) -> Test:
        char = self.take()
        if char in _KINDS:
            return _KINDS[char]
        return _is(self._sign(char))

    def _sign(self, char: str) -> str:
        """The character that a backslash and ``char`` stand for."""
        if char in _SIGNS:
            return _SIGNS[char]
        if char in _HEX:
            digits = "".join(self.take() for _ in range(_HEX[char]))
            try:
                return chr(int(digits, 16))
            except ValueError:
                raise NotUnderstood("not a character") from None
        if char.isalnum():
            raise NotUnderstood("an escape that we do not read")
        return char

    def _choice(self) -> tuple[Test, int]:
        """What it lets through, and how much work it is to tell."""
        turned = self.next_is("^")
        tests: list[Test] = []
        while not self.next_is("]"):
            tests.append(self._choice_part())
        if not tests:
            raise NotUnderstood("an empty choice")
        return lambda char: any(test(char) for test in tests) != turned, 1 + len(tests) // 8

    def _choice_part(self) -> Test:
        char = self.take()
        if char == "\\":
            kind = self.take()
            if kind in _KINDS:
                return _KINDS[kind]
            char = self._sign(kind)
        if not self.pattern.startswith("-", self.at) or self.pattern.startswith("-]", self.at):
            return _is(char)
        self.at += 1
        last = self.take()
        if last == "\\":
            last = self._sign(self.take())
        return _between(char, last)


def _is(char: str) -> Test:
    return lambda found: found == char


def _between(first: str, last: str) -> Test:
    if first > last:
        raise NotUnderstood("a range that runs backwards")
    return lambda found: first <= found <= last

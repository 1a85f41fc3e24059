"""Reading a pattern from outside into the steps it is made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bookingapp.domain.pattern_steps import (
    Node,
    NotUnderstood,
    Test,
    any_of,
    at_end,
    at_start,
    one,
    repeat,
    row,
)

_DEEPEST = 20
_MOST_TIMES = 500
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


def read(pattern: str) -> Node:
    """The steps of ``pattern``. Raises NotUnderstood where it is not one of those we read."""
    reader = _Reader(pattern)
    node = reader.either(depth=0)
    if reader.more:
        raise NotUnderstood("a bracket too many")
    return node


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
        return ways[0] if len(ways) == 1 else any_of(ways)

    def _row(self, depth: int) -> Node:
        nodes: list[Node] = []
        while self.more and self.pattern[self.at] not in "|)":
            nodes.append(self._times(self._part(depth)))
        return row(nodes)

    def _part(self, depth: int) -> Node:
        char = self.take()
        match char:
            case "(":
                return self._group(depth)
            case "[":
                return one(*self._choice())
            case ".":
                return one(lambda found: found not in "\n\r")
            case "^":
                return at_start
            case "$":
                return at_end
            case "\\":
                return one(self._escaped())
            case "*" | "+" | "?" | "{":
                raise NotUnderstood("nothing to repeat")
        return one(_is(char))

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
        return repeat(node, least, most)

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

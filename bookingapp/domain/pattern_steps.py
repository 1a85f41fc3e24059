"""What a pattern is made of: steps from places in a text to the next ones, never back. Pure."""

from __future__ import annotations

from collections.abc import Callable

# Of one question: some 30 milliseconds.
MOST_STEPS = 60_000

Places = frozenset[int]
Test = Callable[[str], bool]
Node = Callable[["Run", Places], Places]
NOWHERE: Places = frozenset()


class NotUnderstood(ValueError):
    """The pattern is not one of those we read, or it costs too much."""


class Run:
    """One text, and how many steps are left for it."""

    def __init__(self, text: str) -> None:
        self.text, self.left = text, MOST_STEPS

    def pay(self, places: Places, times: int = 1) -> None:
        self.left -= (len(places) + 1) * times
        if self.left < 0:
            raise NotUnderstood("too much work")


def one(test: Test, times: int = 1) -> Node:
    """``times``: how much work ``test`` is."""

    def step(run: Run, places: Places) -> Places:
        run.pay(places, times)
        text, end = run.text, len(run.text)
        return frozenset(at + 1 for at in places if at < end and test(text[at]))

    return step


def row(nodes: list[Node]) -> Node:
    def step(run: Run, places: Places) -> Places:
        for node in nodes:
            if not places:
                break
            places = node(run, places)
        return places

    return step


def any_of(nodes: list[Node]) -> Node:
    def step(run: Run, places: Places) -> Places:
        # Ways that are empty cost something, too.
        run.pay(places, len(nodes))
        return NOWHERE.union(*(node(run, places) for node in nodes))

    return step


def repeat(node: Node, least: int, most: int | None) -> Node:
    def step(run: Run, places: Places) -> Places:
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


def at_start(_run: Run, places: Places) -> Places:
    return places & {0}


def at_end(run: Run, places: Places) -> Places:
    return places & {len(run.text)}

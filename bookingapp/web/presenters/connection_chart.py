"""Small charts as shapes: the server draws them, the style sheet colours them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 60
# Of each place the part that is drawn: thin gaps tell the bars apart.
FILLED = 0.85


@dataclass(frozen=True, slots=True)
class Layer:
    """All bars of one kind as one path; ``kind`` is what the style sheet colours."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``width`` places of width 1, HEIGHT high; ``top`` is the value that HEIGHT stands for."""

    title: str
    headline: str
    summary: str
    top: str
    width: int
    layers: list[Layer]
    is_empty: bool

    @property
    def height(self) -> int:
        return HEIGHT


def stacked(series: Sequence[tuple[str, Sequence[int]]]) -> tuple[list[Layer], int]:
    """The series on top of each other, the first at the bottom; and the highest sum."""
    sums = [sum(values) for values in zip(*(values for _kind, values in series), strict=True)]
    most = max(sums, default=0)
    floor = [0] * len(sums)
    layers = []
    for kind, values in series:
        layers.append(Layer(kind, _path(floor, values, most)))
        floor = [low + value for low, value in zip(floor, values, strict=True)]
    return layers, most


def behind(series: Sequence[tuple[str, Sequence[int]]]) -> tuple[list[Layer], int]:
    """Each from the ground, the first at the back; and the highest value."""
    most = max((value for _kind, values in series for value in values), default=0)
    return [Layer(kind, _path([0] * len(values), values, most)) for kind, values in series], most


def _path(floor: Sequence[int], values: Sequence[int], most: int) -> str:
    bars = []
    for at, (low, value) in enumerate(zip(floor, values, strict=True)):
        if value:
            bottom, top = _y(low, most), _y(low + value, most)
            # What is there at all can be seen.
            top = min(top, bottom - 1)
            bars.append(f"M{at} {bottom:g}V{top:g}h{FILLED}V{bottom:g}z")
    return "".join(bars)


def _y(value: int, most: int) -> float:
    return round(HEIGHT - value / most * HEIGHT, 1)

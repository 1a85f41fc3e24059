"""Figures: percentiles, the processor time of processes, and the table that is printed."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Row:
    """One line of the table. ``budget`` and ``reach`` as docs say them; "" where there is none."""

    measure: str
    value: str
    budget: str = ""
    reach: str = ""
    detail: str = ""
    within: bool | None = None


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def cpu_seconds(group: int) -> float:
    """User and system time of every live process of a process group, threads included."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def table(rows: list[Row]) -> str:
    head = ("measure", "now", "budget", "reach for", "", "detail")
    lines = [head, *[(r.measure, r.value, r.budget, r.reach, _mark(r), r.detail) for r in rows]]
    text = [f"| {' | '.join(line)} |" for line in lines]
    text.insert(1, "|" + " --- |" * len(head))
    return "\n".join(text)


def _mark(row: Row) -> str:
    return "" if row.within is None else "ok" if row.within else "OVER"

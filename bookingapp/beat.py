"""The periodic table, as data. Tasks are named by string so that settings import none of them."""

from __future__ import annotations

from typing import Any


def schedule(sweep_seconds: float) -> dict[str, dict[str, Any]]:
    """What beat wakes, and how often (seconds). A late alarm is dropped: the next one does."""
    return {
        "sweep writes": {
            "task": "desk.sweep_writes",
            "schedule": sweep_seconds,
            "options": {"expires": max(sweep_seconds, 1) * 2},
        },
        "sweep batches": {
            "task": "desk.sweep_batches",
            "schedule": sweep_seconds,
            "options": {"expires": max(sweep_seconds, 1) * 2},
        },
        "sweep rereadings": {
            "task": "desk.sweep_rereadings",
            "schedule": 30.0,
            "options": {"expires": 60},
        },
        "forget": {
            "task": "desk.forget",
            "schedule": 3600.0,
            "options": {"expires": 1800},
        },
        "tend connections": {
            "task": "desk.tend_connections",
            "schedule": 3600.0,
            "options": {"expires": 1800},
        },
        "refresh catalogues": {
            "task": "desk.refresh_catalogues",
            "schedule": 3600.0,
            "options": {"expires": 1800},
        },
    }

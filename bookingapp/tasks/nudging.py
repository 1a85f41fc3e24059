"""Waking workers. A broker that is down costs time and nothing else: a sweep, or the next alarm,
makes up for every nudge that was lost.
"""

from __future__ import annotations

import logging
from typing import Any

logger = logging.getLogger(__name__)


def nudge(task: Any, *about: str, **options: Any) -> None:
    """Ask a worker for the Celery ``task`` with these arguments; ``options`` as ``apply_async`` has
    them. Never raises.
    """
    try:
        task.apply_async(about, retry=False, **options)
    except Exception as error:  # noqa: BLE001 - every transport has its own
        extra = {"task": task.name, "about": about, "error": repr(error)}
        logger.warning("nudge not delivered", extra=extra)

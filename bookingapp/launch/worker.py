"""The Celery worker, telling its parent when it is ready by making a file.

The same as ``celery -A bookingapp worker``, which is what to run on a machine of its own. ``-B``
adds beat: exactly one worker of an installation has it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from celery.signals import worker_ready

from bookingapp.celery import app

# Chatter between workers that only monitors would listen to.
ARGUMENTS = ("worker", "--without-gossip", "--without-mingle", "--without-heartbeat")


def main() -> None:
    """Work until told to stop. WORKER_READY_FILE names the file to make."""
    ready_file = os.environ.get("WORKER_READY_FILE")

    def ready(**_kwargs: object) -> None:
        if ready_file:
            Path(ready_file).touch()

    worker_ready.connect(ready, weak=False)
    app.worker_main([*ARGUMENTS, *sys.argv[1:]])


if __name__ == "__main__":
    main()

"""One process of ours: in a group of its own, ended with us whatever happens to us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bookingapp.launch.options import BASE_DIR

LOG_LIMIT_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(parent: int) -> None:
    """Have the kernel send us SIGTERM when ``parent``, our parent's process id, is gone."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Child:
    """What to start, how to see that it is ready, and how long it may take to stop (seconds)."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    is_ready: Callable[[], bool]
    patience_seconds: float = 10
    before_start: Callable[[], None] = lambda: None
    inherited: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.before_start()
        # The kernel ties a child to the thread that made it, so only the main thread may tie.
        tied = threading.current_thread() is threading.main_thread()
        parent = os.getpid()
        with _open_log(self.log) as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                pass_fds=self.inherited,
                umask=0o077,
                preexec_fn=(lambda: end_with_parent(parent)) if tied else None,  # noqa: PLW1509
            )
        self.started_at = time.monotonic()

    def died(self) -> int | None:
        """The exit code when it is not running any more."""
        return None if self.process is None else self.process.poll()

    def stop(self) -> None:
        """Ask, wait, then insist. Nothing of its group is left afterwards."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience_seconds)
        self.clear()

    def clear(self) -> None:
        """Kill what is left of its group; a dead parent may have left children behind."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, lines: int = 8) -> str:
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")

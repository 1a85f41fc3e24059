"""Starts the children in order, starts again what dies, stops them in the opposite order."""

from __future__ import annotations

import signal
import threading
import time

from bookingapp.launch.child import Child
from bookingapp.launch.say import Stop, say

READY_SECONDS = 90
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
TRIES_BEFORE_READY = 3


class Ended(Exception):
    """Ctrl-C or SIGTERM arrived."""


class Supervisor:
    """Owns the children. Everything happens in the calling thread; signals only raise a flag."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._asked = threading.Event()

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._asked.set())

    def check(self) -> None:
        """Raises Ended when somebody asked us to end."""
        if self._asked.is_set():
            raise Ended

    def start(self, *children: Child) -> None:
        for child in children:
            self.check()
            self.children.append(child)
            child.start()

    def wait_ready(self, *children: Child) -> None:
        """Until each is ready. Raises Stop with its last words when one cannot be started."""
        end = time.monotonic() + READY_SECONDS
        for child in children:
            tries = 0
            while not child.is_ready():
                tries += self._again(child)
                if tries >= TRIES_BEFORE_READY or time.monotonic() > end:
                    raise Stop(f"The {child.name} does not start.\n{_log_of(child)}")
                self._pause(0.05)

    def _again(self, child: Child) -> int:
        if child.died() is None:
            return 0
        child.clear()
        self._pause(0.5)
        child.start()
        return 1

    def _pause(self, seconds: float) -> None:
        self._asked.wait(seconds)
        self.check()

    def watch(self) -> None:
        """For ever: start again what died, after a pause that grows. Raises Ended."""
        while True:
            for child in self.children:
                self._look_after(child)
            self._pause(0.2)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        code = child.died()
        if code is None:
            return
        if child.name not in self._due:
            child.clear()
            pause = self._next_pause(child, now)
            self._due[child.name] = now + pause
            say(f"The {child.name} ended ({_how(code)}); starting it again in {pause:g} s.")
        if now >= self._due[child.name]:
            del self._due[child.name]
            child.start()

    def _next_pause(self, child: Child, now: float) -> float:
        steady = now - child.started_at > STEADY_SECONDS
        last = 0.25 if steady else self._pauses.get(child.name, 0.25)
        self._pauses[child.name] = min(last * 2, LONGEST_PAUSE_SECONDS)
        return self._pauses[child.name]

    def stop(self) -> None:
        """In the opposite order of the start. A second Ctrl-C does not wait for anybody."""
        self._asked.clear()
        for child in reversed(self.children):
            if self._asked.is_set():
                child.patience_seconds = 0.2
            child.stop()


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _log_of(child: Child) -> str:
    return f"The end of {child.log}:\n{child.last_words()}"

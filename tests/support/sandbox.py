"""The sandbox as a process of its own, and the handle to work it: faults, calls, bookings."""

import os
import shutil
import sys

import httpx

from bookingapp.launch.child import Child
from bookingapp.launch.prepare import run
from tests.support import weeks
from tests.support.once import once
from tests.support.waiting import wait_for

API = "/_sandbox/api"


class Sandbox:
    """Answers are Python values out of the control API's JSON (docs/sandbox.md)."""

    def __init__(self, folder):
        self.folder = folder
        self.port = 0
        self.child = None
        self._http = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """On a free port the first time, on the same one ever after: tokens point at it."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        command = [*self._module("serve"), "--port", str(self.port), "--ready-file", str(ready)]
        self.child = Child(
            "sandbox", command, sandbox_environment(), self.folder / "sandbox.log", ready.exists
        )
        self.child.start()
        wait_for(lambda: ready.exists() or self.child.died() is not None, what="the sandbox")
        assert ready.exists(), self.child.last_words(30)
        self.port = int(ready.read_text())
        self._http = httpx.Client(base_url=self.url, timeout=30)

    def _module(self, command):
        return (sys.executable, "-m", "bookingapp.sandbox", command, "--data", str(self.folder))

    def ensure_running(self):
        if self.child is None or self.child.died() is not None:
            self.start()

    def stop(self):
        self.child.stop()

    def kill(self):
        self.child.clear()

    def ask(self, method, path, body=None):
        reply = self._http.request(method, f"{API}/{path}", json=body)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text[:300]}"
        return reply.json() if reply.content else None

    def reset(self):
        """Rows, switches, faults and logs as the seed made them."""
        return self.ask("POST", "reset", {})

    def switch(self, **changes):
        """``sandbox.switch(**{"booking.include_deleted_at": True})``"""
        return self.ask("PATCH", "switches", changes)

    def fault(self, kind, *, times=None, after=0, match=None, probability=1, **params):
        """``sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})``: its rule."""
        rule = {"kind": kind, "after": after, "match": match or {}, "params": params}
        rule["probability"] = probability
        if times is not None:
            rule["times"] = times
        return self.ask("POST", "faults", rule)

    def clear_faults(self):
        self.ask("DELETE", "faults")

    def calls(self, method=None, path=""):
        """Calls received, oldest first; only of that method and with ``path`` in their path."""
        every = self.ask("GET", "calls")
        return [c for c in every if method in {None, c["method"]} and path in c["path"]]

    def forget_calls(self):
        self.ask("DELETE", "calls")

    def bookings(self, source=None):
        """All bookings, or those made by "connect" (the API), "console", "seed", "stolen"."""
        return self.ask("GET", f"bookings?source={source}" if source else "bookings")

    def book(self, **booking):
        """Somebody at the console takes a seat."""
        return self.ask("POST", "bookings", booking)

    def cancel(self, booking_id):
        self.ask("DELETE", f"bookings/{booking_id}")

    def leads(self):
        return self.ask("GET", "leads")

    def events(self):
        return self.ask("GET", "events")

    def tokens(self):
        return self.ask("GET", "tokens")

    def mint(self, organisation, label, scope):
        """The secret of a new token."""
        body = {"organisation": organisation, "label": label, "scope": scope}
        return self.ask("POST", "tokens", body)["secret"]

    def revoke(self, label, organisation):
        return self.ask("POST", f"tokens/{label}/revoke", {"organisation": organisation})

    def restore(self, label, organisation):
        return self.ask("POST", f"tokens/{label}/restore", {"organisation": organisation})

    def judge(self):
        """Overbooked slots, and duplicates of bookings made through the API, as the sandbox sees
        them. The seed knows bookings that the desk does not: beside those nothing is doubled.
        """
        verdict = self.ask("GET", "judge")
        ours = {row["id"] for row in self.bookings("connect")}
        doubled = [one for one in verdict["duplicates"] if len(ours & set(one["bookingIds"])) > 1]
        return verdict | {"duplicates": doubled}


def attached(folder, port):
    """A handle on a sandbox that another process has started."""
    sandbox = Sandbox(folder)
    sandbox.port = port
    sandbox._http = httpx.Client(base_url=sandbox.url, timeout=30)
    return sandbox


def sandbox_environment():
    return {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}


def seeded(shared):
    """The data of a fresh sandbox, made once per run, as if on this week's Monday.

    So the week that tests book in (``tests.support.weeks``) is the same on whatever day they run.
    """

    def make(folder):
        command = [sys.executable, "-m", "bookingapp.sandbox", "seed", "--data", str(folder)]
        run([*command, "--today", weeks.this_monday().isoformat()], sandbox_environment())

    return once(shared, "seeded", make)


def start_sandbox(folder, *, like=None):
    """A sandbox with its data in ``folder``; with a copy of those in ``like``."""
    if like is None:
        folder.mkdir(parents=True, exist_ok=True)
    else:
        shutil.copytree(like, folder, dirs_exist_ok=True)
    sandbox = Sandbox(folder)
    sandbox.start()
    return sandbox

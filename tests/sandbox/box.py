"""A sandbox process of our own, and short words for driving it over HTTP."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import httpx

from bookingapp.sandbox.ids import secret_of

ROOT = Path(__file__).resolve().parents[2]
MAIN, OTHER = "Praxis Lindenhof", "Studio Südsee"
TODAY = "2026-11-23"  # a Monday; the world is made for this day, whatever day it is
MONDAY = datetime(2026, 11, 22, 23, tzinfo=UTC)  # its midnight in Berlin
FULL = "The selected time slot is no longer available"


class Process:
    """``python -m bookingapp.sandbox serve`` on a free port."""

    def __init__(self, folder, *arguments):
        self.folder, ready = folder, folder / "ready"
        ready.unlink(missing_ok=True)
        self.child = subprocess.Popen(
            command("serve", folder, "--port", "0", "--ready-file", ready, *arguments),
            cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.first_line = self.child.stdout.readline().decode()
        deadline = time.monotonic() + 30
        while not ready.exists():
            assert self.child.poll() is None, self.child.stdout.read().decode()
            assert time.monotonic() < deadline, "the sandbox did not start"
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{ready.read_text().strip()}"

    def stop(self):
        self.child.terminate()
        return self.child.wait(timeout=10)


def command(name, folder, *arguments):
    module = [sys.executable, "-m", "bookingapp.sandbox", name, "--data", folder]
    return [str(part) for part in [*module, "--today", TODAY, *arguments]]


def environment():
    # The product's settings stand in the environment of the tests; the sandbox must not mind.
    return os.environ | {"DJANGO_SETTINGS_MODULE": "bookingapp.settings"}


def output(name, folder, *arguments):
    ran = subprocess.run(
        command(name, folder, *arguments), cwd=ROOT, env=environment(), check=True,
        capture_output=True, timeout=60,
    )  # fmt: skip
    return ran.stdout.decode()


class Box:
    """One running sandbox, as an organisation's tokens and as the control API see it."""

    def __init__(self, process):
        self.url, self.folder = process.url, process.folder
        # Known from the seed; what `provisioning` tells is compared with them in test_process.
        self.secrets = {
            (name, scope): secret_of(7, name, scope)
            for name in (MAIN, OTHER)
            for scope in ("read", "write", "admin")
        }
        self.control = httpx.Client(base_url=f"{self.url}/_sandbox/api/", timeout=30)
        self.clients = {key: self.client(secret) for key, secret in self.secrets.items()}

    def client(self, secret):
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(base_url=f"{self.url}/connect/", headers=headers, timeout=20)

    @property
    def admin(self):
        return self.clients[MAIN, "admin"]

    @property
    def write(self):
        return self.clients[MAIN, "write"]

    @property
    def read(self):
        return self.clients[MAIN, "read"]

    @property
    def other(self):
        return self.clients[OTHER, "admin"]

    def reset(self):
        # From here and not by a process of its own: this is asked for before every test.
        self.control.post("reset", json={"seed": 7, "today": TODAY}).raise_for_status()

    def switch(self, **names):
        """``switch(booking__link_field="entryId")``: two underscores stand for the dot."""
        changes = {name.replace("__", "."): value for name, value in names.items()}
        self.control.patch("switches", json=changes).raise_for_status()

    def fault(self, kind, method="", path="", **more):
        match = {"method": method, "path": path} if method or path else {}
        reply = self.control.post("faults", json={"kind": kind, "match": match, **more})
        assert reply.status_code == 201, reply.text
        return reply.json()

    def get(self, what):
        return self.control.get(what).raise_for_status().json()

    @cached_property
    def ids(self):
        """``ids["resources", "Kursraum"]``: ids by noun and name, of both organisations."""
        nouns = ("tables", "calendar", "resources", "appointment_types")
        return {
            (noun, row["name"]): row["id"]
            for client in (self.read, self.other)
            for noun in nouns
            for row in client.get(f"{noun}/").json()
        }

    def slots(self, calendar="Berlin Mitte", kind="Erstberatung", resource=None, **more):
        start = more.pop("start", MONDAY)
        query = {
            "calendarId": self.ids["calendar", calendar],
            "appointmentTypeId": self.ids["appointment_types", kind],
            "start": start.isoformat(),
            "end": more.pop("end", start + timedelta(days=7)).isoformat(),
            **({"resourceId": self.ids["resources", resource]} if resource else {}),
            **more,
        }
        client = self.other if calendar in {"Lord Howe Island", "Hamburg"} else self.read
        reply = client.get("availability/", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]

    def free(self, resource=None, seats=1, **more):
        """The first slot with exactly so many seats left."""
        found = self.slots(resource=resource, **more)
        return next(s for s in found if s["available"] and seats_left(s) == seats)

    def wish(self, slot, calendar="Berlin Mitte", **more):
        """The body that books a slot of an availability answer."""
        copied = ("resourceId", "appointmentTypeId", "resourceSlotId", "startDateTime",
            "endDateTime")  # fmt: skip
        body = {name: slot[name] for name in copied}
        return body | {"calendarId": self.ids["calendar", calendar]} | more

    def book(self, slot, **more):
        return self.write.post("calendar_bookings/", json=self.wish(slot, **more))

    def pool(self, name="Neue Anfragen"):
        return self.read.get(f"tables/{self.ids['tables', name]}").json()

    def lead(self, data=None, **more):
        """A new lead of the first pool, as Connect answers it."""
        pool = self.pool()
        body = {"tableId": pool["id"], "leadStateId": pool["leadStates"][0]["id"]}
        reply = self.write.post("table_entries/", json={**body, "data": data or {}, **more})
        assert reply.is_success, reply.text
        return reply.json()


def seats_left(slot):
    return slot["maxParallelBookings"] - slot["currentBookings"]


def instant(text):
    return datetime.fromisoformat(text)

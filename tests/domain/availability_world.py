"""Slots, windows and a Connect of which each test says what it answers. No network."""

import threading
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

from bookingapp import connect
from bookingapp.domain.availability import Window
from bookingapp.domain.catalogue import AppointmentType, Calendar

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)

CALENDAR = Calendar(1, "cal_1", "Nord", "Europe/Berlin")
TYPE = AppointmentType(1, "apt_1", "Erstgespräch", 30, 30)


def organisation():
    """As much of one as reading needs. A new one each time: processes remember."""
    return SimpleNamespace(pk=uuid4(), name="Praxis")


def window(place, *, type_id="apt_1", monday=MONDAY, zone="Europe/Berlin"):
    return Window(place.pk, "cal_1", type_id, zone, monday)


def slot(starts_at=NINE, **changes):
    facts = {
        "resource_id": "res_1",
        "resource_name": "Zoë",
        "resource_colour": "#336699",
        "resource_slot_id": "slot_1",
        "appointment_type_id": "apt_1",
        "ends_at": starts_at + timedelta(minutes=30),
        "capacity": 3,
        "booked": 1,
        "available": True,
    }
    return connect.Slot(**{**facts, "starts_at": starts_at, **changes})


def week(*, resources=10, per_day=20, monday=MONDAY):
    """As many slots as the budgets speak of: 1,400."""
    first = datetime(monday.year, monday.month, monday.day, 7, tzinfo=UTC)
    return tuple(
        slot(
            first + timedelta(days=day, minutes=30 * number),
            resource_id=f"resource-{who}-of-the-organisation-000000",
            resource_name=f"Person {who}",
            booked=(day + number + who) % 4,
        )
        for day in range(7)
        for number in range(per_day)
        for who in range(resources)
    )


class FakeConnect:
    """Stands where ``gateway.send`` does. ``hold()`` keeps calls under way until ``release()``."""

    def __init__(self):
        self.slots = (slot(),)
        self.error = None
        self.calls = []
        self.arrived = threading.Semaphore(0)
        self._gate = threading.Event()
        self._gate.set()
        self._lock = threading.Lock()

    def hold(self):
        self._gate.clear()

    def release(self):
        self._gate.set()

    def send(self, _organisation, call, **_):
        with self._lock:
            self.calls.append(call)
            slots, error, gate = self.slots, self.error, self._gate
        self.arrived.release()
        assert gate.wait(60), "the test never let Connect answer"
        if error:
            raise error
        return connect.Availability(slots=slots)

    def wait_for_call(self):
        assert self.arrived.acquire(timeout=60), "Connect was not asked"

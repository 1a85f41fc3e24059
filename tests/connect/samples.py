"""The stored answers, and the call each folder of them answers."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bookingapp import connect

ROOT = Path(__file__).parent.parent / "samples"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)

CALLS = {
    "list_lead_pools": connect.list_lead_pools(),
    "get_lead_pool": connect.get_lead_pool("tbl_probe"),
    "create_lead": connect.create_lead(table_id="tbl_probe", lead_state_id="ls_neu", data={}),
    "patch_lead": connect.patch_lead("entry_1", {"lead_state_id": "ls_termin"}),
    "book": connect.create_booking(
        calendar_id="cal_1",
        starts_at=NOON,
        ends_at=LATER,
        resource_id="res_1",
        appointment_type_id="apt_1",
        lead_id="entry_1",
    ),
    "delete_booking": connect.delete_booking("booking_1"),
    "get_availability": connect.get_availability(
        calendar_id="cal_1", appointment_type_id="apt_1", start=NOON, end=LATER
    ),
    "list_calendars": connect.list_calendars(),
    "get_calendar": connect.get_calendar("cal_1"),
    "list_resources": connect.list_resources(),
    "get_resource": connect.get_resource("res_1"),
    "list_appointment_types": connect.list_appointment_types(),
    "get_appointment_type": connect.get_appointment_type("apt_1"),
    "list_resource_slots": connect.list_resource_slots("cal_1"),
    "list_blockers": connect.list_blockers("cal_1"),
    "list_resource_calendar_mappings": connect.list_resource_calendar_mappings("cal_1"),
    "list_appointment_type_resource_mappings": connect.list_appointment_type_resource_mappings(),
}


class Sample:
    def __init__(self, path):
        self.operation, self.case = path.parent.name, path.stem
        raw = json.loads(path.read_text(encoding="utf-8"))
        self.expect, self.for_sandbox = raw["expect"], raw.get("sandbox", False)
        self.status, self.headers = raw["status"], raw["headers"]
        self.json = raw.get("body")
        self.body = raw.get("body_text", "").encode()
        if self.json is not None:
            self.body = json.dumps(self.json).encode()

    @property
    def call(self):
        return CALLS[self.operation]

    @property
    def reply(self):
        return connect.Reply(self.status, self.headers, self.body)

    def __repr__(self):
        return f"{self.operation}/{self.case}"


SAMPLES = sorted((Sample(path) for path in ROOT.glob("*/*.json")), key=repr)


def sample(name):
    return next(one for one in SAMPLES if repr(one) == name)


def plain(value):
    """A value as JSON could hold it."""
    if isinstance(value, datetime):
        assert value.tzinfo is UTC
        return value.isoformat()
    if isinstance(value, connect.Scope):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def at(value, path):
    """The part of a value that a dotted path names."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, (list, tuple)):
            value = value[int(step)]
        else:
            value = getattr(value, step)
    return plain(value)

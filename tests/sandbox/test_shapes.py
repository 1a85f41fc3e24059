"""The stored samples that claim to come from the sandbox have the shape of its real answers."""

import json

import pytest

from tests.sandbox.box import ROOT

SAMPLES = [
    path
    for path in sorted((ROOT / "tests" / "samples").glob("*/*.json"))
    if json.loads(path.read_text(encoding="utf-8")).get("sandbox")
]


def asked(box, name):
    """The real answer to the call that the sample's folder is named after."""
    calendar = box.ids["calendar", "Berlin Mitte"]
    slot, of_calendar = box.free(), {"params": {"calendarId": calendar}}
    state = box.pool()["leadStates"][1]["id"]
    calls = {
        "book/booked": lambda: box.book(slot, name="x", entryId=named(box)["id"]),
        "book/taken": lambda: [box.book(slot), box.book(slot)][1],
        "create_lead/created": lambda: box.write.post("table_entries/", json=new_lead(box)),
        "patch_lead/patched": lambda: box.write.patch(
            f"table_entries/{named(box)['id']}",
            json={"leadStateId": state, "followUpDate": "2026-12-01T08:00:00+01:00"}),
        "delete_booking/deleted": lambda: box.admin.delete(
            f"calendar_bookings/{box.book(slot).json()['id']}"),
        "delete_booking/missing": lambda: box.admin.delete("calendar_bookings/none"),
        "delete_booking/scope": lambda: box.write.delete("calendar_bookings/none"),
        "get_appointment_type/documented": lambda: box.read.get(
            f"appointment_types/{slot['appointmentTypeId']}"),
        "get_availability/documented": lambda: box.read.get("availability/", params={
            "calendarId": calendar, "appointmentTypeId": slot["appointmentTypeId"],
            "start": slot["startDateTime"], "end": slot["endDateTime"]}),
        "get_calendar/documented": lambda: box.read.get(f"calendar/{calendar}"),
        "get_calendar/missing": lambda: box.read.get("calendar/none"),
        "get_lead_pool/documented": lambda: box.read.get(f"tables/{box.pool()['id']}"),
        "get_resource/documented": lambda: box.read.get(f"resources/{slot['resourceId']}"),
        "list_appointment_types/documented": lambda: box.read.get("appointment_types/"),
        "list_appointment_type_resource_mappings/documented": lambda: box.read.get(
            "appointment_type_resource_mappings/"),
        "list_blockers/documented": lambda: box.read.get("resource_slot_blockers/", **of_calendar),
        "list_calendars/documented": lambda: box.read.get("calendar/"),
        "list_calendars/unauthorised": lambda: box.client("rocketlead_x").get("calendar/"),
        "list_lead_pools/documented": lambda: box.read.get("tables/"),
        "list_resource_calendar_mappings/documented": lambda: box.read.get(
            "resource_calendar_mappings/", **of_calendar),
        "list_resource_slots/documented": lambda: box.read.get("resource_slots/", **of_calendar),
        "list_resources/documented": lambda: box.read.get("resources/"),
    }  # fmt: skip
    return calls[name]()


def new_lead(box):
    pool = box.pool()
    data = {"firstName": "Jörg", "lastName": "Müller", "email": "j@example.org"}
    return {"tableId": pool["id"], "leadStateId": pool["leadStates"][0]["id"], "data": data}


def named(box):
    return box.lead(new_lead(box)["data"])


def shape(value):
    """Names and kinds of a value; of a list, the set of its members' shapes."""
    if isinstance(value, dict):
        return frozenset((key, shape(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return frozenset(shape(inner) for inner in value)
    return type(value).__name__


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_has_the_shape_of_the_real_answer(box, path):
    sample = json.loads(path.read_text(encoding="utf-8"))
    reply = asked(box, f"{path.parent.name}/{path.stem}")
    assert reply.status_code == sample["status"]
    if sample.get("body") is None:
        assert reply.content == b""
        return
    assert reply.headers["Content-Type"] == sample["headers"]["content-type"]
    if isinstance(sample["body"], list):
        assert shape(sample["body"]) <= shape(reply.json())
    elif "data" in sample["body"] and "meta" in sample["body"]:
        assert shape(sample["body"]["data"]) == shape(reply.json()["data"])
        assert shape(sample["body"]["meta"]) == shape(reply.json()["meta"])
    else:
        assert shape(reply.json()) == shape(sample["body"])
    if sample["status"] >= 400:
        assert reply.json() == sample["body"]

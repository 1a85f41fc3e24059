"""Booking and cancelling (contract sections 5.3 and 8), and nobody ever overbooked."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.sandbox.box import FULL, MONDAY, instant, seats_left

ALWAYS = {
    "id", "organizationId", "calendarId", "startDateTime", "endDateTime", "createdAt",
    "resourceId", "appointmentTypeId", "resourceSlotId",
}  # fmt: skip
OF_THE_LEAD = {
    "tableEntryId", "tableId", "tableEntryData", "tableSchemaFields", "leadStateName",
    "leadStateColor",
}  # fmt: skip


def at_once(count, act):
    with ThreadPoolExecutor(count) as people:
        return list(people.map(act, range(count)))


def test_booking_repeats_the_slot(box):
    slot = box.free()
    reply = box.book(slot, name="Erstes Mal")
    assert reply.status_code == 201
    made = reply.json()
    assert set(made) == ALWAYS | {"name"}
    for name in ("resourceId", "appointmentTypeId", "resourceSlotId", "startDateTime",
            "endDateTime"):  # fmt: skip
        assert made[name] == slot[name]
    (after,) = [one for one in box.slots() if one["resourceId"] == slot["resourceId"]
        and one["startDateTime"] == slot["startDateTime"]]  # fmt: skip
    assert (after["available"], after["currentBookings"]) == (False, 1)


@pytest.mark.parametrize("name", ["entryId", "tableEntryId"])
def test_lead_is_linked_by_either_name(box, name):
    lead = box.lead({"firstName": "Jörg", "email": "j@example.org"})
    made = box.book(box.free(), **{name: lead["id"]}).json()
    assert set(made) == ALWAYS | OF_THE_LEAD
    assert made["tableEntryId"] == lead["id"]
    assert made["tableEntryData"] == lead["data"]
    assert made["leadStateName"] == "Neu"
    assert made["tableSchemaFields"]["email"]["specialType"] == "email"


@pytest.mark.parametrize(
    "missing", ["calendarId", "startDateTime", "endDateTime", "resourceId", "appointmentTypeId"]
)
def test_missing_member_is_named(box, missing):
    body = box.wish(box.free())
    del body[missing]
    reply = box.write.post("calendar_bookings/", json=body)
    assert reply.status_code == 400
    assert reply.json()["message"] == f"Validation failed: {missing} is required"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"calendarId": "nowhere"}, 404), ({"resourceId": "nowhere"}, 404),
        ({"appointmentTypeId": "nowhere"}, 404), ({"resourceSlotId": "nowhere"}, 404),
        ({"entryId": "nowhere"}, 404), ({"calendarId": 7}, 400), ({"entryId": ["x"]}, 400),
        ({"startDateTime": "2026-11-23T08:00:00"}, 400), ({"startDateTime": "soon"}, 400),
        ({"startDateTime": "2026-11-23T08:07:00Z"}, 400),
        ({"endDateTime": "2026-11-23T00:00:00Z"}, 400),
        ({"startDateTime": "2026-11-29T02:00:00Z", "endDateTime": "2026-11-29T02:30:00Z"}, 400),
    ],
)  # fmt: skip
def test_bodies_that_will_not_do_book_nothing(box, change, status):
    body = box.wish(box.free()) | change
    assert box.write.post("calendar_bookings/", json=body).status_code == status
    assert box.get("bookings?source=connect") == []


def test_taken_blocked_and_pinned_slots_answer_as_documented(box):
    slot = box.free()
    assert box.book(slot).is_success
    reply = box.book(slot)
    assert (reply.status_code, reply.json()) == (400, {"statusCode": 400, "message": FULL})
    outing = MONDAY + timedelta(days=17)
    blocked = box.slots(start=outing, end=outing + timedelta(days=1))[0]
    assert box.book(blocked).json()["message"] == FULL
    free = box.free()
    elsewhere = next(s for s in box.slots() if s["resourceSlotId"] != free["resourceSlotId"])
    assert box.book(free | {"resourceSlotId": elsewhere["resourceSlotId"]}).status_code == 400


def test_offsets_are_the_same_instant(box):
    slot = box.free()
    berlin = {
        name: instant(slot[name]).astimezone().isoformat()
        for name in ("startDateTime", "endDateTime")
    }
    assert box.book(slot | berlin).json()["startDateTime"] == slot["startDateTime"]


@pytest.mark.parametrize(("resource", "seats"), [(None, 1), ("Behandlungsraum 1", 3)])
def test_fifty_at_once_get_exactly_the_seats_that_are_left(box, resource, seats):
    slot = box.free(resource, seats=seats)
    replies = at_once(50, lambda _: box.book(slot))
    assert Counter(reply.status_code for reply in replies) == {201: seats, 400: 50 - seats}
    assert {reply.json()["message"] for reply in replies if reply.is_error} == {FULL}
    assert len(box.get("bookings?source=connect")) == seats
    assert box.get("judge")["overbooked"] == []


def test_overlapping_types_at_once_never_overbook(box):
    free = [s for s in box.slots(resource="Behandlungsraum 2", kind="Erstberatung")
        if seats_left(s) > 0][:4]  # fmt: skip
    start = instant(free[0]["startDateTime"])
    courses = box.slots(resource="Behandlungsraum 2", kind="Gruppenkurs",
        start=start - timedelta(hours=1), end=start + timedelta(hours=3))  # fmt: skip
    wanted = [*free, *courses] * 5
    at_once(len(wanted), lambda number: box.book(wanted[number]))
    assert box.get("bookings?source=connect") != []
    assert box.get("judge")["overbooked"] == []


def test_parallel_leads_and_bookings_all_arrive(box):
    leads = at_once(20, lambda number: box.lead({"n": str(number)}))
    assert len({lead["id"] for lead in leads}) == 20
    slots = [slot for slot in box.slots() if slot["available"]][:20]
    replies = at_once(20, lambda n: box.book(slots[n], entryId=leads[n]["id"]))
    assert {reply.status_code for reply in replies} == {201}


def test_delete_is_for_good_and_gives_the_seat_back(box):
    slot = box.free()
    made = box.book(slot).json()
    assert box.write.delete(f"calendar_bookings/{made['id']}").status_code == 403
    reply = box.admin.delete(f"calendar_bookings/{made['id']}")
    assert (reply.status_code, reply.content) == (204, b"")
    again = box.admin.delete(f"calendar_bookings/{made['id']}")
    assert (again.status_code, again.json()["message"]) == (404, "Booking not found")
    assert box.book(slot).status_code == 201


def test_two_deletes_at_once_are_one_204_and_one_404(box):
    made = box.book(box.free()).json()
    replies = at_once(8, lambda _: box.admin.delete(f"calendar_bookings/{made['id']}"))
    assert Counter(reply.status_code for reply in replies) == {204: 1, 404: 7}
    assert [one["event"] for one in box.get("events")].count("calendar.appointment.deleted") == 1


def test_events_one_now_two_scheduled_and_gone_with_the_booking(box):
    lead = box.lead()
    slot = box.free(start=MONDAY + timedelta(days=3650), kind="Kurzcheck")
    made = box.book(slot, entryId=lead["id"]).json()
    mine = [one for one in box.get("events") if one["bookingId"] == made["id"]]
    assert [(one["event"], one["scheduled"]) for one in mine] == [
        ("calendar.appointment.booked", False), ("calendar.appointment.hasStarted", True),
        ("calendar.appointment.hasEnded", True),
    ]  # fmt: skip
    assert [one["dueAt"] for one in mine[1:]] == [slot["startDateTime"], slot["endDateTime"]]
    box.admin.delete(f"calendar_bookings/{made['id']}")
    left = [one["event"] for one in box.get("events") if one["bookingId"] == made["id"]]
    assert left == ["calendar.appointment.booked", "calendar.appointment.deleted"]


def test_bookings_cannot_be_read_back(box):
    made = box.book(box.free()).json()
    for path in ("calendar_bookings/", f"calendar_bookings/{made['id']}"):
        assert box.read.get(path).status_code == 404
    assert box.write.patch(f"calendar_bookings/{made['id']}", json={}).status_code == 405

"""The whole way with real processes: a booking is cancelled and its slot given to who waits."""

import uuid

import pytest

from tests.journeys.place import find_place, leads
from tests.support.session import forms

pytestmark = pytest.mark.processes


def one_seat(capacity, booked):
    return (capacity, booked) == (1, 0)


def book(desk, session, place, lead):
    session.post(place.address, data=place.fields(lead))
    desk.wait_for(lambda: booking_of(desk, lead), what="booked")
    return booking_of(desk, lead)[0]


def booking_of(desk, lead):
    """The lead's standing bookings, newest last."""
    standing = "SELECT * FROM domain_booking WHERE gone_at IS NULL ORDER BY booked_at"
    return [row for row in desk.sql(standing) if str(uuid.UUID(str(row["lead_id"]))) == lead]


def marks(desk):
    return desk.sql("SELECT * FROM domain_waitingmark")


def mark_fields(place, booking=None):
    day = place.slot["startDateTime"][:10]
    fields = {"calendar": place.calendar, "type": place.kind, "from_day": day, "until_day": day}
    return fields | ({"booking": str(uuid.UUID(str(booking["id"])))} if booking else {})


def test_cancelled_slot_goes_to_who_waits_and_their_later_booking_goes(make_desk):
    desk = make_desk()
    near = find_place(desk, one_seat)
    far = find_place(desk, one_seat, days_ahead=14)
    assert (near.calendar, near.kind) == (far.calendar, far.kind)
    gives_up, waits = leads(desk, 2)
    session = desk.sign_in("staff")
    cancelled = book(desk, session, near, gives_up)
    later = book(desk, session, far, waits)
    session.post(f"/o/{near.slug}/leads/{waits}/waiting/", data=mark_fields(near, later))

    pk = uuid.UUID(str(cancelled["id"]))
    form = session.get(f"{near.address}{pk}/cancel/").text
    session.submit(next(one for one in forms(form, "/cancel/") if one.method == "post"))
    desk.wait_for(lambda: not booking_of(desk, gives_up), what="cancelled")

    page = session.get(f"{near.address}{pk}/gap/").text
    first = next(one for one in forms(page, "/gap/") if one.method == "post")
    assert first.fields["lead"] == waits
    assert uuid.UUID(first.fields["move"]) == uuid.UUID(str(later["id"]))
    assert session.submit(first).status_code == 302

    def moved():
        now = booking_of(desk, waits)
        return len(now) == 1 and now[0]["id"] != later["id"]

    desk.wait_for(moved, what="moved to the freed slot")
    assert str(booking_of(desk, waits)[0]["starts_at"])[:16] == str(cancelled["starts_at"])[:16]
    standing = desk.sandbox.bookings("connect")
    assert [row["startDateTime"] for row in standing] == [near.slot["startDateTime"]]
    assert "Got a time" in session.get(f"/o/{near.slug}/waiting/").text
    assert [row["ended_as"] for row in marks(desk)] == ["booked"]

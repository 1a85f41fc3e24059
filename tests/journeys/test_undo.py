"""Undo against a running sandbox: nothing sent in its time, everything sent after it."""

import re
import uuid

import pytest

from tests.journeys.people import known_leads
from tests.journeys.place import leads
from tests.support.session import forms
from tests.support.waiting import wait_for

pytestmark = pytest.mark.processes


@pytest.fixture
def staff(calm):
    """Signed in, with an undo window that no test outlives: see :func:`let_go`."""
    session = calm.sign_in("staff")
    window(session, 60)
    return session


def window(session, seconds):
    assert session.post("/me/", data={"undo_seconds": str(seconds)}).status_code == 302


def let_go(desk):
    """Every open window ends now."""
    ends = "UPDATE domain_write SET due_at = '2000-01-01 00:00:00' WHERE state = 'held'"
    desk.sql(ends)


@pytest.fixture
def booked(calm, staff):
    """A booking that stands: the address of its page, and its id at Connect."""

    def make():
        place = calm.places.free()
        lead = known_leads(calm, place)[0]
        reply = staff.post(place.address, data=place.fields(lead.pk))
        page = reply.headers["Location"]
        calm.wait_for(lambda: "Booked: Connect" in staff.get(page).text, what="the booking")
        made = [one for one in calm.sandbox.bookings("connect") if one["leadId"] == lead.connect_id]
        calm.sandbox.forget_calls()
        return page, made[0]["id"]

    return make


def cancel(staff, page):
    """Press what the page shows, with what stands in the form."""
    found = re.search(r'href="([^"]+/cancel/)"', staff.get(page).text)
    form = next(iter(forms(staff.get(found[1]).text, "/cancel/")))
    assert staff.submit(form).status_code == 302


def calls(desk):
    return [one for one in desk.sandbox.calls() if one["method"] not in {"GET", "HEAD"}]


def states(desk):
    return [row["state"] for row in desk.sql("SELECT state FROM domain_write WHERE kind='cancel'")]


def stands(desk, booking_id):
    return booking_id in {one["id"] for one in desk.sandbox.bookings("connect")}


def test_undo_in_the_window_makes_no_call_and_fires_no_event(calm, staff, booked):
    page, booking_id = booked()
    events = calm.sandbox.events()
    cancel(staff, page)
    form = next(iter(forms(staff.get(page).text, "/undo/")))
    assert staff.submit(form).status_code == 302
    # Past the window and several sweeps: nothing comes after.
    other, other_id = booked()
    cancel(staff, other)
    let_go(calm)
    calm.wait_for(lambda: "done" in states(calm), what="a later cancel")
    assert "undone" in states(calm)
    assert stands(calm, booking_id)
    told = [one for one in calm.sandbox.events() if one not in events]
    # The events name the bookings they are about.
    assert other_id in str(told)
    assert booking_id not in str(told)
    assert booking_id not in str(calls(calm))


def test_a_closed_tab_cancels_all_the_same(calm, staff, booked):
    page, booking_id = booked()
    window(staff, 2)
    cancel(staff, page)
    staff.close()
    calm.wait_for(lambda: not stands(calm, booking_id), what="the delete")
    # The desk is shared: what an earlier test left behind may end only now.
    sent = [one for one in calls(calm) if booking_id in one["path"]]
    assert [(one["method"], one["status"]) for one in sent] == [("DELETE", 204)]


def test_a_worker_killed_in_the_window_loses_no_cancel(calm, staff, booked):
    page, booking_id = booked()
    cancel(staff, page)
    calm.kill(calm.workers[0])
    let_go(calm)
    calm.restart(calm.workers[0])
    calm.wait_for(lambda: not stands(calm, booking_id), what="the delete")


def test_a_delete_that_answers_404_is_done(calm, staff, booked):
    page, booking_id = booked()
    cancel(staff, page)
    calm.sandbox.cancel(booking_id)
    let_go(calm)
    calm.wait_for(lambda: "Cancelled: Connect" in staff.get(page).text, what="the end")
    sent = [one for one in calls(calm) if booking_id in one["path"]]
    assert [(one["method"], one["status"]) for one in sent] == [("DELETE", 404)]


def test_one_lead_changed_five_times_in_the_window_is_one_patch(calm, staff):
    lead = leads(calm, 9)[-1]
    rows = calm.sql(
        "SELECT s.connect_id FROM domain_leadstate s JOIN domain_poolstate p ON p.state_id = s.id"
        " JOIN domain_lead l ON l.pool_id = p.pool_id WHERE l.id = %s ORDER BY p.position",
        uuid.UUID(lead).hex,
    )
    own = calm.sql("SELECT state_connect_id FROM domain_lead WHERE id=%s", uuid.UUID(lead).hex)
    others = [row["connect_id"] for row in rows if row["connect_id"] != own[0]["state_connect_id"]]
    assert len(others) >= 2
    slug = calm.sql("SELECT slug FROM domain_organisation ORDER BY name")[0]["slug"]
    calm.sandbox.forget_calls()
    for number in range(5):
        fields = {"intent": str(uuid.uuid4()), "state": others[number % 2]}
        assert staff.post(f"/o/{slug}/leads/{lead}/state/", data=fields).status_code == 302
    connect_id = calm.sql("SELECT connect_id FROM domain_lead WHERE id=%s", uuid.UUID(lead).hex)[0][
        "connect_id"
    ]
    assert _about(calm, connect_id) == []
    let_go(calm)
    wait_for(lambda: _about(calm, connect_id), what="the patch")
    calm.wait_for(lambda: _moved(calm) == ["done"], what="the end")
    sent = [(one["method"], one["body"]) for one in _about(calm, connect_id)]
    assert [method for method, _ in sent] == ["PATCH"]
    assert others[0] in str(sent)


def _about(desk, connect_id):
    """The desk is shared: what an earlier test left behind may end only now."""
    return [one for one in calls(desk) if connect_id in one["path"]]


def _moved(desk):
    kinds = desk.sql("SELECT state FROM domain_write WHERE kind='move_lead'")
    return [row["state"] for row in kinds]

"""What each call puts on the wire: the 17 endpoints of the contract's section 4, to the slash."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp import connect
from tests.connect.samples import CALLS, LATER, NOON

ENDPOINTS = {
    "list_lead_pools": ("GET", "/connect/tables/", "read"),
    "get_lead_pool": ("GET", "/connect/tables/tbl_probe", "read"),
    "create_lead": ("POST", "/connect/table_entries/", "write"),
    "patch_lead": ("PATCH", "/connect/table_entries/entry_1", "write"),
    "book": ("POST", "/connect/calendar_bookings/", "write"),
    "delete_booking": ("DELETE", "/connect/calendar_bookings/booking_1", "admin"),
    "get_availability": ("GET", "/connect/availability/", "read"),
    "list_calendars": ("GET", "/connect/calendar/", "read"),
    "get_calendar": ("GET", "/connect/calendar/cal_1", "read"),
    "list_resources": ("GET", "/connect/resources/", "read"),
    "get_resource": ("GET", "/connect/resources/res_1", "read"),
    "list_appointment_types": ("GET", "/connect/appointment_types/", "read"),
    "get_appointment_type": ("GET", "/connect/appointment_types/apt_1", "read"),
    "list_resource_slots": ("GET", "/connect/resource_slots/", "read"),
    "list_blockers": ("GET", "/connect/resource_slot_blockers/", "read"),
    "list_resource_calendar_mappings": ("GET", "/connect/resource_calendar_mappings/", "read"),
    "list_appointment_type_resource_mappings": (
        "GET",
        "/connect/appointment_type_resource_mappings/",
        "read",
    ),
}
KATHMANDU = timezone(timedelta(hours=5, minutes=45))


@pytest.mark.parametrize("name", sorted(CALLS))
def test_endpoint_is_as_documented(name):
    call = CALLS[name]
    assert (call.method, call.path, call.scope.value) == ENDPOINTS[name]
    assert call.is_read == (call.method == "GET")
    assert (call.body is None) == (call.method in {"GET", "DELETE"})


def body(call):
    return json.loads(call.body)


def book(**changes):
    wish = {
        "calendar_id": "cal",
        "starts_at": NOON,
        "ends_at": LATER,
        "resource_id": "res",
        "appointment_type_id": "apt",
        "lead_id": "entry",
    }
    return connect.create_booking(**(wish | changes))


def test_booking_sends_only_what_is_known():
    assert body(book()) == {
        "calendarId": "cal",
        "startDateTime": "2026-11-23T12:00:00Z",
        "endDateTime": "2026-11-23T12:30:00Z",
        "resourceId": "res",
        "appointmentTypeId": "apt",
        "entryId": "entry",
    }


def test_booking_pins_the_slot_and_carries_its_name():
    sent = body(book(resource_slot_id="slot", name="Zoë"))
    assert (sent["resourceSlotId"], sent["name"]) == ("slot", "Zoë")


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (connect.LinkField.ENTRY_ID, {"entryId"}),
        (connect.LinkField.TABLE_ENTRY_ID, {"tableEntryId"}),
        (connect.LinkField.BOTH, {"entryId", "tableEntryId"}),
    ],
)
def test_booking_links_the_lead_by_the_chosen_field(field, names):
    sent = body(book(link_field=field))
    assert {name for name, value in sent.items() if value == "entry"} == names
    assert connect.LinkField(field.value) is field


def test_times_are_sent_in_utc_whatever_they_came_in():
    local = datetime(2026, 11, 23, 17, 45, 0, 5000, tzinfo=KATHMANDU)
    assert body(book(starts_at=local))["startDateTime"] == "2026-11-23T12:00:00.005000Z"


@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
def test_booking_at_a_naive_time_cannot_be_made(name):
    with pytest.raises(ValueError, match="offset"):
        book(**{name: datetime(2026, 11, 23, 12)})


def test_availability_asks_for_all_slots_in_utc():
    call = connect.get_availability(
        calendar_id="a&b", appointment_type_id="apt", start=NOON, end=LATER
    )
    assert call.query == (
        ("calendarId", "a&b"),
        ("appointmentTypeId", "apt"),
        ("start", "2026-11-23T12:00:00Z"),
        ("end", "2026-11-23T12:30:00Z"),
        ("includeUnavailable", "true"),
    )


def test_availability_leaves_out_what_is_not_asked():
    call = connect.get_availability(
        calendar_id="c",
        appointment_type_id="a",
        start=NOON,
        end=LATER,
        resource_id="r",
        include_unavailable=None,
        step_length=5,
    )
    assert dict(call.query) | {"start": "", "end": ""} == {
        "calendarId": "c",
        "appointmentTypeId": "a",
        "start": "",
        "end": "",
        "resourceId": "r",
        "stepLength": "5",
    }
    only_free = connect.get_availability(
        calendar_id="c", appointment_type_id="a", start=NOON, end=LATER, include_unavailable=False
    )
    assert ("includeUnavailable", "false") in only_free.query


def test_lists_are_asked_with_their_filter():
    assert connect.list_blockers("c").query == (("calendarId", "c"),)
    assert connect.list_resource_slots("c").query == (("calendarId", "c"),)
    assert connect.list_resource_calendar_mappings().query == ()
    by_type = connect.list_appointment_type_resource_mappings("t")
    assert by_type.query == (("appointmentTypeId", "t"),)


def test_lead_is_sent_with_what_is_given():
    bare = connect.create_lead(table_id="t", lead_state_id="s", data={"a": "b"})
    assert body(bare) == {"tableId": "t", "leadStateId": "s", "data": {"a": "b"}}
    full = connect.create_lead(
        table_id="t",
        lead_state_id="s",
        data={},
        custom_field_data={"f": "1"},
        interested_in_appointment_type_id="apt",
    )
    assert body(full)["customFieldData"] == {"f": "1"}
    assert body(full)["interestedInAppointmentTypeId"] == "apt"


def test_patch_names_only_what_changes_and_nulls_what_goes():
    assert body(connect.patch_lead("e", {})) == {}
    changes = connect.LeadChanges(
        data={"old": None, "new": 1},
        follow_up_at=None,
        first_opened_at=datetime(2026, 11, 23, 17, 45, tzinfo=KATHMANDU),
        interested_in_appointment_type_id=None,
    )
    assert body(connect.patch_lead("e", changes)) == {
        "data": {"old": None, "new": 1},
        "followUpDate": None,
        "firstOpenedAt": "2026-11-23T12:00:00Z",
        "interestedInAppointmentTypeId": None,
    }


def test_patch_reads_a_mapping_as_a_journal_keeps_it():
    stored = {"follow_up_at": "2026-11-23T13:00:00+01:00", "lead_state_id": "ls"}
    sent = {"followUpDate": "2026-11-23T12:00:00Z", "leadStateId": "ls"}
    assert body(connect.patch_lead("e", stored)) == sent


@pytest.mark.parametrize(
    "changes",
    [
        {"followUpDate": None},
        {"data": None},
        {"custom_field_data": None},
        {"lead_state_id": None},
        {"follow_up_at": "tomorrow"},
        {"follow_up_at": "2026-11-23T12:00:00"},
        {"first_opened_at": datetime(2026, 11, 23)},
    ],
    ids=str,
)
def test_patch_that_would_be_a_guess_cannot_be_made(changes):
    with pytest.raises(ValueError, match=r"."):
        connect.patch_lead("e", changes)


def test_empty_id_is_not_a_collection():
    with pytest.raises(ValueError, match="needs an id"):
        connect.delete_booking("")


@given(st.text(min_size=1))
def test_any_id_stays_one_segment_of_the_path(identifier):
    path = connect.get_resource(identifier).path
    last = path.removeprefix("/connect/resources/")
    assert not set("/?# ") & set(last)
    assert last.strip(".")
    assert last.isascii()


def test_id_that_climbs_is_escaped():
    assert connect.get_calendar("..").path == "/connect/calendar/%2E%2E"
    assert connect.get_calendar("a/../b").path == "/connect/calendar/a%2F..%2Fb"


def test_call_prints_neither_body_nor_reader():
    text = repr(connect.create_lead(table_id="t", lead_state_id="s", data={"mail": "private"}))
    assert "private" not in text
    assert "create_lead" in text
    assert connect.list_calendars() == connect.list_calendars()


def test_reply_prints_neither_headers_nor_body():
    assert repr(connect.Reply(200, {"set-cookie": "x"}, b"secret")) == (
        "Reply(status=200, received_at=None)"
    )


def test_retry_date_counts_from_when_the_answer_came():
    headers = {"retry-after": "Sat, 21 Nov 2026 12:00:30 -0000"}
    received = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with pytest.raises(connect.RateLimited) as caught:
        connect.list_calendars().read(connect.Reply(429, headers, b"", received))
    assert caught.value.retry_after == 30
    with pytest.raises(connect.RateLimited) as caught:
        connect.list_calendars().read(connect.Reply(429, headers, b""))
    assert caught.value.retry_after is None


@pytest.mark.parametrize("header", ["nan", "-3", "inf", "1e400", "", "Mon, 99 Foo 9999999999"])
def test_odd_retry_after_is_harmless(header):
    with pytest.raises(connect.RateLimited) as caught:
        connect.list_calendars().read(connect.Reply(429, {"retry-after": header}, b""))
    assert caught.value.retry_after in {None, 0.0, 900.0}

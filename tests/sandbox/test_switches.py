"""Every switch of the contract's section 10: its default, its other values, what it refuses."""

import re
from datetime import timedelta

import pytest

from tests.sandbox.box import FULL, MONDAY, instant


def new_lead(box, **more):
    pool = box.pool()
    body = {"tableId": pool["id"], "leadStateId": pool["leadStates"][0]["id"], "data": {}}
    return box.write.post("table_entries/", json=body | more)


def patched(box, **body):
    lead = box.lead({"a": "1"})
    return box.write.patch(f"table_entries/{lead['id']}", json=body)


def test_every_switch_of_the_contract_is_there_with_its_default(box):
    names = set(box.get("switches"))
    contract = {
        "booking.link_field", "strict_body", "hidden_reads", "booking.include_deleted_at",
        "availability.default", "data.value_policy", "lead.contact_fields", "patch.null_member",
        "lookup.extra_fields", "lookup.missing_fields", "list.envelope", "id.style",
        "post.status", "inject.status", "inject.retry_after", "inject.html_error",
        "error.message_shape", "booking.full_message", "booking.full_status",
        "booking.validate_times", "booking.require_offered_slot", "org.mode", "path.slash",
        "length.unit", "datetime.style", "states.defaults", "lead.foreign_state",
        "slots.calendar_required", "rate.limit", "inject.timeout_after_commit",
        "flow.http.duplicate", "flow.http.delay", "flow.http.reorder", "flow.http.template",
        "form_hook.retry", "token.prefix", "check_order",
    }  # fmt: skip
    assert contract <= names
    assert (box.get("switches")["booking.link_field"], box.get("switches")["hidden_reads"]) == (
        "either", "off")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("booking.link_field", "lead"), ("hidden_reads", 1), ("rate.limit", -1),
        ("rate.limit", True), ("rate.limit", "many"), ("lookup.missing_fields", [1]),
        ("flow.http.template", "{"), ("booking.full_message", 7), ("no.such", "on"),
        ("inject.retry_after", "soon"), ("flow.http.delay", float("1e12")),
    ],
)  # fmt: skip
def test_values_that_will_not_do_change_nothing(box, name, value):
    before = box.get("switches")
    reply = box.control.patch("switches", json={"id.style": "prefixed", name: value})
    assert (reply.status_code, name in reply.json()["message"]) == (400, True)
    assert box.get("switches") == before


def test_null_puts_a_switch_back_and_booleans_mean_on_and_off(box):
    box.switch(hidden_reads=True)
    assert box.get("switches")["hidden_reads"] == "on"
    box.switch(hidden_reads=None)
    assert box.get("switches")["hidden_reads"] == "off"


@pytest.mark.parametrize(
    ("right", "wrong"), [("entryId", "tableEntryId"), ("tableEntryId", "entryId")]
)
def test_link_field(box, right, wrong):
    lead = box.lead()["id"]
    box.switch(booking__link_field=right)
    assert "tableEntryId" not in box.book(box.free(), **{wrong: lead}).json()
    assert box.book(box.free(), **{right: lead}).json()["tableEntryId"] == lead
    box.switch(booking__wrong_link_field="400")
    reply = box.book(box.free(), **{wrong: lead})
    assert (reply.status_code, wrong in reply.json()["message"]) == (400, True)


def test_strict_body(box):
    assert box.book(box.free(), colour="red").status_code == 201
    box.switch(strict_body="400")
    assert box.book(box.free(), colour="red").status_code == 400
    assert new_lead(box, colour="red").status_code == 400
    assert patched(box, tableId="x").status_code == 400
    assert box.book(box.free(), entryId=box.lead()["id"]).status_code == 201


def test_hidden_reads(box):
    lead = box.lead({"a": "1"})
    booking = box.book(box.free(), entryId=lead["id"]).json()
    box.switch(hidden_reads__status="405")
    assert box.read.get("table_entries/").status_code == 405
    box.switch(hidden_reads="on")
    assert lead in box.read.get("table_entries/").json()
    assert box.read.get(f"table_entries/{lead['id']}").json() == lead
    assert box.read.get(f"calendar_bookings/{booking['id']}").json() == booking
    assert booking in box.read.get("calendar_bookings/").json()
    assert box.other.get(f"table_entries/{lead['id']}").status_code == 404


def test_deleted_at(box):
    box.switch(booking__include_deleted_at="on")
    assert box.book(box.free()).json()["deletedAt"] is None


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [("any", [True, True, True]), ("strings", [True, False, False]),
        ("reject_objects", [True, True, False])],
)  # fmt: skip
def test_value_policy(box, policy, accepted):
    box.switch(data__value_policy=policy)
    values = ["text", ["list", 1], {"o": 1}]
    assert [new_lead(box, data={"x": value}).is_success for value in values] == accepted
    assert [patched(box, data={"x": value}).is_success for value in values] == accepted
    assert patched(box, data={"a": None}).json()["data"] == {}


def test_contact_fields_live_in_custom_fields(box):
    box.switch(lead__contact_fields="custom")
    lead = box.lead({"firstName": "A", "email": "a@example.org", "phone": "030"})
    assert lead["data"] == {"firstName": "A"}
    assert sorted(lead["customFieldData"].values()) == ["030", "a@example.org"]
    field = next(k for k, v in lead["customFieldData"].items() if v == "030")
    changed = box.write.patch(
        f"table_entries/{lead['id']}", json={"customFieldData": {field: None}}).json()  # fmt: skip
    assert list(changed["customFieldData"].values()) == ["a@example.org"]


@pytest.mark.parametrize(
    ("rule", "status", "left"),
    [("clear", 200, {}), ("ignore", 200, {"a": "1"}), ("400", 400, None)],
)
def test_null_for_a_whole_member(box, rule, status, left):
    box.switch(patch__null_member=rule)
    reply = patched(box, data=None)
    assert (reply.status_code, reply.json().get("data")) == (status, left)


def test_lookup_fields_more_and_fewer(box):
    box.switch(lookup__extra_fields="on", lookup__missing_fields=["name", "id", "tzdata"])
    (first, *_) = box.read.get("calendar/").json()
    assert "id" in first
    assert not {"name", "tzdata"} & set(first)
    assert "flags" in first


def test_list_envelope(box):
    bare = box.read.get("tables/").json()
    box.switch(list__envelope="data")
    assert box.read.get("tables/").json() == {"data": bare}
    assert box.read.get(f"tables/{bare[0]['id']}").json() == bare[0]


def test_id_style(box):
    assert re.fullmatch(r"[0-9a-f-]{36}", box.lead()["id"])
    box.switch(id__style="prefixed")
    assert re.fullmatch(r"entry_[0-9a-f]{24}", box.lead()["id"])
    assert box.book(box.free()).json()["id"].startswith("booking_")


def test_post_status(box):
    box.switch(post__status="200")
    assert (new_lead(box).status_code, box.book(box.free()).status_code) == (200, 200)


def test_injected_status_retry_after_and_html(box):
    box.switch(inject__status="429", inject__retry_after="5")
    reply = box.read.get("tables/")
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "5")
    box.switch(inject__status="503", inject__retry_after="date:5", inject__html_error="on")
    reply = box.read.get("tables/")
    assert (reply.status_code, reply.headers["Content-Type"]) == (503, "text/html")
    assert reply.headers["Retry-After"].endswith("GMT")
    assert box.get("calls")[-1]["fault"] == "switch"


def test_timeout_after_commit(box):
    slot = box.free()
    box.switch(inject__timeout_after_commit="on")
    with pytest.raises(Exception, match=r"reset|disconnected"):
        box.book(slot)
    assert box.read.get("tables/").status_code == 200
    assert len(box.get("bookings?source=connect")) == 1


def test_message_shape(box):
    box.switch(error__message_shape="array")
    assert box.read.get("tables/none").json() == {
        "statusCode": 404,
        "message": ["Lead pool not found"],
    }
    box.switch(error__message_shape="extra")
    assert box.read.get("tables/none").json()["error"] == "Not Found"


def test_full_message_and_status(box):
    slot = box.free()
    box.book(slot)
    assert box.book(slot).json()["message"] == FULL
    box.switch(booking__full_message="NO LONGER available!", booking__full_status="409")
    reply = box.book(slot)
    assert (reply.status_code, reply.json()["message"]) == (409, "NO LONGER available!")


def test_validate_times(box):
    past = box.free(start=MONDAY - timedelta(days=365))
    assert box.book(past).status_code == 201
    box.switch(booking__validate_times="strict")
    assert "future" in box.book(box.free(start=MONDAY - timedelta(days=365))).json()["message"]
    box.switch(booking__validate_times="off", booking__require_offered_slot="off")
    slot = box.free()
    assert box.book(slot | {"endDateTime": "2020-01-01T00:00:00Z"}).status_code == 201


def test_bookings_outside_the_offered_slots(box):
    night = {"startDateTime": "2026-11-24T01:07:00Z", "endDateTime": "2026-11-24T01:20:00Z"}
    wish = box.free() | night
    assert box.book(wish).status_code == 400
    box.switch(booking__require_offered_slot="off")
    assert [box.book(wish).status_code for _ in range(2)] == [201, 400]
    assert box.get("judge")["overbooked"] == []


def test_legacy_organisations(box):
    body = {"calendarId": box.ids["calendar", "Berlin Mitte"], "scheduleTypeId": "st",
        "startDateTime": "2026-11-24T10:00:00Z", "endDateTime": "2026-11-24T11:00:00Z"}  # fmt: skip
    assert box.write.post("calendar_bookings/", json=body).status_code == 400
    box.switch(org__mode="legacy")
    made = box.write.post("calendar_bookings/", json=body).json()
    assert (made["calendarScheduleTypeId"], "resourceId" in made) == ("st", False)
    assert box.write.post("calendar_bookings/", json=body).json()["message"] == FULL


@pytest.mark.parametrize(("unit", "length"), [("minutes", 30), ("seconds", 1800), ("hours", 0.5)])
def test_length_unit(box, unit, length):
    box.switch(length__unit=unit)
    kinds = {one["name"]: one for one in box.read.get("appointment_types/").json()}
    assert kinds["Erstberatung"]["bookingLength"] == length
    day = {"resource": "Jürgen Groß", "end": MONDAY + timedelta(days=1)}
    assert len(box.slots(**day, stepLength=str(length))) == 24


@pytest.mark.parametrize(
    ("style", "pattern"),
    [("z", r"T\d\d:\d\d:\d\dZ"), ("millis", r"T\d\d:\d\d:\d\d\.\d{3}Z"),
        ("offset", r"T\d\d:\d\d:\d\d\+01:00"), ("naive", r"T\d\d:\d\d:\d\d")],
)  # fmt: skip
def test_datetime_style(box, style, pattern):
    box.switch(datetime__style=style)
    slot = box.free()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d" + pattern, slot["startDateTime"])
    if style != "naive":
        assert instant(box.book(slot).json()["startDateTime"]) == instant(slot["startDateTime"])


def test_default_states(box):
    def defaults():
        pools = box.read.get("tables/").json()
        return {p["name"]: sum(s["default"] for s in p["leadStates"]) for p in pools}

    assert defaults() == {"Bestandskunden": 1, "Empfehlungen": 0, "Neue Anfragen": 1}
    box.switch(states__defaults="none")
    assert set(defaults().values()) == {0}
    box.switch(states__defaults="many")
    assert set(defaults().values()) == {2}


def test_foreign_state(box):
    pool = box.pool("Empfehlungen")
    own = {state["id"] for state in pool["leadStates"]}
    foreign = next(s["id"] for s in box.pool()["leadStates"] if s["id"] not in own)
    body = {"tableId": pool["id"], "leadStateId": foreign}
    assert new_lead(box, **body).json()["leadStateId"] == foreign
    box.switch(lead__foreign_state="refuse")
    assert new_lead(box, **body).status_code == 400
    box.switch(lead__foreign_state="answer")
    assert new_lead(box, tableId=pool["id"], leadStateId=min(own)).json()["leadStateId"] not in own


@pytest.mark.parametrize("noun", ["resource_slots/", "resource_slot_blockers/"])
def test_calendar_of_slot_lists(box, noun):
    assert box.read.get(noun).json()["message"] == "Validation failed: calendarId is required"
    box.switch(slots__calendar_required="off")
    calendars = {row["calendarId"] for row in box.read.get(noun).json()}
    assert len(calendars) > 1
    one = min(calendars)
    rows = box.read.get(noun, params={"calendarId": one}).json()
    assert {row["calendarId"] for row in rows} == {one}


def test_rate_limit_per_organisation(box):
    box.switch(rate__limit=2)
    assert [box.read.get("tables/").status_code for _ in range(3)] == [200, 200, 429]
    assert box.other.get("tables/").status_code == 200


def test_token_prefix(box):
    box.switch(token__prefix="rocketlead_test_")
    body = {"organisation": "Studio Südsee", "label": "t", "scope": "read"}
    secret = box.control.post("tokens", json=body).json()["secret"]
    assert secret.startswith("rocketlead_test_")
    assert box.client(secret).get("tables/").status_code == 200

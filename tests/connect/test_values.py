"""Bodies from hell: whatever arrives, the answer is a value or one of the tree."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingapp import connect
from tests.connect.samples import CALLS, NOON, SAMPLES

WHOLE = [one for one in SAMPLES if one.json is not None]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["2026-11-21T09:00:00Z", "9999-12-31T23:59:59-14:00", "", "true", "1e3"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
STATUS = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503])
PATIENT = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(call, status, body, headers=None):
    """A value, or an error of the tree; anything else fails the test by itself."""
    try:
        return call.read(connect.Reply(status, headers or {}, body))
    except connect.ConnectError as error:
        caught = error
    assert len(caught.message) <= 500
    assert caught.message.isprintable()
    caught.message.encode()
    return caught


def places(value, path=()):
    """Every place in a JSON value, itself included."""
    yield path
    if isinstance(value, (dict, list)):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[step], (*path, step))


def mutated(value, path, new):
    if not path:
        return new
    value = deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return value


@PATIENT
@given(st.data())
def test_one_wrong_member_never_escapes_the_tree(data):
    sample = data.draw(st.sampled_from(WHOLE))
    place = data.draw(st.sampled_from(list(places(sample.json))))
    body = mutated(sample.json, place, data.draw(JSON))
    read(sample.call, data.draw(STATUS), json.dumps(body).encode())


@PATIENT
@given(st.data())
def test_damaged_bytes_never_escape_the_tree(data):
    sample = data.draw(st.sampled_from(WHOLE))
    raw = bytearray(sample.body)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=4))
    read(sample.call, data.draw(STATUS), bytes(raw))


@PATIENT
@given(
    st.sampled_from(sorted(CALLS)),
    st.integers(100, 999),
    st.binary(max_size=60),
    st.dictionaries(st.sampled_from(["retry-after", "location", "date"]), st.text(max_size=20)),
)
def test_noise_never_escapes_the_tree(name, status, body, headers):
    read(CALLS[name], status, body, headers)


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"delete_booking"}))
def test_deep_nesting_is_unreadable(name):
    for body in (
        b"[" * 100_000,
        b'{"data":' * 100_000,
        b'{"id":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ):
        assert isinstance(read(CALLS[name], 200, body), connect.Unreadable)


@pytest.mark.parametrize("body", [b"NaN", b'{"id":NaN}', b'[{"id": Infinity}]', b"\xff\xfe", b"  "])
def test_what_is_not_json_is_malformed(body):
    error = read(connect.list_calendars(), 200, body)
    assert error.reason == "malformed"


def test_byte_order_mark_and_bad_utf8_are_forgiven():
    assert read(connect.get_calendar("c"), 200, b'\xef\xbb\xbf{"id":"c"}').id == "c"
    assert read(connect.get_calendar("c"), 200, b'{"id":"c","name":"M\xfcller"}').name == "M�ller"


def test_lead_with_data_alone_is_not_taken_for_a_wrapped_one():
    error = read(CALLS["create_lead"], 201, b'{"tableId":"t","data":{"id":"typed by somebody"}}')
    assert error.message == "$.id: is missing"


def test_instants_are_utc_on_the_quick_and_on_the_patient_way():
    slot = {
        "resourceId": "r",
        "startDateTime": "2026-11-23T13:00:00+01:00",
        "endDateTime": "2026-11-23T07:30:00-05:00",
        "maxParallelBookings": 1,
        "currentBookings": 0,
        "available": True,
    }
    call = CALLS["get_availability"]
    quick = read(call, 200, json.dumps({"data": [slot]}).encode())
    patient = read(call, 200, json.dumps({"data": [slot | {"available": 1}]}).encode())
    assert quick == patient
    assert quick.slots[0].starts_at == NOON
    assert quick.slots[0].starts_at.tzinfo is quick.slots[0].ends_at.tzinfo is UTC


def test_values_made_by_hand_keep_the_same_law():
    local = datetime(2026, 11, 23, 13, tzinfo=timezone(timedelta(hours=1)))
    assert connect.Booking(id="b", starts_at=local, ends_at=local).starts_at.tzinfo is UTC
    with pytest.raises(ValueError, match="offset"):
        connect.Booking(id="b", starts_at=local, ends_at=datetime(2026, 11, 23))
    with pytest.raises(AttributeError):
        connect.Calendar(id="c").name = "x"


def test_unknown_members_are_ignored_or_kept_aside():
    error = read(CALLS["book"], 201, b'{"id":"b","startDateTime":"x"}')
    assert "$.startDateTime" in error.message
    resource = read(CALLS["get_resource"], 200, b'{"id":"r","shoe":{"size":43},"color":null}')
    assert resource.extra == {"shoe": {"size": 43}}
    assert resource.colour == ""


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("get_resource", {"id": "r", "maxParallelBookings": "many"}, "a number was expected"),
        ("get_resource", {"id": "r", "maxParallelBookings": [1]}, "a number was expected"),
        ("get_resource", {"id": "r", "maxParallelBookings": True}, "a number was expected"),
        ("get_resource", {"id": "r", "maxParallelBookings": 10**400}, "a number was expected"),
        ("get_resource", {"id": "r", "name": {}}, "text was expected, not an object"),
        ("get_resource", {"id": "r", "name": True}, "text was expected, not true or false"),
        ("create_lead", {"id": "e", "data": []}, "an object was expected, not an array"),
        ("get_lead_pool", {"id": "t", "leadStates": {}}, "an array was expected, not an object"),
        ("get_lead_pool", {"id": "t", "leadStates": ["x"]}, "an object was expected"),
        ("list_blockers", "maintenance", "an array was expected, not this text"),
        ("list_blockers", ["x"], "an object was expected, not this text"),
    ],
)
def test_wrong_kind_of_member_is_named(name, body, message):
    error = read(CALLS[name], 200, json.dumps(body).encode())
    assert (type(error), error.reason) == (connect.Unreadable, "shape")
    assert message in error.message


def test_bare_lists_are_read_where_an_object_is_documented_only_for_slots():
    assert read(CALLS["get_availability"], 200, b"[]").slots == ()
    assert isinstance(read(CALLS["get_calendar"], 200, b"[]"), connect.Unreadable)


@pytest.mark.parametrize(
    ("told", "kept"),
    [("a\x00b", "ab"), ("\x00\x00", ""), ("a\\u0000b", "a\\u0000b"), ("a\\\x00b", "a\\b")],
)
def test_a_nul_in_a_text_is_left_out_and_what_looks_like_one_stays(told, kept):
    body = json.dumps({"id": "x", "data": {"name": told}}).encode()
    call = connect.create_lead(table_id="t", lead_state_id="s", data={})
    assert call.read(connect.Reply(200, body=body)).data == {"name": kept}

"""Every kind of fault, seen from the other end of the wire."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.sandbox.box import FULL, MAIN, OTHER

ENVELOPES = [
    ("status_400", 400, "Validation failed"),
    ("status_401", 401, "Unauthorized"),
    ("status_403", 403, "Forbidden"),
    ("status_404", 404, "Not Found"),
    ("status_500", 500, "Internal Server Error"),
    ("status_503", 503, "Service Unavailable"),
    ("status_429", 429, "Too Many Requests"),
    ("status_409", 409, "Conflict"),
]


@pytest.mark.parametrize(("kind", "status", "message"), ENVELOPES)
def test_status_with_the_envelope(box, kind, status, message):
    box.fault(kind, times=1)
    reply = box.read.get("tables/")
    assert (reply.status_code, reply.json()) == (status, {"statusCode": status, "message": message})
    assert box.read.get("tables/").status_code == 200


def test_502_is_a_proxys_html(box):
    box.fault("html_502")
    reply = box.read.get("tables/")
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")
    assert b"<h1>502 Bad Gateway</h1>" in reply.content


def test_retry_after_in_seconds_and_as_a_date(box):
    box.fault("status_429", times=1, params={"retry_after": "7"})
    assert box.read.get("tables/").headers["Retry-After"] == "7"
    box.fault("status_429", params={"retry_after": "date:30"})
    wait = parsedate_to_datetime(box.read.get("tables/").headers["Retry-After"]) - datetime.now(UTC)
    assert 28 < wait.total_seconds() < 32


def test_latency_delays_the_answer(box):
    box.fault("latency", params={"ms": 200}, times=1)
    since = time.monotonic()
    assert box.read.get("tables/").status_code == 200
    assert time.monotonic() - since >= 0.2
    assert box.get("calls")[-1]["durationMs"] >= 200


@pytest.mark.parametrize(("kind", "made"), [("reset_before", 0), ("reset_after_commit", 1)])
def test_reset_before_and_after_the_commit(box, kind, made):
    slot, lead = box.free(), box.lead()
    box.fault(kind, "POST", "/connect/calendar_bookings", times=1)
    with pytest.raises(httpx.ReadError):
        box.book(slot, entryId=lead["id"])
    assert len(box.get("bookings?source=connect")) == made
    assert (box.get("calls")[-1]["status"], box.get("calls")[-1]["fault"]) == (0, kind)
    again = box.book(slot, entryId=lead["id"])
    assert again.status_code == (400 if made else 201)
    assert box.get("judge") == {"overbooked": [], "duplicates": []}


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_hang_outlasts_the_callers_patience(box, when, made):
    slot = box.free()
    box.fault("hang", "POST", times=1, params={"seconds": 600, "when": when})
    with pytest.raises(httpx.ReadTimeout):
        box.write.post("calendar_bookings/", json=box.wish(slot), timeout=0.5)
    assert len(box.get("bookings?source=connect")) == made
    assert box.get("calls")[-1]["status"] is None


def test_who_hangs_does_not_wake_up_in_a_world_made_anew(box):
    slot = box.free()
    box.fault("hang", "POST", times=1, params={"seconds": 600})
    with ThreadPoolExecutor(1) as somebody:
        hanging = somebody.submit(box.book, slot)
        while not any(one["fault"] == "hang" for one in box.get("calls")):
            pass
        box.reset()
        with pytest.raises(httpx.ReadError):
            hanging.result(timeout=10)
    assert box.get("bookings?source=connect") == []


@pytest.mark.parametrize("kind", ["status_500", "html_502", "status_503", "status_409"])
def test_status_after_the_commit(box, kind):
    box.fault(kind, "POST", times=1, params={"when": "after"})
    assert box.book(box.free()).status_code == int(kind[-3:])
    assert len(box.get("bookings?source=connect")) == 1


def test_malformed_and_empty_bodies(box):
    box.fault("malformed", times=1)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter|Invalid"):
        box.read.get("calendar/").json()
    box.fault("empty", times=1)
    reply = box.read.get("calendar/")
    assert (reply.status_code, reply.content) == (200, b"")


def test_truncated_body_breaks_off(box):
    box.fault("truncated", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        box.read.get("calendar/")
    assert box.read.get("calendar/").status_code == 200


def test_huge_body_is_as_large_as_asked(box):
    box.fault("huge", times=1, params={"megabytes": 3})
    reply = box.read.get("calendar/")
    assert len(reply.content) > 3_000_000
    assert reply.json() == box.read.get("calendar/").json()


def test_redirect_to_another_host(box):
    box.fault("redirect", params={"location": "http://elsewhere.invalid/x", "status": 307})
    reply = box.write.post("table_entries/", json={})
    assert (reply.status_code, reply.headers["Location"]) == (307, "http://elsewhere.invalid/x")


def test_rate_limit_lets_so_many_pass(box):
    box.fault("rate_limit", params={"per_minute": 3})
    replies = [box.read.get("tables/") for _ in range(5)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
    assert 0 < int(replies[-1].headers["Retry-After"]) <= 60


def test_slot_stolen_just_before_the_second_booking(box):
    box.fault("steal_slot", "POST", "/connect/calendar_bookings/", after=1, times=1)
    assert box.book(box.free()).status_code == 201
    slot = box.free("Behandlungsraum 1", seats=3)
    reply = box.book(slot)
    assert (reply.status_code, reply.json()["message"]) == (400, FULL)
    assert len(box.get("bookings?source=stolen")) == 3
    assert box.get("judge") == {"overbooked": [], "duplicates": []}
    assert box.book(box.free()).status_code == 201


def test_rule_matches_method_path_and_organisation(box):
    match = {"method": "get", "path_regex": "^/connect/(tables|calendar)/$", "organisation": OTHER}
    box.control.post("faults", json={"kind": "status_500", "match": match})
    assert box.read.get("tables/").status_code == 200
    assert box.other.get("resources/").status_code == 200
    assert box.other.options("tables/").status_code == 204
    assert box.other.get("tables/").status_code == 500
    assert box.get("calls")[-1]["organisation"] == OTHER != MAIN


def test_times_after_and_removal(box):
    rule = box.fault("status_500", "GET", times=2, after=1)
    assert [box.read.get("tables/").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    (told,) = box.get("faults")
    assert (told["matched"], told["used"]) == (5, 2)
    assert box.control.delete(f"faults/{rule['id']}").status_code == 204
    assert box.control.delete(f"faults/{rule['id']}").status_code == 404
    box.fault("status_500")
    assert box.control.delete("faults").status_code == 204
    assert box.read.get("tables/").status_code == 200


def test_probability_is_the_same_for_the_same_seed(box):
    def outcome():
        box.control.delete("faults")
        box.fault("status_500", probability=0.5, seed=3)
        return [box.read.get("tables/").status_code for _ in range(12)]

    first = outcome()
    assert set(first) == {200, 500}
    assert outcome() == first


def test_latency_and_another_fault_meet_in_one_call(box):
    box.fault("latency", params={"ms": 100})
    box.fault("status_503", times=1)
    assert box.read.get("tables/").status_code == 503
    assert box.get("calls")[-1]["fault"] == "latency, status_503"


@pytest.mark.parametrize(
    "rule",
    [
        {}, {"kind": "fire"}, {"kind": "latency", "params": {"ms": -1}},
        {"kind": "latency", "params": {"s": 1}}, {"kind": "hang", "params": {"when": "never"}},
        {"kind": "empty", "times": "many"}, {"kind": "empty", "probability": 2},
        {"kind": "empty", "match": {"path_regex": "("}}, {"kind": "empty", "match": {"host": "x"}},
        {"kind": "status_429", "params": {"retry_after": "soon"}}, {"kind": "empty", "x": 1},
        {"kind": "redirect", "params": {"status": 200}}, {"kind": "empty", "match": []},
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_400(box, rule):
    reply = box.control.post("faults", json=rule)
    assert (reply.status_code, box.get("faults")) == (400, [])
    assert reply.json()["message"]

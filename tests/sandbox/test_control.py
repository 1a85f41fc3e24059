"""The control API: who may use it, the log of calls, the judge, the console, the reset."""

import sqlite3
from contextlib import closing

import httpx
import pytest

from tests.sandbox.box import FULL, MAIN, TODAY

SECRETS = "rocketlead_"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "sandbox.example.org"}, {"Host": "127.0.0.1.example.org"}, {"Host": "["},
        {"Origin": "http://example.org"}, {"Origin": "null"}, {"Origin": "https://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("path", ["_sandbox/api/switches", ""])
def test_strangers_are_refused(box, headers, path):
    assert httpx.get(f"{box.url}/{path}", headers=headers).status_code == 403


def test_own_origin_and_localhost_are_welcome(box):
    port = box.url.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        assert httpx.get(f"{box.url}/_sandbox/api/faults", headers=headers).status_code == 200


def test_connect_itself_answers_under_any_name(box):
    headers = {"Host": "api.rocketlead.io"}
    assert box.read.get("tables/", headers=headers).status_code == 200


def test_log_tells_each_call_and_never_a_secret(box):
    secret = box.secrets[MAIN, "write"]
    body = {"data": {"note": secret}, "tableId": "x"}
    box.write.post("table_entries/", params={"q": secret}, json=body)
    httpx.get(f"{box.url}/connect/tables/")
    first, second = box.get("calls")
    assert (first["number"], first["method"], first["path"], first["status"]) == (
        1, "POST", "/connect/table_entries/", 404)  # fmt: skip
    assert (first["organisation"], first["token"], first["fault"]) == (MAIN, "write", None)
    assert first["body"]["tableId"] == "x"
    assert first["durationMs"] > 0
    assert (second["number"], second["organisation"], second["token"]) == (2, None, None)
    everything = box.control.get("calls").text
    assert secret[16:] not in everything
    assert box.control.delete("calls").status_code == 204
    assert box.get("calls") == []


def test_no_answer_of_the_control_api_holds_a_secret(box):
    for what in ("switches", "faults", "calls", "bookings", "leads", "events", "tokens", "judge"):
        text = box.control.get(what).text
        assert not any(secret in text for secret in box.secrets.values())


def test_console_books_the_same_seats(box):
    slot = box.free()
    made = box.control.post("bookings", json=box.wish(slot)).json()
    assert (made["source"], made["startDateTime"]) == ("console", slot["startDateTime"])
    assert box.book(slot).json()["message"] == FULL
    assert box.control.post("bookings", json=box.wish(slot)).status_code == 400
    assert [one["apiTokenId"] for one in box.get("events")] == [None] * 3
    assert box.control.delete(f"bookings/{made['id']}").status_code == 204
    assert box.control.delete(f"bookings/{made['id']}").status_code == 404
    assert box.book(slot).status_code == 201


def test_judge_sees_the_same_lead_twice_at_once(box):
    lead = box.lead()["id"]
    start = box.free("Kursraum", seats=8)
    assert [box.book(start, entryId=lead).status_code for _ in range(2)] == [201, 201]
    (found,) = box.get("judge")["duplicates"]
    assert (found["leadId"], found["startDateTime"]) == (lead, start["startDateTime"])
    assert (found["same"], len(found["bookingIds"])) == (["type", "resource"], 2)


def test_judge_sees_one_lead_with_two_resources_at_the_same_time(box):
    lead = box.lead()["id"]
    first = box.free()
    second = next(s for s in box.slots() if s["available"]
        and s["startDateTime"] == first["startDateTime"]
        and s["resourceId"] != first["resourceId"])  # fmt: skip
    for slot in (first, second):
        assert box.book(slot, entryId=lead).status_code == 201
    (found,) = box.get("judge")["duplicates"]
    assert found["same"] == ["type"]


def test_judge_sees_a_resource_overbooked(box):
    slot = box.free()
    made = box.book(slot).json()
    # No call can do this, so the row is doubled behind the sandbox's back.
    with closing(sqlite3.connect(box.folder / "sandbox.sqlite3")) as database, database:
        row = database.execute("SELECT * FROM sandbox_booking WHERE id = ?", [made["id"]])
        columns = [column[0] for column in row.description]
        values = dict(zip(columns, row.fetchone(), strict=True)) | {"id": "twin"}
        marks = ", ".join("?" * len(columns))
        database.execute(f"INSERT INTO sandbox_booking VALUES ({marks})", list(values.values()))
    (found,) = box.get("judge")["overbooked"]
    assert (found["resourceId"], found["at"]) == (slot["resourceId"], slot["startDateTime"])
    assert (found["capacity"], found["bookings"]) == (1, 2)
    assert sorted(found["bookingIds"]) == sorted([made["id"], "twin"])


def test_seeded_world_is_clean_and_lived_in(box):
    assert box.get("judge") == {"overbooked": [], "duplicates": []}
    slots = box.slots()
    seats = sum(slot["maxParallelBookings"] for slot in slots)
    taken = sum(slot["currentBookings"] for slot in slots)
    assert 0.25 < taken / seats < 0.45
    assert any(slot["currentBookings"] == slot["maxParallelBookings"] > 1 for slot in slots)
    assert len(box.get("leads")) == 240


def test_reset_puts_everything_back(box):
    before = {what: box.get(what) for what in ("switches", "leads", "bookings", "tokens")}
    lead = box.lead({"a": "1"})
    seeded = next(one for one in before["leads"] if one["organisation"] == MAIN)
    box.write.patch(f"table_entries/{seeded['id']}", json={"data": {"x": "1"}})
    box.book(box.free(), entryId=lead["id"])
    gone = next(one for one in before["bookings"] if one["organisation"] == MAIN)
    assert box.admin.delete(f"calendar_bookings/{gone['id']}").status_code == 204
    box.control.post("tokens/read/revoke", params={"organisation": MAIN})
    box.switch(id__style="prefixed", rate__limit=1)
    box.fault("status_500")
    assert box.control.post("reset").json() == {"seed": 7, "today": TODAY}
    assert {what: box.get(what) for what in before} == before
    assert (box.get("faults"), box.get("calls"), box.get("events")) == ([], [], [])
    assert box.read.get("tables/").status_code == 200


def test_reset_to_another_seed_is_another_world(box):
    ids = {one["id"] for one in box.get("leads")}
    reply = box.control.post("reset", json={"seed": 8, "today": "2027-01-04"})
    assert reply.json() == {"seed": 8, "today": "2027-01-04"}
    assert box.read.get("tables/").status_code == 401  # the tokens come from the seed
    assert not ids & {one["id"] for one in box.get("leads")}
    box.reset()
    assert {one["id"] for one in box.get("leads")} == ids


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "switches", {}, 405), ("POST", "reset", {"seed": "x"}, 400),
        ("POST", "reset", {"today": "soon"}, 400), ("POST", "tokens", {}, 404),
        ("POST", "tokens", {"organisation": MAIN, "label": "x", "scope": "root"}, 400),
        ("POST", "tokens/none/revoke", {}, 404), ("POST", "tokens/read/revoke", {}, 400),
        ("POST", "bookings", {}, 404), ("GET", "nothing", None, 404),
        ("PATCH", "tokens/read", {"organisation": MAIN, "scope": 7}, 400),
    ],
)  # fmt: skip
def test_mistakes_are_told(box, method, path, body, status):
    reply = box.control.request(method, path, json=body)
    assert (reply.status_code, reply.json()["statusCode"]) == (status, status)


def test_body_that_is_not_json_is_told(box):
    assert box.control.patch("switches", content=b"{").status_code == 400
    assert box.control.post("faults", content=b"[1]").status_code == 400

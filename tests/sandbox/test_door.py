"""Tokens, scopes, paths and the order of checks (contract sections 2 and 3)."""

import httpx
import pytest

from tests.sandbox.box import MAIN, OTHER

UNAUTHORISED = {"statusCode": 401, "message": "Unauthorized"}


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer rocketlead_live_" + "0" * 64, "Bearer abc", "Basic x"],
)
def test_token_missing_or_unknown_is_401(box, header):
    headers = {} if header is None else {"Authorization": header}
    reply = httpx.get(f"{box.url}/connect/tables/", headers=headers)
    assert (reply.status_code, reply.json()) == (401, UNAUTHORISED)


def test_token_without_the_prefix_is_401(box):
    reply = box.client(box.secrets[MAIN, "read"].removeprefix("rocketlead_")).get("tables/")
    assert (reply.status_code, reply.json()) == (401, UNAUTHORISED)


def test_seeded_tokens_have_the_documented_shape(box):
    for secret in box.secrets.values():
        prefix, digits = secret[:16], secret[16:]
        assert (prefix, len(digits)) == ("rocketlead_live_", 64)
        assert set(digits) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read", "GET", "tables/", 200),
        ("read", "HEAD", "tables/", 200),
        ("read", "OPTIONS", "tables/", 204),
        ("read", "POST", "table_entries/", 403),
        ("read", "PATCH", "table_entries/unknown", 403),
        ("read", "DELETE", "calendar_bookings/unknown", 403),
        ("write", "POST", "table_entries/", 400),
        ("write", "PATCH", "table_entries/unknown", 404),
        ("write", "PUT", "table_entries/unknown", 405),
        ("write", "DELETE", "calendar_bookings/unknown", 403),
        ("admin", "DELETE", "calendar_bookings/unknown", 404),
        ("admin", "DELETE", "table_entries/unknown", 405),
        ("admin", "GET", "nothing/", 404),
    ],
)
def test_scope_goes_by_method(box, scope, method, path, status):
    body = {"json": {}} if method in {"POST", "PATCH"} else {}
    reply = box.clients[MAIN, scope].request(method, path, **body)
    assert reply.status_code == status
    if status >= 400:
        assert reply.json()["statusCode"] == status


def test_head_and_options_answer_without_a_body(box):
    assert box.read.head("tables/").content == b""
    options = box.read.options("calendar_bookings/")
    assert (options.content, options.headers["Allow"]) == (b"", "POST, OPTIONS")


@pytest.mark.parametrize("noun", ["tables", "calendar", "resources", "appointment_types"])
def test_foreign_ids_are_404(box, noun):
    foreign = box.other.get(f"{noun}/").json()[0]["id"]
    assert box.read.get(f"{noun}/{foreign}").status_code == 404
    assert box.other.get(f"{noun}/{foreign}").status_code == 200


def test_foreign_ids_in_bodies_and_queries_are_404(box):
    slot = box.free()
    for name, noun in (("calendarId", "calendar"), ("resourceId", "resources"),
            ("appointmentTypeId", "appointment_types")):  # fmt: skip
        foreign = box.other.get(f"{noun}/").json()[0]["id"]
        reply = box.write.post("calendar_bookings/", json=box.wish(slot) | {name: foreign})
        assert (reply.status_code, name) == (404, name)
    lead = box.lead()
    assert box.other.patch(f"table_entries/{lead['id']}", json={"data": {}}).status_code == 404
    booking = box.book(slot).json()
    assert box.other.delete(f"calendar_bookings/{booking['id']}").status_code == 404
    assert box.admin.delete(f"calendar_bookings/{booking['id']}").status_code == 204


def test_revoked_and_expired_tokens_are_401_until_restored(box):
    where = {"organisation": MAIN}
    box.control.post("tokens/write/revoke", params=where).raise_for_status()
    assert box.write.get("tables/").status_code == 401
    assert box.read.get("tables/").status_code == 200
    box.control.post("tokens/write/restore", params=where).raise_for_status()
    assert box.write.get("tables/").status_code == 200
    box.control.patch("tokens/write", params=where, json={"expiresAt": "2020-01-01T00:00:00Z"})
    assert box.write.get("tables/").status_code == 401


def test_changed_scope_counts_at_once(box):
    box.control.patch("tokens/read", params={"organisation": MAIN}, json={"scope": "write"})
    assert box.read.post("table_entries/", json={}).status_code == 400


def test_minted_token_works_and_keeps_its_secret_to_itself(box):
    body = {"organisation": OTHER, "label": "extra", "scope": "read"}
    secret = box.control.post("tokens", json=body).json()["secret"]
    assert box.client(secret).get("tables/").json() == box.other.get("tables/").json()
    told = next(one for one in box.get("tokens") if one["label"] == "extra")
    assert told["lastFour"] == secret[-4:]
    assert secret not in box.control.get("tokens").text
    assert told["lastUsedAt"] is not None


@pytest.mark.parametrize("path", ["tables", "tables/x/", "calendar", "availability"])
def test_wrong_slash_is_404_by_default(box, path):
    assert box.read.get(path).status_code == 404


def test_wrong_slash_redirects_or_is_accepted_by_switch(box):
    box.switch(path__slash="redirect")
    reply = box.read.get("tables", params={"a": "b"})
    assert (reply.status_code, reply.headers["Location"]) == (308, "/connect/tables/?a=b")
    box.switch(path__slash="lenient")
    assert box.read.get("tables").json() == box.read.get("tables/").json()


def test_check_order_decides_between_403_404_and_400(box):
    unknown = "table_entries/unknown"
    assert box.read.patch(unknown, json={}).status_code == 403
    box.switch(check_order="token,existence,scope,body")
    assert box.read.patch(unknown, json={}).status_code == 404
    assert box.write.patch(unknown, json={"data": 1}).status_code == 404
    box.switch(check_order="token,scope,body,existence")
    assert box.write.patch(unknown, json={"data": 1}).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 5000])
def test_body_that_is_no_object_is_400(box, body):
    for path in ("table_entries/", "calendar_bookings/"):
        reply = box.write.post(path, content=body)
        assert (reply.status_code, reply.json()["statusCode"]) == (400, 400)


def test_deeply_nested_data_is_answered(box):
    deep = b'{"data":{"a":' + b'{"a":' * 700 + b"1" + b"}" * 701 + b"}"
    lead = box.lead()
    assert box.write.patch(f"table_entries/{lead['id']}", content=deep).status_code in {200, 400}


def test_huge_body_is_413_and_the_server_lives(box):
    reply = box.write.post("table_entries/", content=b'{"data":"' + b"x" * 2_000_000 + b'"}')
    assert (reply.status_code, reply.json()["statusCode"]) == (413, 413)
    assert box.read.get("tables/").status_code == 200


def test_paths_outside_the_api_are_404_with_the_envelope(box):
    reply = httpx.get(f"{box.url}/elsewhere")
    assert (reply.status_code, reply.json()) == (404, {"statusCode": 404, "message": "Not Found"})

"""A whole day at a desk, and then what somebody finds who gets hold of its database and logs."""

import html
import json
import re
import uuid

import pytest
from cryptography.fernet import Fernet

from tests.journeys.place import find_place, leads
from tests.support import dump
from tests.support.importing import begin_import
from tests.support.session import forms

pytestmark = pytest.mark.processes

NAME, PHONE, EMAIL = "Änne Zwiebelhaube", "0170 55501234", "aenne.zwiebel@example.net"
NOTE, WHY = "Hat Angst vor Spritzen", "Enkelin im Krankenhaus"
SUBMITTED = {"vorname": "Liselotte", "email": "liselotte.quast@example.net"}
WRONG_PASSWORD = "Kaninchenstall-77"


def one_seat(capacity, booked):
    return (capacity, booked) == (1, 0)


def at_rest(desk, *, least):
    states = [row["state"] for row in desk.sql("SELECT state FROM domain_write")]
    return len(states) >= least and not {"due", "sending", "held", "checking"} & set(states)


def whole_day(desk):
    """Returns the secret of the inbound hook."""
    session, manager = desk.sign_in("staff"), desk.sign_in("manager")
    desk.visitor().post("/sign-in/", data={"login": "staff", "password": WRONG_PASSWORD})
    place = find_place(desk, one_seat)
    pool = desk.sql(
        "SELECT p.id FROM domain_leadpool p JOIN domain_poolstate s ON s.pool_id = p.id"
        ' JOIN domain_organisation o ON o.id = p.organisation_id WHERE s."default"'
        " ORDER BY o.name LIMIT 1"
    )[0]["id"]
    new = place.fields("new", pool=pool, name=NAME, phone=PHONE, email=EMAIL)
    booked = session.post(place.address, data=new).headers["Location"]
    desk.wait_for(lambda: "Booked: Connect" in session.get(booked).text, 90, what="the booking")
    lead = uuid.UUID(str(desk.sql("SELECT lead_id FROM domain_booking")[0]["lead_id"]))
    here = f"/o/{place.slug}"
    assert session.post(f"{here}/leads/{lead}/notes/", data={"note": NOTE}).status_code == 302
    # Looked for, shown, handed out.
    assert NAME in session.get(f"{here}/pools/{pool}/", params={"text": "Zwiebelhaube"}).text
    assert NAME in manager.get(f"{here}/pools/{pool}/export.csv").text
    # A time that is gone: what was typed is kept in the session.
    session.post(place.address, data=place.fields("new", pool=pool, name=NAME, phone=PHONE))
    hook = json.loads(desk.manage("open_hooks", "--organisation", desk.organisations[0]))
    body = {"formId": "f1", "submittedAt": "2026-01-01T10:00:00Z", "data": SUBMITTED}
    assert desk.visitor().post(hook["forms"], json=body).status_code < 300
    begin_import(desk, "create", 3)
    desk.sandbox.fault("reset_after_commit", times=1, match={"method": "DELETE"})
    cancel(session, booked)
    desk.wait_for(lambda: at_rest(desk, least=5), 120, what="all writes")
    return hook["forms"].split("/")[-2]


def cancel(session, page):
    found = re.search(r'href="([^"]+/cancel/)"', session.get(page).text)
    form = next(iter(forms(session.get(found[1]).text, "/cancel/")))
    assert session.submit(form, note=WHY).status_code == 302


def needles(desk, hook):
    """Words and texts that nobody may find: of all seeded leads, what was typed, all secrets."""
    told = json.loads((desk.template.place / "told.json").read_text())
    known = [
        json.loads(line)["data"] for text in told["leads"].values() for line in text.splitlines()
    ]
    names = [str(one.get(key) or "") for one in known for key in ("name", "firstName", "lastName")]
    ways = [str(one.get(key) or "") for one in known for key in ("email", "phone")]
    typed = [NAME, PHONE, EMAIL, NOTE, WHY, *SUBMITTED.values(), WRONG_PASSWORD, "Jörg Nr1"]
    digits = ["".join(filter(str.isdigit, way)) for way in ways]
    world = desk.template.world
    secrets = [token["secret"] for one in world["organisations"] for token in one["tokens"]]
    secrets += [person["password"] for person in world["people"]]
    words = {word for name in [*names, *typed] for word in re.findall(r"\w+", name)}
    whole = [name for name in names if " " in name]
    return words, {*whole, *ways, *digits, *typed, *secrets, hook}


def really_kept(desk):
    """Nothing of it is missing only because nothing of it was kept."""
    opened = {table: str(desk.sql(f"SELECT * FROM domain_{table}")) for table in (
        "lead", "leadevent", "write", "attempt", "booking", "delivery", "importrow"
    )}  # fmt: skip
    assert NAME in opened["lead"]
    assert NOTE in opened["leadevent"]
    assert WHY in opened["write"]
    assert "Zwiebelhaube" in opened["attempt"]
    assert SUBMITTED["email"] in opened["delivery"]
    assert "Nr1" in opened["importrow"]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_dump_and_all_logs_of_a_day_name_nobody_and_no_secret(make_desk, request, database):
    server = request.getfixturevalue("postgres") if database == "postgres" else None
    desk = make_desk(postgres=server)
    words, texts = needles(desk, whole_day(desk))
    really_kept(desk)
    assert sum(1 for name, _ in dump.files(desk) if "logs" in name) >= 2
    assert dump.search(desk, words, texts) == []
    # And it would have been found.
    desk.sql("UPDATE domain_lead SET interested_in_connect_id = 'of Zwiebelhaube'")
    (desk.folder / "logs" / "web.log").open("a").write(f"of {EMAIL}")
    found = {where for where, _ in dump.search(desk, words, texts)}
    assert {"domain_lead.interested_in_connect_id", "logs/web.log"} <= found


def test_keys_are_rotated_while_the_desk_works(make_desk):
    desk = make_desk()
    old, new = desk.template.keys()["TOKEN_KEYS"], Fernet.generate_key().decode()
    session = desk.sign_in("staff")
    place = find_place(desk, one_seat)
    first, second, third = leads(desk, 3)
    with_keys(desk, f"{new},{old}")
    desk.sandbox.fault("latency", ms=2000, times=1, match={"method": "POST"})
    session.post(place.address, data=place.fields(first))
    assert "sealed anew" in desk.manage("rotate_token_keys")
    desk.wait_for(lambda: at_rest(desk, least=1), 90, what="the booking during the rotation")
    assert "\n0 values sealed anew" in desk.manage("rotate_token_keys")
    with_keys(desk, new)
    # The same browser goes on, a lead is found by its words, and the tokens open.
    known = desk.sql("SELECT name FROM domain_lead WHERE id = %s", uuid.UUID(second).hex)
    name = known[0]["name"]
    assert name in html.unescape(session.get(f"/o/{place.slug}/leads/{second}/").text)
    assert second in session.part(f"/o/{place.slug}/leads/search/", params={"q": name}).text
    other = find_place(desk, one_seat, skip=[place])
    session.post(other.address, data=other.fields(third))
    desk.wait_for(lambda: at_rest(desk, least=2), 90, what="a booking with the new key alone")
    assert [row["state"] for row in desk.sql("SELECT state FROM domain_write")] == ["done"] * 2


def with_keys(desk, keys):
    """Web server and workers with these TOKEN_KEYS, as an operator restarts them."""
    desk.more["TOKEN_KEYS"] = keys
    for child in (*desk.workers, desk.web):
        child.stop()
    desk.web, desk.workers = desk._web(), [desk._worker(0)]
    for child in (*desk.workers, desk.web):
        child.start()
    desk.ready(*desk.workers, desk.web)

"""Many hands at once, against real web, worker, queue and sandbox processes."""

import html
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.place import find_place, leads
from tests.support.session import HTMX

pytestmark = pytest.mark.processes


def last_seat(capacity, booked):
    return capacity > 1 and capacity - booked == 1


def one_seat(capacity, booked):
    return (capacity, booked) == (1, 0)


def writes(desk):
    return desk.sql("SELECT * FROM domain_write WHERE kind = 'book'")


def result(write):
    kept = write["result"]
    return json.loads(kept) if isinstance(kept, str) else kept


def at_rest(desk):
    return {write["state"] for write in writes(desk)} <= {"done", "asking", "stuck", "refused"}


def booking_posts(desk):
    return desk.sandbox.calls("POST", "/connect/calendar_bookings/")


def assert_found_by_ending(desk, session, slug):
    """Search works alike on both databases: the last four digits find their lead."""
    known = desk.sql(
        "SELECT l.name, l.phone FROM domain_lead l JOIN domain_organisation o"
        " ON o.id = l.organisation_id WHERE o.slug = %s AND l.phone != ''"
        " ORDER BY l.sort_name LIMIT 1",
        slug,
    )[0]
    digits = "".join(char for char in known["phone"] if char.isdigit())
    reply = session.get(f"/o/{slug}/leads/search/", params={"q": digits[-4:]}, headers=HTMX)
    assert known["name"] in html.unescape(reply.text)


def assert_many_tabs_make_one_mark(desk, session, place):
    """On the waiting list, on both databases."""
    [lead] = leads(desk, 1)
    day = place.slot["startDateTime"][:10]
    mark = {"calendar": place.calendar, "type": place.kind, "from_day": day, "until_day": day}
    replies = ask_all(session, f"/o/{place.slug}/leads/{lead}/waiting/", [mark] * 8)
    assert {reply.status_code for reply in replies} == {302}
    assert len(desk.sql("SELECT id FROM domain_waitingmark")) == 1


def ask_all(session, address, forms):
    with ThreadPoolExecutor(len(forms)) as people:
        return list(people.map(lambda form: session.post(address, data=form), forms))


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_fifty_people_race_for_the_last_seat(make_desk, request, database):
    server = request.getfixturevalue("postgres") if database == "postgres" else None
    desk = make_desk(postgres=server)
    place = find_place(desk, last_seat)
    session = desk.sign_in("staff")
    forms = [place.fields(lead) for lead in leads(desk, 50)]
    replies = ask_all(session, place.address, forms)
    assert {reply.status_code for reply in replies} == {302}
    desk.wait_for(lambda: len(writes(desk)) == 50 and at_rest(desk), 90, what="all 50 told")
    assert Counter(write["state"] for write in writes(desk)) == {"done": 1, "asking": 49}
    assert all(result(w)["alternatives"] for w in writes(desk) if w["state"] == "asking")
    made = desk.sandbox.bookings("connect")
    assert [row["startDateTime"] for row in made] == [place.slot["startDateTime"]]
    assert desk.sandbox.judge() == {"overbooked": [], "duplicates": []}
    assert_found_by_ending(desk, session, place.slug)
    assert_many_tabs_make_one_mark(desk, session, place)


def test_the_same_form_ten_times_and_again_later_is_one_booking(desk):
    place = find_place(desk, one_seat)
    session = desk.sign_in("staff")
    form = place.fields(leads(desk, 1)[0])
    replies = ask_all(session, place.address, [form] * 10)
    assert len({reply.headers.get("location") for reply in replies}) == 1
    desk.wait_for(lambda: [w["state"] for w in writes(desk)] == ["done"], what="one booking")
    again = session.post(place.address, data=form)
    assert again.headers["location"] == replies[0].headers["location"]
    assert (len(writes(desk)), len(booking_posts(desk))) == (1, 1)


def test_a_new_lead_sent_ten_times_is_one_lead_and_one_booking(desk):
    place = find_place(desk, one_seat)
    pool = desk.sql(
        "SELECT p.id FROM domain_leadpool p JOIN domain_poolstate s ON s.pool_id = p.id"
        ' JOIN domain_organisation o ON o.id = p.organisation_id WHERE s."default"'
        " ORDER BY o.name LIMIT 1"
    )[0]["id"]
    form = place.fields("new", pool=pool, name="Änne Zehnfach", phone="0170 5550123")
    session = desk.sign_in("staff")
    ask_all(session, place.address, [form] * 10)
    desk.wait_for(lambda: [w["state"] for w in writes(desk)] == ["done"], what="one booking")
    assert len(desk.sandbox.calls("POST", "/connect/table_entries/")) == 1
    assert len(booking_posts(desk)) == 1


def test_reset_after_commit_ends_under_needs_you_with_one_call(desk):
    desk.sandbox.fault("reset_after_commit", times=1, match={"method": "POST"})
    place = find_place(desk, one_seat)
    session = desk.sign_in("staff")
    session.post(place.address, data=place.fields(leads(desk, 1)[0]))
    desk.wait_for(lambda: [w["state"] for w in writes(desk)] == ["stuck"], 60, what="stuck")
    assert len(booking_posts(desk)) == 1
    page = session.get("/needs-you/").text
    assert "settlement" in page
    assert desk.sandbox.judge()["duplicates"] == []


def test_a_token_revoked_midway_pauses_and_resumes(desk):
    organisation = desk.organisations[0]
    place = find_place(desk, one_seat)
    session = desk.sign_in("staff")
    for label in ("write", "admin"):
        desk.sandbox.revoke(label, organisation)
    first, second = leads(desk, 2)
    session.post(place.address, data=place.fields(first))
    session.post(place.address, data=place.fields(second))
    desk.wait_for(
        lambda: (
            [w["reason"] for w in writes(desk)] == ["token_rejected"] * 2
            or {w["reason"] for w in writes(desk)} <= {"token_rejected", "no_token"}
        ),
        what="both paused",
    )
    told = desk.sql("SELECT * FROM domain_auditevent WHERE action = 'writes.paused'")
    assert len(told) == 1
    secret = desk.sandbox.mint(organisation, "fresh", "write")
    document = {
        "organisations": [
            {
                "name": organisation,
                "connect_url": desk.sandbox.url,
                "tokens": [{"secret": secret, "label": "fresh"}],
            }
        ]
    }
    desk.manage("provision", "-", given=json.dumps(document))
    desk.wait_for(lambda: at_rest(desk), 60, what="both settled")
    assert sorted(w["state"] for w in writes(desk)) == ["asking", "done"]


def test_the_answer_to_a_booking_is_read_from_the_row(desk):
    """Connect takes its time; the person is answered at once, and nothing says booked yet."""
    desk.sandbox.fault("latency", match={"method": "POST"}, ms=1500)
    place = find_place(desk, one_seat)
    session = desk.sign_in("staff")
    reply = session.post(place.address, data=place.fields(leads(desk, 1)[0]), headers=HTMX)
    assert reply.status_code == 200
    assert writes(desk)[0]["state"] in {"due", "sending"}
    assert "status" in reply.text
    desk.wait_for(lambda: [w["state"] for w in writes(desk)] == ["done"], what="the booking")

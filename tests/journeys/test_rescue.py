"""Forty bookings of somebody who is ill, moved while one call in ten goes wrong."""

import re
import uuid
from collections import Counter

import pytest

from tests.support.fill import fill_desk
from tests.support.session import HTMX

pytestmark = pytest.mark.processes

NUMBER = 40
HELD_BACK = 20
ENDED = {"done", "refused", "asking", "stuck"}
OPEN = {"asking", "stuck"}
QUICK = {"CONNECT_TOTAL": "3", "WRITE_LEASE": "6", "SETTLE_SECONDS": "0.5", "SWEEP_SECONDS": "0.3"}
BOOKINGS = "/connect/calendar_bookings/"
ON_POST = (
    ("status_500", {}),
    ("status_500", {"when": "after"}),
    ("html_502", {"when": "after"}),
    ("html_502", {}),
    ("reset_before", {}),
    ("reset_after_commit", {}),
    ("status_429", {"retry_after": "1"}),
    ("steal_slot", {}),
    ("malformed", {}),
    ("status_409", {}),
)
ON_DELETE = (
    ("status_500", {}),
    ("html_502", {"when": "after"}),
    ("reset_before", {}),
    ("reset_after_commit", {}),
    ("status_503", {"retry_after": "1"}),
)


class Rescue:
    """One rescue as its manager drives it, and what became of it in the tables and at Connect."""

    def __init__(self, desk):
        self.desk = desk
        self.filled = fill_desk(desk, NUMBER)
        self.session = desk.sign_in("manager")
        self.folder = f"/o/{self.filled['slug']}/rescues/"
        self.pk = self._begin()
        self.address = f"{self.folder}{self.pk}/"

    def _begin(self):
        form = {
            "intent": str(uuid.uuid4()),
            "calendar": self.filled["calendar"],
            "resource": self.filled["resource"],
            "from_day": self.filled["from_day"],
            "until_day": self.filled["until_day"],
        }
        reply = self.session.post(f"{self.folder}new/", data=form)
        assert reply.status_code == 302, reply.text[-2000:]
        return reply.headers["location"].rstrip("/").rsplit("/", 1)[1]

    def agree(self, *, by_phone=False):
        """Everybody who has a proposal agrees on the phone; how many those are."""
        keys = re.findall(r"data-rescue-row[^>]*", self.page())
        assert len(keys) == NUMBER
        rows = self.desk.sql("SELECT id, slot FROM domain_rescuerow ORDER BY id")
        ready = [row["id"] for row in rows if row["slot"] not in ("{}", {})]
        for key in ready if by_phone else ():
            reply = self.session.post(
                f"{self.address}rows/{key}/", data={"answer": "agreed"}, headers=HTMX
            )
            assert reply.status_code == 200
        if not by_phone:
            self.desk.sql("UPDATE domain_rescuerow SET answer = 'agreed'")
        return len(ready)

    def page(self):
        return self.session.get(self.address).text

    def press(self, what):
        reply = self.session.post(f"{self.address}{what}/", headers=HTMX)
        assert reply.status_code == 200
        return reply.text

    def states(self):
        rows = self.desk.sql(
            "SELECT w.state FROM domain_rescuerow r JOIN domain_write w ON w.id = r.write_id"
        )
        return Counter(row["state"] for row in rows)

    def wait_for(self, condition, what, timeout=120):
        self.desk.wait_for(lambda: condition(self.states()), timeout, what=what)

    def rest(self, *, more=frozenset()):
        self.wait_for(lambda states: set(states) <= ENDED | more, "every row at rest")

    def wishes(self):
        """(lead's id at Connect, state of its row's write)."""
        rows = self.desk.sql(
            "SELECT l.connect_id, w.state, w.reason FROM domain_rescuerow r"
            " JOIN domain_write w ON w.id = r.write_id JOIN domain_booking b ON b.id = r.booking_id"
            " JOIN domain_lead l ON l.id = b.lead_id"
        )
        return {row["connect_id"]: (row["state"], row["reason"]) for row in rows}

    def assert_defined(self, agreed):
        """Each row has an end that a person can see, and Connect agrees with it."""
        wishes = self.wishes()
        assert len(wishes) == agreed
        assert {state for state, _ in wishes.values()} <= ENDED
        made = Counter(row["leadId"] for row in self.desk.sandbox.bookings("connect"))
        for lead, (state, reason) in wishes.items():
            assert made[lead] == 1 or state in OPEN, f"{lead}: {made[lead]} made, {state} {reason}"
            assert made[lead] <= 2
        judged = self.desk.sandbox.judge()
        assert judged["overbooked"] == []
        assert all(wishes[one["leadId"]][0] in OPEN for one in judged["duplicates"])
        self.assert_moved_away(wishes)

    def assert_moved_away(self, wishes):
        """Who is done has an appointment with somebody who is not ill."""
        ill = self.filled["resource_id"]
        there = {
            row["leadId"]
            for row in self.desk.sandbox.bookings("connect")
            if row["resourceId"] == ill
        }
        assert [
            lead for lead, (state, _) in wishes.items() if state == "done" and lead in there
        ] == []


def inject(desk, share=0.1):
    """``share`` of all bookings and of all deletes go wrong, each kind as likely as another."""
    for method, kinds in (("POST", ON_POST), ("DELETE", ON_DELETE)):
        for number, (kind, params) in enumerate(kinds):
            rule = {"kind": kind, "params": params, "probability": share / len(kinds)}
            match = {"method": method, "path": BOOKINGS.rstrip("/")}
            # Of one seed all rules would draw alike, and only the first would ever happen.
            desk.sandbox.ask("POST", "faults", {**rule, "match": match, "seed": 100 + number})


@pytest.fixture
def desk(make_desk):
    """A desk whose worker is not there yet: what is asked for waits."""
    made = make_desk(start=False, **QUICK)
    made.web.start()
    made.ready(made.web)
    return made


def hold_back(desk):
    """The half of what was asked for, as while a run still opens its rows: none of it is sent."""
    desk.sql(
        "UPDATE domain_write SET state = 'held', due_at = '2999-01-01 00:00:00' WHERE id IN"
        " (SELECT write_id FROM domain_rescuerow WHERE write_id IS NOT NULL ORDER BY id LIMIT %s)",
        HELD_BACK,
    )


def let_go(desk):
    desk.sql(
        "UPDATE domain_write SET state = 'due', due_at = '2000-01-01 00:00:00' WHERE state = 'held'"
    )


def test_forty_bookings_with_faults_stopped_half_way_and_resumed(desk):
    rescue = Rescue(desk)
    agreed = rescue.agree(by_phone=True)
    assert agreed == NUMBER
    inject(desk)
    desk.sandbox.fault("latency", match={"method": "POST"}, ms=200)
    asked = rescue.press("run")
    assert re.search(rf"\d+ of {NUMBER} moved, \d+ on their way", asked)
    hold_back(desk)
    desk.restart(desk.workers[0])
    rescue.wait_for(lambda states: states["done"] >= 3, "the first moves")
    rescue.press("stop")
    rescue.rest(more={"undone"})
    stopped = rescue.states()
    assert stopped["undone"] >= HELD_BACK
    assert stopped["done"] >= 3
    text = rescue.page()
    assert f"{stopped['done']} of {NUMBER} moved" in text
    assert f"{stopped['undone']} stopped" in text
    rescue.press("run")
    rescue.rest()
    rescue.assert_defined(agreed)
    assert rescue.states()["done"] > NUMBER / 2


def test_forty_bookings_with_faults_and_the_worker_killed_half_way(desk):
    desk.sql("""UPDATE domain_organisation SET settings = '{"reschedule_order": "delete_first"}'""")
    rescue = Rescue(desk)
    agreed = rescue.agree()
    inject(desk)
    desk.sandbox.fault("latency", match={"method": "POST"}, ms=200)
    rescue.press("run")
    hold_back(desk)
    desk.restart(desk.workers[0])
    rescue.wait_for(lambda states: states["done"] >= 5, "the first moves")
    desk.kill(desk.workers[0])
    assert rescue.states()["done"] <= NUMBER - HELD_BACK
    let_go(desk)
    desk.restart(desk.workers[0])
    rescue.rest()
    rescue.assert_defined(agreed)


def test_progress_is_only_told_when_there_is_some(desk):
    rescue = Rescue(desk)
    known = re.search(r"rows/\?v=([^\"&]+)", rescue.page())[1]
    look = f"{rescue.address}rows/?v={known}"
    assert rescue.session.get(look, headers=HTMX).status_code == 204
    rescue.agree()
    rescue.press("run")
    told = rescue.session.get(look, headers=HTMX)
    assert told.status_code == 200
    assert told.text.count("hx-swap-oob") >= NUMBER
    rescue.press("stop")
    assert rescue.states() == {"undone": NUMBER}
    assert desk.sandbox.calls("DELETE") == []

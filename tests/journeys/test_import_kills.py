"""A worker killed in the middle of an import: it goes on where it was, nobody is there twice."""

from collections import Counter

import pytest

from tests.support.importing import begin_import

pytestmark = pytest.mark.processes

QUICK = {
    "CONNECT_TOTAL": "3",
    "WRITE_LEASE": "6",
    "SETTLE_SECONDS": "0.5",
    "SWEEP_SECONDS": "0.3",
}


def results(desk):
    rows = desk.sql("SELECT result, COUNT(*) AS number FROM domain_importrow GROUP BY result")
    return Counter({row["result"]: row["number"] for row in rows})


def ended(desk):
    return desk.sql("SELECT ended_at FROM domain_leadimport")[0]["ended_at"]


def kill(desk, worker):
    """And say that the hand it had on the import is dead, which else shows half a minute later."""
    desk.kill(worker)
    desk.sql("UPDATE domain_leadimport SET lease_until = NULL")


def test_ten_thousand_taken_over_in_spite_of_a_kill(make_desk):
    desk = make_desk(start=False, **QUICK)
    begin_import(desk, "adopt", 10_000)
    worker = desk.workers[0]
    worker.start()
    desk.wait_for(lambda: results(desk)["adopted"] >= 1000, 120, what="the first thousand")
    kill(desk, worker)
    there = results(desk)
    assert there["new"] > 0, "killed too late to show anything"
    worker.start()
    desk.wait_for(lambda: ended(desk), 240, what="the end of the import")
    assert results(desk) == {"adopted": 10_000}
    known = "SELECT connect_id FROM domain_lead WHERE connect_id <> ''"
    assert desk.sql(f"{known} GROUP BY connect_id HAVING COUNT(*) > 1") == []
    judged = desk.sql(
        "SELECT row.number, lead.connect_id, lead.name"
        " FROM domain_importrow row JOIN domain_lead lead ON lead.id = row.lead_id"
        " WHERE EXISTS (SELECT 1 FROM domain_leadterm term WHERE term.lead_id = lead.id)"
    )
    numbers = {one["number"] for one in judged}
    assert len(judged) == len(numbers) == 10_000
    assert {(one["connect_id"], one["name"]) for one in judged} == {
        (f"le-{number}", f"Jörg Nr{number}") for number in numbers
    }
    assert desk.sandbox.calls("POST", "/connect/table_entries/") == []


def test_hundreds_created_in_spite_of_kills_and_lost_answers(make_desk):
    number = 100
    desk = make_desk(start=False, **QUICK)
    leads = {"method": "POST", "path": "/connect/table_entries/"}
    desk.sandbox.fault("reset_after_commit", match=leads, times=4, after=10)
    begin_import(desk, "create", number)
    worker = desk.workers[0]
    for share in (20, 60):
        worker.start()
        desk.wait_for(lambda least=share: results(desk)["asked"] >= least, 120, what="some leads")
        kill(desk, worker)
    assert results(desk)["new"] > 0, "killed too late to show anything"
    worker.start()
    desk.wait_for(lambda: ended(desk), 240, what="the end of the import")
    assert results(desk) == {"asked": number}
    writes = desk.sql(
        "SELECT row.number, write.state FROM domain_importrow row"
        " JOIN domain_write write ON write.id = row.write_id"
    )
    states = {f"Jörg Nr{one['number']}": one["state"] for one in writes}
    made = Counter(one["data"].get("name") for one in desk.sandbox.leads())
    assert len(states) == number
    assert set(states.values()) == {"done", "stuck"}
    assert list(states.values()).count("stuck") >= 4
    for name, state in states.items():
        assert made[name] <= 1, f"{name} is there {made[name]} times"
        assert state == "stuck" or made[name] == 1, f"{name} is {state} and not there"

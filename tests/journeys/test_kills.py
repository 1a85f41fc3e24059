"""A worker killed at any moment of a booking: one booking or one honest open item."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.die import POINTS

pytestmark = pytest.mark.processes

OPEN = {"stuck", "asking"}
SETTLED = {"done", "refused", "undone"}
DEATHS = 10 if os.environ.get("DESK_FULL_PROOF") else 5
QUICK = {
    "CONNECT_TOTAL": "3",
    "WRITE_LEASE": "6",
    "SETTLE_SECONDS": "0.5",
    "SWEEP_SECONDS": "0.3",
    # What the asking process saw stays young enough: only the calls meant here are made.
    "AVAILABILITY_SOFT_AGE": "600",
}


def python(desk, module, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.support.{module}", *arguments],
        env=desk.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def asked_for(process):
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return [json.loads(line) for line in out.splitlines()]


def die(desk, point, one):
    return python(desk, "die", point, one["write"]).wait(timeout=60)


def states(desk):
    rows = desk.sql("SELECT id, state, reason FROM domain_write")
    return {str(row["id"]).replace("-", ""): row["state"] for row in rows}


def at_rest(desk):
    return all(state in OPEN | SETTLED for state in states(desk).values())


def assert_one_or_open(desk, asked):
    """Never two, never none: the sandbox's own bookings are the judge."""
    known = states(desk)
    made = Counter(row["leadId"] for row in desk.sandbox.bookings("connect"))
    for one in asked:
        state = known[one["write"].replace("-", "")]
        count = made[one["lead"]]
        assert count <= 1, f"{one} is booked {count} times"
        assert state in OPEN or (state == "done") == (count == 1), f"{one} is {state}, {count} made"
    assert desk.sandbox.judge() == {"overbooked": [], "duplicates": []}


def test_killed_at_each_point_of_a_booking(make_desk):
    desk = make_desk(start=False, **QUICK)
    asked = asked_for(python(desk, "ask", str(len(POINTS))))
    assert len(asked) == len(POINTS)
    with ThreadPoolExecutor(2) as hands:
        ends = list(hands.map(lambda one: die(desk, *one), zip(POINTS, asked, strict=True)))
    assert dict(zip(POINTS, ends, strict=True)) == dict.fromkeys(POINTS, -signal.SIGKILL)
    worker = desk.workers[0]
    worker.start()
    desk.ready(worker)
    desk.wait_for(lambda: at_rest(desk), 60, what="every write at rest")
    assert_one_or_open(desk, asked)


def test_killed_at_random_points(make_desk):
    """Workers die with ten bookings each at different places of their way."""
    desk = make_desk(start=False, **QUICK)
    chance = random.Random(os.environ.get("KILL_SEED", "20261121"))
    desk.sandbox.fault("latency", match={"method": "POST"}, ms=60)
    worker = desk.workers[0]
    asked = []
    for _ in range(DEATHS):
        worker.start()
        desk.ready(worker)
        process = python(desk, "ask", "10", "0.02")
        first = process.stdout.readline()
        # Time is the point here: the moment of death is what varies.
        time.sleep(chance.uniform(0.0, 0.4))
        desk.kill(worker)
        asked += [json.loads(first), *asked_for(process)]
    worker.start()
    desk.ready(worker)
    desk.wait_for(lambda: at_rest(desk), 90, what="every write at rest")
    assert len(asked) == DEATHS * 10
    assert_one_or_open(desk, asked)


def test_the_broker_killed_with_bookings_on_their_way(make_desk):
    # No worker dies here: nothing waits for a lease, and no call is given up.
    desk = make_desk(start=False, **{**QUICK, "CONNECT_TOTAL": "20", "WRITE_LEASE": "40"})
    worker = desk.workers[0]
    worker.start()
    desk.ready(worker)
    process = python(desk, "ask", "10", "0.02")
    first = process.stdout.readline()
    desk.valkey.kill()
    asked = [json.loads(first), *asked_for(process)]
    desk.valkey.start()
    desk.wait_for(lambda: at_rest(desk), 60, what="every write at rest")
    assert_one_or_open(desk, asked)
    assert set(states(desk).values()) == {"done"}

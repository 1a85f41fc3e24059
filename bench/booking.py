"""The rows about a booking, from the press of the button to Connect's answer."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bench.figures import Row, percentile
from bench.load import Answer, once
from bench.stage import Stage, bare

BOOKINGS = 60
WEEK = 2
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@dataclass
class Booked:
    """One booking: seconds until it was acknowledged; milliseconds until booked, and at Connect."""

    acknowledged: float
    took_ms: float
    connect_ms: float
    calls: int


def rows(stage: Stage) -> list[Row]:
    made = [_book(stage, slot) for slot in _free_slots(stage)[: BOOKINGS + 3]][3:]
    own = [one.acknowledged * 1000 for one in made]
    limit = [seconds * 1000 for seconds in _bare_posts(stage)]
    more = [percentile(own, share) - percentile(limit, share) for share in (0.5, 0.95)]
    queue = [one.took_ms - one.connect_ms for one in made]
    calls = max(one.calls for one in made)
    return [
        Row("booking POST acknowledged over a bare POST with the same enqueue, p50 · p95",
            f"+ {more[0]:.1f} · + {more[1]:.1f} ms", "≤ + 5 · + 10 ms", "≤ + 3 · + 5 ms",
            f"{median(own):.1f} against {median(limit):.1f} ms at p50",
            more[0] <= 5 and more[1] <= 10),
        Row("booked, minus Connect's own time, p95", f"{percentile(queue, 0.95):.0f} ms",
            "≤ 40 ms", "≤ 20 ms", f"p50 {median(queue):.0f} ms; {len(made)} bookings",
            percentile(queue, 0.95) <= 40),
        Row("calls to Connect per undisturbed booking", str(calls), "1", "1", "", calls == 1),
    ]  # fmt: skip


def _free_slots(stage: Stage) -> list[str]:
    page = once(
        stage.target, stage.target.request("GET", stage.week(WEEK), Accept_Encoding="identity")
    )
    found = re.findall(
        r'<td data-state="free"><button name="slot" value="([^"]+)"', page.body.decode()
    )
    assert len(found) > BOOKINGS + 3, f"only {len(found)} free slots"
    return found


def _book(stage: Stage, slot: str) -> Booked:
    # As on a screen: the slot was seen within the soft age.
    once(stage.target, stage.target.request("GET", stage.week(WEEK)))
    stage.sandbox.forget_calls()
    fields = {
        **dict(parse_qsl(stage.choice)), "slot": slot, "intent": str(uuid.uuid4()),
        "lead": str(_lead(stage)),
    }  # fmt: skip
    answer = _post(stage, urlencode(fields).encode())
    write = stage.desk.wait_for(lambda: _done(stage, fields["intent"]), what="a booking")
    calls = stage.sandbox.calls()
    spent = sum(call["durationMs"] for call in calls)
    return Booked(answer.seconds, write["took"], spent, len(calls))


def _post(stage: Stage, body: bytes) -> Answer:
    token = next(c.value for c in stage.session.cookies.jar if c.name.startswith("desk_csrf"))
    path = f"/o/{stage.slug}/bookings/"
    raw = stage.target.request("POST", path, body, X_CSRFToken=token or "", **FORM)
    answer = once(stage.target, raw)
    assert answer.status in {200, 302, 303}, (answer.status, answer.body[:500])
    return answer


def _done(stage: Stage, intent: str) -> dict[str, Any] | None:
    found = stage.desk.sql(
        "select state, (julianday(changed_at) - julianday(created_at)) * 86400000 as took"
        " from domain_write where intent = %s", uuid.UUID(intent).hex,
    )  # fmt: skip
    if found and found[0]["state"] not in {"due", "sending", "done"}:
        raise AssertionError(f"the booking ended as {found[0]['state']}")
    return found[0] if found and found[0]["state"] == "done" else None


def _lead(stage: Stage) -> Any:
    return stage.desk.sql(
        "select l.id from domain_lead l join domain_organisation o on o.id = l.organisation_id"
        " where o.name = %s limit 1", "Praxis Lindenhof",
    )[0]["id"]  # fmt: skip


def _bare_posts(stage: Stage) -> list[float]:
    broker = stage.desk.valkey.broker_url(5)
    body = b"a=1&" * 60
    with bare("enqueue", stage.folder, BARE_BROKER=broker) as (target, _child):
        raw = target.request("POST", "/", body, **FORM)
        return [once(target, raw).seconds for _ in range(BOOKINGS + 3)][3:]

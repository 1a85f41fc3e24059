"""The rows about the availability grid."""

from __future__ import annotations

import gzip
import re
from statistics import median

import brotli

from bench.figures import Row, cpu_seconds, percentile
from bench.load import Answer, Target, many, once
from bench.stage import Stage, bare, headers_of

ROUNDS, REQUESTS, AT_ONCE = 3, 300, 4
VIEWERS = 200
CONNECT_MS = 150


def rows(stage: Stage) -> list[Row]:
    page = _page(stage, stage.week(1))
    return [
        *_warm(stage, page),
        _poll(stage, page),
        _cold(stage),
        *_sizes(stage, page),
        *_crowd(stage),
        _slow_connect(stage),
    ]


def _page(stage: Stage, path: str) -> Answer:
    answer = once(stage.target, stage.target.request("GET", path))
    assert answer.status == 200, answer.status
    assert b"<table" in _text(answer), "the page shows no grid"
    return answer


def _text(answer: Answer) -> bytes:
    encoding = answer.headers.get("content-encoding", "")
    undo = {"gzip": gzip.decompress, "br": brotli.decompress}.get(encoding)
    return undo(answer.body) if undo else answer.body


def _cost(
    target: Target, group: int, raw: bytes, status: int = 200, count: int = REQUESTS
) -> float:
    """Processor time of one request, in milliseconds."""
    before = cpu_seconds(group)
    answers = many(target, [raw] * count, at_once=AT_ONCE)
    used = cpu_seconds(group) - before
    assert {answer.status for answer in answers} == {status}, {a.status for a in answers}
    return used / count * 1000


def _warm(stage: Stage, page: Answer) -> list[Row]:
    body = stage.folder / "page.bin"
    body.write_bytes(page.body)
    raw = stage.target.request("GET", stage.week(1))
    desk, limit = [], []
    more = {"BARE_BODY": str(body), "BARE_HEADERS": headers_of(page.headers)}
    with bare("page", stage.folder, **more) as (target, child):
        for _ in range(ROUNDS):
            _page(stage, stage.week(1))
            desk.append(_cost(stage.target, stage.web_group, raw))
            limit.append(_cost(target, child.process.pid, target.request("GET", "/"), count=2000))
    ratio = median(desk) / median(limit)
    detail = f"{median(desk):.2f} ms against {median(limit):.2f} ms of CPU"
    return [
        Row("week grid, warm: CPU per request ÷ bare server, same bytes", f"{ratio:.1f}",
            "≤ 5", "≤ 3", detail, ratio <= 5),
    ]  # fmt: skip


def _poll(stage: Stage, page: Answer) -> Row:
    found = re.search(rb'(/o/[^"]*/availability/changes/\?[^"]*)"', _text(page))
    assert found, "the page has no address to poll"
    path = found[1].decode().replace("&amp;", "&")
    raw = stage.target.request("GET", path)
    cost = median(_cost(stage.target, stage.web_group, raw, 204) for _ in range(ROUNDS))
    return Row("unchanged poll: CPU", f"{cost:.2f} ms", "≤ 1.5 ms", "≤ 0.7 ms", "", cost <= 1.5)


def _cold(stage: Stage) -> Row:
    """First look at a week nobody has seen, minus the time the sandbox took for it."""
    own = []
    for number in range(5, 13):
        stage.sandbox.forget_calls()
        answer = _page(stage, stage.week(number))
        spent = sum(call["durationMs"] for call in stage.sandbox.calls(path="availability"))
        own.append(answer.seconds * 1000 - spent)
    value = f"{median(own):.0f} · {percentile(own, 0.95):.0f} ms"
    measure = "week grid, cold: answer minus Connect's time, p50 · p95"
    return Row(measure, value, detail="8 weeks, 1,400 slots each")


def _sizes(stage: Stage, page: Answer) -> list[Row]:
    html = len(brotli.compress(_text(page), quality=5))
    served = len(page.body)
    parts = {"css": 0, "js": 0}
    for path in sorted(
        set(re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js))"', _text(page)))
    ):
        name = path.decode()
        parts[name.rpartition(".")[2]] += _size(stage, name)
    whole = served + sum(parts.values())
    kb = 1024
    return [
        Row("week page on the wire", f"{served / kb:.1f} KB", "≤ 12 KB", "≤ 4 KB",
            f"{len(_text(page)) / kb:.0f} KB of markup; {html / kb:.1f} KB as brotli 5;"
            f" {page.headers.get('content-encoding', 'not compressed')}", served <= 12 * kb),
        Row("first load: HTML + CSS + JS", f"{whole / kb:.1f} KB", "≤ 90 KB", "≤ 60 KB",
            f"CSS {parts['css'] / kb:.1f}, JS {parts['js'] / kb:.1f} KB", whole <= 90 * kb),
    ]  # fmt: skip


def _size(stage: Stage, path: str) -> int:
    """As sent, with the files that a script or a style imports."""
    answer = once(stage.target, stage.target.request("GET", path))
    assert answer.status == 200, path
    text, size = _text(answer).decode(), len(answer.body)
    for other in re.findall(
        r'^\s*@?import\b[^"\'\n]*["\']([^"\'\n]+\.(?:css|js))["\']', text, re.MULTILINE
    ):
        folder = path.rpartition("/")[0]
        size += _size(
            stage, other if other.startswith("/") else f"{folder}/{other.removeprefix('./')}"
        )
    return size


def _crowd(stage: Stage) -> list[Row]:
    """Everybody opens the same cold week at once."""
    stage.sandbox.fault("latency", ms=CONNECT_MS, match={"path": "/connect/availability"})
    waits, calls = [], []
    for number in range(20, 23):
        stage.sandbox.forget_calls()
        raw = stage.target.request("GET", stage.week(number))
        answers = many(stage.target, [raw] * VIEWERS, at_once=VIEWERS)
        assert {answer.status for answer in answers} == {200}
        made = stage.sandbox.calls(path="availability")
        calls.append(len(made))
        longest = max(call["durationMs"] for call in made)
        waits.append(percentile((a.seconds * 1000 for a in answers), 0.95) - longest)
    stage.sandbox.clear_faults()
    most, wait = max(calls), median(waits)
    return [
        Row(f"{VIEWERS} people open one cold week: calls to Connect", str(most), "1", "1", "",
            most == 1),
        Row("… p95 minus Connect's time", f"{wait:.0f} ms", "≤ 200 ms", "≤ 100 ms",
            "one web process", wait <= 200),
    ]  # fmt: skip


def _slow_connect(stage: Stage) -> Row:
    """Connect at one second: a grid seen in the last minute is as quick as ever."""
    path = stage.week(1)
    _page(stage, path)
    raw = stage.target.request("GET", path)
    warm = percentile((a.seconds for a in many(stage.target, [raw] * 200, at_once=1)), 0.95)
    stage.sandbox.fault("latency", ms=1000, match={"path": "/connect/availability"})
    slow = percentile((a.seconds for a in many(stage.target, [raw] * 200, at_once=1)), 0.95)
    stage.sandbox.clear_faults()
    ratio = slow / warm
    return Row("Connect at 1,000 ms, grid seen before: p95 ÷ warm p95", f"{ratio:.1f}", "≤ 2",
        "≤ 1.2", f"{slow * 1000:.1f} against {warm * 1000:.1f} ms", ratio <= 2)  # fmt: skip

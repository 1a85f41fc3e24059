"""The rows about leads among 50,000: found while they are typed, and a board first painted."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.figures import Row, percentile
from bench.load import Answer, once
from bench.stage import Stage
from tests.support.postgres import Postgres, find

LEADS = 50_000
BOARDS = 20


def rows(stage: Stage) -> list[Row]:
    measured = _of(stage, "SQLite")
    if not find("postgres"):
        return measured
    postgres = Postgres()
    postgres.start()
    try:
        other = Stage(stage.folder / "on-postgresql", sandbox=stage.sandbox, postgres=postgres)
        try:
            return measured + _of(other, "PostgreSQL")
        finally:
            other.desk.stop()
    finally:
        postgres.stop()


def _of(stage: Stage, database: str) -> list[Row]:
    told = _fill(stage)
    return [_search(stage, told, database), _board(stage, told, database)]


def _fill(stage: Stage) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.many_leads", str(LEADS)]
    done = subprocess.run(
        command, env=stage.desk.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def _get(stage: Stage, path: str, **more: str) -> Answer:
    answer = once(stage.target, stage.target.request("GET", path, **more))
    assert answer.status == 200, (path, answer.status)
    return answer


def _search(stage: Stage, told: dict[str, Any], database: str) -> Row:
    address = f"/o/{stage.slug}/leads/search/"
    asked = [f"{address}?{urlencode({'q': text})}" for text in told["typed"]]
    _get(stage, asked[0], HX_Request="true")
    took = [_get(stage, path, HX_Request="true").seconds * 1000 for path in asked]
    value = percentile(took, 0.95)
    detail = f"p50 {median(took):.0f} ms; {len(took)} texts as they are typed"
    measure = f"lead search among {LEADS:,} leads, {database}: p95"
    return Row(measure, f"{value:.0f} ms", "≤ 150 ms", "≤ 40 ms", detail, value <= 150)


def _board(stage: Stage, told: dict[str, Any], database: str) -> Row:
    path = f"/o/{stage.slug}/pools/{told['pool']}/"
    page = _get(stage, path)
    took = [_get(stage, path).seconds * 1000 for _ in range(BOARDS)]
    value = percentile(took, 0.95)
    detail = f"p50 {median(took):.0f} ms; {len(page.body) / 1024:.0f} KB on the wire"
    measure = f"board of a pool with {LEADS:,} leads, {database}: first paint, p95"
    return Row(measure, f"{value:.0f} ms", "≤ 150 ms", "≤ 50 ms", detail, value <= 150)

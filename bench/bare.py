"""Bare servers to compare with: the same bytes, or the same enqueue, and nothing else.

Run by granian as the desk is: ``BARE_BODY`` names the file to send, ``BARE_BROKER`` the queue.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

BODY = Path(os.environ["BARE_BODY"]).read_bytes() if "BARE_BODY" in os.environ else b""
HEADERS = json.loads(os.environ.get("BARE_HEADERS", "[]"))
Start = Callable[[str, list[tuple[str, str]]], Any]


async def page(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """The least that an ASGI application can do: the limit that the budgets are set against."""
    if scope["type"] != "http":
        return
    headers = [(name.encode(), value.encode()) for name, value in HEADERS]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def _sender() -> Any:
    from celery import Celery

    app = Celery("bare", broker=os.environ["BARE_BROKER"])
    app.conf.task_ignore_result = True
    return app


if "BARE_BROKER" in os.environ:
    _app = _sender()


def enqueue(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    _app.send_task("bare.nothing", ("00000000-0000-0000-0000-000000000000",), queue="bare")
    start("302 Found", [("Location", "/"), ("Content-Length", "0")])
    return [b""]

"""Sending events to an HTTP address, as a flow's HTTP request node would (contract 6.3, 7.2)."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec
from django.db import connections

from bookingapp.sandbox import events, instants, locks, transport
from bookingapp.sandbox.models import Event
from bookingapp.sandbox.switches import board

PLACE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
# The documented patience of Connect's form webhook.
PATIENCE_SECONDS = 10


@dataclass
class Delivery:
    """One POST to a hook: due at a moment of the monotonic clock, tried again so many times."""

    url: str
    body: Any
    due: float
    retries: int = 0
    status: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "body": self.body, "status": self.status}


deliveries: deque[Delivery] = deque(maxlen=1000)
_waiting: SimpleQueue[Delivery] = SimpleQueue()


def start() -> None:
    """Begin listening to events and sending them, in threads that end with the process."""
    if _hand_over not in events.listeners:
        events.listeners.append(_hand_over)
        Thread(target=_send_forever, name="hook", daemon=True).start()
        Thread(target=_watch_scheduled, name="scheduled", daemon=True).start()


def send_form(body: dict[str, Any]) -> None:
    """Send a form submission to `form_hook.url`, again as often as `form_hook.retry` says."""
    if board["form_hook.url"]:
        _queue(Delivery(board["form_hook.url"], body, monotonic(), int(board["form_hook.retry"])))


def rendered(template: Any, payload: dict[str, Any]) -> Any:
    """The template with every ``{{path}}`` filled in; an unknown path gives an empty text."""
    if isinstance(template, str):
        return PLACE.sub(lambda match: _looked_up(match[1], payload), template)
    if isinstance(template, list):
        return [rendered(item, payload) for item in template]
    if isinstance(template, dict):
        return {key: rendered(value, payload) for key, value in template.items()}
    return template


def _looked_up(path: str, payload: dict[str, Any]) -> str:
    # The first part names the trigger node; what it is called is the flow author's business.
    value: Any = payload
    for part in path.split(".")[1:]:
        value = value.get(part) if isinstance(value, dict) else None
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _hand_over(made: list[Event]) -> None:
    """Queue what is due now; what is due later is found by the watch."""
    due = [event for event in made if event.due_at <= event.at]
    if not due or not board["flow.http.url"]:
        return
    Event.objects.filter(pk__in=[event.pk for event in due]).update(is_sent=True)
    _queue_events(due)


def _queue_events(due: list[Event]) -> None:
    due = [event for event in due if _is_meant(event)]
    if board.is_on("flow.http.reorder"):
        due = due[::-1]
    at = monotonic() + board["flow.http.delay"] / 1000
    for event in due:
        body = rendered(board["flow.http.template"], _payload(event))
        for _ in range(1 + int(board["flow.http.duplicate"])):
            _queue(Delivery(board["flow.http.url"], body, at))


def _is_meant(event: Event) -> bool:
    """A flow belongs to one organisation."""
    name = board["flow.http.organisation"]
    return name in {"", event.organisation.name}


def _payload(event: Event) -> dict[str, Any]:
    return {
        **event.payload,
        "id": str(event.pk),
        "event": event.name,
        "at": instants.written(event.due_at, "z"),
        "organizationId": event.organisation_id,
        "apiTokenId": event.token_id,
    }


def _queue(delivery: Delivery) -> None:
    deliveries.append(delivery)
    _waiting.put(delivery)


def _send_forever() -> None:
    while not transport.stopping.is_set():
        try:
            delivery = _waiting.get(timeout=0.5)
        except Empty:
            continue
        transport.stopping.wait(max(0.0, delivery.due - monotonic()))
        _send(delivery)


def _send(delivery: Delivery) -> None:
    for _ in range(1 + delivery.retries):
        delivery.status = _post(delivery)
        if 200 <= delivery.status < 300 or transport.stopping.is_set():
            return


def _post(delivery: Delivery) -> int:
    """The status answered; 0 when there was no answer."""
    if not delivery.url.startswith(("http://", "https://")):
        return 0
    headers = {"Content-Type": "application/json"}
    request = Request(delivery.url, msgspec.json.encode(delivery.body), headers)  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - checked above
            return int(response.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError, ValueError):
        return 0


def _watch_scheduled() -> None:
    """Once a second, send the scheduled events whose moment has come."""
    while not transport.stopping.wait(1):
        if board["flow.http.url"]:
            now = instants.now()
            with locks.WRITE:
                due = list(Event.objects.filter(is_sent=False, due_at__lte=now).order_by("due_at"))
                Event.objects.filter(pk__in=[event.pk for event in due]).update(is_sent=True)
            _queue_events(due)
    connections.close_all()

"""What the control API and the page can do; each raises ValueError or Refusal when it cannot."""

from __future__ import annotations

from datetime import date
from typing import Any

from bookingapp.sandbox import (
    calls,
    catalogue,
    faults,
    hooks,
    ids,
    instants,
    limits,
    locks,
    seats,
    tokens,
    transport,
    world,
)
from bookingapp.sandbox.errors import Refusal
from bookingapp.sandbox.models import Booking, Calendar, Lead, Organisation, Token, World
from bookingapp.sandbox.switches import board


def set_switches(changes: dict[str, Any]) -> None:
    board.set(changes)
    world.save_switches()


def reset(seed: Any = None, today: Any = None) -> World:
    """Back to the seed: rows, switches, faults, the log of calls."""
    kept = World.objects.get()
    faults.book.clear()
    transport.release()
    limits.clear()
    made = world.reset(
        int(seed) if seed is not None else kept.seed,
        date.fromisoformat(today) if today else kept.today,
    )
    calls.log.clear()
    hooks.deliveries.clear()
    tokens.last_used.clear()
    return made


def token(key: str, organisation: str = "") -> Token:
    """The token of that id, or of that label (which the organisation makes unique)."""
    rows = Token.objects.select_related("organisation")
    if organisation:
        rows = rows.filter(organisation__name=organisation)
    found = list(rows.filter(pk=key) or rows.filter(label=key))
    if len(found) > 1:
        raise ValueError(f"Several organisations have a token {key}: name the organisation")
    if not found:
        raise Refusal(404, "There is no such token")
    return found[0]


def set_revoked(row: Token, *, revoked: bool) -> None:
    row.revoked_at = instants.now() if revoked else None
    _save(row)


def change_token(row: Token, changes: dict[str, Any]) -> None:
    if "scope" in changes:
        row.scope = _scope(changes["scope"])
    if "expiresAt" in changes:
        moment = changes["expiresAt"]
        row.expires_at = instants.read(moment, "expiresAt") if moment else None
    _save(row)


def mint(organisation: str, label: str, scope: str, expires_at: str | None) -> str:
    owner = Organisation.objects.filter(name=organisation).first()
    if owner is None:
        raise Refusal(404, "There is no such organisation")
    if not label or len(label) > 200:
        raise ValueError("label must be a text")
    expiry = instants.read(expires_at, "expiresAt") if expires_at else None
    return tokens.mint(owner, label, _scope(scope), expiry)


def book(body: dict[str, Any]) -> Booking:
    """A console user books: the same seats, no token."""
    calendar = _one(Calendar, body.get("calendarId"))
    known = catalogue.of(calendar.organisation_id)
    lead = body.get("leadId")
    wish = seats.Wish(
        calendar=calendar,
        resource=known.resources.get(str(body.get("resourceId"))),
        type=known.types.get(str(body.get("appointmentTypeId"))),
        starts_at=instants.read(body.get("startDateTime"), "startDateTime"),
        ends_at=instants.read(body.get("endDateTime"), "endDateTime"),
        lead=_one(Lead, lead) if lead else None,
        name=str(body.get("name") or "console"),
    )
    if wish.resource is None or wish.type is None:
        raise Refusal(404, "There is no such resource or appointment type")
    return seats.take(known, wish, now=instants.now(), source="console")


def cancel(key: str) -> None:
    booking = _one(Booking, key)
    seats.give_back(catalogue.of(booking.organisation_id), booking, now=instants.now())


def submit_form(body: dict[str, Any]) -> dict[str, Any]:
    """A form is submitted: its webhook is sent (contract section 7.2)."""
    sent = {
        "event": "form.submission",
        "formId": ids.seeded("form", body.get("formName", "")),
        "formName": str(body.get("formName", "Website")),
        "submittedAt": instants.written(instants.now(), "z"),
        "data": body.get("data", {}),
        "tableEntryId": body.get("tableEntryId"),
        "calendarBookingId": body.get("calendarBookingId"),
        "fieldContext": body.get("fieldContext", {}),
        "resolvedData": body.get("resolvedData", body.get("data", {})),
    }
    hooks.send_form(sent)
    return sent


def _scope(value: Any) -> str:
    if value not in tokens.RANKS:
        raise ValueError("scope must be read, write or admin")
    return str(value)


def _save(row: Token) -> None:
    with locks.WRITE:
        row.save()


def _one(model: Any, key: Any) -> Any:
    found = model.objects.filter(pk=str(key)).first()
    if found is None:
        raise Refusal(404, f"There is no such {model._meta.verbose_name}")
    return found

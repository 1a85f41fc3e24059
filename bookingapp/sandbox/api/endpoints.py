"""The endpoint index of the contract's section 4: which noun answers which method, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bookingapp.sandbox.api import availability, bookings, leads, lookups, reads
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.errors import Refusal
from bookingapp.sandbox.switches import board


def _nothing(call: Call) -> None:
    """Nothing to check."""


@dataclass(frozen=True)
class Endpoint:
    """What an endpoint does, and the checks that the switch `check_order` may move about."""

    act: Callable[[Call], Any]
    exists: Callable[[Call], None] = _nothing
    check: Callable[[Call], None] = _nothing
    status: int = 200
    # Not in the contract; answers only while the switch `hidden_reads` is on.
    hidden: bool = False


def _list(rows: Callable[[Call], Any], dress: Callable[[Any], Any]) -> Endpoint:
    return Endpoint(lambda call: lookups.answer_list(call, map(dress, rows(call))))


def _item(rows: Callable[[Call], Any], dress: Callable[[Any], Any], noun: str) -> Endpoint:
    def exists(call: Call) -> None:
        call.found = call.known(rows(call), call.key, noun)

    return Endpoint(lambda call: lookups.dressed(dress(call.found)), exists=exists)


def _of_calendar(rows: Callable[[Call], Any], dress: Callable[[Any], Any]) -> Endpoint:
    """A list that needs calendarId, unless `slots.calendar_required` is off."""

    def exists(call: Call) -> None:
        if call.query("calendarId"):
            call.known(call.catalogue.calendars, call.query("calendarId"), "Calendar")

    def check(call: Call) -> None:
        call.query("calendarId", required=board.is_on("slots.calendar_required"))

    listed = _list(rows, dress)
    return Endpoint(listed.act, exists=exists, check=check)


def _pool(call: Call) -> Any:
    pool = call.known(call.catalogue.pools, call.key, "Lead pool")
    return lookups.dressed(lookups.pool(call, pool))


def _pools(call: Call) -> Any:
    return lookups.answer_list(call, (lookups.pool(call, p) for p in call.catalogue.pools.values()))


def _pool_exists(call: Call) -> None:
    call.known(call.catalogue.pools, call.key, "Lead pool")


# (method, noun, is it an item) -> endpoint
ENDPOINTS: dict[tuple[str, str, bool], Endpoint] = {
    ("GET", "tables", False): Endpoint(_pools),
    ("GET", "tables", True): Endpoint(_pool, exists=_pool_exists),
    ("POST", "table_entries", False): Endpoint(
        leads.create, leads.create_exists, leads.create_check, status=201),
    ("PATCH", "table_entries", True): Endpoint(
        leads.patch, leads.patch_exists, leads.patch_check),
    ("GET", "table_entries", False): Endpoint(reads.leads, hidden=True),
    ("GET", "table_entries", True): Endpoint(reads.lead, reads.lead_exists, hidden=True),
    ("POST", "calendar_bookings", False): Endpoint(
        bookings.create, bookings.create_exists, bookings.create_check, status=201),
    ("DELETE", "calendar_bookings", True): Endpoint(
        bookings.delete, bookings.delete_exists, status=204),
    ("GET", "calendar_bookings", False): Endpoint(reads.bookings, hidden=True),
    ("GET", "calendar_bookings", True): Endpoint(
        reads.booking, bookings.delete_exists, hidden=True),
    ("GET", "availability", False): Endpoint(availability.act, availability.exists),
    ("GET", "calendar", False): _list(
        lambda call: call.catalogue.calendars.values(), lookups.calendar),
    ("GET", "calendar", True): _item(
        lambda call: call.catalogue.calendars, lookups.calendar, "Calendar"),
    ("GET", "resources", False): _list(
        lambda call: call.catalogue.resources.values(), lookups.resource),
    ("GET", "resources", True): _item(
        lambda call: call.catalogue.resources, lookups.resource, "Resource"),
    ("GET", "appointment_types", False): _list(
        lambda call: call.catalogue.types.values(), lookups.appointment_type),
    ("GET", "appointment_types", True): _item(
        lambda call: call.catalogue.types, lookups.appointment_type, "Appointment type"),
    ("GET", "resource_slots", False): _of_calendar(
        lambda call: call.catalogue.slots.values(), lookups.resource_slot),
    ("GET", "resource_slot_blockers", False): _of_calendar(
        lambda call: call.catalogue.blockers, lookups.blocker),
    ("GET", "resource_calendar_mappings", False): _list(
        lambda call: call.catalogue.calendar_rows, lookups.calendar_mapping),
    ("GET", "appointment_type_resource_mappings", False): _list(
        lambda call: call.catalogue.type_rows, lookups.type_mapping),
}  # fmt: skip


def find(method: str, noun: str, *, is_item: bool) -> Endpoint:
    """The endpoint; 404 where the path is none of Connect's, 405 where the method is not."""
    method = "GET" if method == "HEAD" else method
    found = ENDPOINTS.get((method, noun, is_item))
    if found is not None and (not found.hidden or board.is_on("hidden_reads")):
        return found
    if found is not None:
        raise Refusal(int(board["hidden_reads.status"]))
    raise Refusal(405 if methods(noun, is_item=is_item) else 404)


def methods(noun: str, *, is_item: bool) -> list[str]:
    """The methods a path answers to, hidden ones only while they are on."""
    hidden_too = board.is_on("hidden_reads")
    return [
        method
        for (method, one, item), endpoint in ENDPOINTS.items()
        if (one, item) == (noun, is_item) and (hidden_too or not endpoint.hidden)
    ]

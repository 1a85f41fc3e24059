"""Creating and patching leads (contract section 5.2)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from bookingapp.sandbox import contacts, events, ids, locks, wire
from bookingapp.sandbox.api.call import Call
from bookingapp.sandbox.errors import Refusal, invalid
from bookingapp.sandbox.merge import merged
from bookingapp.sandbox.models import Lead
from bookingapp.sandbox.switches import board

CREATE = frozenset(
    {"tableId", "leadStateId", "data", "customFieldData", "interestedInAppointmentTypeId"}
)
PATCH = frozenset(
    {"data", "customFieldData", "leadStateId", "firstOpenedAt", "followUpDate",
        "interestedInAppointmentTypeId"}
)  # fmt: skip


def create_exists(call: Call) -> None:
    """404 for an unknown pool, state or appointment type that the body names."""
    _known_ids(call)
    if isinstance(call.body.get("tableId"), str):
        call.known(call.catalogue.pools, call.body["tableId"], "Lead pool")


def create_check(call: Call) -> None:
    call.refuse_unknown(CREATE)
    call.text("tableId", required=True)
    call.text("leadStateId", required=True)
    call.text("interestedInAppointmentTypeId")
    if not isinstance(call.body.get("data"), dict):
        raise invalid("data is required")
    _check_values(call)


def create(call: Call) -> Any:
    body, now = call.body, call.now
    _check_state(call, body["tableId"])
    data, custom = contacts.placed(call.catalogue, body["data"], body.get("customFieldData") or {})
    lead = Lead(
        id=ids.fresh("lead", board["id.style"]), organisation=call.catalogue.organisation,
        pool_id=body["tableId"], state_id=body["leadStateId"], data=data, custom_field_data=custom,
        interested_in=body.get("interestedInAppointmentTypeId"), created_at=now, updated_at=now,
    )  # fmt: skip
    with locks.WRITE, transaction.atomic():
        lead.save(force_insert=True)
        events.lead_added(call.catalogue, lead, now, call.token.id)
    return wire.lead(call.catalogue, lead)


def patch_exists(call: Call) -> None:
    """404 for an unknown lead, state or appointment type."""
    call.found = find(call)
    if call.request.body.strip():
        _known_ids(call)


def patch_check(call: Call) -> None:
    call.refuse_unknown(PATCH)
    body = call.body
    if "leadStateId" in body:
        call.text("leadStateId", required=True)
    call.text("interestedInAppointmentTypeId")
    for name in ("firstOpenedAt", "followUpDate"):
        if body.get(name) is not None:
            call.moment(name)
    for name in ("data", "customFieldData"):
        if name in body and body[name] is None and board["patch.null_member"] == "400":
            raise invalid(f"{name} must be an object")
    _check_values(call)


def patch(call: Call) -> Any:
    """Sets and deletes of one request are applied together (RFC 7396)."""
    with locks.WRITE, transaction.atomic():
        lead = find(call)  # again, now that nobody else can write
        old_state = lead.state_id
        _apply(call, lead)
        lead.updated_at = call.now
        lead.save(force_update=True)
        if lead.state_id != old_state:
            events.state_changed(call.catalogue, lead, old_state, call.now, call.token.id)
    return wire.lead(call.catalogue, lead)


def find(call: Call) -> Lead:
    mine = Lead.objects.filter(organisation_id=call.token.organisation_id)
    lead = mine.filter(pk=call.key).first()
    if lead is None:
        raise Refusal(404, "Lead not found")
    return lead


def _apply(call: Call, lead: Lead) -> None:
    body = call.body
    data, custom = contacts.placed(call.catalogue, lead.data, lead.custom_field_data)
    data, custom = _member(data, body, "data"), _member(custom, body, "customFieldData")
    lead.data, lead.custom_field_data = contacts.placed(call.catalogue, data, custom)
    if "leadStateId" in body:
        _check_state(call, lead.pool_id)
        lead.state_id = body["leadStateId"]
    if "firstOpenedAt" in body:
        lead.first_opened_at = body["firstOpenedAt"] and call.moment("firstOpenedAt")
    if "followUpDate" in body:
        lead.follow_up_at = body["followUpDate"] and call.moment("followUpDate")
    if "interestedInAppointmentTypeId" in body:
        lead.interested_in = body["interestedInAppointmentTypeId"]


def _member(target: dict[str, Any], body: dict[str, Any], name: str) -> dict[str, Any]:
    if name not in body:
        return target
    if body[name] is None:
        return {} if board["patch.null_member"] == "clear" else target
    return dict(merged(target, body[name]))


def _known_ids(call: Call) -> None:
    catalogue = call.catalogue
    for name, rows, noun in (
        ("leadStateId", catalogue.states, "Lead state"),
        ("interestedInAppointmentTypeId", catalogue.types, "Appointment type"),
    ):
        if isinstance(call.body.get(name), str):
            call.known(rows, call.body[name], noun)


def _check_state(call: Call, pool_id: str) -> None:
    shown = {one.state_id for one in call.catalogue.pool_states.get(pool_id, [])}
    if board["lead.foreign_state"] == "refuse" and call.body["leadStateId"] not in shown:
        raise invalid("leadStateId does not belong to the table")


def _check_values(call: Call) -> None:
    for name in ("data", "customFieldData"):
        member = call.body.get(name)
        if member is not None and not isinstance(member, dict):
            raise invalid(f"{name} must be an object")
        for key, value in (member or {}).items():
            _check_value(f"{name}.{key}", value)
    for key in call.body.get("customFieldData") or {}:
        if key not in call.catalogue.fields:
            raise Refusal(400, f"Unknown custom field: {key[:100]}")


def _check_value(name: str, value: Any) -> None:
    policy = board["data.value_policy"]
    if value is None or policy == "any":
        return
    if policy == "strings" and not isinstance(value, str):
        raise invalid(f"{name[:100]} must be a string")
    if policy == "reject_objects" and isinstance(value, dict):
        raise invalid(f"{name[:100]} must not be an object")

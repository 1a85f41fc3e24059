"""The panel beside the grid while a booking looks for another time: from where to where, and go."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from bookingapp.domain import consequences, leeway
from bookingapp.domain.policy import policy_of
from bookingapp.domain.slots import ANYONE, SlotRef, seats_left
from bookingapp.web.presenters import consequence
from bookingapp.web.presenters import moving as words
from bookingapp.web.presenters.moving import Moving
from bookingapp.web.views.availability_desk import Desk
from bookingapp.web.views.panel import panel_of
from bookingapp.web.views.panel_state import PanelState


def instead(desk: Desk, moving: Moving) -> dict[str, Any] | None:
    """What is said instead of a choice: why it cannot be moved, that it is here, or to choose."""
    common = {"moving": moving}
    if moving.obstacle:
        return common | {"panel_template": "bookings/move-obstacle.html"}
    if desk.state.slot is None:
        return common | {"panel_template": "availability/moving-choose.html"}
    if _is_here(desk, desk.state.slot):
        return common | {"panel_template": "availability/moving-here.html"}
    return None


def context(state: PanelState, moving: Moving, **more: Any) -> dict[str, Any]:
    """For ``bookings/move.html``. ``more`` is what a refusal adds: form, refusal, intent."""
    booking = moving.booking
    old, new = words.from_to(booking.starts_at, state.ref.starts_at, state.zone)
    organisation = state.organisation
    offered = leeway.offer(policy_of(organisation.settings))
    effect = consequences.of_reschedule(organisation, booking.lead)
    shown, preferred = panel_of(state), _preferred(state, moving)
    has_chips = shown.is_anyone and len(shown.choices) > 1
    return {
        "panel_template": "bookings/move.html",
        "moving": moving,
        "panel": shown,
        "old": old,
        "new": new,
        # Where one of several is picked below, the chips say with whom.
        "whom": "" if has_chips else shown.with_whom,
        "slot_chosen": preferred,
        "is_same_resource": preferred.endswith(f"-{booking.resource_id}"),
        "is_freed": not any(seats_left(slot) for slot in state.slots),
        "is_other_type": state.appointment_type.pk != booking.appointment_type_id,
        "leeway": offered,
        "is_anyone_ticked": offered.anyone_ticked,
        "consequence": consequence.line(effect),
        "intent": uuid.uuid4(),
        "move_address": reverse(
            "booking-move", kwargs={"slug": organisation.slug, "pk": booking.pk}
        ),
    } | more


def _is_here(desk: Desk, ref: SlotRef) -> bool:
    place, moving = desk.place, desk.moving
    if place is None or moving is None or not place.is_same_type:
        return False
    if ref.starts_at != place.starts_at:
        return False
    if ref.resource_pk != ANYONE:
        return ref.resource_pk == moving.booking.resource_id
    # Anyone's cell: others may be free at that time.
    return not any(
        slot.starts_at == ref.starts_at and not place.is_here(slot) for slot in desk.slots
    )


def _preferred(state: PanelState, moving: Moving) -> str:
    """Who has it now goes on to have it, where that is possible."""
    if state.resource is not None:
        return str(state.ref)
    own = moving.booking.resource.connect_id
    has_own = any(slot.resource_id == own for slot in state.slots)
    return str(SlotRef(state.ref.starts_at, moving.booking.resource_id)) if has_own else ""

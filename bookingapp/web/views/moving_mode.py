"""The booking that an address of the grid says is being moved, as far as it may be."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from bookingapp.domain import rescheduling
from bookingapp.domain.catalogue import AppointmentType
from bookingapp.domain.models import Booking, Organisation
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import UNFINISHED
from bookingapp.web.presenters.availability_state import AvailabilityState
from bookingapp.web.presenters.grid_moving import Place
from bookingapp.web.presenters.moving import Moving, grid_address

RELATED = ("lead", "calendar", "resource", "appointment_type", "write", "moved_to")


def find(organisation: Organisation, pk: UUID) -> Moving | None:
    """None when this organisation has no such booking."""
    rows = Booking.objects.filter(organisation=organisation).select_related(*RELATED)
    booking = rows.filter(pk=pk).first()
    if booking is None:
        return None
    changes = booking.changes.filter(state__in=UNFINISHED).select_related("person")
    return Moving(organisation.slug, booking, changes.first())


def place_of(moving: Moving, kind: AppointmentType | None) -> Place | None:
    """Its place in the grid of ``kind``; None when it is not to be moved."""
    if moving.obstacle or kind is None:
        return None
    booking, buffer = moving.booking, kind.buffer_minutes or 0

    def frees(slot: Slot) -> bool:
        # Asked of every closed slot of a week: most are somebody else's.
        mine = slot.resource_id == booking.resource.connect_id
        return mine and rescheduling.would_free(booking, slot, buffer)

    return Place(
        resource_id=booking.resource.connect_id,
        resource_name=moving.whom,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        frees=frees,
        is_same_type=kind.pk == booking.appointment_type_id,
    )


def links(moving: Moving, state: AvailabilityState) -> dict[str, str]:
    """``other_people``: the same days with everybody, or with the booking's own resource again."""
    whose = "" if state.resource else str(moving.booking.resource_id)
    address = reverse("availability", kwargs={"slug": moving.slug})
    return {
        "other_people": f"{address}?{state.plain(resource=whose)}",
        "moving_back": grid_address(moving.slug, moving.booking),
    }

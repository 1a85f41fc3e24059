"""Our mirror of bookings: written from the answers to our own writes."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.catalogue import AppointmentType, Calendar, Resource
from bookingapp.domain.models.lead import Lead
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField
from bookingapp.domain.models.write import Write


def as_told() -> dict[str, Any]:
    return {}


class Gone(models.TextChoices):
    """How a booking came to an end before its time."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    # RocketLead told us; nobody here did it.
    ELSEWHERE = "elsewhere"


class Booking(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="bookings"
    )
    write = models.OneToOneField(Write, on_delete=models.PROTECT, null=True, related_name="booking")
    # Empty when a person settled it as booked without knowing the id.
    connect_id = models.CharField(max_length=200, blank=True)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="bookings")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="bookings")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="bookings")
    appointment_type = models.ForeignKey(
        AppointmentType, on_delete=models.PROTECT, related_name="bookings"
    )
    slot_connect_id = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    booked_at = models.DateTimeField()
    told = SealedJSONField(default=as_told)
    # A tombstone once Connect has deleted it: everything stays here, since there it is gone.
    gone_at = models.DateTimeField(null=True, blank=True)
    gone_as = models.CharField(max_length=10, choices=Gone.choices, blank=True)
    gone_reason = SealedTextField(blank=True)
    gone_by = models.ForeignKey(
        Write, on_delete=models.PROTECT, null=True, blank=True, related_name="ended_bookings"
    )
    moved_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="moved_from"
    )

    class Meta:
        ordering = ("starts_at",)
        indexes = [
            models.Index(fields=("organisation", "starts_at"), name="booking_day"),
            models.Index(
                fields=("organisation", "booked_by", "starts_at"), name="booking_by_person"
            ),
            models.Index(
                fields=("organisation", "gone_at"),
                name="booking_gone",
                condition=models.Q(gone_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "connect_id"),
                condition=~models.Q(connect_id=""),
                name="booking_once_per_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"booking {self.id} at {self.starts_at:%Y-%m-%d %H:%M}Z"

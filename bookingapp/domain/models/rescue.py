"""Rescuing a day: the bookings of a resource that must go elsewhere, and what became of each."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.booking import Booking
from bookingapp.domain.models.catalogue import Calendar, Resource
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedTextField
from bookingapp.domain.models.write import Write


def no_slot() -> dict[str, Any]:
    return {}


class Rescue(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rescues")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    # Local days of the calendar, both included.
    from_day = models.DateField()
    until_day = models.DateField()
    created_at = models.DateTimeField()
    # Set while nothing more may be begun; taken away when it is resumed.
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"rescue {self.id} ({self.from_day} to {self.until_day})"


class RescueRow(models.Model):
    class Answer(models.TextChoices):
        AGREED = "agreed"
        NOT_REACHED = "not_reached"
        DECLINED = "declined"

    rescue = models.ForeignKey(Rescue, on_delete=models.CASCADE, related_name="rows")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="+")
    # The slot proposed instead, as a row keeps slots; empty when nothing fits.
    slot = models.JSONField(default=no_slot)
    # What the lead said on the phone; empty before the call.
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    note = SealedTextField(blank=True)
    # The move or cancel that this row led to last.
    write = models.ForeignKey(
        Write, on_delete=models.SET_NULL, null=True, blank=True, related_name="rescue_rows"
    )

    class Meta:
        ordering = ("booking__starts_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("rescue", "booking"), name="booking_once_per_rescue")
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} of rescue {self.rescue_id}"

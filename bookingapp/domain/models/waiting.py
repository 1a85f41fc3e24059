"""The waiting list: leads that would take an earlier or another time if one came free."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from bookingapp.domain.models.booking import Booking
from bookingapp.domain.models.catalogue import AppointmentType, Calendar
from bookingapp.domain.models.lead import Lead
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedTextField


class WaitingMark(models.Model):
    class End(models.TextChoices):
        BOOKED = "booked"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="waiting_marks"
    )
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="waiting_marks")
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="+")
    appointment_type = models.ForeignKey(
        AppointmentType, on_delete=models.CASCADE, related_name="+"
    )
    # The later appointment that the lead would give up for it, if there is one.
    booking = models.ForeignKey(
        Booking, on_delete=models.SET_NULL, null=True, blank=True, related_name="waiting_marks"
    )
    # Local days of the calendar, both included.
    from_day = models.DateField()
    until_day = models.DateField()
    note = SealedTextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=10, choices=End.choices, blank=True)

    class Meta:
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("lead", "calendar", "appointment_type"),
                condition=models.Q(ended_at=None),
                name="one_open_waiting_mark",
            )
        ]
        indexes = [
            models.Index(
                fields=("organisation", "appointment_type", "until_day"),
                name="waiting_open",
                condition=models.Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"waiting mark {self.id} ({self.from_day} to {self.until_day})"

"""Bookings, and the automation events that changes raise (contract sections 5.3 and 6.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookingapp.sandbox.models.leads import Lead
from bookingapp.sandbox.models.organisations import Organisation
from bookingapp.sandbox.models.planner import AppointmentType, Calendar, Resource, ResourceSlot


class Booking(models.Model):
    """Never changed once made: booked, then perhaps deleted for good."""

    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    calendar = models.ForeignKey(Calendar, models.CASCADE)
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, db_index=False)
    appointment_type = models.ForeignKey(AppointmentType, models.CASCADE, null=True, db_index=False)
    slot = models.ForeignKey(ResourceSlot, models.CASCADE, null=True, db_index=False)
    # Leads are put back by every reset; checking each against all bookings would take its time.
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, db_index=False, db_constraint=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The end with the type's buffer: until then the seat is not free again.
    held_until = models.DateTimeField()
    name = models.CharField(max_length=200, blank=True)
    schedule_type = models.CharField(max_length=64, blank=True)
    schedule_type_slot = models.CharField(max_length=64, blank=True)
    # connect, console, seed, or stolen (taken by the fault of that name)
    source = models.CharField(max_length=10)
    created_at = models.DateTimeField()

    organisation_id: str
    calendar_id: str
    resource_id: str | None
    appointment_type_id: str | None
    slot_id: str | None
    lead_id: str | None
    objects: ClassVar[models.Manager[Booking]]

    class Meta:
        indexes = [models.Index(fields=["resource", "starts_at"], name="booking_resource_start")]

    def __str__(self) -> str:
        return self.id


class Event(models.Model):
    """An automation event; one with `due_at` in the future is still scheduled."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False)
    name = models.CharField(max_length=50)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    lead_id = models.CharField(max_length=64, blank=True)
    booking_id = models.CharField(max_length=64, blank=True, db_index=True)
    # None for what a person did in the console (section 6.1, run context).
    token_id = models.CharField(max_length=64, null=True)
    payload = models.JSONField(default=dict)
    is_sent = models.BooleanField(default=False)

    organisation_id: str
    objects: ClassVar[models.Manager[Event]]

    def __str__(self) -> str:
        return f"{self.name} {self.lead_id or self.booking_id}"

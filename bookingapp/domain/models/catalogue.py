"""Our copies of what Connect offers: calendars, resources, appointment types, lead pools.

A row that Connect no longer lists is kept with ``gone_at`` set: bookings and writes still name it.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedTextField


class Remote(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    connect_id = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "connect_id"), name="%(class)s_once_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.connect_id


class Resource(Remote):
    colour = models.CharField(max_length=40, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)


class Calendar(Remote):
    # IANA name; empty when Connect names none we know, and then the grid says so.
    zone = models.CharField(max_length=80, blank=True)
    resources = models.ManyToManyField(Resource, related_name="calendars")


class AppointmentType(Remote):
    length_minutes = models.PositiveIntegerField(null=True, blank=True)
    search_minutes = models.PositiveIntegerField(null=True, blank=True)
    # After an appointment of this type its seat stays taken for so long.
    buffer_minutes = models.PositiveIntegerField(null=True, blank=True)
    resources = models.ManyToManyField(Resource, related_name="appointment_types")


class Blocker(Remote):
    # Typed by anybody, so it may name a person; the names of the rest are the organisation's own.
    name = SealedTextField(blank=True)
    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, null=True, blank=True, related_name="blockers"
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, null=True, blank=True, related_name="blockers"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(Remote.Meta):
        ordering = ("starts_at", "id")


class LeadState(Remote):
    colour = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=30, blank=True)


def no_schema() -> dict[str, Any]:
    return {}


class LeadPool(Remote):
    states = models.ManyToManyField(LeadState, through="PoolState", related_name="pools")
    # Key of a lead's data to what Connect says of it (contract 5.3, ``tableSchemaFields``).
    schema = models.JSONField(default=no_schema)


class PoolState(models.Model):
    """A lead state as one pool offers it: its place in the order, and whether new leads get it."""

    pool = models.ForeignKey(LeadPool, on_delete=models.CASCADE, related_name="pool_states")
    state = models.ForeignKey(LeadState, on_delete=models.CASCADE, related_name="pool_states")
    position = models.PositiveIntegerField()
    default = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=("pool", "state"), name="state_once_in_pool")]

    def __str__(self) -> str:
        return f"{self.pool_id}/{self.state_id}"

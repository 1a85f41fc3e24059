"""What RocketLead sends us: the addresses it may send to, and every delivery."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.booking import Booking
from bookingapp.domain.models.catalogue import LeadPool
from bookingapp.domain.models.lead import Lead
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField
from bookingapp.domain.models.write import Write


def nothing() -> dict[str, Any]:
    return {}


class HookSettings(models.Model):
    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="hook_settings"
    )
    # Field to the path at which a flow sends it; only what differs from the defaults.
    paths = models.JSONField(default=nothing, blank=True)
    # Connect's form id to the lead pool (its id at Connect) that the form fills.
    forms = models.JSONField(default=nothing, blank=True)
    default_pool = models.ForeignKey(
        LeadPool, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"hook settings of {self.organisation_id}"


class HookSecret(models.Model):
    """The part of a hook's address that nobody else knows; only its digest is kept."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="hook_secrets"
    )
    digest = models.CharField(max_length=64, unique=True)
    last_four = models.CharField(max_length=4)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Not taken from then on; until then an old and a new one are both good.
    ends_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"hook secret …{self.last_four}"


class Delivery(models.Model):
    class Way(models.TextChoices):
        EVENTS = "events"
        FORMS = "forms"

    class Result(models.TextChoices):
        APPLIED = "applied"
        UNCHANGED = "unchanged"  # understood, and it told nothing new
        OLDER = "older"  # something newer was known already
        IGNORED = "ignored"  # an event that means nothing here
        UNREADABLE = "unreadable"  # ``problem`` says why
        TEST = "test"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices)
    received_at = models.DateTimeField()
    # Names this delivery; a second one with the same key changes nothing and only counts here.
    key = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()
    event = models.CharField(max_length=80, blank=True)
    body = SealedJSONField(default=nothing)
    result = models.CharField(max_length=10, choices=Result.choices)
    problem = SealedTextField(blank=True)
    # What it changed, in codes: "lead_new", "lead_changed", "booking_new", "write_settled", …
    changed = models.JSONField(default=list)
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.SET_NULL, null=True, related_name="+")
    write = models.ForeignKey(Write, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(fields=("organisation", "way", "key"), name="delivery_once")
        ]
        indexes = [models.Index(fields=("organisation", "-last_at"), name="delivery_recent")]

    def __str__(self) -> str:
        return f"{self.way} {self.event} {self.result}"

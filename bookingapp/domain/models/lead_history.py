"""What happened to a lead apart from its writes: state changes seen, notes, outcomes of calls."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.lead import Lead
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField
from bookingapp.domain.models.write import Write


def nothing() -> dict[str, Any]:
    return {}


class LeadEvent(models.Model):
    class Kind(models.TextChoices):
        STATE = "state"  # Connect says another state than we knew; details: from, to
        TOLD = "told"  # something else of it was changed elsewhere; details: keys
        NOTE = "note"  # a person wrote ``text``; it stays here and is not sent
        OUTCOME = "outcome"  # of a follow-up; details: outcome, until

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Empty when nobody here did it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Where we have it from: "write", "hook", "form", "import", "person".
    source = models.CharField(max_length=10)
    write = models.ForeignKey(
        Write, on_delete=models.SET_NULL, null=True, related_name="lead_events"
    )
    text = SealedTextField(blank=True)
    details = SealedJSONField(default=nothing, open_keys=("from", "to", "intent", "undone"))

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=("lead", "at"), name="lead_event_line")]

    def __str__(self) -> str:
        return f"{self.kind} of lead {self.lead_id}"

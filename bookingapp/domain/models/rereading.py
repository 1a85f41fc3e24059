"""Reading all leads of an organisation again: where their names and numbers stand was changed."""

from __future__ import annotations

from django.db import models

from bookingapp.domain.models.organisation import Organisation


class Rereading(models.Model):
    """The last one of an organisation, and how far it is."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="rereading"
    )
    asked_at = models.DateTimeField()
    # From when it may go on; a hand that works on it puts this off, and one that died lets it pass.
    due_at = models.DateTimeField()
    # Leads are read in the order of their ids; the last one that was.
    read_up_to = models.UUIDField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"rereading of {self.organisation_id}: {self.done} of {self.total}"

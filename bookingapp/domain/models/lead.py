"""Our mirror of leads: Connect cannot be asked for them, so this is what we know and since when."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.catalogue import LeadPool
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField


def nothing() -> dict[str, Any]:
    return {}


class Lead(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="leads")
    pool = models.ForeignKey(LeadPool, on_delete=models.PROTECT, null=True, related_name="leads")
    # Empty until Connect has created it.
    connect_id = models.CharField(max_length=200, blank=True)
    state_connect_id = models.CharField(max_length=200, blank=True)
    # Where the board shows it: where it is, or where a move that is on its way takes it.
    board_state = models.CharField(max_length=200, blank=True)
    archived = models.BooleanField(default=False)
    # Connect refused to create it: kept for its story, shown in no list.
    never_created = models.BooleanField(default=False)
    # The intent of the write that made it, as its data carries it back to us.
    intent = models.UUIDField(null=True, blank=True, db_index=True)
    name = SealedTextField(blank=True)
    # The place of the name, without case and diacritics, among others (lead_index.place_of).
    sort_name = models.BinaryField(default=b"")
    phone = SealedTextField(blank=True)
    email = SealedTextField(blank=True)
    data = SealedJSONField(default=nothing)
    custom_field_data = SealedJSONField(default=nothing)
    interested_in_connect_id = models.CharField(max_length=200, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    follow_up_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    # Everything known of it was erased; what is told of it since is not kept.
    erased_at = models.DateTimeField(null=True, blank=True)
    # When Connect last told us about it.
    known_at = models.DateTimeField()
    # Connect's own time (``updatedAt``) of the newest telling: older ones change nothing.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "connect_id"),
                condition=~models.Q(connect_id=""),
                name="lead_once_per_organisation",
            )
        ]
        indexes = [
            # For who fits a gap: interested in its type, newest first; and due for follow-up.
            models.Index(
                "organisation",
                "interested_in_connect_id",
                models.F("created_at").desc(),
                name="lead_interest_new",
            ),
            models.Index(
                fields=("organisation", "interested_in_connect_id", "follow_up_at"),
                name="lead_interest_due",
            ),
            models.Index(fields=("organisation", "pool", "follow_up_at"), name="lead_pool_due"),
            # For the columns of a board, in each order, and their counts.
            models.Index(fields=("pool", "board_state", "created_at", "id"), name="board_age"),
            models.Index(fields=("pool", "board_state", "sort_name", "id"), name="board_name"),
            models.Index(fields=("pool", "board_state", "follow_up_at", "id"), name="board_due"),
            # For the queue of the day.
            models.Index(fields=("organisation", "follow_up_at"), name="lead_due"),
            models.Index(fields=("organisation", "first_opened_at", "created_at"), name="unopened"),
        ]

    def __str__(self) -> str:
        return self.name or self.phone or self.email or str(self.id)


class LeadTerm(models.Model):
    """One searchable word of a lead, as a code (codes.word): a part of the name, the email, or the
    phone turned round.

    A prefix of the turned number is an ending of the number, so one index serves all three.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="terms")
    # Bytes: both databases order them alike, so a prefix is a range whatever the collation.
    term = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=("organisation", "term", "lead"), name="lead_term_prefix")]

    def __str__(self) -> str:
        return f"term of {self.lead_id}"

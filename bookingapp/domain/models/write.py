"""The journal: one row per intended change at Connect, one row per call made for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.lead import Lead
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField
from bookingapp.domain.states import TERMINAL, Kind, Outcome, State

# Of what is asked for, the ids that other questions look for: nothing that anybody typed.
OPEN = ("calendar_id", "type_id", "lead_state_id", "slot", "mark", "to")


def empty() -> dict[str, Any]:
    return {}


class Write(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="writes")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in Kind])
    # Made when the form was rendered: the same intent is one write, however often it is sent.
    intent = models.UUIDField()
    # Of what was asked for, to notice a form used again for something else.
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="writes"
    )
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="writes")
    # This write waits for that one (a booking for the creation of its lead).
    after = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )
    # The booking that this write changes; only one unfinished change at a time.
    about = models.ForeignKey(
        "Booking", on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    # Which step of several is next or on its way; empty for kinds of one step.
    step = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State])
    reason = models.CharField(max_length=30, blank=True)
    # What to send, and how far it may bend (its kind knows the shape).
    payload = SealedJSONField(default=empty, open_keys=OPEN, named_keys=("changes",))
    # What came of it: ids, alternatives, messages, evidence (its kind knows the shape).
    result = SealedJSONField(default=empty, open_keys=("steps",))
    # When it may be taken next; empty while it waits for something else than time.
    due_at = models.DateTimeField(null=True, blank=True)
    # Raised at every move: the compare-and-set of claim, choice and settlement.
    version = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Who looks after it now, where that is not who asked for it.
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Somebody has seen that it was refused.
    seen_at = models.DateTimeField(null=True, blank=True)
    # What it said was forgotten (retention): that it was, when and by whom stays.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organisation", "intent", "kind"), name="intent_once"),
            models.UniqueConstraint(
                fields=("about",),
                name="one_change_per_booking",
                condition=~models.Q(state__in=sorted(TERMINAL)),
            ),
        ]
        indexes = [
            # Whole ones: SQLite takes no partial index for a list of states given as parameters.
            models.Index(fields=("state", "due_at"), name="write_standing"),
            models.Index(fields=("reason", "seen_at"), name="write_reason"),
            models.Index(fields=("organisation", "state"), name="write_state"),
            models.Index(fields=("person", "-created_at"), name="write_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    @property
    def tries(self) -> models.QuerySet[Attempt]:
        """The attempts of the step that this write is at, in order."""
        return Attempt.objects.filter(write=self, step=self.step)


class Attempt(models.Model):
    """One call made for a write: recorded before it is sent, closed with exactly one outcome."""

    write = models.ForeignKey(Write, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=12, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=15, choices=[(outcome, outcome) for outcome in Outcome], blank=True
    )
    reason = models.CharField(max_length=30, blank=True)
    # What was sent: method, path, body. Never a token.
    sent = SealedJSONField(default=empty)
    status = models.PositiveIntegerField(null=True, blank=True)
    message = SealedTextField(blank=True)
    # Counts of the slot before and after, as Connect gave them.
    evidence = SealedJSONField(default=empty)
    request_id = models.CharField(max_length=40, blank=True, db_index=True)
    # The last one that was tried; empty when none was, or when nobody was left to say.
    token = models.ForeignKey("Token", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("write", "number"), name="attempt_once")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.write_id}: {self.outcome or 'open'}"

"""Who did what, when, and why: one row per move of a write, sign-in or change of a setting."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedJSONField
from bookingapp.domain.models.write import Write


def no_details() -> dict[str, Any]:
    return {}


class AuditEvent(models.Model):
    """Added and never changed: what it names cannot be deleted, and the database refuses an update
    or delete (see ``domain/audit_guard.py``).
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    # Empty when the desk did it by itself.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=40)
    # The group of actions it is found by (domain/audit_topics.py).
    topic = models.CharField(max_length=12, blank=True)
    # The id of the lead, booking or batch that it is about, where it is no move of a write.
    about = models.CharField(max_length=64, blank=True, db_index=True)
    write = models.ForeignKey(Write, on_delete=models.PROTECT, null=True, related_name="moves")
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    # Facts in codes, ids and counts: no value of a person, and no secret.
    details = models.JSONField(default=no_details)
    # From where, and within which request: the same id goes to Connect.
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        ordering = ("id",)
        # The log is read newest first, all of it or by one of these.
        indexes = [
            models.Index(fields=("organisation", "-at", "-id"), name="audit_recent"),
            models.Index(fields=("organisation", "topic", "-at", "-id"), name="audit_topic"),
            models.Index(fields=("organisation", "person", "-at", "-id"), name="audit_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M:%S}Z"


class AuditValues(models.Model):
    """What was there before and after: apart, so that it can be forgotten while the fact stays."""

    event = models.OneToOneField(AuditEvent, on_delete=models.CASCADE, related_name="values")
    before = SealedJSONField(default=no_details)
    after = SealedJSONField(default=no_details)

    def __str__(self) -> str:
        return f"values of audit event {self.event_id}"

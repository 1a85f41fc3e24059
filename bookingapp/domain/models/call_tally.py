"""What was asked of Connect and how it answered, counted: for the page of the connection."""

from __future__ import annotations

from django.db import models

from bookingapp.domain.models.organisation import Organisation


class CallTally(models.Model):
    """The calls of one organisation that began within five minutes."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    # The first moment of the five minutes.
    began_at = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    # Of them: answered 4xx, answered 429, answered 5xx or unreadable, not answered at all.
    refused = models.PositiveIntegerField(default=0)
    throttled = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    unreachable = models.PositiveIntegerField(default=0)
    # Not even sent: the breaker was open, or Connect had asked to slow down.
    held_back = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveBigIntegerField(default=0)
    slowest_milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organisation", "began_at"), name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls of {self.organisation_id} from {self.began_at:%H:%M}Z"


class LastAnswer(models.Model):
    """The newest call of an organisation: what it was, and what Connect said to it."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="last_answer"
    )
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    status = models.PositiveIntegerField(null=True, blank=True)
    # The class of the error, never its text: that may quote what was sent.
    error = models.CharField(max_length=60, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    request_id = models.CharField(max_length=128, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.status or self.error}"

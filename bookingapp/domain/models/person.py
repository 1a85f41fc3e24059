"""What a person has chosen for themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.catalogue import LeadPool
from bookingapp.domain.models.sealed import SealedJSONField

UNDO_SECONDS = 8
LONGEST_UNDO_SECONDS = 60


class Theme(models.TextChoices):
    AS_SYSTEM = ""
    LIGHT = "light"
    DARK = "dark"


class Preference(models.Model):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    # How long cancels and lead moves wait before they are sent (design law 10).
    undo_seconds = models.PositiveSmallIntegerField(default=UNDO_SECONDS)
    # Empty: as the browser asks.
    language = models.CharField(max_length=10, blank=True)
    # IANA; empty: the browser's own. Shown beside a calendar's zone where the two differ.
    time_zone = models.CharField(max_length=64, blank=True)
    # Whether single letters do anything.
    shortcuts = models.BooleanField(default=True)
    theme = models.CharField(max_length=10, choices=Theme.choices, blank=True)

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"


class ProvenEmail(models.Model):
    """That an email address is this person's: what anybody may type is no proof.

    It holds as long as the account has that very address (``domain/people/proofs.py``).
    """

    class Way(models.TextChoices):
        LETTER = "letter"  # the link of a letter to this address was used
        OPERATOR = "operator"  # whoever runs the installation said so
        PROVIDER = "provider"  # the provider verified it, of an account that was linked

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proven_email"
    )
    # As it is compared; one person's at most.
    address = models.CharField(max_length=320, unique=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    proven_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"proven email of {self.person_id}"


def nothing() -> dict[str, Any]:
    return {}


class PoolView(models.Model):
    """How a person last looked at a lead pool: filter, order, folded columns, table columns."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pool_views"
    )
    pool = models.ForeignKey(LeadPool, on_delete=models.CASCADE, related_name="+")
    settings = SealedJSONField(default=nothing)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "pool"), name="one_view_each")]

    def __str__(self) -> str:
        return f"view of pool {self.pool_id} by {self.person_id}"

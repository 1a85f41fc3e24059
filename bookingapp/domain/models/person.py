"""What a person has chosen for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models

UNDO_SECONDS = 8
LONGEST_UNDO_SECONDS = 60


class Preference(models.Model):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    # How long cancels and lead moves wait before they are sent (design law 10).
    undo_seconds = models.PositiveSmallIntegerField(default=UNDO_SECONDS)

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"

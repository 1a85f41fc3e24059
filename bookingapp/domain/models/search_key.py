"""The key of the codes by which leads are found and ordered (see domain/codes.py)."""

from __future__ import annotations

from django.db import models

from bookingapp.domain.models.sealed import SealedTextField


class SearchKey(models.Model):
    """One row. Sealed, not derived: so that a change of TOKEN_KEYS leaves all codes as they are."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    key = SealedTextField()

    def __str__(self) -> str:
        return f"search key {self.pk}"

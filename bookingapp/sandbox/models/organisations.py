"""Organisations, their tokens, and the one row that says which world this is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class World(models.Model):
    """One row: the seed and day it was made from, and the switches as they stand."""

    seed = models.IntegerField()
    today = models.DateField()
    # Raised by every reset: tells the request threads to read the catalogue again.
    revision = models.IntegerField(default=1)
    switches = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[World]]

    def __str__(self) -> str:
        return f"seed {self.seed} on {self.today}"


class Organisation(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200, unique=True)

    objects: ClassVar[models.Manager[Organisation]]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """An API token: only its digest is kept, the secret is shown once."""

    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    label = models.CharField(max_length=200)
    scope = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, unique=True)
    last_four = models.CharField(max_length=4)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    organisation_id: str
    objects: ClassVar[models.Manager[Token]]

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

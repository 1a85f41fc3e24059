"""One RocketLead organisation we are connected to, and who may do what in it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models


def no_settings() -> dict[str, Any]:
    return {}


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    connect_url = models.URLField(max_length=500)
    # Only what differs from the defaults in domain/policy.py.
    settings = models.JSONField(default=no_settings, blank=True)
    # Writes wait while this is set; it names why, and which scope is missing.
    paused_reason = models.CharField(max_length=30, blank=True)
    paused_scope = models.CharField(max_length=10, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    catalogue_at = models.DateTimeField(null=True, blank=True)
    # Raised by every change of the catalogue, so that each process knows when to read it again.
    catalogue_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    class Name(models.TextChoices):
        STAFF = "staff"
        MANAGER = "manager"
        ADMIN = "admin"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=10, choices=Name.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "organisation"), name="one_role_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is {self.name}"

"""A link by which somebody joins an organisation, or sets a new password. Shown once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from bookingapp.domain.models.organisation import Organisation, Role


class Invitation(models.Model):
    class Kind(models.TextChoices):
        JOIN = "join"  # make or use an account, and take the role
        RESET = "reset"  # ``person`` chooses a new password

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.JOIN)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    role = models.CharField(max_length=10, choices=Role.Name.choices, blank=True)
    # Where it was sent, if it was; only who has the link can use it, whatever their address.
    email = models.EmailField(max_length=320, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # SHA-256 of the secret in the link: the secret itself is nowhere.
    digest = models.CharField(max_length=64, unique=True)
    # Of another secret, which is only in the letter: who has that one reads mail sent to ``email``.
    letter_digest = models.CharField(max_length=64, unique=True, null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"invitation {self.id} ({self.kind})"

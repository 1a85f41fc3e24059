"""A Connect token: encrypted at rest, shown to nobody, decrypted only for the call it makes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bookingapp.domain.models.organisation import Organisation


class Token(models.Model):
    class Scope(models.TextChoices):
        UNKNOWN = ""
        READ = "read"
        WRITE = "write"
        ADMIN = "admin"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=100)
    # Fernet ciphertext; see domain/tokens.py.
    sealed = models.BinaryField()
    # SHA-256 of the secret, keyed, cut short: recognises a token without holding it.
    fingerprint = models.CharField(max_length=16)
    last_four = models.CharField(max_length=4)
    scope = models.CharField(max_length=10, choices=Scope.choices, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Connect does not tell it: as the admin read it when the token was made.
    expires_on = models.DateField(null=True, blank=True)
    # Noted at most once a minute.
    last_used_at = models.DateTimeField(null=True, blank=True)
    # Its last 401 or 403, which stays on record when it is good again.
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_status = models.PositiveSmallIntegerField(null=True, blank=True)
    # Set aside: not used any more, kept until it is revoked in RocketLead.
    retired_at = models.DateTimeField(null=True, blank=True)
    # The one that it takes over from, while both are live.
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organisation", "fingerprint"), name="token_once"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

    def __repr__(self) -> str:
        return f"<Token {self.pk}>"

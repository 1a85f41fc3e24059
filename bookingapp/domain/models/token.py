"""A Connect token: encrypted at rest, shown to nobody, decrypted only for the call it makes."""

from __future__ import annotations

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organisation", "fingerprint"), name="token_once"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

    def __repr__(self) -> str:
        return f"<Token {self.pk}>"

"""Second factors by allauth, their secrets sealed at rest."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from bookingapp.domain import sealing

PLACE = "mfa_authenticator.data"


class DeskMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """What allauth stores of a second factor can be read by nobody who only has the database."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises sealing.Unsealable."""
        return sealing.unseal(encrypted_text, PLACE)

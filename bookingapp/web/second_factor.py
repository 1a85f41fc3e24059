"""Second factors by allauth, their secrets sealed at rest, every change of them on record."""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import sealing
from bookingapp.domain.second_factor import PLACE


class DeskMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """What allauth stores of a second factor can be read by nobody who only has the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _("Your role here needs a second step."),
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises sealing.Unsealable."""
        return sealing.unseal(encrypted_text, PLACE)

    def get_totp_issuer(self) -> str:
        return gettext("Booking desk")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": gettext("Booking desk")}

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 - allauth's
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)


def _note(action: str, request: HttpRequest, user: Any, authenticator: Any) -> None:
    # Late: the adapters are looked up by allauth, which must be ready first.
    from bookingapp.web.accounts import note

    note(action, request, user, {"kind": str(authenticator.type)})


def _added(**told: Any) -> None:
    if not _comes_along(told["authenticator"]):
        _note("second-factor.added", told["request"], told["user"], told["authenticator"])


def _removed(**told: Any) -> None:
    if not _comes_along(told["authenticator"]):
        _note("second-factor.removed", told["request"], told["user"], told["authenticator"])


def _reset(**told: Any) -> None:
    _note("second-factor.renewed", told["request"], told["user"], told["authenticator"])


def _failed(**told: Any) -> None:
    action = "confirm.refused" if told.get("reauthentication") else "second-factor.refused"
    _note(action, told["request"], told["user"], told["authenticator"])


def _comes_along(authenticator: Any) -> bool:
    """Recovery codes come with the first app or passkey and go with the last: no step of theirs."""
    return bool(authenticator.type == Authenticator.Type.RECOVERY_CODES)


def watch() -> None:
    signals.authenticator_added.connect(_added, dispatch_uid="desk")
    signals.authenticator_removed.connect(_removed, dispatch_uid="desk")
    signals.authenticator_reset.connect(_reset, dispatch_uid="desk")
    signals.authentication_failed.connect(_failed, dispatch_uid="desk")

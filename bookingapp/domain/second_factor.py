"""Whether a person has a second factor, and whether they must have one to work somewhere.

An authenticator app or a passkey counts; recovery codes alone do not: they are used up.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef

from bookingapp.domain.access import Membership
from bookingapp.domain.policy import policy_of

COUNTING = ("totp", "webauthn")
# As what their secrets are sealed: no value of another column can take their place.
PLACE = "mfa_authenticator.data"


def model() -> Any:
    """Where they are kept: allauth's table."""
    return apps.get_model("mfa", "Authenticator")


def exists(person: str = "pk") -> Exists:
    """For a query of people: whether each has one. ``person``: what leads to the person's key."""
    return Exists(model().objects.filter(user=OuterRef(person), type__in=COUNTING))


def has(person: Any) -> bool:
    """No query where the person came with a yes, as ``standing`` keeps them; else one: who has just
    set one up, perhaps in another process, is not to be told that there is none.
    """
    if getattr(person, "has_second_factor", False):
        return True
    return bool(model().objects.filter(user=person, type__in=COUNTING).exists())


def is_required(place: Membership) -> bool:
    """Whether the organisation lets in people of this role only with one. Pure."""
    wanted = policy_of(place.organisation.settings).second_factor
    return wanted == "everybody" or (wanted == "admins" and place.role == "admin")

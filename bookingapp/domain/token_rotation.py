"""One token in the place of another, with both live: Connect has no overlap of its own.

How far a rotation has come is read off the rows, so it can be left and gone on with at any time:
the new token names the old one (``replaces``), and the old one is set aside (``retired_at``) until
Connect is seen to reject it. Then our copy goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.views.decorators.debug import sensitive_variables

from bookingapp.domain import doctor, gateway, token_care, token_probe, token_states, tokens
from bookingapp.domain.models import Token
from bookingapp.domain.token_powers import Ability, Power, lost_with_another
from bookingapp.domain.token_probe import Answer
from bookingapp.domain.token_states import Standing


class Stage(StrEnum):
    PASTE = "paste"  # the new one is made in RocketLead and pasted here
    COMPARE = "compare"  # is it enough?
    REVOKE = "revoke"  # the new one is used; the old one is to be revoked in RocketLead


@dataclass(frozen=True, slots=True)
class Rotation:
    """``lost``: what would stop (or has stopped) with the new one in the place of the old one."""

    old: Token
    new: Token | None
    stage: Stage
    lost: list[Ability]

    @property
    def new_standing(self) -> Standing | None:
        return token_states.standing(self.new) if self.new else None

    @property
    def may_switch(self) -> bool:
        return self.stage is Stage.COMPARE and self.new_standing is Standing.GOOD


def of(old: Token) -> Rotation:
    """Where the rotation of ``old`` stands."""
    # Read together with its address: what is pasted for one is asked about nowhere else.
    rows = old.replaced_by.filter(retired_at=None).select_related("organisation")
    new = rows.order_by("-pk").first()
    both = Stage.COMPARE if new else Stage.PASTE
    stage = Stage.REVOKE if old.retired_at else both
    return Rotation(old, new, stage, _lost(old, new))


def switch(rotation: Rotation, *, person: Any, now: datetime) -> bool:
    """From now on calls use the new one. False where it is not known to be good."""
    if not rotation.may_switch:
        return False
    token_care.set_aside(rotation.old, person=person, now=now)
    return True


def end(rotation: Rotation, *, person: Any, now: datetime) -> str:
    """Ask Connect whether the old one is revoked, and remove our copy if it is.

    "revoked", "accepted" (it still works), "unclear" (Connect could not be asked, or rejects the
    new one as well), or "sealed" (nobody can ask: no key opens it).
    """
    old = rotation.old
    said = _said_to(old)
    if said == "revoked" and rotation.new and _said_to(rotation.new) != "accepted":
        return "unclear"
    if said == "revoked":
        token_care.remove(old, person=person, now=now, reason="revoked")
    return said


def check(rotation: Rotation, *, person: Any) -> doctor.Finding | None:
    """The doctor's finding about the new one."""
    return doctor.examine(rotation.new, person=person) if rotation.new else None


@sensitive_variables("secret")
def _said_to(token: Token) -> str:
    try:
        secret = tokens.unseal(token)
    except tokens.Unsealable:
        return "sealed"
    step = next(token_probe.steps(gateway.client(token.organisation), secret))
    told = {Answer.REJECTED: "revoked", Answer.PASSED: "accepted", Answer.TOO_NARROW: "accepted"}
    return told.get(step.answer, "unclear")


def _lost(old: Token, new: Token | None) -> list[Ability]:
    if new is None:
        return []
    rows = [row for row in token_states.rows_of(old.organisation) if row.pk not in {old.pk, new.pk}]
    powers = [*token_states.powers(rows), Power(old.pk, old.scope)]
    return lost_with_another(powers, old.pk, new.scope)

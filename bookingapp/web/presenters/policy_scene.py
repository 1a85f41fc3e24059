"""What the effect of a policy is told with, and what is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bookingapp.domain.models import Organisation
from bookingapp.domain.policy import Policy
from bookingapp.web.presenters.policy_names import Names


@dataclass(frozen=True, slots=True)
class Effect:
    """A sentence, then steps in their order, then a text as it goes over the wire."""

    text: str
    steps: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Scene:
    """``policy`` may hold what is not saved yet; ``person`` is the name of who looks."""

    organisation: Organisation
    policy: Policy
    names: Names
    now: datetime
    zone: ZoneInfo
    person: str

    def with_policy(self, **changed: object) -> Organisation:
        """As if the organisation had these, for what decides by its settings."""
        return Organisation(settings=changed)

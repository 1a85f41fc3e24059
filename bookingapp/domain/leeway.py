"""How far a booking may bend when somebody is faster: as ticked, within the policy. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bookingapp.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form offers to tick, and whether anyone is ticked from the start."""

    anyone: bool
    nearby: bool
    anyone_ticked: bool = False


def offer(policy: Policy) -> Offer:
    return Offer(
        anyone=policy.anyone != "never",
        nearby=policy.nearby != "never",
        anyone_ticked=policy.anyone == "chosen",
    )


def allowed(policy: Policy, *, anyone: bool, nearby: bool = False) -> tuple[bool, bool]:
    """Of what was ticked what the policy allows: a form sent by hand cannot exceed it."""
    offered = offer(policy)
    return anyone and offered.anyone, nearby and offered.nearby

"""Who works in an organisation, who is invited, and who left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookingapp.domain import second_factor
from bookingapp.domain.models import FormerRole, Invitation, Organisation, Role
from bookingapp.domain.people import invitations, sessions


@dataclass(frozen=True, slots=True)
class Colleague:
    """One who works here. ``last_sign_in_at`` is aware UTC, None for never."""

    person: Any
    role: str
    has_second_factor: bool
    last_sign_in_at: datetime | None
    sessions: int

    def matches(self, text: str) -> bool:
        """Whether every word of ``text`` is somewhere in the names or the e-mail address. Pure."""
        one = self.person
        told = f"{one.get_full_name()} {one.get_username()} {one.email}".casefold()
        return all(word in told for word in text.casefold().split())


def here(organisation: Organisation, *, now: datetime) -> list[Colleague]:
    """By name. Two queries."""
    roles = Role.objects.filter(organisation=organisation).select_related("person")
    found = list(roles.annotate(has_second_factor=second_factor.exists("person")))
    open_sessions = sessions.counts([role.person for role in found], now=now)
    colleagues = [
        Colleague(
            role.person,
            str(role.name),
            bool(role.has_second_factor),
            role.person.last_login,
            open_sessions.get(role.person_id, 0),
        )
        for role in found
    ]
    return sorted(colleagues, key=_by_name)


def invited(organisation: Organisation, *, now: datetime) -> list[Invitation]:
    """Links that can still be used, the newest first."""
    found = invitations.open_ones(now=now).filter(organisation=organisation)
    return list(found.select_related("created_by", "person").order_by("-created_at", "pk"))


def gone(organisation: Organisation) -> list[FormerRole]:
    """Who left, the last first."""
    found = FormerRole.objects.filter(organisation=organisation)
    return list(found.select_related("person", "ended_by").order_by("-ended_at", "pk"))


def _by_name(one: Colleague) -> tuple[str, str]:
    name = one.person.get_full_name() or one.person.get_username()
    return name.casefold(), one.person.get_username().casefold()

"""What a person may see: every look-up of the desk starts here (design law 14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bookingapp.domain.models import Organisation, Role

RANK = {Role.Name.STAFF: 1, Role.Name.MANAGER: 2, Role.Name.ADMIN: 3}


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in one organisation."""

    organisation: Organisation
    role: str

    def is_at_least(self, role: str) -> bool:
        """Whether the role includes ``role`` (staff, manager or admin)."""
        return RANK[Role.Name(self.role)] >= RANK[Role.Name(role)]


def organisations_of(person: Any) -> list[Membership]:
    """All organisations of a person, by name. One query."""
    roles = Role.objects.filter(person=person).select_related("organisation")
    return [
        Membership(role.organisation, role.name) for role in roles.order_by("organisation__name")
    ]


def managers_of(organisation: Organisation) -> list[Any]:
    """Who may settle everybody's writes here, by name of user."""
    roles = Role.objects.filter(
        organisation=organisation, name__in=[Role.Name.MANAGER, Role.Name.ADMIN]
    )
    return [role.person for role in roles.select_related("person").order_by("person__username")]

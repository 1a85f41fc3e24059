"""Leads, and a change to one (contract section 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from msgspec import UNSET, Struct, UnsetType, field

from bookingapp.connect.instants import as_utc, keep_utc

from .base import Id, optional, text


class Lead(Struct, frozen=True, kw_only=True):
    """A table entry. Only ``id`` is insisted on: the rest echoes what was sent."""

    SPELLINGS: ClassVar[dict[str, tuple[str, ...]]] = {"organisation_id": ("organisationId",)}

    id: Id
    table_id: str = text("tableId")
    organisation_id: str = text("organizationId")
    lead_state_id: str = text("leadStateId")
    archived: bool = False
    created_at: datetime | None = optional("createdAt")
    updated_at: datetime | None = optional("updatedAt")
    data: dict[str, Any] = field(default_factory=dict)
    custom_field_data: dict[str, Any] = field(default_factory=dict, name="customFieldData")
    first_opened_at: datetime | None = optional("firstOpenedAt")
    follow_up_at: datetime | None = optional("followUpDate")
    interested_in_appointment_type_id: Id | None = optional("interestedInAppointmentTypeId")

    def __post_init__(self) -> None:
        keep_utc(self, "created_at", "updated_at", "first_opened_at", "follow_up_at")


class LeadChanges(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A merge patch: what is not named stays; None clears; None for a key removes the key.

    ``data`` and ``custom_field_data`` as a whole cannot be None: what Connect would do is not
    documented. Instants must be aware. ``ValueError`` otherwise.
    """

    data: Mapping[str, Any] | UnsetType = UNSET
    custom_field_data: Mapping[str, Any] | UnsetType = field(default=UNSET, name="customFieldData")
    lead_state_id: str | UnsetType = field(default=UNSET, name="leadStateId")
    first_opened_at: datetime | UnsetType | None = field(default=UNSET, name="firstOpenedAt")
    follow_up_at: datetime | UnsetType | None = field(default=UNSET, name="followUpDate")
    interested_in_appointment_type_id: str | UnsetType | None = field(
        default=UNSET, name="interestedInAppointmentTypeId"
    )

    @classmethod
    def from_mapping(cls, changes: Mapping[str, Any]) -> LeadChanges:
        """Changes from a mapping by our names; instants may be ISO texts (as a journal keeps them).

        An unknown name is a ``ValueError``: a typing slip must not become a change that is lost.
        """
        unknown = set(changes) - set(cls.__struct_fields__)
        if unknown:
            raise ValueError(f"a lead has no {', '.join(sorted(unknown))}")
        return cls(**{name: _value(name, value) for name, value in changes.items()})

    def __post_init__(self) -> None:
        if None in (self.data, self.custom_field_data, self.lead_state_id):
            raise ValueError("data, custom_field_data and lead_state_id cannot be None as a whole")
        for instant in (self.first_opened_at, self.follow_up_at):
            if isinstance(instant, datetime):
                as_utc(instant)


def _value(name: str, value: Any) -> Any:
    is_text = name in {"first_opened_at", "follow_up_at"} and isinstance(value, str)
    return datetime.fromisoformat(value) if is_text else value

"""How an organisation wants its writes done: the defaults, and what it has changed. Pure."""

from __future__ import annotations

from typing import Any

import msgspec


class PoolKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one lead pool keeps its contacts; an empty list: as the organisation has it."""

    name_keys: tuple[str, ...] = ()
    first_name_keys: tuple[str, ...] = ()
    last_name_keys: tuple[str, ...] = ()
    phone_keys: tuple[str, ...] = ()
    email_keys: tuple[str, ...] = ()


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All policies of one organisation. Unknown names are refused when they are set."""

    # Slot fill: how many slots a booking may try before it asks (each with fresh availability).
    booking_attempts: int = 3
    # Nearby times, when a person ticked them: how far from the time asked for, in minutes.
    nearby_minutes: int = 60
    # Whether a booking may take another resource at the same time: "offered" (a person ticks it),
    # "chosen" (ticked from the start) or "never".
    anyone: str = "offered"
    # Whether nearby times may be ticked for a booking: "offered" or "never".
    nearby: str = "offered"
    # A reschedule books the new slot before it deletes the old booking, or the documented other
    # way round: "book_first" or "delete_first". Where both cannot stand at once it deletes first.
    reschedule_order: str = "book_first"
    # Lead state (Connect's id) that a lead has while it is rescheduled; empty: it keeps its own.
    transient_state: str = ""
    # What a person chooses from when cancelling; known ones are translated, others shown as given.
    cancel_reasons: tuple[str, ...] = ("lead_asked", "lead_ill", "no_show", "we_cannot", "mistake")
    # Lead state (Connect's id) that a lead gets before its booking is cancelled; empty: none.
    cancel_state: str = ""
    # The field of a booking that names its lead: "entryId", "tableEntryId" or "both".
    lead_link_field: str = "entryId"
    # Keys of a lead's data (or custom field ids) that hold these; the first one filled counts.
    name_keys: tuple[str, ...] = ("name", "Name", "fullName")
    first_name_keys: tuple[str, ...] = ("firstName", "vorname", "Vorname")
    last_name_keys: tuple[str, ...] = ("lastName", "nachname", "Nachname")
    phone_keys: tuple[str, ...] = ("phone", "telefon", "Telefon", "mobile")
    email_keys: tuple[str, ...] = ("email", "Email", "E-Mail")
    # Lead pool (Connect's id) to keys of its own.
    pool_keys: dict[str, PoolKeys] = {}
    # Custom field (id) of a lead that gets the name of who created or changed it; empty: none.
    person_field: str = ""
    # Under this key a new lead carries the intent of the write that made it, so that an inbound
    # event can settle a creation whose answer was lost; empty: it carries none.
    intent_key: str = "bookingDeskKey"
    # Lead states (Connect's ids) that only managers move leads into and out of.
    protected_states: tuple[str, ...] = ()
    # Lead pool to the appointment type usually booked from it (both Connect's ids).
    usual_types: dict[str, str] = {}
    # Custom field id to what people call it; Connect does not tell names.
    custom_field_names: dict[str, str] = {}
    # ISO country for phone numbers without a country code.
    country: str = "DE"
    # After Connect's own 500 on creating a lead: "retry" (its docs say so) or "ask" a person.
    lead_after_500: str = "retry"
    # How often a write may be put off by Connect before a person is asked.
    later_limit: int = 8
    # Who must have a second factor (or a passkey) to work here: "nobody", "admins" or "everybody".
    second_factor: str = "nobody"
    # Days before a token expires from which admins are told.
    expiry_warning_days: int = 14
    # Days that these are kept; 0: for ever. Counted from when they ended or were last heard of.
    keep_deliveries_days: int = 90
    keep_imports_days: int = 90
    keep_writes_days: int = 0
    keep_leads_days: int = 0
    keep_audit_values_days: int = 365
    # The unit of Connect's lengths: "minutes" or "seconds".
    length_unit: str = "minutes"


def policy_of(settings: dict[str, Any]) -> Policy:
    """Raises msgspec.ValidationError naming the setting that is wrong."""
    return msgspec.convert(settings, Policy)

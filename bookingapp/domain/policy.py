"""How an organisation wants its writes done: the defaults, and what it has changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Meta

MOST_KEYS = 20
LONGEST_KEY = 200
Id = Annotated[str, Meta(max_length=LONGEST_KEY)]
Key = Annotated[str, Meta(min_length=1, max_length=LONGEST_KEY)]
Keys = Annotated[tuple[Key, ...], Meta(max_length=MOST_KEYS)]
CancelReason = Annotated[str, Meta(min_length=1, max_length=100)]
Days = Annotated[int, Meta(ge=0, le=3650)]


class Pool(Protocol):
    """A lead pool as far as policies care: its id at Connect."""

    @property
    def connect_id(self) -> str: ...


class PoolKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one lead pool keeps its contacts; an empty list: as the organisation has it."""

    name_keys: Keys = ()
    first_name_keys: Keys = ()
    last_name_keys: Keys = ()
    phone_keys: Keys = ()
    email_keys: Keys = ()


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All policies of one organisation. Unknown names are refused when they are set."""

    # Slot fill: how many slots a booking may try before it asks (each with fresh availability).
    booking_attempts: Annotated[int, Meta(ge=1, le=10)] = 3
    # Nearby times, when a person ticked them: how far from the time asked for, in minutes.
    nearby_minutes: Annotated[int, Meta(ge=1, le=1440)] = 60
    # Whether a booking may take another resource at the same time: "offered" (a person ticks it),
    # "chosen" (ticked from the start) or "never".
    anyone: Literal["offered", "chosen", "never"] = "offered"
    # Whether nearby times may be ticked for a booking: "offered" or "never".
    nearby: Literal["offered", "never"] = "offered"
    # A reschedule books the new slot before it deletes the old booking, or the documented other
    # way round: "book_first" or "delete_first". Where both cannot stand at once it deletes first.
    reschedule_order: Literal["book_first", "delete_first"] = "book_first"
    # Lead state (Connect's id) that a lead has while it is rescheduled; empty: it keeps its own.
    transient_state: Id = ""
    # What a person chooses from when cancelling; known ones are translated, others shown as given.
    cancel_reasons: Annotated[tuple[CancelReason, ...], Meta(max_length=30)] = (
        "lead_asked", "lead_ill", "no_show", "we_cannot", "mistake",
    )  # fmt: skip
    # Lead state (Connect's id) that a lead gets before its booking is cancelled; empty: none.
    cancel_state: Id = ""
    # The field of a booking that names its lead: "entryId", "tableEntryId" or "both".
    lead_link_field: Literal["entryId", "tableEntryId", "both"] = "entryId"
    # Keys of a lead's data (or custom field ids) that hold these; the first one filled counts.
    name_keys: Keys = ("name", "Name", "fullName")
    first_name_keys: Keys = ("firstName", "vorname", "Vorname")
    last_name_keys: Keys = ("lastName", "nachname", "Nachname")
    phone_keys: Keys = ("phone", "telefon", "Telefon", "mobile")
    email_keys: Keys = ("email", "Email", "E-Mail")
    # Lead pool (Connect's id) to keys of its own.
    pool_keys: Annotated[dict[Key, PoolKeys], Meta(max_length=500)] = {}
    # Custom field (id) of a lead that gets the name of who created or changed it; empty: none.
    person_field: Id = ""
    # Under this key a new lead carries the intent of the write that made it, so that an inbound
    # event can settle a creation whose answer was lost; empty: it carries none.
    intent_key: Id = "bookingDeskKey"
    # Lead states (Connect's ids) that only managers move leads into and out of.
    protected_states: Annotated[tuple[Key, ...], Meta(max_length=500)] = ()
    # Lead pool to the appointment type usually booked from it (both Connect's ids).
    usual_types: Annotated[dict[Key, Key], Meta(max_length=500)] = {}
    # Custom field id to what people call it; Connect does not tell names.
    custom_field_names: Annotated[dict[Key, Key], Meta(max_length=500)] = {}
    # ISO country for phone numbers without a country code.
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] = "DE"
    # After Connect's own 500 on creating a lead: "retry" (its docs say so) or "ask" a person.
    lead_after_500: Literal["retry", "ask"] = "retry"
    # How often a write may be put off by Connect before a person is asked.
    later_limit: Annotated[int, Meta(ge=1, le=50)] = 8
    # Who must have a second factor (or a passkey) to work here: "nobody", "admins" or "everybody".
    second_factor: Literal["nobody", "admins", "everybody"] = "nobody"
    # Days before a token expires from which admins are told.
    expiry_warning_days: Annotated[int, Meta(ge=1, le=365)] = 14
    # Days that these are kept; 0: for ever. Counted from when they ended or were last heard of.
    keep_deliveries_days: Days = 90
    keep_imports_days: Days = 90
    keep_writes_days: Days = 0
    keep_leads_days: Days = 0
    keep_audit_values_days: Days = 365
    # The unit of Connect's lengths: "minutes" or "seconds".
    length_unit: Literal["minutes", "seconds"] = "minutes"
    # Calendars and lead pools (Connect's ids) that are not offered for choice; new ones are. They
    # are chosen on the organisation's own page.
    # As many as there are: a limit here would make everything else unreadable beyond it.
    hidden_calendars: tuple[Key, ...] = ()
    hidden_pools: tuple[Key, ...] = ()

    def of_pool(self, pool: Pool | None) -> Policy:
        """The same with the keys under which the leads of ``pool`` keep their contacts."""
        own = self.pool_keys.get(pool.connect_id) if pool is not None else None
        if own is None:
            return self
        told = {name: keys for name in PoolKeys.__struct_fields__ if (keys := getattr(own, name))}
        return msgspec.structs.replace(self, **told)

    def contact_keys(self) -> Iterator[str]:
        """Every key that is a contact's anywhere, those of all pools too; some more than once."""
        for holder in (self, *self.pool_keys.values()):
            for name in PoolKeys.__struct_fields__:
                yield from getattr(holder, name)


def policy_of(settings: dict[str, Any]) -> Policy:
    """Raises msgspec.ValidationError naming the setting that is wrong."""
    return msgspec.convert(settings, Policy)

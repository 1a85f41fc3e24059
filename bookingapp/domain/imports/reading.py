"""One row of a file as the lead it describes, or what is wrong with it, field by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports.sheet import LONGEST_CELL
from bookingapp.domain.imports.targets import CUSTOM, DATA, Plan
from bookingapp.domain.lead_check import problem
from bookingapp.domain.lead_creation import check
from bookingapp.domain.lead_schema import Descriptor

LONGEST = {"name": 300, "phone": 80, "email": 320, "connect_id": 200}
# After ISO 8601, which is tried first.
DAYS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y")


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells are understood by: ids at Connect, and names without case, to those ids."""

    types: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    # IANA name; days and times without an offset are meant there.
    zone: str = "UTC"
    # What Connect says of the keys of the pool's leads, and the ISO country of phone numbers.
    fields: Mapping[str, Descriptor] = field(default_factory=dict)
    country: str = "DE"


@dataclass(frozen=True, slots=True)
class Described:
    """A lead as a row has it; instants are UTC, ids those at Connect, "" where it says nothing."""

    contact: Contact
    first_name: str = ""
    last_name: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    custom_field_data: dict[str, Any] = field(default_factory=dict)
    interested_in: str = ""
    connect_id: str = ""
    state: str = ""
    follow_up_at: datetime | None = None
    created_at: datetime | None = None


def read(cells: Sequence[str], plan: Plan, how: str, known: Known, *, width: int) -> Described:
    """Raises Invalid, a code by target: required, too_long, phone_or_email, phone, email, unknown,
    day, and those of ``lead_check``; and "row" too_many_cells.
    """
    if len(cells) > width:
        raise Invalid({"row": "too_many_cells"})
    told = values(cells, plan)
    wrong = _too_long(told)
    described = _described(told, known, wrong)
    if how == "create":
        wrong |= _unsuited(told, plan, known) | _unreachable(described.contact)
    elif not described.connect_id:
        wrong["connect_id"] = "required"
    if wrong:
        raise Invalid(wrong)
    return described


def values(cells: Sequence[str], plan: Plan) -> dict[str, str]:
    """Target to what the row says of it, as written."""
    places = ((int(at), target) for at, target in plan.columns.items())
    return {target: cells[at] for at, target in places if at < len(cells) and cells[at]}


def contact_in(told: Mapping[str, str]) -> Contact:
    whole = f"{told.get('first_name', '')} {told.get('last_name', '')}".strip()
    return Contact(told.get("name") or whole, told.get("phone", ""), told.get("email", ""))


def _described(told: Mapping[str, str], known: Known, wrong: dict[str, str]) -> Described:
    def one_of(target: str, names: Mapping[str, str]) -> str:
        text = told.get(target, "")
        found = names.get(text) or names.get(text.casefold(), "")
        if text and not found:
            wrong[target] = "unknown"
        return found

    def moment(target: str) -> datetime | None:
        try:
            return instant(told[target], known.zone) if target in told else None
        except ValueError:
            wrong[target] = "day"
            return None

    return Described(
        contact=contact_in(told),
        first_name=told.get("first_name", ""),
        last_name=told.get("last_name", ""),
        data=_under(told, DATA),
        custom_field_data=_under(told, CUSTOM),
        interested_in=one_of("interest", known.types),
        connect_id=told.get("connect_id", ""),
        state=one_of("state", known.states),
        follow_up_at=moment("follow_up"),
        created_at=moment("created"),
    )


def instant(text: str, zone: str) -> datetime:
    """The instant (UTC) that ``text`` names. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _local(text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone))
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


def _local(text: str) -> datetime:
    for form in DAYS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    raise ValueError(text)


def _under(told: Mapping[str, str], prefix: str) -> dict[str, Any]:
    return {one.removeprefix(prefix): text for one, text in told.items() if one.startswith(prefix)}


def _too_long(told: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        target: "too_long"
        for target, text in told.items()
        if len(text) > LONGEST.get(target, LONGEST_CELL)
    }
    name = contact_in(told).name
    return wrong | ({"name": "too_long"} if len(name) > LONGEST["name"] else {})


def _unsuited(told: Mapping[str, str], plan: Plan, known: Known) -> dict[str, str]:
    """What does not suit the lead pool. Of leads that Connect has already it is none of ours."""
    wrong = {}
    for target in plan.columns.values():
        about = known.fields.get(target.removeprefix(DATA)) if target.startswith(DATA) else None
        if about and (found := problem(about, told.get(target), country=known.country)):
            wrong[target] = found.code
    return wrong


def _unreachable(contact: Contact) -> dict[str, str]:
    try:
        check(contact)
    except Invalid as error:
        return dict(error.fields)
    return {}

"""What the columns of a file probably are, by their headers. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bookingapp.domain.contact_fields import fold
from bookingapp.domain.imports.targets import CUSTOM, DATA, Plan
from bookingapp.domain.policy import Policy

_WORD = re.compile(r"[^\W_]+")
# Without case, diacritics and signs; German and English, as the programs that export name them.
_USUAL: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "fullname", "vollstandigername", "contact", "contactname", "kontakt", "kunde",
        "kundenname", "patient", "patientin", "leadname", "ansprechpartner", "displayname",
    ),
    "first_name": ("firstname", "givenname", "vorname", "rufname", "forename"),
    "last_name": ("lastname", "surname", "familyname", "nachname", "familienname", "zuname"),
    "phone": (
        "phone", "phonenumber", "telephone", "tel", "telefon", "telefonnummer", "telefonnr",
        "rufnummer", "mobile", "mobilephone", "mobil", "mobiltelefon", "mobilnummer", "handy",
        "handynummer", "cell", "cellphone", "phone1value",
    ),
    "email": (
        "email", "emailaddress", "emailadresse", "mail", "mailadresse", "mailaddress",
        "email1value",
    ),
    "interest": (
        "interest", "interestedin", "interesse", "interessiertan", "appointmenttype", "terminart",
        "behandlung", "leistung", "service", "interestedinappointmenttypeid",
    ),
    "connect_id": (
        "id", "leadid", "idatconnect", "connectid", "rocketleadid", "entryid", "tableentryid",
    ),
    "state": ("state", "leadstate", "status", "leadstatus", "leadstateid", "stand"),
    "follow_up": ("followup", "followupdate", "wiedervorlage", "wiedervorlageam", "nachfassen"),
    "created": ("created", "createdat", "erstellt", "erstelltam", "angelegt", "angelegtam"),
}  # fmt: skip
_SPECIAL = {
    "name": "name",
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
    "email": "email",
}


def digest_of(headers: Sequence[str]) -> str:
    """The same for the same headers in the same order: such files are mapped alike."""
    return hashlib.sha256("\x1f".join(plain(text) for text in headers).encode()).hexdigest()


def plain(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))


def guess(headers: Sequence[str], policy: Policy, schema: Mapping[str, Any]) -> dict[str, str]:
    """Place of a header (as text) to target; each target once, what nobody knows left out."""
    known = dict(_known(policy, schema))
    found: dict[str, str] = {}
    for at, header in enumerate(headers):
        target = known.get(plain(header), "")
        if target and target not in found.values():
            found[str(at)] = target
    return found


def _known(policy: Policy, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Header to target; a later pair counts more."""
    for target, words in _USUAL.items():
        yield from ((word, target) for word in words)
    for pk, name in policy.custom_field_names.items():
        yield from ((plain(word), f"{CUSTOM}{pk}") for word in (name, pk) if plain(word))
    for key, told in schema.items():
        described = told if isinstance(told, Mapping) else {}
        target = _SPECIAL.get(str(described.get("specialType")), f"{DATA}{key}")
        texts = (key, str(described.get("friendlyName") or ""))
        yield from ((plain(word), target) for word in texts if plain(word))
    for target, words in _contact_keys(policy).items():
        yield from ((plain(word), target) for word in words if plain(word))


def _contact_keys(policy: Policy) -> dict[str, tuple[str, ...]]:
    return {
        "name": policy.name_keys,
        "first_name": policy.first_name_keys,
        "last_name": policy.last_name_keys,
        "phone": policy.phone_keys,
        "email": policy.email_keys,
    }


def keys_of(headers: Sequence[str], plan: Plan, policy: Policy) -> dict[str, str]:
    """Each part of the contact to the key it has in the data: its header where that is one."""
    found = {}
    for target, known in _contact_keys(policy).items():
        at = plan.place(target)
        header = headers[at] if at is not None and at < len(headers) else ""
        found[target] = header if header in known else next(iter(known), target)
    return found

"""What a column can become, and whether what was chosen goes together. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bookingapp.domain.errors import Invalid

CONTACT = ("name", "first_name", "last_name", "phone", "email")
# Only of leads that Connect has already: a new one is created without them (contract 5.2).
ONLY_ADOPTED = ("connect_id", "state", "follow_up", "created")
PLAIN = (*CONTACT, "interest", *ONLY_ADOPTED)
DATA, CUSTOM = "data:", "custom:"
LONGEST_KEY = 200


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an import does, as ``LeadImport.mapping`` keeps it.

    ``columns``: place of the header (as text) to a target. ``same``: what becomes of a row whose
    phone or email is here already, or stands in an earlier row: "skip" or "create".
    """

    columns: dict[str, str] = {}
    same: str = "skip"

    def place(self, target: str) -> int | None:
        """Which column becomes ``target``."""
        return next((int(at) for at, one in self.columns.items() if one == target), None)


def plan_of(mapping: object) -> Plan:
    """Raises msgspec.ValidationError."""
    return msgspec.convert(mapping, Plan)


def is_target(text: str) -> bool:
    """Whether a column can become this."""
    if text in PLAIN:
        return True
    kind, _, key = text.partition(":")
    return f"{kind}:" in {DATA, CUSTOM} and 0 < len(key) <= LONGEST_KEY


def check(plan: Plan, how: str, *, width: int) -> None:
    """Raises Invalid, a code by place of the column: unknown, twice, only_adopted; and for the
    whole: "columns" no_name, no_way (neither phone nor email) or no_id.
    """
    wrong = _wrong_columns(plan.columns, how, width)
    chosen = set(plan.columns.values())
    if how == "adopt" and "connect_id" not in chosen:
        wrong["columns"] = "no_id"
    elif how == "create" and not chosen & {"name", "first_name", "last_name"}:
        wrong["columns"] = "no_name"
    elif how == "create" and not chosen & {"phone", "email"}:
        wrong["columns"] = "no_way"
    if plan.same not in {"skip", "create"}:
        wrong["same"] = "unknown"
    if wrong:
        raise Invalid(wrong)


def _wrong_columns(columns: Mapping[str, str], how: str, width: int) -> dict[str, str]:
    wrong: dict[str, str] = {}
    taken: set[str] = set()
    for at, target in columns.items():
        if not (at.isdecimal() and int(at) < width and is_target(target)):
            wrong[at] = "unknown"
        elif target in taken:
            wrong[at] = "twice"
        elif how == "create" and target in ONLY_ADOPTED:
            wrong[at] = "only_adopted"
        taken.add(target)
    return wrong

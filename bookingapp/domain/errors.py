"""Errors of the domain: a code and facts, no sentences (those live in ``web``). Pure."""

from __future__ import annotations

from bookingapp import connect


class DomainError(Exception):
    """Something a person can be told about."""

    code = "error"


class NoToken(DomainError):
    """The organisation has no token that covers what is needed. Nothing was sent."""

    code = "no_token"

    def __init__(self, needed: connect.Scope) -> None:
        super().__init__(f"no usable token with scope {needed.value}")
        self.needed = needed


class SlotGone(DomainError):
    """The slot chosen is not among those Connect offers (any more)."""

    code = "slot_gone"


class Invalid(DomainError):
    """Input that can be mended: a code per field."""

    code = "invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in fields.items()))
        self.fields = fields

"""One call at the Connect API, as the endpoints see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
from django.http import HttpRequest

from bookingapp.sandbox import instants
from bookingapp.sandbox.catalogue import Catalogue
from bookingapp.sandbox.errors import Refusal, invalid
from bookingapp.sandbox.models import Token
from bookingapp.sandbox.switches import board


@dataclass
class Call:
    """Who calls, for which item, with what."""

    request: HttpRequest
    token: Token
    catalogue: Catalogue
    now: datetime
    key: str = ""
    # What an existence check found, so that the endpoint need not look twice.
    found: Any = field(default=None)

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object sent; 400 when it is none."""
        try:
            body = msgspec.json.decode(self.request.body)
        except (msgspec.DecodeError, RecursionError):
            raise invalid("the body is not JSON") from None
        if not isinstance(body, dict):
            raise invalid("the body must be an object")
        return body

    def text(self, name: str, *, required: bool = False) -> str:
        """A non-empty string of the body; "" when absent and not required."""
        value = self.body.get(name)
        if value is None and not required:
            return ""
        if value is None:
            raise invalid(f"{name} is required")
        if not isinstance(value, str) or not value or len(value) > 500:
            raise invalid(f"{name} must be a string")
        return value

    def moment(self, name: str) -> datetime:
        return instants.read(self.text(name, required=True), name)

    def query(self, name: str, *, required: bool = False) -> str:
        value = self.request.GET.get(name, "")
        if required and not value:
            raise invalid(f"{name} is required")
        return str(value)

    def known(self, rows: dict[str, Any], key: str, noun: str) -> Any:
        """The row of that id in this organisation; 404 when there is none, or a foreign one."""
        try:
            return rows[key]
        except KeyError:
            raise Refusal(404, f"{noun} not found") from None

    def refuse_unknown(self, allowed: frozenset[str]) -> None:
        """400 for fields outside the contract, if the switch `strict_body` says so."""
        if board["strict_body"] == "400":
            for name in self.body:
                if name not in allowed:
                    raise invalid(f"property {name} should not exist")

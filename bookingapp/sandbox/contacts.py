"""Where a lead's e-mail and phone live: the switch `lead.contact_fields` (contract 7.4)."""

from __future__ import annotations

from typing import Any

from bookingapp.sandbox.catalogue import Catalogue
from bookingapp.sandbox.switches import board

Both = tuple[dict[str, Any], dict[str, Any]]


def placed(catalogue: Catalogue, data: dict[str, Any], custom: dict[str, Any]) -> Both:
    """``data`` and ``customFieldData`` with the contact keys where the switch wants them."""
    if board["lead.contact_fields"] == "data":
        return data, custom
    data, custom = dict(data), dict(custom)
    for key in ("email", "phone"):
        field = catalogue.custom_field(key)
        if key in data and field:
            custom.setdefault(field, data.pop(key))
            data.pop(key, None)
    return data, custom

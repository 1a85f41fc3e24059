"""The key of all codes in the database: made by the migration, read once per process."""

from __future__ import annotations

import secrets
from functools import partial

from django.db import connection, transaction

from bookingapp.domain.models import SearchKey

BYTES = 32
_known: dict[str, bytes] = {}


def search_key() -> bytes:
    """32 bytes, the same for as long as the database lives. Raises sealing.Unsealable."""
    name = str(connection.settings_dict["NAME"])
    if name not in _known:
        # The row is there, unless somebody has emptied the database.
        row, is_new = SearchKey.objects.get_or_create(pk=1, defaults={"key": fresh()})
        key = bytes.fromhex(row.key)
        if is_new:
            # Known only once it is really kept: another process must not make another one.
            transaction.on_commit(partial(_known.__setitem__, name, key))
            return key
        _known[name] = key
    return _known[name]


def fresh() -> str:
    return secrets.token_hex(BYTES)

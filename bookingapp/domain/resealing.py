"""Sealing anew what is stored: of every table the sealed columns, a few rows at a time.

The desk may run meanwhile: a value that somebody else has changed since it was read is left as it
is, since it was sealed with the newest key then. Begun again, it goes on where something is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, JSONField, Model

from bookingapp.domain import sealing
from bookingapp.domain.models.sealed import REST, SealedJSONField, SealedTextField

AT_ONCE = 500
Sealed = SealedTextField | SealedJSONField


@dataclass(slots=True)
class Resealed:
    """``locked``: how many values no key of TOKEN_KEYS opens; they are left as they are."""

    changed: int = 0
    locked: int = 0


def sealed_fields(model: type[Model]) -> list[Sealed]:
    fields: Iterable[Any] = model._meta.concrete_fields
    return [field for field in fields if isinstance(field, Sealed)]


def reseal(models: Iterable[type[Model]], *, plain: bool = False) -> Resealed:
    """Every sealed column of ``models``, with the first of TOKEN_KEYS. ``plain``: what cannot be
    opened was never sealed, and only begins as if it were.
    """
    done = Resealed()
    for model in models:
        fields = sealed_fields(model)
        for rows in _batches(model, fields) if fields else ():
            with transaction.atomic():
                _reseal(model, fields, rows, done, plain=plain)
    return done


def _batches(model: type[Model], fields: Sequence[Sealed]) -> Iterator[list[tuple[Any, ...]]]:
    """The key and the columns as they are stored."""
    quote, key = connection.ops.quote_name, _column(model._meta.pk)
    names = ", ".join([key, *map(_column, fields)])
    query = f"SELECT {names} FROM {quote(model._meta.db_table)}"  # noqa: S608 - names of our own
    where, values = "", list[Any]()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"{query}{where} ORDER BY {key} LIMIT {AT_ONCE}", values)
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        where, values = f" WHERE {key} > %s", [rows[-1][0]]


def _reseal(
    model: type[Model],
    fields: Sequence[Sealed],
    rows: Sequence[tuple[Any, ...]],
    done: Resealed,
    *,
    plain: bool,
) -> None:
    for at, field in enumerate(fields, start=1):
        changes = []
        for row in rows:
            if _is_done(field, row[at]):
                continue
            try:
                value = _opened(field, row[at], plain=plain)
            except sealing.Unsealable:
                done.locked += 1
                continue
            changes.append((field.get_db_prep_save(value, connection), row[0], row[at]))
        _store(model, field, changes)
        done.changed += len(changes)


def _is_done(field: Sealed, stored: str | None) -> bool:
    value: Any = stored
    if isinstance(field, JSONField) and stored is not None:
        value = json.loads(stored)
        if isinstance(value, dict) and field.open_keys:
            value = value.get(REST, value if value.keys() - set(field.open_keys) else "")
    return not value or (sealing.is_sealed(value) and sealing.is_of_first_key(value))


def _opened(field: Sealed, stored: str, *, plain: bool) -> Any:
    try:
        if isinstance(field, JSONField):
            return field.from_db_value(stored, None, connection)
        return field.from_db_value(stored)
    except sealing.Unsealable:
        if not plain:
            raise
        return json.loads(stored) if isinstance(field, JSONField) else stored


def _store(model: type[Model], field: Sealed, changes: Sequence[tuple[Any, Any, Any]]) -> None:
    """Each: the new value, the key, and what must still be there."""
    table, column = connection.ops.quote_name(model._meta.db_table), _column(field)
    is_jsonb = isinstance(field, JSONField) and connection.vendor == "postgresql"
    there = "%s::jsonb" if is_jsonb else "%s"
    where = f"{_column(model._meta.pk)} = %s AND {column} = {there}"
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {where}", changes)  # noqa: S608


def _column(field: Field[Any, Any]) -> str:
    return str(connection.ops.quote_name(str(field.column)))

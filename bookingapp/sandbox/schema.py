"""The database file: made when absent, remade when the models have changed since."""

from __future__ import annotations

import zlib

from django.apps import apps
from django.db import connection
from django.db.models import Model


def is_current() -> bool:
    """Whether the file holds tables made from the models as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        return bool(cursor.fetchone()[0] == _fingerprint())


def create() -> None:
    """Drop whatever is there and make every table. The sandbox holds nothing worth a migration."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")
    with connection.schema_editor() as editor:
        for model in _models():
            editor.create_model(model)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA user_version={_fingerprint()}")


def _fingerprint() -> int:
    described = [
        (model._meta.db_table, field.column, field.db_type(connection))
        for model in _models()
        for field in model._meta.concrete_fields
    ]
    return zlib.crc32(repr(described).encode()) & 0x7FFFFFFF


def _models() -> list[type[Model]]:
    return list(apps.get_app_config("sandbox").get_models())

"""Columns whose values are sealed at rest and plain in Python. They can be read and written, and
looked for only where a part is left open (``SealedJSONField(open_keys=…)``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from bookingapp.domain import sealing

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
    _Field = models.Field[Any, Any]
else:
    _Text, _Field = models.TextField, models.Field

# Beside the open keys, under this one, stands everything else of a JSON value.
REST = "sealed"


class SealedTextField(_Text):
    """Text; the empty text stays empty, so that "has none" can be asked of the database."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return sealing.seal(text, _place(self)) if text else text

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return sealing.unseal(value, _place(self)) if sealing.is_sealed(value) else value


class SealedJSONField(models.JSONField):
    """A JSON value, sealed as one text; of an object the ``open_keys`` stay beside it in clear."""

    def __init__(self, *args: Any, open_keys: Iterable[str] = (), **kwargs: Any) -> None:
        self.open_keys = tuple(open_keys)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.open_keys:
            kwargs["open_keys"] = self.open_keys
        return name, path, args, kwargs

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # Only what is stored: what is looked for (a key, an open value) stays as it is.
        is_query = hasattr(value, "as_sql")
        if value is None or is_query:
            return super().get_db_prep_save(value, connection)
        return super().get_db_prep_save(self._sealed(value), connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self._opened(super().from_db_value(value, expression, connection))

    def _sealed(self, value: Any) -> Any:
        if not value:
            return value
        if not self.open_keys or not isinstance(value, dict):
            return sealing.seal(_text(value), _place(self))
        rest = {key: one for key, one in value.items() if key not in self.open_keys}
        kept = {key: one for key, one in value.items() if key in self.open_keys}
        return {**kept, REST: sealing.seal(_text(rest), _place(self))} if rest else kept

    def _opened(self, value: Any) -> Any:
        if sealing.is_sealed(value):
            return json.loads(sealing.unseal(value, _place(self)))
        if isinstance(value, dict) and sealing.is_sealed(value.get(REST)):
            rest = json.loads(sealing.unseal(value[REST], _place(self)))
            return {**{key: one for key, one in value.items() if key != REST}, **rest}
        return value


def _place(field: _Field) -> str:
    return f"{field.model._meta.db_table}.{field.column}"


def _text(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))

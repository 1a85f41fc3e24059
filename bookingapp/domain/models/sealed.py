"""Columns whose values are sealed at rest and plain in Python. They can be read and written, and
looked for only where a part is left open (``SealedJSONField(open_keys=…)``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import Exact

from bookingapp.domain import sealing

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField

# Beside the open keys, under this one, stands everything else of a JSON value.
REST = "sealed"


class _WhetherEmpty(Exact):
    """The only question that a sealed text answers to the database."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("a sealed text can be compared with nothing but the empty text")
        return super().get_prep_lookup()


class SealedTextField(_Text):
    """Text; the empty text stays empty, so that "has none" can be asked of the database."""

    @cached_property
    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        text = super().get_db_prep_save(value, connection)
        return sealing.seal(text, self.place) if text and isinstance(text, str) else text

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return sealing.unseal(value, self.place) if sealing.is_sealed(value) else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _WhetherEmpty
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"a sealed text knows no {lookup_name}")


class SealedJSONField(models.JSONField):
    """A JSON value, sealed as one text. Of an object the ``open_keys`` stay beside it in clear; of
    the objects under ``named_keys`` only which keys they have.
    """

    def __init__(
        self,
        *args: Any,
        open_keys: Iterable[str] = (),
        named_keys: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        self.open_keys, self.named_keys = tuple(open_keys), tuple(named_keys)
        super().__init__(*args, **kwargs)

    @cached_property
    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option in ("open_keys", "named_keys"):
            if keys := getattr(self, option):
                kwargs[option] = keys
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
        if not (self.open_keys or self.named_keys) or not isinstance(value, dict):
            return self._seal(value)
        kept = {key: one for key, one in value.items() if key in self.open_keys}
        rest = {key: one for key, one in value.items() if key not in self.open_keys}
        for key in self.named_keys:
            if isinstance(rest.get(key), dict):
                kept[key] = dict.fromkeys(rest[key])
        return {**kept, REST: self._seal(rest)} if rest else kept

    def _seal(self, value: Any) -> str:
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
        return sealing.seal(text, self.place)

    def _opened(self, value: Any) -> Any:
        if sealing.is_sealed(value):
            return json.loads(sealing.unseal(value, self.place))
        if isinstance(value, dict) and sealing.is_sealed(value.get(REST)):
            rest = json.loads(sealing.unseal(value[REST], self.place))
            return {**{key: one for key, one in value.items() if key != REST}, **rest}
        return value

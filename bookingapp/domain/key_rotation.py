"""A new first key in TOKEN_KEYS: everything that is sealed is sealed anew with it.

The desk runs on meanwhile with both keys. What is interrupted is begun again and goes on where
something is left; only when nothing is left may the old key go.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings

from bookingapp.domain import resealing, sealing, second_factor, tokens
from bookingapp.domain.resealing import Resealed


@dataclass(frozen=True, slots=True)
class Rotated:
    """``locked``: how many values no key opens; with any of them the old key must stay."""

    tokens: int
    factors: int
    sessions: int
    values: int
    locked: int


def rotate() -> Rotated:
    count, locked = tokens.rotate_keys()
    done = resealing.reseal(apps.get_app_config("domain").get_models())
    factors = Resealed()
    for row in second_factor.model().objects.order_by("pk"):
        _factor(row, factors)
    locked += done.locked + factors.locked
    return Rotated(count, factors.changed, _sessions(), done.changed, locked)


def _sessions() -> int:
    """All there are: nobody is to sign in again because of a key."""
    store, count = import_module(settings.SESSION_ENGINE).SessionStore(), 0
    rows = apps.get_model("sessions", "Session").objects
    for pk, before in list(rows.values_list("pk", "session_data")):
        if told := store.decode(before):
            # One that was changed since it was read is of the new key already.
            mine = rows.filter(pk=pk, session_data=before)
            count += mine.update(session_data=store.encode(told))
    return count


def _factor(row: Any, done: Resealed) -> None:
    before, changed = dict(row.data), done.changed
    data = _anew(row.data, done)
    if done.changed > changed:
        # Somebody may have used up a recovery code since it was read: then it is new already.
        type(row).objects.filter(pk=row.pk, data=before).update(data=data)


def _anew(value: Any, done: Resealed) -> Any:
    if isinstance(value, dict):
        return {key: _anew(one, done) for key, one in value.items()}
    if isinstance(value, list):
        return [_anew(one, done) for one in value]
    if not sealing.is_sealed(value) or sealing.is_of_first_key(value):
        return value
    try:
        text = sealing.unseal(value, second_factor.PLACE)
    except sealing.Unsealable:
        done.locked += 1
        return value
    done.changed += 1
    return sealing.seal(text, second_factor.PLACE)

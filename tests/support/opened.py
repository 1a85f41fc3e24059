"""What sealed columns say, for tests that look into a database: it cannot be asked for that."""

import json
from functools import cache

from bookingapp.domain import sealing


def rows_with(found, **wanted):
    """Those of the query ``found`` whose attributes are as wanted; a callable judges for itself."""
    kept = [row.pk for row in found if all(_fits(row, *one) for one in wanted.items())]
    return found.filter(pk__in=kept)


def _fits(row, path, wanted):
    for name in path.split("__"):
        row = getattr(row, name, None)
    return wanted(row) if callable(wanted) else row == wanted


def opened(rows, keys):
    """Raw rows (dicts) of a desk with these TOKEN_KEYS, their sealed values opened."""
    from django.test import override_settings

    with override_settings(TOKEN_KEYS=keys.split(",")):
        return [{name: _value(value, name) for name, value in row.items()} for row in rows]


def _value(value, name):
    if isinstance(value, str) and value.startswith(("{", '"s1:')):
        told = json.loads(value)
        found = _value(told, name)
        return value if found == told else json.dumps(found)
    if isinstance(value, dict) and sealing.is_sealed(value.get("sealed")):
        rest = json.loads(_open(value["sealed"], name))
        return {key: one for key, one in value.items() if key != "sealed"} | rest
    if not sealing.is_sealed(value):
        return value
    text = _open(value, name)
    try:
        return json.loads(text) if text[:1] in {"{", "["} else text
    except ValueError:
        return text


def _open(value, name):
    """Which column it is of is not known here: only one fits, most often the one that last did."""
    for place in dict.fromkeys([*_fitted.get(name, ()), *_places()]):
        try:
            text = sealing.unseal(value, place)
        except sealing.Unsealable:
            continue
        _fitted[name] = [place]
        return text
    raise AssertionError("a sealed value that these keys do not open")


# Name of a column -> the place that fitted last.
_fitted = {}


@cache
def _places():
    from django.apps import apps

    from bookingapp.domain.resealing import sealed_fields

    return [field.place for model in apps.get_models() for field in sealed_fields(model)]

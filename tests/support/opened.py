"""What sealed columns say, for tests that look into a database: it cannot be asked for that."""

import json

from bookingapp.domain import sealing


def rows_with(found, **wanted):
    """Those of the query ``found`` whose attributes are as wanted; a callable judges for itself."""
    kept = [row.pk for row in found if all(_fits(row, *one) for one in wanted.items())]
    return found.filter(pk__in=kept)


def _fits(row, path, wanted):
    for name in path.split("__"):
        row = getattr(row, name, None)
    return wanted(row) if callable(wanted) else row == wanted


def opened(row, keys):
    """A raw row (a dict) of a desk with these TOKEN_KEYS, its sealed values opened."""
    return {name: _value(value, tuple(keys.split(","))) for name, value in row.items()}


def _value(value, keys):
    if isinstance(value, str) and value.startswith(("{", '"s1:')):
        told = json.loads(value)
        found = _value(told, keys)
        return value if found == told else json.dumps(found)
    if isinstance(value, dict) and sealing.is_sealed(value.get("sealed")):
        rest = json.loads(_open(value["sealed"], keys))
        return {key: one for key, one in value.items() if key != "sealed"} | rest
    if not sealing.is_sealed(value):
        return value
    text = _open(value, keys)
    try:
        return json.loads(text) if text[:1] in {"{", "["} else text
    except ValueError:
        return text


def _open(value, keys):
    """Which column it is of is not known here: only one fits."""
    from django.test import override_settings

    with override_settings(TOKEN_KEYS=list(keys)):
        for place in _places():
            try:
                return sealing.unseal(value, place)
            except sealing.Unsealable:
                continue
    raise AssertionError("a sealed value that these keys do not open")


def _places():
    from django.apps import apps

    from bookingapp.domain.resealing import sealed_fields

    return [field.place for model in apps.get_models() for field in sealed_fields(model)]

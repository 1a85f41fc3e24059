"""A section of policies as the page shows it: each with its value, default, effect, and problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from bookingapp.domain.policy_book import DEFAULTS, Kind, bounds_of, choices_of, kind_of
from bookingapp.web.presenters import cancel_words, policy_effects
from bookingapp.web.presenters.policy_names import Names, Option, options
from bookingapp.web.presenters.policy_scene import Effect, Scene
from bookingapp.web.presenters.policy_values import unit, words
from bookingapp.web.presenters.policy_words import CHOICES, POLICIES, PROBLEMS


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    kind: str
    label: str
    about: str
    # As typed, for its control; lists and objects by kind.
    value: Any
    shown: str
    default: str
    is_changed: bool
    unit: str = ""
    least: int | None = None
    most: int | None = None
    problem: str = ""
    # Somebody else has saved this meanwhile.
    theirs: str = ""
    options: list[Option] = field(default_factory=list)
    more: Any = None
    effect: Effect | None = None


def brief(name: str, value: Any, names: Names) -> Row:
    """To be read, not to be changed."""
    title, about = POLICIES[name]
    return Row(
        name,
        str(kind_of(name)),
        str(title),
        str(about),
        value,
        shown=words(name, value, names),
        default=words(name, DEFAULTS[name], names),
        is_changed=value != DEFAULTS[name],
    )


def full(
    name: str,
    value: Any,
    scene: Scene,
    *,
    stored: Any,
    problem: str = "",
    theirs: Mapping[str, Any] | None = None,
) -> Row:
    """With its control; ``value`` as typed, ``stored`` as saved."""
    known = brief(name, stored, scene.names)
    least, most = bounds_of(name) if kind_of(name) == Kind.NUMBER else (None, None)
    return Row(
        name,
        known.kind,
        known.label,
        known.about,
        value,
        known.shown,
        known.default,
        known.is_changed,
        unit=unit(name),
        least=least,
        most=most,
        problem=said(name, problem),
        theirs=words(name, theirs[name], scene.names) if theirs and name in theirs else "",
        options=_options(name, value, scene.names),
        more=_more(name, value, scene.names),
        # What cannot be has no effect yet.
        effect=None if problem else policy_effects.of(name, scene),
    )


def said(name: str, code: str) -> str:
    if code == Kind.NUMBER:
        least, most = bounds_of(name)
        return gettext("Give a whole number from {least} to {most}.").format(least=least, most=most)
    return str(PROBLEMS.get(code, PROBLEMS["unknown"])) if code else ""


def _options(name: str, value: Any, names: Names) -> list[Option]:
    match kind_of(name):
        case Kind.CHOICE:
            pairs = ((one, str(CHOICES[name][one])) for one in choices_of(name))
            return [Option(one, text, one == value) for one, text in pairs]
        case Kind.STATE:
            return options(names.states, [value])
        case Kind.STATES:
            return options(names.states, value)
        case Kind.FIELD:
            return options(names.fields, [value])
        case Kind.REASONS:
            rest = (one for one in cancel_words.REASONS if one not in value)
            return [Option(one, cancel_words.label(one)) for one in rest]
    return []


def _more(name: str, value: Any, names: Names) -> Any:
    """What a control of several parts shows besides."""
    match kind_of(name):
        case Kind.REASONS:
            return [(one, cancel_words.label(one), one in cancel_words.REASONS) for one in value]
        case Kind.KEYS:
            return "\n".join(value)
        case Kind.NAMES:
            return [(key, value.get(key, "")) for key in dict.fromkeys([*names.fields, *value])]
        case Kind.TYPES:
            pools = options(names.pools, value)
            return [(pool, options(names.types, [value.get(pool.value, "")])) for pool in pools]
    return None


def key_act(pool: str, name: str, key: str) -> str:
    """The value of a button that puts a key into a field (see forms/policies.py)."""
    return "key:" + json.dumps([pool, name, key])

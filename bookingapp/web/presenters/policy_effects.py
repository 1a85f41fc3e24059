"""What a policy does, shown beside it with the organisation's own values: typed ones as well,
before they are saved.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import phonenumbers
from django.utils import formats
from django.utils.translation import gettext, ngettext

from bookingapp.domain import booking_example
from bookingapp.domain.contact_fields import phone_forms
from bookingapp.web.presenters import policy_changes_told
from bookingapp.web.presenters.policy_names import label
from bookingapp.web.presenters.policy_scene import Effect, Scene

EXAMPLE_PHONE = "030 1234567"
EXAMPLE_STEP = 30
NOBODY = "00000000-0000-4000-8000-000000000000"


def of(name: str, scene: Scene) -> Effect | None:
    """None where the choice says it all."""
    if name.startswith("keep_"):
        return _keeping(getattr(scene.policy, name), scene)
    tell = _TELLERS.get(name)
    return tell(scene) if tell else None


def _attempts(scene: Scene) -> Effect:
    n = scene.policy.booking_attempts
    return Effect(
        ngettext(
            "One slot is tried; if it is taken, the person is asked.",
            "Up to {n} slots are tried, as far as the person allowed; then they are asked.",
            n,
        ).format(n=n)
    )


def _anyone(scene: Scene) -> Effect:
    texts = {
        "offered": gettext("Jana at 10:00 is taken: somebody else at 10:00 only if it was ticked."),
        "chosen": gettext("Jana at 10:00 is taken: somebody else at 10:00 unless it was unticked."),
        "never": gettext("Jana at 10:00 is taken: the person is asked. Nobody can tick it."),
    }
    return Effect(texts[scene.policy.anyone])


def _nearby(scene: Scene) -> Effect:
    texts = {
        "offered": gettext("10:00 is taken: another time only if it was ticked for this booking."),
        "never": gettext("10:00 is taken: the person is asked. Nobody can tick it."),
    }
    return Effect(texts[scene.policy.nearby])


def _nearby_minutes(scene: Scene) -> Effect:
    """Slots of half hours around ten o'clock, those further away than a day's half left out."""
    minutes = scene.policy.nearby_minutes
    ten = datetime(2026, 1, 1, 10, 0)  # noqa: DTZ001 - a clock on the wall, of no zone
    steps = min(minutes // EXAMPLE_STEP, 4)
    around = [ten + timedelta(minutes=EXAMPLE_STEP * at) for at in range(-steps, steps + 1) if at]
    first, last = ten - timedelta(minutes=minutes), ten + timedelta(minutes=minutes)
    text = gettext("Asked for 10:00, taken: from {first} to {last}, the nearest first.").format(
        first=formats.time_format(first, "H:i"), last=formats.time_format(last, "H:i")
    )
    if first.date() != last.date() or not around:
        return Effect(text)
    times = ", ".join(formats.time_format(one, "H:i") for one in around)
    return Effect(
        f"{text} {gettext('With half-hour slots for example {times}.').format(times=times)}"
    )


def _later(scene: Scene) -> Effect:
    n = scene.policy.later_limit
    return Effect(gettext("After {n} tries in vain a write stands under “Needs you”.").format(n=n))


def _link(scene: Scene) -> Effect:
    body = booking_example.body(scene.policy, now=scene.now)
    return Effect(gettext("A booking is sent as:"), code=_json(body))


def _intent(scene: Scene) -> Effect:
    key = scene.policy.intent_key
    if not key:
        return Effect(gettext("A new lead carries no mark: a lost answer waits for a person."))
    return Effect(gettext("In the data of a new lead:"), code=_json({key: NOBODY}))


def _after_500(scene: Scene) -> Effect:
    if scene.policy.lead_after_500 == "ask":
        return Effect(gettext("It stands under “Needs you” at once: somebody looks at RocketLead."))
    n = scene.policy.later_limit
    return Effect(gettext("It is sent again, at most {n} times; then somebody looks.").format(n=n))


def _person(scene: Scene) -> Effect:
    field = scene.policy.person_field
    if not field:
        return Effect(gettext("Nothing is written to RocketLead about who it was."))
    sent = {"customFieldData": {field: scene.person}}
    return Effect(
        gettext("With a new lead, and a change that finds another name:"), code=_json(sent)
    )


def _protected(scene: Scene) -> Effect:
    states = scene.policy.protected_states
    if not states:
        return Effect(gettext("Staff move leads between all lead states."))
    names = ", ".join(label(scene.names.states, one) for one in states)
    return Effect(gettext("Staff cannot move a lead into or out of: {names}.").format(names=names))


def _unit(scene: Scene) -> Effect:
    if scene.policy.length_unit == "seconds":
        return Effect(gettext("RocketLead says 1800: an appointment of 30 minutes."))
    return Effect(gettext("RocketLead says 30: an appointment of 30 minutes."))


def _country(scene: Scene) -> Effect | None:
    country = scene.policy.country
    if country not in phonenumbers.SUPPORTED_REGIONS:
        return None
    parsed = phonenumbers.parse(EXAMPLE_PHONE, country)
    abroad = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    german = "+49 30 1234567"
    found = ", ".join(sorted(phone_forms(german, country)))
    return Effect(
        gettext("{typed} is dialled as {abroad}. {other} is found as {found}.").format(
            typed=EXAMPLE_PHONE, abroad=abroad, other=german, found=found
        )
    )


def _expiry(scene: Scene) -> Effect:
    last = scene.now.astimezone(scene.zone).date() + timedelta(days=90)
    first = last - timedelta(days=scene.policy.expiry_warning_days)
    return Effect(
        gettext("Of a token that ends on {last} admins are told from {first}.").format(
            last=_day(last), first=_day(first)
        )
    )


def _keeping(days: int, scene: Scene) -> Effect:
    if not days:
        return Effect(gettext("0: kept for ever."))
    before = scene.now.astimezone(scene.zone).date() - timedelta(days=days)
    return Effect(gettext("Today what ended before {day} goes.").format(day=_day(before)))


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


_TELLERS: dict[str, Callable[[Scene], Effect | None]] = {
    "booking_attempts": _attempts,
    "anyone": _anyone,
    "nearby": _nearby,
    "nearby_minutes": _nearby_minutes,
    "later_limit": _later,
    "reschedule_order": policy_changes_told.order,
    "transient_state": policy_changes_told.transient,
    "cancel_state": policy_changes_told.cancel_state,
    "lead_link_field": _link,
    "intent_key": _intent,
    "lead_after_500": _after_500,
    "person_field": _person,
    "protected_states": _protected,
    "length_unit": _unit,
    "country": _country,
    "expiry_warning_days": _expiry,
}

"""What a policy does, shown beside it with the organisation's own values: typed ones as well,
before they are saved.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils import formats
from django.utils.translation import gettext, ngettext

from bookingapp import connect
from bookingapp.domain import consequences
from bookingapp.domain.contact_fields import phone_forms
from bookingapp.domain.kinds import plan
from bookingapp.domain.models import Lead, Organisation
from bookingapp.domain.policy import Policy
from bookingapp.web.presenters import consequence
from bookingapp.web.presenters.policy_names import Names, label

EXAMPLE_PHONE = "030 1234567"
EXAMPLE_STEP = 30
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Effect:
    """A sentence, then steps in their order, then a text as it goes over the wire."""

    text: str
    steps: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Scene:
    """``policy`` may hold what is not saved yet; ``person`` is the name of who looks."""

    organisation: Organisation
    policy: Policy
    names: Names
    now: datetime
    zone: ZoneInfo
    person: str

    def with_policy(self, **changed: object) -> Organisation:
        """As if the organisation had these, for what decides by its settings."""
        return Organisation(settings=changed)


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


def _order(scene: Scene) -> Effect:
    """The steps as the journal takes them, and the events that they fire."""
    steps = _steps(scene)
    events = _reschedule_events(scene)
    return Effect(events, steps=steps)


def _steps(scene: Scene) -> tuple[str, ...]:
    policy, found = scene.policy, list[str]()
    ended: dict[str, str] = {}
    words = {
        plan.MARK: gettext("move the lead to “{state}”").format(
            state=label(scene.names.states, policy.transient_state)
        ),
        plan.BOOK: gettext("book the new slot"),
        plan.DELETE: gettext("delete the old booking"),
        plan.RESTORE: gettext("move the lead back to its own state"),
    }
    marks = bool(policy.transient_state)
    while step := plan.reschedule(policy.reschedule_order, marks=marks, ended=ended):
        found.append(words[step])
        ended[step] = plan.DONE
    return tuple(found)


def _reschedule_events(scene: Scene) -> str:
    made = scene.with_policy(transient_state=scene.policy.transient_state)
    line = consequence.line(consequences.of_reschedule(made, _lead()))
    return gettext("{line} Both orders fire as many; the flows see them in another order.").format(
        line=line
    )


def _transient(scene: Scene) -> Effect | None:
    if not scene.policy.transient_state:
        return Effect(gettext("The lead keeps its state."))
    made = scene.with_policy(transient_state=scene.policy.transient_state)
    return Effect(consequence.line(consequences.of_reschedule(made, _lead())))


def _cancel_state(scene: Scene) -> Effect:
    made = scene.with_policy(cancel_state=scene.policy.cancel_state)
    line = consequence.line(consequences.of_cancel(made, _lead()))
    if not scene.policy.cancel_state:
        return Effect(f"{gettext('The lead keeps its state.')} {line}")
    return Effect(line)


def _link(scene: Scene) -> Effect:
    start = scene.now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    call = connect.create_booking(
        calendar_id="cal_…",
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        resource_id="res_…",
        appointment_type_id="apt_…",
        lead_id="entry_…",
        link_field=connect.LinkField(scene.policy.lead_link_field),
    )
    body = json.loads(call.body or b"{}")
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


def _lead() -> Lead:
    """Some lead at Connect, in a state that no policy names."""
    return Lead(connect_id="entry", state_connect_id="\0")


_TELLERS: dict[str, Callable[[Scene], Effect | None]] = {
    "booking_attempts": _attempts,
    "anyone": _anyone,
    "nearby": _nearby,
    "nearby_minutes": _nearby_minutes,
    "later_limit": _later,
    "reschedule_order": _order,
    "transient_state": _transient,
    "cancel_state": _cancel_state,
    "lead_link_field": _link,
    "intent_key": _intent,
    "lead_after_500": _after_500,
    "person_field": _person,
    "protected_states": _protected,
    "length_unit": _unit,
    "country": _country,
    "expiry_warning_days": _expiry,
}

"""The one way in for what RocketLead sends: read, recognised, applied, kept.

The same telling again changes nothing and only counts. What was applied but could not be kept is
applied again when it is sent again, which changes nothing either.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F

from bookingapp.domain import codes
from bookingapp.domain.hooks import (
    bodies,
    config,
    events,
    forms,
    keys,
    settle,
    submissions,
    telling,
)
from bookingapp.domain.hooks.outcome import Outcome
from bookingapp.domain.models import Delivery, Organisation
from bookingapp.domain.search_key import search_key

MOST_UNREADABLE = 100
TRIES = 3
Way = Delivery.Way


@dataclass(frozen=True, slots=True)
class Received:
    """``freed``: writes that may go on; ``is_repeat``: it was known already."""

    delivery: Delivery
    is_repeat: bool = False
    freed: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read:
    """One body, understood. It is kept under the first of its keys."""

    name: str
    keys: list[str]
    apply: Callable[[Outcome], None]
    telling: telling.Telling | None = None


def receive(organisation: Organisation, way: Way, raw: bytes, *, now: datetime) -> Received:
    """Raises bodies.Unreadable after keeping what could not be read."""
    try:
        body = bodies.read(raw)
    except bodies.Unreadable as error:
        _keep_unreadable(organisation, way, raw, error.code, now)
        raise
    understood = _understand(organisation, way, body, now)
    known = _known(organisation, way, understood.keys, now)
    if known is not None:
        return _repeated(known, now)
    outcome = _applied(understood.apply)
    return _kept(organisation, way, body, understood, outcome, now)


def rehearse(organisation: Organisation, way: Way, raw: bytes, *, now: datetime) -> Delivery:
    """The whole way with nothing changed: a delivery marked as a test. Raises bodies.Unreadable."""
    body = bodies.read(raw)
    understood = _understand(organisation, way, body, now)
    with transaction.atomic():
        outcome = _applied(understood.apply)
        would = str(outcome.result)
        transaction.set_rollback(True)
    delivery = _row(organisation, way, body, understood, outcome, now)
    delivery.key, delivery.result = uuid.uuid4().hex, Delivery.Result.TEST
    # Rows that were made only for the test are gone again.
    delivery.lead = delivery.booking = delivery.write = None
    delivery.changed = [f"would:{would}", *outcome.changed]
    delivery.save(force_insert=True)
    return delivery


def _understand(
    organisation: Organisation, way: Way, body: Mapping[str, Any], now: datetime
) -> _Read:
    policy = config.policy(organisation)
    if way == Way.FORMS:
        # Its pool says under which keys: what comes without a known form id has the default pool.
        form_id = str(body.get("formId") or "")
        pool = config.pool_for_form(organisation, form_id)
        told = submissions.read(body, policy.of_pool(pool))

        def apply_form(outcome: Outcome) -> None:
            forms.apply(organisation, told, now=now, outcome=outcome)

        return _Read(told.event or told.form_name, [_code(keys.of_form(body))], apply_form)
    read = telling.read(body, config.paths(organisation), policy)

    def apply_event(outcome: Outcome) -> None:
        events.apply(organisation, read, now=now, outcome=outcome)

    known_as = [_code(key) for key in keys.within_slot(keys.of_event(read, body), read, now)]
    return _Read(str(read.event) or read.name, known_as, apply_event, read)


def _code(key: str) -> str:
    """As it is kept: nobody can try out which body it was."""
    return codes.digest(search_key(), key)


def _applied(apply: Callable[[Outcome], None]) -> Outcome:
    """Applied in small transactions that may each meet another hand; all of it can be repeated."""
    for left in reversed(range(TRIES)):
        outcome = Outcome()
        try:
            apply(outcome)
        except (IntegrityError, OperationalError):
            if not left or transaction.get_connection().in_atomic_block:
                raise
        else:
            break
    return outcome


def _known(
    organisation: Organisation, way: Way, known_as: list[str], now: datetime
) -> Delivery | None:
    found = Delivery.objects.filter(organisation=organisation, way=way, key__in=known_as)
    first = found.filter(key=known_as[0]).first()
    if first or len(known_as) == 1:
        return first
    return found.filter(received_at__gt=now - timedelta(seconds=keys.SAME_SECONDS)).first()


def _repeated(known: Delivery, now: datetime) -> Received:
    Delivery.objects.filter(pk=known.pk).update(times=F("times") + 1, last_at=now)
    return Received(known, is_repeat=True)


def _kept(
    organisation: Organisation,
    way: Way,
    body: dict[str, Any],
    understood: _Read,
    outcome: Outcome,
    now: datetime,
) -> Received:
    delivery = _row(organisation, way, body, understood, outcome, now)
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError:
        # The same telling at the same moment: it was applied twice, which changed nothing twice.
        same = Delivery.objects.get(organisation=organisation, way=way, key=delivery.key)
        return Received(_repeated(same, now).delivery, is_repeat=True, freed=outcome.freed)
    _look_again(delivery, understood.telling, outcome, now)
    return Received(delivery, freed=outcome.freed)


def _look_again(
    delivery: Delivery, told: telling.Telling | None, outcome: Outcome, now: datetime
) -> None:
    """A worker that gave up its call while this was applied has not seen it, and we not that."""
    if outcome.write is not None or told is None or told.booking is None:
        return
    again = Outcome(lead=outcome.lead)
    if told.event in telling.OF_STANDING:
        settle.booking(told.booking, told, now=now, outcome=again)
    if again.write is not None:
        delivery.write, delivery.changed = again.write, [*outcome.changed, *again.changed]
        delivery.result = Delivery.Result.APPLIED
        delivery.save(update_fields=["write", "changed", "result"])
        outcome.freed.extend(again.freed)


def _row(
    organisation: Organisation,
    way: Way,
    body: dict[str, Any],
    understood: _Read,
    outcome: Outcome,
    now: datetime,
) -> Delivery:
    # Of who was erased nothing is kept any more.
    is_erased = outcome.lead is not None and outcome.lead.erased_at is not None
    return Delivery(
        organisation=organisation,
        way=way,
        received_at=now,
        last_at=now,
        key=understood.keys[0],
        event=understood.name[:80],
        body={} if is_erased else bodies.kept(body),
        result=outcome.result,
        problem=outcome.problem,
        changed=outcome.changed,
        lead=outcome.lead,
        booking=outcome.booking,
        write=outcome.write,
    )


def _keep_unreadable(
    organisation: Organisation, way: Way, raw: bytes, code: str, now: datetime
) -> None:
    key = _code(keys.digest([code, bodies.kept_raw(raw)]))
    values = {
        "received_at": now,
        "last_at": now,
        "body": bodies.kept_raw(raw),
        "result": Delivery.Result.UNREADABLE,
        "problem": code,
    }
    row, is_new = Delivery.objects.get_or_create(
        organisation=organisation, way=way, key=key, defaults=values
    )
    if not is_new:
        _repeated(row, now)
    unreadable = Delivery.objects.filter(
        organisation=organisation, result=Delivery.Result.UNREADABLE
    )
    kept = list(unreadable.order_by("-last_at").values_list("pk", flat=True)[:MOST_UNREADABLE])
    unreadable.exclude(pk__in=kept).delete()

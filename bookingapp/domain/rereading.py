"""After the keys of contacts or the country have changed: every lead's name, phone and email are
read from its data again, and what it is found under is made anew. A few hundred at a time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bookingapp.domain.contact_fields import contact_of
from bookingapp.domain.lead_index import index, place_of
from bookingapp.domain.models import Lead, Organisation, Rereading
from bookingapp.domain.policy import Policy, policy_of

# Leads in one transaction: nobody else waits for long.
CHUNK = 100
# Then the task ends and is woken again, so that writes get between.
CHUNKS = 10
# A hand that has not come back by then is dead.
HAND = timedelta(seconds=60)


def ask(organisation: Organisation, *, now: datetime) -> None:
    """From the beginning, also where one is running: it may have read half by the old keys."""
    fresh = {"asked_at": now, "due_at": now, "read_up_to": None, "done": 0, "ended_at": None}
    total = Lead.objects.filter(organisation=organisation).count()
    Rereading.objects.update_or_create(
        organisation=organisation, defaults={**fresh, "total": total}
    )


def of(organisation: Organisation) -> Rereading | None:
    return Rereading.objects.filter(organisation=organisation).first()


def due(*, now: datetime) -> list[UUID]:
    """The organisations whose leads wait to be read again."""
    waiting = Rereading.objects.filter(ended_at=None, due_at__lte=now)
    return list(waiting.order_by("due_at").values_list("organisation_id", flat=True)[:50])


def go_on(organisation_id: UUID, *, now: datetime) -> bool:
    """Read the next leads; whether there are more. Nothing while another hand is at it."""
    mine = Rereading.objects.filter(organisation=organisation_id, ended_at=None)
    if not mine.filter(due_at__lte=now).update(due_at=now + HAND):
        return False
    for _ in range(CHUNKS):
        if not _chunk(organisation_id, now=now):
            return False
    return bool(mine.update(due_at=now))


@transaction.atomic
def _chunk(organisation_id: UUID, *, now: datetime) -> bool:
    """Locked, and the policy with it: what is asked meanwhile begins behind it."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    run = Rereading.objects.select_for_update().get(organisation=organisation)
    theirs = Lead.objects.filter(organisation=organisation).select_related("pool")
    ahead = theirs.filter(pk__gt=run.read_up_to) if run.read_up_to else theirs
    leads = list(ahead.select_for_update(of=("self",)).order_by("pk")[:CHUNK])
    policy = policy_of(organisation.settings)
    for lead in leads:
        _read(lead, policy)
    run.done += len(leads)
    run.read_up_to = leads[-1].pk if leads else run.read_up_to
    run.ended_at = now if len(leads) < CHUNK else None
    run.save(update_fields=["done", "read_up_to", "ended_at"])
    return run.ended_at is None


def _read(lead: Lead, policy: Policy) -> None:
    contact = contact_of(lead.data, lead.custom_field_data, policy.of_pool(lead.pool))
    told = (contact.name, contact.phone, contact.email)
    if told != (lead.name, lead.phone, lead.email):
        lead.name, lead.phone, lead.email = told
        lead.sort_name = place_of(lead.organisation_id, contact.name)
        lead.save(update_fields=["name", "sort_name", "phone", "email"])
    index(lead, policy)

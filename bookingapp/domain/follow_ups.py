"""The queue of the day: who is due to be called again, and who has been waiting for a first call."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from bookingapp.domain.models import Lead, Organisation


def all_in(organisation: Organisation, pool_pk: int | None) -> QuerySet[Lead]:
    """The leads of the organisation, or of one pool, that can be called."""
    leads = Lead.objects.filter(organisation=organisation, archived=False, never_created=False)
    leads = leads.exclude(connect_id="")
    return leads if pool_pk is None else leads.filter(Q(pool=pool_pk))

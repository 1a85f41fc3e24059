"""A lead pool with three states and as many leads as a test wants, made without a Connect."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from bookingapp.domain.lead_index import index, place_of
from bookingapp.domain.models import BulkMove, Lead, LeadState, PoolState, Write
from bookingapp.domain.policy import policy_of
from tests.web.booking_list_world import ListWorld


class TableWorld(ListWorld):
    def __init__(self, *asked):
        super().__init__(*asked)
        Lead.objects.all().delete()
        self.warm = self._row(LeadState, "warm", "Warm")
        self.won = self._row(LeadState, "won", "Won")
        PoolState.objects.create(pool=self.pool, state=self.warm, position=2)
        PoolState.objects.create(pool=self.pool, state=self.won, position=3)

    def leads(self, count, *, state="fresh", **fields):
        now = timezone.now()
        rows = [
            Lead(
                organisation=self.organisation,
                connect_id=uuid.uuid4().hex,
                pool=fields.get("pool", self.pool),
                name=f"Lead {number:03}",
                sort_name=place_of(self.organisation.pk, f"Lead {number:03}"),
                phone=f"+4940555{number:04}",
                state_connect_id=state,
                board_state=state,
                created_at=now - timedelta(minutes=number),
                known_at=now,
                **{key: value for key, value in fields.items() if key != "pool"},
            )
            for number in range(count)
        ]
        return Lead.objects.bulk_create(rows)

    def made(self, name, **fields):
        """One lead that the search finds."""
        (lead,) = self.leads(1, **fields)
        lead.name, lead.sort_name = name, place_of(lead.organisation_id, name)
        lead.save()
        index(lead, policy_of(self.organisation.settings))
        return lead

    def place(self, name, pk=None, query=""):
        place = {"slug": self.organisation.slug, "pk": self.pool.pk if pk is None else pk}
        address = reverse(name, kwargs=place)
        return f"{address}?{query}" if query else address

    def asked(self, client, leads, to="warm", **fields):
        """What the form of the confirm page sends."""
        told = {
            "lead": [str(lead.pk) for lead in leads],
            "which": "chosen",
            "to": to,
            "intent": str(uuid.uuid4()),
            "expected": str(len(leads)),
            "typed": str(len(leads)),
        }
        return client.post(self.place("bulk-ask"), told | fields)

    def run_all(self):
        for write in Write.objects.exclude(state__in=["done", "refused", "undone"]):
            self.run(write)

    @property
    def bulk(self):
        return BulkMove.objects.get()

"""Many leads in the running sandbox, and a bulk move of them as a worker would work it off."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
from django.utils import timezone

from bookingapp.domain import bulk_moves, bulk_progress, runner, sweeping, tokens
from bookingapp.domain.bulk_moves import AskedBulk
from bookingapp.domain.models import BulkMove, Lead
from tests.domain.change_world import ChangeWorld
from tests.support.waiting import wait_for

LEADS = "/connect/table_entries/"


class BulkWorld(ChangeWorld):
    def many(self, count):
        """So many new leads of the lead's pool, at Connect and here."""
        pool = Lead.objects.get(pk=self.lead.pk).pool
        token = tokens.unseal(self.organisation.tokens.get(label="write"))
        first = self.known_lead().state_connect_id
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.sandbox.url, headers=headers, timeout=30) as client:

            def create(number):
                data = {"name": f"Lead {number}"}
                body = {"tableId": pool.connect_id, "leadStateId": first, "data": data}
                return client.post(LEADS, json=body).raise_for_status().json()

            with ThreadPoolExecutor(8) as threads:
                told = list(threads.map(create, range(count)))
        now = timezone.now()
        rows = [self._row(pool, one, now) for one in told]
        Lead.objects.bulk_create(rows)
        self.sandbox.forget_calls()
        return Lead.objects.filter(pk__in=[row.pk for row in rows])

    def _row(self, pool, told, now):
        known = {"state_connect_id": told["leadStateId"], "board_state": told["leadStateId"]}
        return Lead(
            organisation=self.organisation,
            pool=pool,
            connect_id=told["id"],
            data=told["data"],
            name=told["data"]["name"],
            created_at=now,
            known_at=now,
            **known,
        )

    def state(self, number=0):
        """A state of the pool that ``many`` does not give."""
        return self.states()[number]

    def bulk(self, leads, to_state, *, intent=None, hold_seconds=0.0, **more):
        count = bulk_moves.moving(leads, to_state).count()
        told = {"expected": count, "typed": count} | more
        asked = AskedBulk(intent or uuid.uuid4(), to_state, leads, **told)
        return bulk_moves.ask(
            self.organisation, self.staff, asked, now=timezone.now(), hold_seconds=hold_seconds
        )[0]

    def push(self, bulk, *, after=0.0):
        """One push as a worker would do it, ``after`` seconds from now."""
        fresh = BulkMove.objects.select_related("organisation", "person").get(pk=bulk.pk)
        return bulk_moves.push(fresh, now=timezone.now() + timedelta(seconds=after))

    def work(self, bulk, *, seconds=60):
        """Until it has ended: pushes, and every step that is due within the next minutes."""

        def done():
            self.push(bulk, after=1)
            ahead = timezone.now() + timedelta(seconds=120)
            for pk in sweeping.ready(ahead):
                runner.run(pk, now=ahead)
            return BulkMove.objects.get(pk=bulk.pk).ended_at

        wait_for(done, seconds, what="the bulk move at its end")
        return bulk_progress.progress(bulk)

    def told(self):
        """The states of all leads as the sandbox has them."""
        return {row["id"]: row["leadStateId"] for row in self.sandbox.leads()}

    def patches(self):
        return self.sandbox.calls("PATCH", LEADS)

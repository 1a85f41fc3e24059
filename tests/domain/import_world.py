"""Imports into the running sandbox, worked off as a worker would."""

import uuid
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from bookingapp.domain import batch_runner, lead_mirror, runner
from bookingapp.domain.imports import checking, progress, running, uploading
from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.imports.uploading import Upload
from bookingapp.domain.models import AppointmentType, LeadImport, LeadPool, LeadState, Organisation
from tests.domain.change_world import ChangeWorld
from tests.domain.import_files import csv_file

KIND = batch_runner.LEAD_IMPORT


class Importing:
    """Ways to import for whatever has an ``organisation``, a ``staff`` and a ``pool``."""

    def upload(self, content, *, intent=None, name="leads.csv"):
        upload = Upload(intent or uuid.uuid4(), self.pool.pk, name, content)
        return uploading.begin(self.organisation, self.staff, upload, now=timezone.now())[0]

    def checked(self, *rows, head=None, columns=None, how=None, same="skip"):
        """An import of these rows after its dry run, mapped as suggested or as told."""
        batch = self.upload(csv_file(*rows, **({"head": head} if head else {})))
        plan, guessed = uploading.suggested(batch)
        plan = Plan(columns if columns is not None else plan.columns, same)
        checking.check(batch, plan, how or guessed, person=self.staff, now=timezone.now())
        return batch

    def start(self, batch, **told):
        ahead = batch.rows.filter(result="new").count()
        events = progress.events_ahead(batch)
        told = {"expected": ahead, "typed": events} | told
        return running.start(batch, self.staff, **told, now=timezone.now())

    def push(self, batch, *, after=1.0):
        return batch_runner.push(KIND, batch.pk, now=timezone.now() + timedelta(seconds=after))

    def work_off(self, batch, *, rounds=200):
        """Pushes and steps of its writes, until it ends or nothing moves any more."""
        for number in range(rounds):
            now = timezone.now() + timedelta(seconds=number)
            for pk in self.push(batch, after=number).opened:
                runner.run(pk, now=now)
            for write in self.due(batch, now):
                runner.run(write.pk, now=now)
            batch = LeadImport.objects.get(pk=batch.pk)
            if batch.ended_at:
                return batch
        raise AssertionError(f"not at its end: {self.counts(batch)}")

    def due(self, batch, now):
        from bookingapp.domain.imports import creating

        return creating.unfinished(batch).filter(due_at__lte=now)

    def counts(self, batch):
        told = progress.progress_of(batch).counts
        return {str(standing): number for standing, number in told.items() if number}

    def results(self, batch):
        return {row.number: row.result for row in batch.rows.all()}


class ImportWorld(Importing, ChangeWorld):
    """With the sandbox: what is created is there."""

    @property
    def pool(self):
        return LeadPool.objects.get(pk=self.known_lead().pool_id)

    def at_connect(self, name):
        """Leads there whose name begins so."""
        return [one for one in self.sandbox.leads() if one["data"].get("name", "").startswith(name)]


class ImportPlace(Importing):
    """Without Connect: a pool, a state, two types and a lead that is known. Nothing can be sent."""

    def __init__(self, place=None):
        now = timezone.now()
        self.organisation = place or Organisation.objects.create(
            name="Praxis", slug="praxis", connect_url="https://connect.example"
        )
        # Read once, so that nobody asks Connect.
        self.organisation.catalogue_at = now
        self.organisation.save(update_fields=["catalogue_at"])
        self.staff = get_user_model().objects.create(username="kim")
        self.pool = LeadPool.objects.create(
            organisation=self.organisation, connect_id="tbl-1", name="Neukunden"
        )
        self.state = LeadState.objects.create(
            organisation=self.organisation, connect_id="ls-1", name="Neu"
        )
        self.pool.pool_states.create(state=self.state, position=0, default=True)
        self.types = [
            AppointmentType.objects.create(
                organisation=self.organisation, connect_id=f"apt-{n}", name=f"Typ {n}"
            )
            for n in (1, 2)
        ]
        told = {"id": "le-0", "tableId": "tbl-1", "leadStateId": "ls-1"}
        told["data"] = {"name": "Known Lead", "phone": "0171 9999999"}
        self.lead = lead_mirror.adopt(self.organisation, told, now=now)[0]
        self.changed()

    def changed(self):
        """The catalogue is another one now."""
        self.organisation.catalogue_version += 1
        self.organisation.save(update_fields=["catalogue_version"])

"""Many changes asked for at once: moving leads in bulk, importing them. The rows are the work list.

A batch opens a few writes at a time, so that bookings get between them and that it can be stopped.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from bookingapp.domain.models.catalogue import LeadPool
from bookingapp.domain.models.lead import Lead
from bookingapp.domain.models.organisation import Organisation
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField
from bookingapp.domain.models.write import Write


def nothing() -> dict[str, Any]:
    return {}


def no_cells() -> list[str]:
    return []


class Batch(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who looks after it now, and after the writes it opens from now on.
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Made when the form was rendered: the same intent is one batch.
    intent = models.UUIDField()
    asked_at = models.DateTimeField()
    # From when it may begin (the undo window ends then); empty while nobody has started it.
    due_at = models.DateTimeField(null=True, blank=True)
    # Set while nothing more may be begun; taken away when it is resumed.
    stopped_at = models.DateTimeField(null=True, blank=True)
    # Nothing is left to begin or to wait for.
    ended_at = models.DateTimeField(null=True, blank=True)
    # One hand at a time; a hand that died lets go when this is past.
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=("organisation", "intent"), name="%(class)s_intent_once")
        ]
        indexes = [models.Index(fields=("ended_at", "due_at"), name="%(class)s_standing")]


class BulkMove(Batch):
    """Leads to be moved to one lead state."""

    pool = models.ForeignKey(LeadPool, on_delete=models.CASCADE, null=True, related_name="+")
    to_state = models.CharField(max_length=200)
    # How they were chosen: the filter as the page has it in its address, or empty for a selection.
    chosen_by = SealedJSONField(default=nothing)

    def __str__(self) -> str:
        return f"bulk move {self.id}"


class BulkMoveRow(models.Model):
    bulk = models.ForeignKey(BulkMove, on_delete=models.CASCADE, related_name="rows")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    write = models.ForeignKey(Write, on_delete=models.SET_NULL, null=True, related_name="bulk_rows")
    # Looked at: it has a write, or ``problem`` says why none was opened ("there" is no problem).
    begun_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("bulk", "lead"), name="lead_once_in_bulk")]
        indexes = [models.Index(fields=("bulk", "begun_at"), name="bulk_row_next")]

    def __str__(self) -> str:
        return f"lead {self.lead_id} of bulk move {self.bulk_id}"


class LeadImport(Batch):
    """One uploaded file of leads, read into rows; what each column means; how far it is."""

    class How(models.TextChoices):
        CREATE = "create"
        ADOPT = "adopt"

    pool = models.ForeignKey(LeadPool, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = SealedTextField(blank=True)
    how = models.CharField(max_length=10, choices=How.choices, default=How.CREATE)
    headers = SealedJSONField(default=no_cells)
    # Of the headers: the newest import with the same ones lends its mapping to the next.
    header_digest = models.CharField(max_length=64, db_index=True)
    # What each column becomes, and what becomes of those here already: imports/targets.py, Plan.
    mapping = SealedJSONField(default=nothing)

    def __str__(self) -> str:
        return f"import {self.id} of {self.file_name}"


class ImportRow(models.Model):
    class Result(models.TextChoices):
        NEW = "new"  # not looked at yet
        ASKED = "asked"  # a write creates it
        ADOPTED = "adopted"
        KNOWN = "known"  # that lead is here already, nothing was changed
        WRONG = "wrong"  # the row cannot be used; ``problem`` says why
        SKIPPED = "skipped"  # a person said so

    batch = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="rows")
    # The line of the file, the first one below the headers is 1.
    number = models.PositiveIntegerField()
    cells = SealedJSONField(default=no_cells)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.NEW)
    # Field to code, in the field's words.
    problem = SealedJSONField(default=nothing)
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, related_name="+")
    write = models.ForeignKey(Write, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("batch", "number"), name="row_once")]
        indexes = [models.Index(fields=("batch", "result", "number"), name="import_row_next")]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.batch_id}"

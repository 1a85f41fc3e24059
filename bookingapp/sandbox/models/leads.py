"""Lead pools, their states, custom fields and the leads themselves (contract sections 5.1, 5.2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookingapp.sandbox.models.organisations import Organisation


class LeadState(models.Model):
    """A state of the whole organisation; a pool decides which of them it shows."""

    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    name = models.CharField(max_length=200)
    colour = models.CharField(max_length=20)
    category = models.CharField(max_length=20)

    organisation_id: str
    objects: ClassVar[models.Manager[LeadState]]

    def __str__(self) -> str:
        return self.name


class LeadPool(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    name = models.CharField(max_length=200)

    organisation_id: str
    objects: ClassVar[models.Manager[LeadPool]]

    def __str__(self) -> str:
        return self.name


class PoolState(models.Model):
    pool = models.ForeignKey(LeadPool, models.CASCADE)
    state = models.ForeignKey(LeadState, models.CASCADE)
    position = models.IntegerField()
    is_default = models.BooleanField(default=False)

    pool_id: str
    state_id: str
    objects: ClassVar[models.Manager[PoolState]]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.state_id}"


class CustomField(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    # "email", "phone" or a word of the organisation's own.
    key = models.CharField(max_length=50)
    name = models.CharField(max_length=200)

    organisation_id: str
    objects: ClassVar[models.Manager[CustomField]]

    def __str__(self) -> str:
        return self.name


class Lead(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    pool = models.ForeignKey(LeadPool, models.CASCADE)
    state = models.ForeignKey(LeadState, models.CASCADE)
    data = models.JSONField(default=dict)
    custom_field_data = models.JSONField(default=dict)
    interested_in = models.CharField(max_length=64, null=True)
    first_opened_at = models.DateTimeField(null=True)
    follow_up_at = models.DateTimeField(null=True)
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    organisation_id: str
    pool_id: str
    state_id: str
    objects: ClassVar[models.Manager[Lead]]

    def __str__(self) -> str:
        return self.id

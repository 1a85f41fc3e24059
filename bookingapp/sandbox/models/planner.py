"""The resource planner: calendars, resources, recurring slots, blockers, mappings (section 5.5)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookingapp.sandbox.models.organisations import Organisation


class Calendar(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64)

    organisation_id: str
    objects: ClassVar[models.Manager[Calendar]]

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    name = models.CharField(max_length=200)
    colour = models.CharField(max_length=20)
    capacity = models.IntegerField()
    position = models.IntegerField()

    organisation_id: str
    objects: ClassVar[models.Manager[Resource]]

    def __str__(self) -> str:
        return self.name


class AppointmentType(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    name = models.CharField(max_length=200)
    length_minutes = models.IntegerField()
    step_minutes = models.IntegerField()
    buffer_minutes = models.IntegerField(default=0)

    organisation_id: str
    objects: ClassVar[models.Manager[AppointmentType]]

    def __str__(self) -> str:
        return self.name


class ResourceCalendar(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    resource = models.ForeignKey(Resource, models.CASCADE)
    calendar = models.ForeignKey(Calendar, models.CASCADE)

    organisation_id: str
    resource_id: str
    calendar_id: str
    objects: ClassVar[models.Manager[ResourceCalendar]]

    def __str__(self) -> str:
        return self.id


class TypeResource(models.Model):
    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    appointment_type = models.ForeignKey(AppointmentType, models.CASCADE)
    resource = models.ForeignKey(Resource, models.CASCADE)

    organisation_id: str
    appointment_type_id: str
    resource_id: str
    objects: ClassVar[models.Manager[TypeResource]]

    def __str__(self) -> str:
        return self.id


class ResourceSlot(models.Model):
    """A recurring bookable window of one resource, in local minutes of the calendar's day."""

    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    resource = models.ForeignKey(Resource, models.CASCADE)
    calendar = models.ForeignKey(Calendar, models.CASCADE)
    # once, daily, weekly, monthly, or weekdays (then `weekdays` holds "0".."6", Monday first)
    recurrence = models.CharField(max_length=10)
    weekdays = models.CharField(max_length=7, blank=True)
    first_date = models.DateField()
    last_date = models.DateField(null=True)
    opens_minute = models.IntegerField()
    closes_minute = models.IntegerField()
    capacity = models.IntegerField(null=True)
    is_public = models.BooleanField(default=True)

    organisation_id: str
    resource_id: str
    calendar_id: str
    objects: ClassVar[models.Manager[ResourceSlot]]

    def __str__(self) -> str:
        return self.id


class Blocker(models.Model):
    """A closure of a calendar, or of one of its resources."""

    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    calendar = models.ForeignKey(Calendar, models.CASCADE)
    resource = models.ForeignKey(Resource, models.CASCADE, null=True)
    name = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    organisation_id: str
    calendar_id: str
    resource_id: str | None
    objects: ClassVar[models.Manager[Blocker]]

    def __str__(self) -> str:
        return self.name

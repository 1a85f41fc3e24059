"""An organisation with a catalogue in our tables, and a Connect that answers from a list."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain.models import AppointmentType, Calendar, Resource
from tests.web.grid_samples import slot

ZONE = ZoneInfo("Europe/Berlin")


class Connect:
    """Stands where the gateway sends: answers availability calls, counts them, fails on demand."""

    def __init__(self):
        self.slots = []
        self.calls = []
        self.error = None

    def send(self, organisation, call, *, request_id="", until=None):
        self.calls.append(call)
        if self.error:
            raise self.error
        return connect.Availability(slots=tuple(self.slots))


class World:
    def __init__(self, organisation, connect_double):
        self.organisation, self.connect = organisation, connect_double
        self.calendar = self._row(Calendar, "cal", "Hamburg", zone="Europe/Berlin")
        self.talk = self._row(AppointmentType, "talk", "Talk", length_minutes=30)
        self.anna = self._row(Resource, "anna", "Anna", colour="#cc0000")
        self.jana = self._row(Resource, "jana", "Jana")
        for resource in (self.anna, self.jana):
            self.calendar.resources.add(resource)
            self.talk.resources.add(resource)
        organisation.catalogue_at = timezone.now()
        organisation.catalogue_version = 1
        organisation.save()
        today = timezone.now().astimezone(ZONE).date()
        self.monday = today - timedelta(days=today.weekday()) + timedelta(days=7)

    def _row(self, model, connect_id, name, **fields):
        return model.objects.create(
            organisation=self.organisation, connect_id=connect_id, name=name, **fields
        )

    def offer(self, hour, resource=None, *, days=0, **fields):
        day = self.monday + timedelta(days=days)
        starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)
        resource = resource or self.anna
        made = slot(starts_at, _Named(resource.connect_id, resource.name), **fields)
        self.connect.slots.append(made)
        return made

    def url(self, name="availability", **query):
        asked = {"date": self.monday.isoformat()} | query
        return f"{reverse(name, kwargs={'slug': self.organisation.slug})}?{urlencode(asked)}"

    def forget_connect(self):
        self.connect.calls.clear()


class _Named:
    def __init__(self, connect_id, name):
        self.connect_id, self.name = connect_id, name


def ref(one, resource=None):
    return f"{one.starts_at:%Y%m%dT%H%M%SZ}-{resource.pk if resource else 0}"


def tag_of(response):
    """The ``v`` of the poll that a grid carries."""
    return re.search(r"changes/\?[^\"]*?v=([^\"&]+)", response.content.decode())[1]

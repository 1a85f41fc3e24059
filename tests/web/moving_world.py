"""A booking on the grid's world, and the ways to move it through the pages."""

import re
import uuid

from django.core.cache import cache
from django.utils import timezone

from bookingapp.domain import availability
from bookingapp.domain.models import Booking
from tests.support.session import forms
from tests.web.availability_world import ref
from tests.web.booking_world import HTMX


def book(world, slot, **fields):
    """Anna Muster's booking of the slot, as if Connect had confirmed it some time ago."""
    resource = {row.connect_id: row for row in (world.anna, world.jana)}[slot.resource_id]
    told = {
        "organisation": world.organisation,
        "connect_id": uuid.uuid4().hex,
        "lead": world.lead,
        "calendar": world.calendar,
        "resource": resource,
        "appointment_type": world.talk,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "booked_by": world.staff,
        "booked_at": timezone.now(),
    }
    return Booking.objects.create(**told | fields)


def grid(world, booking, **query):
    """The address of the grid of Anna in moving mode."""
    return world.url(moving=booking.pk, **{"resource": world.anna.pk, **query})


def panel(client, world, booking, slot, resource, **query):
    """What the panel becomes when a cell is pressed; ``resource`` None is anyone's cell."""
    narrowed = {"resource": resource.pk if resource else ""}
    address = grid(world, booking, slot=ref(slot, resource), **narrowed | query)
    return client.get(address, headers={**HTMX, "HX-Target": "panel"})


def form_of(response):
    return next(f for f in forms(response.content.decode(), "/move/") if f.method == "post")


def post(client, world, booking, fields, *, part=True):
    address = world.address("booking-move", booking.pk)
    return client.post(address, fields, headers=HTMX if part else {})


def cell(response, one, resource=None):
    """A cell as markup, its opening tag included."""
    name = re.escape(ref(one, resource))
    place = rf'(?:data-slot="{name}"|><button name="slot" value="{name}")'
    return re.search(rf"<td[^>]*?{place}.*?</td>", response.content.decode())[0]


def look_again(world):
    """What is offered, and the catalogue, changed since they were read."""
    availability.forget()
    cache.clear()
    world.organisation.catalogue_version += 1
    world.organisation.save()

"""An appointment that nobody here made, on the pages of the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import catalogue
from bookingapp.domain.models import Booking, Role
from tests.domain.hook_world import HookWorld, booking_event, lead_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch, person):
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    world = HookWorld()
    Role.objects.create(person=person("staff"), organisation=world.organisation, name="staff")
    world.tell(lead_event(data={"name": "Ada Neu"}))
    starts_at = timezone.now() + timedelta(days=3)
    times = {"startDateTime": starts_at, "endDateTime": starts_at + timedelta(minutes=30)}
    world.tell(booking_event(**{name: at.isoformat() for name, at in times.items()}))
    return world


def page(client, world, name, **kwargs):
    address = reverse(name, kwargs={"slug": world.organisation.slug, **kwargs})
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_its_page_says_where_it_is_from_and_what_can_be_done(staff_client, world):
    booking = Booking.objects.get()
    markup = page(staff_client, world, "booking-detail", pk=booking.pk)
    assert "Booked in RocketLead" in markup
    assert "Ada Neu" in markup
    assert (
        reverse("booking-move", kwargs={"slug": world.organisation.slug, "pk": booking.pk})
        in markup
    )
    for name in ("booking-cancel", "booking-status"):
        address = reverse(name, kwargs={"slug": world.organisation.slug, "pk": booking.pk})
        assert staff_client.get(address).status_code in {200, 302}


def test_it_is_in_the_list_and_its_end_is_among_the_cancelled(staff_client, world):
    assert "Ada Neu" in page(staff_client, world, "booking-list")
    world.tell(booking_event("deleted", minute=5))
    where = reverse("booking-list", kwargs={"slug": world.organisation.slug})
    markup = staff_client.get(where, {"tab": "cancelled"}).content.decode()
    assert "Deleted in RocketLead" in markup
    markup = page(staff_client, world, "booking-detail", pk=Booking.objects.get().pk)
    assert "somebody in RocketLead, or one of its flows" in markup

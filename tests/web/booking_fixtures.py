"""Fixtures that the tests of booking share."""

import pytest

from bookingapp.domain import availability, gateway
from bookingapp.web.presenters import grid_cache
from tests.web.booking_world import BookingConnect, BookingWorld


@pytest.fixture
def woken(monkeypatch):
    """The writes that a worker was asked to look at."""
    from bookingapp.web.views import settled

    asked = []
    monkeypatch.setattr(settled, "wake_write", lambda pk, **_: asked.append(pk))
    return asked


@pytest.fixture
def world(organisation, person, monkeypatch, woken):
    double = BookingConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    grid_cache.clear()
    availability.forget()
    return BookingWorld(organisation, double, person("staff"))


@pytest.fixture
def staff(client, person, world):
    client.force_login(person("staff"))
    return client


__all__ = ["staff", "woken", "world"]

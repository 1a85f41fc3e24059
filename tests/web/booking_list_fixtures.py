"""The world of bookings for tests of the list, the day page and the files."""

import re

import pytest

from bookingapp.domain import availability, gateway
from bookingapp.web.presenters import grid_cache
from tests.web.booking_fixtures import staff, woken
from tests.web.booking_list_world import ListWorld
from tests.web.booking_world import HTMX, BookingConnect


@pytest.fixture
def world(organisation, person, monkeypatch, woken):
    double = BookingConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    grid_cache.clear()
    availability.forget()
    return ListWorld(organisation, double, person("staff"))


def get(client, world, part=False, **query):
    return client.get(world.address("booking-list"), query, headers=HTMX if part else {})


def poll_of(response):
    """The address by which a list keeps itself true."""
    found = re.search(r'hx-get="([^"]+v=[^"]+)"', response.content.decode())
    return found[1].replace("&amp;", "&")


def rows_of(response):
    """The words of each row, in order."""
    rows = re.findall(r"<tr class=\"bookings__row\".*?</tr>", response.content.decode(), re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


__all__ = ["get", "poll_of", "rows_of", "staff", "woken", "world"]

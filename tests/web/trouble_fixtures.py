"""Fixtures for tests of trouble with moves, cancels and lead states."""

import pytest

from bookingapp.domain import availability, gateway
from bookingapp.web.presenters import grid_cache
from tests.web.booking_fixtures import staff, woken
from tests.web.trouble_world import TroubleConnect, TroubleWorld


@pytest.fixture
def world(organisation, person, monkeypatch, woken, settings):
    settings.SETTLE_SECONDS = 0
    double = TroubleConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    grid_cache.clear()
    availability.forget()
    return TroubleWorld(organisation, double, person("staff"))


__all__ = ["staff", "woken", "world"]

"""Fixtures for tests of the table of a pool and of bulk moves."""

import pytest

from bookingapp.domain import availability, gateway
from bookingapp.web.presenters import grid_cache
from bookingapp.web.views import bulk, bulk_asking
from tests.web.booking_fixtures import staff, woken
from tests.web.pool_table_world import TableWorld
from tests.web.trouble_world import TroubleConnect


@pytest.fixture
def world(organisation, person, monkeypatch, woken, settings):
    settings.SETTLE_SECONDS = 0
    double = TroubleConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    for view in (bulk, bulk_asking):
        monkeypatch.setattr(view, "wake_batch", lambda *_, **__: None)
    grid_cache.clear()
    availability.forget()
    return TableWorld(organisation, double, person("staff"))


@pytest.fixture
def manager(client_of, world):
    return client_of("manager")


__all__ = ["manager", "staff", "woken", "world"]

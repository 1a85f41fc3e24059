"""Fixtures of the domain's tests."""

import pytest
from hypothesis import settings

from tests.domain.availability_world import FakeConnect, organisation

# The machine is shared: how long an example takes says nothing about it.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture
def fake_connect(monkeypatch):
    """A Connect under the test's control, in the place of the real one."""
    from bookingapp.domain import gateway

    fake = FakeConnect()
    monkeypatch.setattr(gateway, "send", fake.send)
    yield fake
    fake.release()


@pytest.fixture
def place():
    return organisation()

"""Everything else that the APIs or colleagues can name, named by somebody hostile."""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse

from bookingapp.domain import availability, catalogue, gateway
from bookingapp.domain.models import (
    AppointmentType,
    Attempt,
    Blocker,
    Calendar,
    LeadPool,
    LeadState,
    Organisation,
    Resource,
)
from bookingapp.web.presenters import grid_cache
from tests.web.booking_fixtures import woken
from tests.web.hostile_world import TAGS, HostileWorld, Reader
from tests.web.trouble_world import TroubleConnect

__all__ = ["woken"]

pytestmark = pytest.mark.django_db
NAMED = (AppointmentType, Calendar, LeadPool, LeadState, Resource)
SETTINGS = ("hook-settings", "privacy", "token-list", "person-list", "policies", "audit-log",
            "connection", "settings")  # fmt: skip
OWN = ("preferences", "security", "session-list", "needs-you")


@pytest.fixture
def world(organisation, person, monkeypatch, woken, settings):
    settings.SETTLE_SECONDS = 0
    double = TroubleConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    grid_cache.clear()
    availability.forget()
    world = HostileWorld(organisation, double, person("admin")).live()
    _name_all(person("admin"))
    grid_cache.clear()
    return world


def _name_all(admin):
    for model in NAMED:
        model.objects.update(name=Concat(F("name"), Value(TAGS)))
    for model in (Resource, LeadState):
        model.objects.update(colour='red" onload="owned=1')
    Blocker.objects.update(name=TAGS)
    Organisation.objects.update(name=TAGS[:150])
    Attempt.objects.update(message=TAGS)
    admin.first_name, admin.last_name = TAGS[:140], TAGS[:140]
    admin.save()


def test_no_name_from_outside_is_more_than_text(client_of, world):
    admin, found, shown = client_of("admin"), {}, 0
    pages = world.pages() | {name: world.at(name) for name in SETTINGS}
    pages |= {name: reverse(name) for name in OWN}
    pages |= {"availability": world.at("availability"), "waiting": world.at("waiting-list")}
    for name, address in pages.items():
        answer = admin.get(address, follow=True)
        read = Reader(answer.content.decode())
        shown += "owned=1" in read.text
        if answer.status_code != 200 or read.faults:
            found[name] = (answer.status_code, read.faults[:5])
    assert found == {}
    # Every one of them had something hostile to show.
    assert shown == len(pages)

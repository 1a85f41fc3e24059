"""After everything was done with a lead, neither the database nor a log says who it is.

The file of the database is read as a thief would read it: all columns of all tables, as stored.
"""

import json
import logging

import pytest
from django.db import connection
from django.urls import reverse

from bookingapp import logs
from bookingapp.domain import availability, catalogue, gateway, people, tokens
from bookingapp.domain.hooks import inbox
from bookingapp.domain.models import Delivery, Lead, Token
from bookingapp.web.presenters import grid_cache
from tests.web.booking_fixtures import woken
from tests.web.hostile_world import HostileWorld
from tests.web.trouble_world import TroubleConnect

__all__ = ["woken"]

pytestmark = pytest.mark.django_db
SECRET = "rocketlead_live_" + "5ec2e7" * 8
NEW_PASSWORD = "seven-calm-herons-wade"
# Of names, numbers, addresses, notes and file cells of the world.
WORDS = ("owned=1", "40 555", "WWWWWW", "Zoraida", "0171 7654321", "zoraida@")


@pytest.fixture
def world(organisation, person, monkeypatch, woken, settings):
    settings.SETTLE_SECONDS = 0
    double = TroubleConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    grid_cache.clear()
    availability.forget()
    return HostileWorld(organisation, double, person("admin")).live()


def stored():
    """Every value of every table, as the database has it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from (
                    (f"{table}.{name}", value) for name, value in zip(names, row, strict=True)
                )


def found_in_clear(words):
    found = set()
    for place, value in stored():
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        found |= {(place, word) for word in words if word in text}
    return found


def do_everything(world, client, told_now):
    """Beside what the world has done: look at every page, search, be told, write a note."""
    body = {"event": "table.entry.added", "leadId": "told", "tableId": "pool"}
    body["data"] = {"name": "Zoraida Quint", "phone": "0171 7654321", "email": "zoraida@x.example"}
    inbox.receive(world.organisation, Delivery.Way.EVENTS, json.dumps(body).encode(), now=told_now)
    lead = Lead.objects.get(connect_id="told")
    for address in world.pages().values():
        client.get(address, follow=True)
    client.get(world.at("privacy"), {"q": "Zoraida Quint"})
    client.get(world.at("lead-search"), {"q": "Zoraida"})
    client.get(world.at("audit-log"), {"q": "Zoraida"})
    client.get(world.at("audit-csv"), {"q": "Zoraida"})
    client.post(world.at("lead-note", pk=lead.pk), {"text": "Zoraida rang"})
    client.post(world.at("privacy-export"), {"lead": [str(lead.pk)]})
    client.post(reverse("account_login"), {"login": "Zoraida", "password": NEW_PASSWORD})


def test_no_personal_value_and_no_secret_is_stored_or_logged_in_clear(
    world, person, client_of, caplog
):
    caplog.set_level(logging.DEBUG)
    for name in logs.QUIET:
        # As the product has it.
        caplog.set_level(logging.WARNING, name)
    tokens.store(world.organisation, secret=SECRET, label="one")
    _, link = people.invite(world.organisation, role="staff", by=person("admin"), now=world.now)
    do_everything(world, client_of("admin"), world.now)
    secrets = (SECRET, link, NEW_PASSWORD)
    assert found_in_clear((*WORDS, *secrets)) == set()
    logged = [word for word in (*WORDS, *secrets) if word in caplog.text]
    assert logged == []


def test_the_search_would_see_what_is_in_clear(world):
    Token.objects.create(organisation=world.organisation, label=SECRET, sealed=b"", fingerprint="x")
    assert found_in_clear((SECRET,)) == {("domain_token.label", SECRET)}
    assert Lead.objects.get(pk=world.lead.pk).phone

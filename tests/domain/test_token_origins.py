"""A token goes to the place that it was made for, and nowhere else."""

from datetime import UTC, datetime

import pytest

from bookingapp.domain import gateway, organisations, provisioning, tokens
from bookingapp.domain.models import AuditEvent, Organisation, Token
from tests.web.organisation_world import ADDRESS, OTHER, SECRET, put_in_place

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Line:
    def __init__(self):
        self.asked = []

    def of(self, organisation):
        self.url = organisation.connect_url
        return self

    def send(self, call, *, token, **_):
        self.asked.append((self.url, token))


@pytest.fixture
def praxis(monkeypatch):
    found = Organisation.objects.create(name="Praxis", slug="praxis", connect_url=ADDRESS)
    tokens.store(found, secret=SECRET, label="one")
    return found


def test_a_call_under_way_takes_no_new_token_to_the_old_address(praxis, monkeypatch):
    from bookingapp import connect

    line = Line()
    monkeypatch.setattr(gateway, "client", line.of)
    there = Organisation.objects.get(pk=praxis.pk)
    monkeypatch.setattr(organisations.addresses, "checked", lambda url: url)
    assert organisations.change(there, "Praxis", OTHER, person=None, now=NOW) == 1
    tokens.store(there, secret=f"{SECRET}new", label="two")
    # As somebody has it who read it before.
    gateway.send(praxis, connect.list_calendars())
    assert line.asked == [(OTHER, f"{SECRET}new")]


def test_provisioning_at_another_address_forgets_the_tokens_of_the_old_one(praxis, monkeypatch):
    told = put_in_place(monkeypatch)
    spec = {"name": "Praxis", "connect_url": OTHER, "tokens": []}
    wanted = provisioning.Document([provisioning.OrganisationSpec(**spec)])
    list(provisioning.apply(wanted, now=NOW))
    assert not Token.objects.exists()
    assert not told.asked
    (gone,) = AuditEvent.objects.get(action="organisation.provisioned").details["tokens_forgotten"]
    assert gone["last_four"] == SECRET[-4:]


def test_provisioning_at_the_same_address_keeps_them(praxis, monkeypatch):
    put_in_place(monkeypatch)
    spec = {"name": "Praxis", "connect_url": f"{ADDRESS}/", "tokens": []}
    list(
        provisioning.apply(provisioning.Document([provisioning.OrganisationSpec(**spec)]), now=NOW)
    )
    assert Token.objects.count() == 1

"""A token goes to the place that it was made for, and nowhere else."""

from datetime import UTC, datetime
from functools import partial

import pytest
from cryptography.fernet import Fernet

from bookingapp import connect
from bookingapp.domain import gateway, key_rotation, organisations, provisioning, tokens
from bookingapp.domain.errors import NoToken
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


def test_calls_go_on_while_keys_are_changed(praxis, monkeypatch, settings):
    line, real = Line(), key_rotation.resealing.reseal
    monkeypatch.setattr(gateway, "client", line.of)
    ask = partial(gateway.send, praxis, connect.list_calendars())

    def half_way(models):
        ask()
        return real(models)

    monkeypatch.setattr(key_rotation.resealing, "reseal", half_way)
    old, new = settings.TOKEN_KEYS[0], Fernet.generate_key().decode()
    for keys in ([old], [new, old]):
        settings.TOKEN_KEYS = keys
        ask()
    assert key_rotation.rotate().tokens == 1
    settings.TOKEN_KEYS = [new]
    ask()
    assert line.asked == [(ADDRESS, SECRET)] * 4
    settings.TOKEN_KEYS = [old]
    with pytest.raises(NoToken):
        ask()


def test_a_token_that_no_key_opens_holds_up_no_other(praxis, settings):
    old, new = settings.TOKEN_KEYS[0], Fernet.generate_key().decode()
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    tokens.store(praxis, secret=f"{SECRET}lost", label="lost")
    settings.TOKEN_KEYS = [new, old]
    done = key_rotation.rotate()
    assert (done.tokens, done.locked) == (1, 1)
    settings.TOKEN_KEYS = [new]
    assert tokens.unseal(Token.objects.get(label="one")) == SECRET

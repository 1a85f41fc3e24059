"""Tokens as they are found again: whatever their letters, and beside one that no key opens."""

import pytest
from cryptography.fernet import Fernet

from bookingapp.domain import tokens
from bookingapp.domain.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def praxis():
    return Organisation.objects.create(name="Praxis", slug="praxis", connect_url="http://c.example")


def test_a_token_is_stored_once_beside_one_that_no_key_opens(praxis, settings):
    tokens.store(praxis, secret="old", label="old")
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    good, is_new = tokens.store(praxis, secret="good", label="good")
    assert is_new
    assert tokens.store(praxis, secret="good", label="better") == (good, False)


def test_a_secret_of_any_letters_is_known_again(praxis):
    stored, _is_new = tokens.store(praxis, secret="schlüssel", label="one")
    assert tokens.find(praxis, "schlüssel") == stored
    assert tokens.find(praxis, "schlüssek") is None
    assert tokens.find(praxis, "schluessel") is None

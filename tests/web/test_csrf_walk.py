"""No address changes anything for a page of somebody else's: every one, by every method."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.test_shell_access import ROWS

pytestmark = pytest.mark.django_db
# Outside: no session is looked at, the secret in the address is the proof.
INBOX = {"hook-events", "hook-forms"}


@pytest.fixture
def strict(person):
    """A browser that is signed in as an admin, and has no proof of where its forms are from."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("admin"))
    return client


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["form", "htmx"])
def test_without_proof_nothing_is_taken(strict, organisation, headers):
    wrong = {}
    for name, (_method, kwargs, _expected) in ROWS.items():
        if name in INBOX:
            continue
        address = reverse(name, kwargs=kwargs)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            status = strict.generic(method, address, headers=headers).status_code
            if status not in {403, 405}:
                wrong[name, method] = status
    assert wrong == {}


def test_the_walk_would_see_an_open_door(strict, organisation):
    strict.handler.enforce_csrf_checks = False
    address = reverse("hook-rotate", kwargs={"slug": organisation.slug})
    assert strict.post(address).status_code == 302

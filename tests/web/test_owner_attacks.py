"""The pages of the owner: no way round what an organisation demands of its admins."""

import pytest
from django.urls import reverse

from bookingapp.domain import standing
from bookingapp.domain.models import Invitation

pytestmark = pytest.mark.django_db
PAGES = (
    *("welcome-organisation", "welcome-use", "welcome-people", "welcome-booking"),
    "organisation-new",
)


@pytest.fixture
def owner(client_of, person):
    found = person("admin")
    found.is_superuser = True
    found.save()
    standing.forget()
    return client_of("admin")


@pytest.mark.parametrize("name", PAGES)
def test_without_the_second_factor_that_is_demanded_nothing_opens(owner, organisation, name):
    assert owner.get(reverse(name)).status_code == 200
    organisation.settings = {"second_factor": "admins"}
    organisation.save()
    told = {"role": "admin", "email": "x@example.com"}
    assert owner.get(reverse(name)).status_code == 403
    assert owner.post(reverse(name), told).status_code == 403
    assert not Invitation.objects.exists()


def test_a_link_is_kept_by_no_cache(owner):
    answer = owner.post(reverse("welcome-people"), {"role": "staff", "email": ""})
    assert "/invitations/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_request_without_an_address_is_answered(client):
    """As by a web server that reaches the desk through a socket of its machine."""
    assert client.get("/health/live/", REMOTE_ADDR="").status_code == 200

"""Without the key that values were sealed with: pages say so, nothing is lost, signing in works."""

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import lead_mirror, search_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(organisation):
    search_key._known.clear()
    told = {"id": "led_1", "data": {"name": "Zoraida Quint"}}
    yield lead_mirror.adopt(organisation, told, now=timezone.now())[0]
    search_key._known.clear()


def test_the_page_says_that_a_key_is_missing_and_with_it_all_is_there_again(
    organisation, person, lead, settings
):
    kept, settings.TOKEN_KEYS = settings.TOKEN_KEYS, [Fernet.generate_key().decode()]
    search_key._known.clear()
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(pk=person("staff").pk))
    page = reverse("lead-detail", kwargs={"slug": organisation.slug, "pk": lead.pk})
    told = client.get(page)
    assert told.status_code == 500
    assert "TOKEN_KEYS" in told.content.decode()
    assert client.get(reverse("preferences")).status_code == 200
    ready = client.get("/health/ready/")
    assert (ready.status_code, ready.json()["checks"]["keys"]) == (503, "failed")
    settings.TOKEN_KEYS = [*settings.TOKEN_KEYS, *kept]
    assert "Zoraida Quint" in client.get(page).content.decode()
    assert client.get("/health/ready/").json()["checks"]["keys"] == "ok"

"""People of two organisations, and a browser page on a server inside the test process."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import translation

from bookingapp.domain.models import Organisation, Role
from bookingapp.launch import messages

# Before anything is translated: Django reads a catalogue once.
messages.compile_all()

PASSWORD = "three-wise-otters-knit"


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(
        name="Praxis am Park", slug="praxis-am-park", connect_url="https://connect.example"
    )


@pytest.fixture
def elsewhere(db):
    """An organisation that nobody of the first one may see."""
    return Organisation.objects.create(
        name="Kathmandu Clinic", slug="kathmandu", connect_url="http://127.0.0.1:8001"
    )


@pytest.fixture
def person(organisation):
    """``person("staff")``: made once, with that role in the organisation; "stranger" elsewhere."""

    def make(role, username=""):
        found, is_new = get_user_model().objects.get_or_create(
            username=username or role,
            defaults={"email": f"{username or role}@example.com", "first_name": "Kim"},
        )
        if is_new:
            found.set_password(PASSWORD)
            found.save()
            if role in Role.Name.values:
                Role.objects.create(person=found, organisation=organisation, name=role)
        return found

    return make


@pytest.fixture
def client_of(person):
    """``client_of("manager")``: a browser of the test client, signed in; "nobody" is not."""

    def make(role):
        client = Client()
        if role != "nobody":
            client.force_login(person(role))
        return client

    return make


@pytest.fixture
def staff_client(client_of):
    return client_of("staff")

"""People of two organisations, and a browser page on a server inside the test process."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bookingapp.domain.models import Organisation, Role
from bookingapp.launch import messages

# Before anything is translated: Django reads a catalogue once.
messages.compile_all()

PASSWORD = "three-wise-otters-knit"
# Chromium logs every answer from 400 on. The desk's own refusals are such answers.
REFUSED = "status of 4"
# htmx's words for a request that a newer one of the same part took the place of.
REPLACED = "^htmx:(sendAbort|afterRequest), "


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


@pytest.fixture
def at(organisation):
    """``at("person-detail", kim)``: an address of this organisation."""

    def address(name, one=None):
        more = {"pk": one.pk} if one is not None else {}
        return reverse(name, kwargs={"slug": organisation.slug, **more})

    return address


@pytest.fixture(scope="module")
def _running_provider():
    from tests.support.openid import Provider

    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(_running_provider, settings, monkeypatch):
    """An OpenID Connect provider that the desk is set up for; it knows staff@example.com."""
    from bookingapp import environment
    from tests.support.openid import CLIENT, SECRET

    _running_provider.reset()
    told = {
        "ISSUER": _running_provider.url,
        "CLIENT_ID": CLIENT,
        "CLIENT_SECRET": SECRET,
        "NAME": "Clinic ID",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"OIDC_{name}", value)
    settings.SOCIALACCOUNT_PROVIDERS = environment.openid()
    return _running_provider


@pytest.fixture
def open_as(browser, browser_context_args, live_server, settings):
    """``open_as(someone, **options)``: a page of theirs in a browser of their own; of nobody's
    without someone. ``page.home`` is the desk's address.

    What a page complains about fails the test, but for what the pattern ``page.expected`` finds.
    """
    pages = []

    def make(someone=None, **options):
        context = browser.new_context(**{**browser_context_args, **options})
        page = context.new_page()
        pages.append(page)
        page.home, page.expected, page.complaints = live_server.url, REFUSED, []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: _hear(page, said))
        if someone is not None:
            _sign_in(context, live_server, someone, settings.SESSION_COOKIE_NAME)
        return page

    yield make
    found = [told for page in pages for told in page.complaints]
    # What is still being asked is cut off by this, and says so.
    for page in pages:
        page.context.close()
    assert found == []


def _hear(page, said):
    if said.type == "error" and not re.search(f"{REPLACED}|{page.expected}", said.text):
        page.complaints.append(said.text)


def _sign_in(context, live_server, someone, name):
    client = Client()
    client.force_login(someone)
    told = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    context.add_cookies([told])

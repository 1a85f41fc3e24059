"""The kept availability page: nobody's page is another's, and what counts is always true."""

import gzip
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import gateway, needs_you, standing
from bookingapp.domain.models import Role
from bookingapp.web.presenters import grid_cache
from bookingapp.web.views import availability as views
from tests.web.availability_world import Connect, World

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture
def world(organisation, monkeypatch):
    double = Connect()
    monkeypatch.setattr(gateway, "send", double.send)
    grid_cache.clear()
    standing.forget()
    made = World(organisation, double)
    made.offer(9)
    return made


def text_of(client, url, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def signed_in(who):
    client = Client()
    client.force_login(who)
    return client


def named(person, role, name):
    who = person(role, name.lower())
    who.first_name, who.email = name, f"{name}@example.com"
    who.save()
    return who


def test_kept_page_is_the_page_that_would_be_rendered(world, client_of, monkeypatch):
    """Only the masked token and the server's clock differ from a page made at once."""
    client = client_of("staff")
    url = world.url()
    text_of(client, url)
    kept = text_of(client, url)
    monkeypatch.setattr(views, "can_be_kept", lambda *_: False)
    whole = text_of(client, url)
    strip = re.compile(r'[A-Za-z0-9]{64}|data-now="[^"]+"|>(just now|\d+ s ago)<')
    assert strip.sub("", kept) == strip.sub("", whole)
    assert "<!--gap" not in kept


def test_warm_page_renders_nothing_and_asks_nothing(
    world, client_of, monkeypatch, settings, django_assert_num_queries
):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    client = client_of("staff")
    text_of(client, world.url())
    monkeypatch.setattr("django.template.base.Template.render", None)
    with django_assert_num_queries(0):
        assert "Praxis am Park" in text_of(client, world.url())


def test_two_people_see_their_own_names_roles_and_tokens(world, person):
    pages = {
        name: text_of(signed_in(named(person, role, name)), world.url())
        for role, name in (("staff", "Anneliese"), ("manager", "Bartholomew"))
    }
    assert "Anneliese" in pages["Anneliese"]
    assert "Bartholomew" not in pages["Anneliese"]
    assert "Bartholomew" in pages["Bartholomew"]
    assert "Anneliese" not in pages["Bartholomew"]
    tokens = [set(TOKEN.findall(page)) for page in pages.values()]
    assert all(len(found) == 1 for found in tokens)
    assert not tokens[0] & tokens[1]


def test_token_is_masked_anew_and_works(world, person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("staff"))
    first, second = (TOKEN.search(text_of(client, world.url()))[1] for _ in "12")
    assert first != second
    for token in (first, second):
        answer = client.post("/language/", {"language": "de", "csrfmiddlewaretoken": token})
        assert answer.status_code == 302


def test_two_organisations_are_kept_apart(world, elsewhere, person):
    staff = person("staff")
    client = signed_in(staff)
    assert "Kathmandu" not in text_of(client, world.url())
    Role.objects.create(person=staff, organisation=elsewhere, name="manager")
    elsewhere.catalogue_at = timezone.now()
    elsewhere.save()
    page = text_of(client, world.url())
    assert "Kathmandu Clinic" in page
    other = text_of(client, reverse("availability", kwargs={"slug": elsewhere.slug}))
    assert "<title>" in other
    assert "slot-grid" not in other


def test_two_languages_are_kept_apart(world, client_of):
    client = client_of("staff")
    english = text_of(client, world.url())
    german = text_of(client, world.url(), **{"Accept-Language": "de"})
    assert 'lang="en"' in english
    assert 'lang="de"' in german
    assert "Abmelden" in german
    assert "Sign out" in text_of(client, world.url())


def test_count_of_what_needs_you_is_never_an_old_one(world, person, monkeypatch):
    staff = person("staff")
    client = signed_in(staff)
    assert 'data-count="0"' in text_of(client, world.url())
    cache.set(f"needs-you:{staff.pk}", 3)
    assert 'data-count="3"' in text_of(client, world.url())
    needs_you.forget(staff.pk)
    assert 'data-count="0"' in text_of(client, world.url())


def test_age_goes_on(world, client_of, monkeypatch):
    client = client_of("staff")
    assert "just now" in re.findall(r"data-as-of[^>]*>([^<]*)<", text_of(client, world.url()))
    later = timezone.now() + timedelta(seconds=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert re.findall(r"data-as-of[^>]*>([78]) s ago<", text_of(client, world.url()))


def test_pause_is_said_at_once(world, client_of, organisation):
    client = client_of("staff")
    assert "Writes are paused" not in text_of(client, world.url())
    organisation.paused_reason = "token_rejected"
    organisation.save()
    assert "Writes are paused" in text_of(client, world.url())


def test_message_is_said_once(world, client_of, monkeypatch):
    from django.contrib import messages

    client = client_of("staff")
    text_of(client, world.url())
    real = views.open_desk

    def telling(request, now):
        messages.info(request, "Noted as booked.")
        return real(request, now)

    monkeypatch.setattr(views, "open_desk", telling)
    assert "Noted as booked." in text_of(client, world.url())
    monkeypatch.setattr(views, "open_desk", real)
    assert "Noted as booked." not in text_of(client, world.url())


def test_sign_out_ends_it_at_once(world, client_of):
    client = client_of("staff")
    text_of(client, world.url())
    client.post("/sign-out/")
    assert client.get(world.url()).status_code == 302


@pytest.mark.parametrize("encoding", ["gzip, br", "br", ""])
def test_page_is_compressed_for_who_can_read_it(world, client_of, encoding):
    client = client_of("staff")
    response = client.get(world.url(), headers={"Accept-Encoding": encoding})
    is_gzip = response.get("Content-Encoding") == "gzip"
    assert is_gzip == ("gzip" in encoding)
    body = gzip.decompress(response.content) if is_gzip else response.content
    assert b"</html>" in body
    assert int(response["Content-Length"]) == len(response.content)
    varies = {word.strip().lower() for word in response["Vary"].split(",")}
    assert varies >= {"accept-encoding", "cookie", "accept-language", "hx-request"}
    assert "private" in response["Cache-Control"]


def test_hostile_name_stays_text(world, person):
    staff = person("staff")
    staff.first_name = "<!--gap:token--><b>"
    staff.save()
    assert "<!--gap:token-->" not in text_of(signed_in(staff), world.url())


def test_strangers_get_nothing_however_warm(world, client_of, person):
    text_of(client_of("staff"), world.url())
    assert signed_in(person("stranger")).get(world.url()).status_code == 404
    assert Client().get(world.url()).status_code == 302


def test_gone_person_gets_nothing(world, client_of):
    client = client_of("staff")
    text_of(client, world.url())
    get_user_model().objects.get(username="staff").delete()
    assert client.get(world.url()).status_code == 302

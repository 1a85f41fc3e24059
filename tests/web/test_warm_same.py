"""The same request again: answered from what is kept exactly while all it depends on stands."""

import gzip
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import INFO
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from bookingapp.domain import availability, gateway, standing
from bookingapp.domain.models import Organisation, Role
from bookingapp.web import warm
from bookingapp.web.presenters import grid_cache
from bookingapp.web.views import availability as views
from tests.web.availability_world import Connect, World, tag_of

HTMX = {"HX-Request": "true", "HX-Target": "grid"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture(autouse=True)
def noted(settings):
    settings.CACHES = {"default": {"BACKEND": "tests.web.noted_cache.NotedCache"}}
    cache.clear()
    warm.clear()
    yield
    warm.clear()


@pytest.fixture
def world(organisation, monkeypatch):
    double = Connect()
    monkeypatch.setattr(gateway, "send", double.send)
    grid_cache.clear()
    standing.forget()
    availability.forget()
    made = World(organisation, double)
    made.offer(9)
    return made


@pytest.fixture
def looks(monkeypatch):
    """How often a view was asked; what is kept does not come that far."""
    made = []
    real = views.open_desk
    monkeypatch.setattr(views, "open_desk", lambda *given: made.append(1) or real(*given))
    return made


@pytest.fixture
def staff(world, client_of):
    """Warm: the first answer sets the cookie of the choice, the second is kept."""
    client = client_of("staff")
    client.get(world.url())
    client.get(world.url())
    return client


def page(client, world, **headers):
    response = client.get(world.url(), headers=headers)
    return response.content.decode() if response.status_code == 200 else response.status_code


def test_same_request_is_answered_without_query_view_or_call(
    staff, world, looks, django_assert_num_queries
):
    world.forget_connect()
    with django_assert_num_queries(0):
        kept = page(staff, world)
    assert (looks, world.connect.calls) == ([], [])
    warm.clear()
    whole = page(staff, world)
    assert looks == [1]
    changing = re.compile(r'[A-Za-z0-9]{64}|data-now="[^"]+"|>(just now|\d+ s ago)<')
    assert changing.sub("", kept) == changing.sub("", whole)


def test_kept_answer_carries_every_header_of_a_whole_one(staff, world):
    kept = staff.get(world.url(), headers={"Accept-Encoding": "gzip"})
    kept = staff.get(world.url(), headers={"Accept-Encoding": "gzip"})
    warm.clear()
    whole = staff.get(world.url(), headers={"Accept-Encoding": "gzip"})
    same = set(whole.headers) - {"X-Request-ID", "Content-Length"}
    assert {name: kept.headers.get(name) for name in same} == {
        name: whole.headers[name] for name in same
    }
    assert kept["X-Request-ID"] != whole["X-Request-ID"]
    assert int(kept["Content-Length"]) == len(kept.content)
    assert b"</html>" in gzip.decompress(kept.content)


def test_token_of_a_kept_page_works_and_is_its_browsers_own(world, person):
    tokens = {}
    for name in ("staff", "manager"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(person(name))
        tokens[name] = {TOKEN.search(page(client, world))[1] for _ in range(4)}
        for token in tokens[name]:
            data = {"language": "en", "csrfmiddlewaretoken": token}
            assert client.post("/language/", data).status_code == 302
    assert not tokens["staff"] & tokens["manager"]


def test_unchanged_poll_is_kept_within_the_soft_age_only(staff, world, looks, monkeypatch):
    from urllib.parse import unquote

    url = world.url("availability-changes", v=unquote(tag_of(staff.get(world.url()))))
    first = staff.get(url, headers=HTMX)
    looks.clear()
    again = staff.get(url, headers=HTMX)
    assert (again.status_code, again.content, looks) == (204, b"", [])
    assert again["Desk-As-Of"] == first["Desk-As-Of"]
    later = timezone.now() + timedelta(seconds=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    world.forget_connect()
    staff.get(url, headers=HTMX)
    assert looks == [1]
    assert len(world.connect.calls) == 1


def test_new_reading_is_shown_at_once(staff, world, looks):
    world.offer(11)
    desk = world.organisation
    window = availability.window_for(desk, world.calendar, world.talk, world.monday)
    availability.fetch(desk, window, now=timezone.now())
    assert "11:00" in page(staff, world)
    assert looks == [1]


def test_own_booking_is_asked_about_at_once(staff, world):
    world.connect.slots.clear()
    taken = world.offer(9, booked=1)
    availability.drop(world.organisation, calendar_connect_id="cal", starts_at=taken.starts_at)
    assert "full 1/1" in page(staff, world)


@pytest.mark.parametrize("seconds", [11, 8 * 24 * 3600])
def test_time_ends_it(staff, world, looks, monkeypatch, seconds):
    later = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: later)
    page(staff, world)
    assert looks == [1]


def test_session_that_ended_elsewhere_ends_it(staff, world):
    from django.contrib.sessions.backends.cached_db import SessionStore

    SessionStore(staff.session.session_key).flush()
    assert page(staff, world) == 302


def test_sign_out_ends_it(staff, world):
    staff.post("/sign-out/")
    assert page(staff, world) == 302


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda: Role.objects.all()._raw_delete(using="default"), 404),
        (lambda: get_user_model().objects.update(is_active=False), 302),
        (lambda: get_user_model().objects.update(password="md5$x$y"), 302),
    ],
)
def test_standing_ends_it_within_seconds(staff, world, monkeypatch, change, expected):
    change()
    real = standing.time.monotonic
    monkeypatch.setattr(standing.time, "monotonic", lambda: real() + standing.KEPT_SECONDS + 0.01)
    assert page(staff, world) == expected


def test_new_name_or_pause_of_the_organisation_is_shown(staff, world):
    one = Organisation.objects.get(pk=world.organisation.pk)
    one.name, one.paused_reason = "Praxis am Tor", "token_rejected"
    one.save()
    text = page(staff, world)
    assert "Praxis am Tor" in text
    assert "Writes are paused" in text


def test_count_of_what_needs_you_is_compared(staff, world, person):
    cache.set(f"needs-you:{person('staff').pk}", 7)
    assert 'data-count="7"' in page(staff, world)


def test_waiting_message_is_told_once(staff, world):
    storage = CookieStorage(RequestFactory().get("/"))
    staff.cookies["messages"] = storage._encode([Message(INFO, "Noted as booked.")])
    assert "Noted as booked." in page(staff, world)
    assert "Noted as booked." not in page(staff, world)


@pytest.mark.parametrize(
    "headers",
    [{"Accept-Language": "de"}, {"HX-Request": "true"}, {"Accept-Encoding": "gzip"}],
)
def test_any_other_request_goes_the_whole_way(staff, world, looks, headers):
    staff.get(world.url(), headers=headers)
    assert looks == [1]


def test_another_browser_goes_the_whole_way(staff, world, looks, client_of):
    assert "Kim" in page(client_of("manager"), world)
    assert looks == [1]
    assert page(Client(), world) == 302


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_looking_is_answered(staff, world, method):
    assert getattr(staff, method)(world.url()).status_code == 405


def test_asking_anew_is_never_kept(staff, world, looks):
    for _ in "123":
        staff.get(world.url(fresh="1"))
    assert looks == [1, 1, 1]


def test_cache_that_is_down_keeps_nothing(staff, world, looks, monkeypatch):
    monkeypatch.setattr(type(cache._connections["default"]), "get_many", lambda *_a, **_k: {})
    page(staff, world)
    assert looks == [1]

"""Where somebody is signed in: listed in words, ended at once, by hand and by what must end it."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from bookingapp.domain.models import AuditEvent
from bookingapp.web import sessions
from bookingapp.web.presenters import device
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/me/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(agent=FIREFOX, password=PASSWORD):
    client = Client(headers={"User-Agent": agent})
    client.post("/sign-in/", {"login": "staff", "password": password})
    return client


def is_in(client, *, method="get"):
    """Asked by a page that looks, and by one that changes something."""
    return getattr(client, method)("/me/").status_code != 302


@pytest.fixture
def here(person):
    person("staff")
    return signed_in()


def words(response):
    return response.content.decode()


def pk_of(client):
    return UserSession.objects.get(session_key=client.session.session_key).pk


def test_all_are_listed_in_words_this_one_first(here):
    signed_in(IPHONE)
    page = words(here.get(PAGE))
    assert (
        page.index("Firefox on Linux") < page.index("This browser") < page.index("Safari on iPhone")
    )
    assert "127.0.0.1" in page


def test_one_is_ended_at_once_whatever_is_kept_of_it(here):
    other = signed_in(IPHONE)
    assert is_in(other)
    key = other.session.session_key
    assert here.post(f"{PAGE}{pk_of(other)}/end/")["Location"] == PAGE
    assert not is_in(other)
    assert not is_in(other, method="post")
    assert not any(key in str(kept) for kept in getattr(cache, "_cache", {}))
    assert is_in(here)
    assert list(AuditEvent.objects.filter(action="sessions.ended").values_list("details")) == [
        ({"count": 1},)
    ]


def test_everywhere_else_is_not_here(here):
    others = [signed_in(IPHONE), signed_in()]
    assert here.post(f"{PAGE}others/end/")["Location"] == PAGE
    assert "2 browsers were signed out." in words(here.get(PAGE))
    assert not any(is_in(other) for other in others)
    assert is_in(here)


def test_nobody_ends_the_session_of_somebody_else_or_their_own_this_way(here, person, client_of):
    theirs = client_of("manager")
    assert is_in(theirs)
    sessions_there = UserSession.objects.get(session_key=theirs.session.session_key)
    assert here.post(f"{PAGE}{sessions_there.pk}/end/").status_code == 404
    assert here.post(f"{PAGE}{pk_of(here)}/end/").status_code == 404
    assert is_in(theirs)
    assert is_in(here)


def test_a_session_from_before_the_list_gets_into_it(here):
    UserSession.objects.all().delete()
    assert "This browser" in words(here.get(PAGE))


def test_a_new_password_ends_all_others_and_keeps_this_one(here):
    other, key = signed_in(IPHONE), here.session.session_key
    new = "seven-quiet-herons-row"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/me/security/password/", form)["Location"] == "/me/security/"
    assert is_in(here)
    assert here.session.session_key != key
    assert not is_in(other)
    assert UserSession.objects.count() == 1
    assert AuditEvent.objects.filter(action="password.changed").count() == 1
    assert is_in(signed_in(password=new))
    assert not is_in(signed_in())


def test_a_password_set_by_somebody_else_ends_all(here):
    staff = get_user_model().objects.get(username="staff")
    staff.set_password("seven-quiet-herons-row")
    staff.save()
    assert not is_in(here)
    assert not UserSession.objects.exists()


def test_who_is_deactivated_is_out_at_once_everywhere(here):
    other = signed_in(IPHONE)
    assert is_in(other)
    staff = get_user_model().objects.get(username="staff")
    staff.is_active = False
    staff.save()
    assert not any(is_in(one) or is_in(one, method="post") for one in (here, other))
    assert not UserSession.objects.exists()


def test_last_seen_costs_one_update_a_minute(here, monkeypatch):
    here.get(PAGE)
    noted = []
    monkeypatch.setattr(sessions, "note", noted.append)
    monkeypatch.setattr(sessions, "_seen", sessions._Seen())
    for _ in range(3):
        here.get("/needs-you/")
    assert len(noted) == 1


EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_in_words(agent, name):
    assert device.name_of(agent) == name

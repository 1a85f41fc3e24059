"""Sign-in by OpenID Connect against a provider on loopback: it opens accounts that exist, only."""

import html
import logging
import re
import time

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.utils import timezone

from bookingapp import environment
from bookingapp.domain.models import AuditEvent
from bookingapp.domain.people import proofs
from tests.support.openid import CLIENT, SECRET
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(person):
    """As elsewhere, with an address that is known to be theirs."""

    def make(role):
        found = person(role)
        assert proofs.prove(found, way=proofs.Way.OPERATOR, now=timezone.now())
        return found

    return make


def words(response):
    return response.content.decode()


def leave(client, **form):
    """To where the page of the desk sends the browser."""
    response = client.post("/oidc/start/", form)
    assert response.status_code == 200, response
    return html.unescape(re.search(r'content="0; url=([^"]+)"', words(response))[1])


def go(client, provider, **form):
    """There and back."""
    return client.get("/oidc/callback/", provider.consent(leave(client, **form)))


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_verified_email_signs_in_who_exists(client, provider, person):
    staff = person("staff")
    assert "Sign in with Clinic ID" in words(client.get("/sign-in/"))
    answer = go(client, provider, next="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_in(client)
    assert staff.socialaccount_set.count() == 1
    assert AuditEvent.objects.filter(action="sign-in", person=staff).get().details == {
        "by": ["socialaccount"]
    }
    assert AuditEvent.objects.get(action="sign-in").address == "127.0.0.1"
    assert get_user_model().objects.get(pk=staff.pk).check_password(PASSWORD)


def test_the_link_holds_when_the_email_changes(client, provider, person):
    person("staff")
    go(client, provider)
    provider.person |= {"email": "new@elsewhere.example", "email_verified": False}
    fresh = Client()
    assert go(fresh, provider).status_code == 302
    assert is_in(fresh)


def test_the_session_key_changes(client, provider, person):
    person("staff")
    back = provider.consent(leave(client))
    planted = client.session.session_key
    client.get("/oidc/callback/", back)
    assert is_in(client)
    assert client.session.session_key != planted


def test_nobody_is_made(client, provider, person):
    person("staff")
    provider.person["email"] = "stranger@example.com"
    answer = go(client, provider)
    assert answer.status_code == 403
    assert "Nobody here has this account" in words(answer)
    assert not is_in(client)
    assert get_user_model().objects.count() == 1
    assert AuditEvent.objects.filter(action="sign-in.refused").exists()


@pytest.mark.parametrize("said", [False, None, "false", "no", 0, "1", [True]])
def test_an_unverified_email_opens_nothing(client, provider, person, said):
    person("staff")
    provider.person["email_verified"] = said
    assert go(client, provider).status_code == 403
    assert not is_in(client)


def test_who_is_deactivated_stays_out(client, provider, person):
    staff = person("staff")
    go(Client(), provider)
    staff.is_active = False
    staff.save()
    assert go(client, provider)["Location"] == "/sign-in/inactive/"
    SocialAccount.objects.all().delete()
    assert go(Client(), provider).status_code == 403
    assert not is_in(client)


def test_of_two_people_with_one_address_it_is_whose_it_is_proven_to_be(client, provider, person):
    other = person("manager")
    other.email = "STAFF@example.com"
    other.save()
    staff = person("staff")
    assert not proofs.prove(other, way=proofs.Way.PROVIDER, now=timezone.now())
    assert go(client, provider).status_code == 302
    assert client.session["_auth_user_id"] == str(staff.pk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of-another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://another.example"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": "u-2"},
    ],
)
def test_an_id_token_that_is_not_for_this_browser_is_refused(client, provider, person, wrong):
    person("staff")
    provider.token = wrong
    answer = go(client, provider)
    assert answer.status_code == 400
    assert "That did not work" in words(answer)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"algorithm": "none"}, {"algorithm": "HS256"}, {"uses_wrong_key": True}]
)
def test_an_id_token_signed_by_nobody_or_another_is_refused(client, provider, person, wrong):
    person("staff")
    for name, value in wrong.items():
        setattr(provider, name, value)
    assert go(client, provider).status_code == 400
    assert not is_in(client)


def test_a_state_of_another_browser_is_refused_before_anybody_is_asked(client, provider, person):
    person("staff")
    back = provider.consent(leave(client))
    provider.asked.clear()
    thief = Client()
    assert thief.get("/oidc/callback/", back).status_code == 400
    assert client.get("/oidc/callback/", back | {"state": "made-up"}).status_code == 400
    assert client.get("/oidc/callback/").status_code == 400
    assert provider.asked == []
    assert client.get("/oidc/callback/", back).status_code == 302
    # Not twice.
    assert client.get("/oidc/callback/", back).status_code == 400


def test_cancelled_there_is_said_here(client, provider):
    state = provider.consent(leave(client))["state"]
    answer = client.get("/oidc/callback/", {"error": "access_denied", "state": state})
    assert "You cancelled" in words(answer)
    assert not AuditEvent.objects.exists()


NONSENSE = [
    (200, b"<html>"),
    (200, []),
    (200, {}),
    (500, {}),
    (302, b"http://127.0.0.1:1/"),
    (200, b""),
]


@pytest.mark.parametrize("answer", NONSENSE)
@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"]
)
def test_whatever_the_provider_answers_is_a_page_of_ours(client, provider, person, path, answer):
    person("staff")
    if path.startswith("/."):
        provider.broken[path] = answer
        response = client.post("/oidc/start/")
    else:
        back = provider.consent(leave(client))
        provider.broken[path] = answer
        response = client.get("/oidc/callback/", back)
    assert response.status_code in {400, 502}
    assert "That did not work" in words(response)
    assert not is_in(client)


def test_a_provider_of_another_name_is_not_believed(client, provider):
    other = {"issuer": "https://another.example", "authorization_endpoint": f"{provider.url}/x"}
    provider.broken["/.well-known/openid-configuration"] = (200, other)
    assert client.post("/oidc/start/").status_code == 502


@pytest.mark.parametrize(
    "asked", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_it_leads_back_to_this_host_only(client, provider, person, asked):
    person("staff")
    assert go(client, provider, next=asked)["Location"] == "/"


def linked(person, provider):
    """A browser of the manager, whose email the provider knows not, and what linking answers."""
    person("manager")
    client = Client()
    client.post("/sign-in/", {"login": "manager", "password": PASSWORD})
    asked = client.post("/oidc/start/", {"link": "1"})
    assert asked["Location"].startswith("/me/security/confirm/")
    client.post("/me/security/confirm/", {"password": PASSWORD, "next": "/me/security/"})
    return client, go(client, provider, link="1")


def test_who_is_signed_in_links_and_unlinks(provider, person):
    client, answer = linked(person, provider)
    assert answer["Location"] == "/me/security/"
    assert "Linked." in words(client.get("/me/security/"))
    fresh = Client()
    assert go(fresh, provider).status_code == 302
    assert fresh.session["_auth_user_id"] == str(person("manager").pk)
    assert client.post("/oidc/unlink/")["Location"] == "/me/security/"
    assert go(Client(), provider).status_code == 403
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"openid.linked", "openid.unlinked"} <= actions


def test_an_account_of_somebody_else_is_not_taken_over(provider, person):
    person("staff")
    go(Client(), provider)
    client, answer = linked(person, provider)
    assert answer.status_code == 409
    assert client.session["_auth_user_id"] == str(person("manager").pk)
    assert SocialAccount.objects.get().user == person("staff")


def test_the_last_way_in_is_not_unlinked(client, provider, person):
    staff = person("staff")
    go(client, provider)
    staff.set_unusable_password()
    staff.save()
    go(client, provider)
    client.post("/oidc/unlink/")
    assert SocialAccount.objects.exists()


def test_only_the_id_is_kept_and_nothing_is_told_to_the_log(client, provider, person, caplog):
    person("staff")
    provider.person |= {"name": "Kim Nowhere-Else", "picture": "https://x.example/p"}
    with caplog.at_level(logging.DEBUG):
        go(client, provider)
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("u-1", {})
    told = " ".join(record.getMessage() for record in caplog.records)
    for secret in (SECRET, "the-access-token", "the-code", "Nowhere-Else"):
        assert secret not in told
    with connection.cursor() as cursor:
        for table in ("socialaccount_socialapp", "socialaccount_socialtoken"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)


def test_without_a_provider_there_is_no_button_and_no_address(client):
    assert "oidc" not in words(client.get("/sign-in/"))
    assert client.post("/oidc/start/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"OIDC_ISSUER": "http://id.example"},
        {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x"},
        {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_SECRET": "x"},
    ],
)
def test_half_a_provider_stops_the_start(monkeypatch, wrong):
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match="OIDC_"):
        environment.openid()


def test_the_people_of_another_issuer_are_others(monkeypatch):
    monkeypatch.setenv("OIDC_CLIENT_ID", "x")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "x")
    ids = set()
    for issuer in ("https://one.example", "https://two.example"):
        monkeypatch.setenv("OIDC_ISSUER", issuer)
        ids.add(environment.openid()["openid_connect"]["APPS"][0]["provider_id"])
    assert len(ids) == 2

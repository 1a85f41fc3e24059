"""One's own password, showing once more who one is, and where a sign-in leads."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from bookingapp.domain.models import AuditEvent
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db
CHANGE = "/me/security/password/"
NEW = "seven-quiet-herons-row"


@pytest.fixture
def mine(person):
    person("staff")
    client = Client()
    client.post("/sign-in/", {"login": "staff", "password": PASSWORD})
    return client


def change(client, old=PASSWORD, new=NEW, again=None):
    form = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(CHANGE, form)


def words(response):
    return response.content.decode()


def test_the_rules_are_shown(mine):
    page = words(mine.get(CHANGE))
    assert "at least 8 characters" in page
    assert 'autocomplete="new-password"' in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"old": "wrong"}, "was entered incorrectly"),
        ({"new": "short1!"}, "too short"),
        ({"new": "84736251940"}, "entirely numeric"),
        ({"again": "another-one-entirely"}, "fields"),
    ],
)
def test_what_breaks_a_rule_changes_nothing(mine, wrong, told):
    response = change(mine, **wrong)
    assert response.status_code == 422
    assert told in words(response)
    assert get_user_model().objects.get().check_password(PASSWORD)


def test_nothing_that_was_typed_comes_back(mine):
    page = words(change(mine, old="my-old-secret", new="my-new-secret-9", again="x-other-9"))
    assert not any(typed in page for typed in ("my-old-secret", "my-new-secret-9", "x-other-9"))


def test_guessing_the_present_password_is_locked_like_a_sign_in(mine):
    assert [change(mine, old="wrong").status_code for _ in range(5)] == [422] * 5
    locked = change(mine)
    assert locked.status_code == 429
    assert "Too many failed attempts" in words(locked)
    assert get_user_model().objects.get().check_password(PASSWORD)
    assert AuditEvent.objects.filter(action="sign-in.locked").exists()


def test_a_form_of_another_site_changes_nothing(mine):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mine.cookies
    assert change(strict).status_code == 403


def test_who_has_no_password_sets_one(client_of, person):
    staff = person("staff")
    staff.set_unusable_password()
    staff.save()
    client = client_of("staff")
    assert "Set a password" in words(client.get("/me/security/"))
    assert change(client)["Location"] == "/me/security/"
    assert get_user_model().objects.get().check_password(NEW)


def test_showing_once_more_who_one_is_leads_only_to_this_host(mine):
    for asked in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        answer = mine.post("/me/security/confirm/", {"password": PASSWORD, "next": asked})
        assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "asked",
    [
        *("//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example"),
        *("https://evil.example/", "https:evil.example", "javascript:alert(1)", "data:text/html,x"),
        *("http://testserver@evil.example/", "\thttps://evil.example", "ftp://testserver/x"),
    ],
)
@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/?next={}"])
def test_a_sign_in_leads_nowhere_else(person, asked, path):
    from urllib.parse import quote

    person("staff")
    client = Client()
    form = {"login": "staff", "password": PASSWORD, "next": asked}
    response = client.post(path.format(quote(asked)), form)
    assert response["Location"] == "/"


def test_the_page_says_what_there_is(mine):
    page = words(mine.get("/me/security/"))
    for told in ("Change password", "Add a passkey", "Set up"):
        assert told in page
    assert "Recovery codes" not in page
    assert 'href="/me/sessions/"' in page


def test_a_passkey_that_opens_nothing_is_refused_and_on_record(mine, client):
    answer = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    assert answer["request_options"]["publicKey"]["userVerification"] == "required"
    for sent in ("", "{", "[]", "{}", '{"response": {"userHandle": "MQ"}}', '"x"', "null"):
        refused = client.post("/sign-in/passkey/", {"credential": sent})
        assert refused["Location"] == "/sign-in/"
    assert "That passkey opens nothing here." in words(client.get("/sign-in/"))
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.filter(action="sign-in.refused").count() == 7


def test_many_passkeys_from_one_address_have_to_wait(client):
    answers = [client.post("/sign-in/passkey/", {"credential": "{}"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]

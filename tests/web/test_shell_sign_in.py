"""Getting in, being kept out, and leaving."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from bookingapp.domain.models import AuditEvent
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, login, password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": login, "password": password}, **more)


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["staff", "STAFF", "staff@example.com", " Staff@Example.com "])
def test_name_or_email_lets_in(client, person, login):
    person("staff")
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(client)


def test_wrong_password_and_unknown_name_get_the_same_answer(client, person):
    person("staff")
    wrong, unknown = sign_in(client, "staff", "wrong"), sign_in(client, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not belong together" in wrong.content.decode()
    assert blind(wrong, "staff") == blind(unknown, "nobody")


def blind(response, name):
    markup = re.sub(r"[A-Za-z0-9]{64}", "token", response.content.decode())
    return re.sub(r'data-now="[^"]*"', "", markup).replace(f'value="{name}"', "")


def test_the_password_is_never_sent_back(client, person):
    person("staff")
    assert "my-own-secret" not in sign_in(client, "staff", "my-own-secret").content.decode()


def test_the_sixth_failure_locks_the_name_even_for_the_right_password(client, person):
    person("staff")
    for _ in range(5):
        assert sign_in(client, "staff", "wrong").status_code == 422
    response = sign_in(client, "Staff")
    assert response.status_code == 429
    assert "Wait five minutes" in response.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("tried", "used"),
    [("staff", "staff@example.com"), ("STAFF@example.com", "Staff")],
)
def test_name_and_address_of_one_person_are_counted_together(client, person, tried, used):
    person("staff")
    for _ in range(4):
        sign_in(client, tried, "wrong")
    assert sign_in(Client(), used).status_code == 302
    sign_in(client, tried, "wrong")
    assert sign_in(client, used).status_code == 422
    assert not is_in(client)


def test_people_without_an_address_are_not_one_person(client, person):
    for name in ("staff", "manager"):
        who = person(name)
        who.email = ""
        who.save()
    for _ in range(6):
        sign_in(client, "staff", "wrong")
    assert sign_in(client, "manager").status_code == 302


def test_a_lock_does_not_tell_which_name_and_address_belong_together(client, person):
    person("staff")
    for _ in range(6):
        sign_in(client, "staff", "wrong")
    known, unknown = (f"{name}@example.com" for name in ("staff", "nobody"))
    for _ in range(6):
        one, other = sign_in(client, known, "guess"), sign_in(client, unknown, "guess")
        assert one.status_code == other.status_code
        assert blind(one, known) == blind(other, unknown)


def test_a_locked_name_does_not_lock_the_office_at_the_same_address(client, person):
    person("staff")
    person("manager")
    for _ in range(30):
        sign_in(client, "staff", "wrong")
    assert sign_in(client, "manager").status_code == 302


def test_many_names_from_one_address_are_locked_out_whatever_x_forwarded_for_claims(client, person):
    person("staff")
    for number in range(20):
        sign_in(client, f"guess{number}", "wrong", headers={"X-Forwarded-For": f"10.0.0.{number}"})
    response = sign_in(client, "staff", headers={"X-Forwarded-For": "10.9.9.9"})
    assert response.status_code == 429


def test_too_many_requests_get_a_page_of_their_own(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [sign_in(client, f"guess{number}").status_code for number in range(3)]
    assert answers == [422, 422, 429]
    assert "Too many requests" in sign_in(client, "guess").content.decode()


def test_a_success_does_not_use_up_attempts(client, person):
    person("staff")
    for _ in range(6):
        assert sign_in(Client(), "staff").status_code == 302


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/o/praxis-am-park/availability/?view=day", "/o/praxis-am-park/availability/?view=day"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_sign_in_only_addresses_of_this_host_are_followed(client, person, asked, answer):
    person("staff")
    assert sign_in(client, "staff", QUERY_STRING=f"next={asked}")["Location"] == answer
    fresh = Client()
    posted = fresh.post("/sign-in/", {"login": "staff", "password": PASSWORD, "next": asked})
    assert posted["Location"] == answer


def test_a_planted_session_does_not_become_signed_in(client, person):
    person("staff")
    client.get("/sign-in/")
    client.session.save()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["desk_session"] = planted = session.session_key
    sign_in(client, "staff")
    assert is_in(client)
    thief = Client()
    thief.cookies["desk_session"] = planted
    assert client.session.session_key != planted
    assert not is_in(thief)


def test_sign_out_ends_the_session_for_good(client, person):
    person("staff")
    sign_in(client, "staff")
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 200
    assert is_in(client)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    thief = Client()
    thief.cookies["desk_session"] = key
    assert not is_in(thief)
    assert thief.get("/").status_code == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_with_the_browser(client, person):
    person("staff")
    sign_in(client, "staff")
    cookie = client.cookies["desk_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert client.session.get_expiry_age() == 12 * 3600


def test_nobody_signs_up(client):
    new = {"username": "new", "email": "new@example.com", "password1": PASSWORD}
    for response in (client.get("/sign-up/"), client.post("/sign-up/", new)):
        assert "You cannot sign up here" in response.content.decode()
    assert not get_user_model().objects.exists()


def test_a_person_switched_off_stays_out(client, person):
    off = person("staff")
    off.is_active = False
    off.save()
    response = sign_in(client, "staff")
    assert response["Location"] == "/sign-in/inactive/"
    assert not is_in(client)
    assert "switched off" in client.get(response["Location"]).content.decode()


def test_every_try_is_on_record_without_what_was_typed(client, person):
    staff = person("staff")
    sign_in(client, "staff", "hunter2-typed")
    sign_in(client, "hunter2-in-the-wrong-field", "wrong")
    sign_in(client, "staff")
    client.post("/sign-out/")
    rows = list(AuditEvent.objects.values_list("action", "person"))
    assert rows == [
        # The account that was tried, for the admins of its organisations.
        ("sign-in.refused", staff.pk),
        ("sign-in.refused", None),
        ("sign-in", staff.pk),
        ("sign-out", staff.pk),
    ]
    assert "hunter2" not in str(list(AuditEvent.objects.values()))


def test_a_lock_out_is_on_record(client, person):
    person("staff")
    for _ in range(6):
        sign_in(client, "staff", "wrong")
    assert AuditEvent.objects.filter(action="sign-in.locked").count() == 1


@pytest.mark.parametrize("password", ["sh0rt!", "password123", "84736251940", "staff@example"])
def test_weak_passwords_are_refused_by_the_rules(person, password):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password, person("staff"))

"""Authenticator apps and recovery codes, from setting up to signing in; wrong codes are counted."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection, transaction
from django.test import Client

from bookingapp.domain import sealing
from bookingapp.domain.models import AuditEvent
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db
STEP = "/2fa/"


@pytest.fixture(autouse=True)
def _through(monkeypatch):
    """allauth tells when a transaction is through; that of a test never is."""
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_more: told())


def code_of(secret, shift=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


def words(response):
    return response.content.decode()


def sign_in(client, **more):
    return client.post("/sign-in/", {"login": "staff", "password": PASSWORD, **more})


def is_in(client):
    return "_auth_user_id" in client.session


def confirm(client, **answer):
    answer = answer or {"password": PASSWORD}
    return client.post("/me/security/confirm/", {"next": "/me/security/", **answer})


def set_up(client):
    """The secret of an app that is now asked for."""
    confirm(client)
    page = words(client.get("/me/security/app/"))
    secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page)[1]
    done = client.post("/me/security/app/", {"code": code_of(secret)})
    assert done["Location"] == "/me/security/codes/"
    return secret


@pytest.fixture
def mine(person):
    person("staff")
    client = Client()
    assert sign_in(client).status_code == 302
    return client


@pytest.fixture
def secret(mine):
    return set_up(mine)


def test_setting_up_and_removing_are_each_on_record_once(mine, secret):
    mine.post("/me/security/app/remove/")
    told = [one for one in actions() if one[0].startswith("second-factor")]
    kind = {"kind": "totp"}
    assert told == [("second-factor.added", kind), ("second-factor.removed", kind)]


def actions():
    return list(AuditEvent.objects.values_list("action", "details"))


def test_setting_up_asks_who_it_is_and_shows_picture_and_text(mine):
    asked = mine.get("/me/security/app/")
    assert asked["Location"].startswith("/me/security/confirm/?next=")
    assert confirm(mine, password="wrong").status_code == 422
    assert confirm(mine)["Location"] == "/me/security/"
    page = mine.get("/me/security/app/")
    assert 'src="data:image/svg+xml;base64,' in words(page)
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_code_sets_nothing_up(mine):
    confirm(mine)
    mine.get("/me/security/app/")
    assert mine.post("/me/security/app/", {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_second_factor_is_asked_for_after_the_password(mine, secret):
    assert ("second-factor.added", {"kind": "totp"}) in actions()
    fresh = Client()
    assert sign_in(fresh, next="/me/")["Location"] == STEP
    assert not is_in(fresh)
    assert fresh.get("/").status_code == 302
    page = fresh.get(STEP)
    assert "One more step" in words(page)
    # The one that set it up is used already.
    answer = fresh.post(STEP, {"code": code_of(secret, 1)})
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_in(fresh)
    assert ("sign-in", {"by": ["password", "totp"]}) in actions()


def test_a_code_opens_once(secret):
    code = code_of(secret, 1)
    for expected in (302, 422):
        client = Client()
        sign_in(client)
        assert client.post(STEP, {"code": code}).status_code == expected


def test_wrong_codes_lock_the_second_step_and_are_on_record(secret):
    client = Client()
    sign_in(client)
    answers = [client.post(STEP, {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [422] * 5
    # Another browser, and the right code: the person is counted, not the browser.
    other = Client()
    sign_in(other)
    locked = other.post(STEP, {"code": code_of(secret, 1)})
    assert locked.status_code == 429
    assert "Too many failed attempts" in words(locked)
    assert not is_in(other)
    assert actions().count(("second-factor.refused", {"kind": "totp"})) == 5
    assert ("sign-in.locked", {"by": ["second-factor"]}) in actions()


def test_nobody_gets_to_the_second_step_without_the_first(secret):
    assert Client().get(STEP)["Location"] == "/sign-in/"
    assert Client().post(STEP, {"code": code_of(secret, 1)})["Location"] == "/sign-in/"


def test_the_session_key_changes_with_the_second_step(secret):
    client = Client()
    sign_in(client)
    planted = client.session.session_key
    client.post(STEP, {"code": code_of(secret, 1)})
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["desk_session"] = planted
    assert not is_in(thief)


def test_recovery_codes_are_shown_once_and_each_opens_once(mine, secret):
    shown = mine.get("/me/security/codes/")
    assert "no-store" in shown["Cache-Control"]
    page = words(shown)
    codes = re.findall(r"<li><code>(\d{8})</code>", page)
    assert len(codes) == 10
    assert f"%0A{codes[1]}%0A" in page
    again = words(mine.get("/me/security/codes/"))
    assert codes[0] not in again
    assert "10 codes are left" in again
    for expected in (302, 422):
        client = Client()
        sign_in(client)
        assert client.post(STEP, {"code": codes[0]}).status_code == expected
    assert "9 codes are left" in words(mine.get("/me/security/"))


def test_new_recovery_codes_end_the_old_ones(mine, secret):
    old = re.findall(r"<li><code>(\d{8})</code>", words(mine.get("/me/security/codes/")))
    assert mine.post("/me/security/codes/new/")["Location"] == "/me/security/codes/"
    new = re.findall(r"<li><code>(\d{8})</code>", words(mine.get("/me/security/codes/")))
    assert len(new) == 10
    assert not set(new) & set(old)
    client = Client()
    sign_in(client)
    assert client.post(STEP, {"code": old[0]}).status_code == 422
    assert ("second-factor.renewed", {"kind": "recovery_codes"}) in actions()


def test_no_secret_of_it_is_in_clear_in_the_database(mine, secret):
    codes = re.findall(r"<li><code>(\d{8})</code>", words(mine.get("/me/security/codes/")))
    with connection.cursor() as cursor:
        cursor.execute("select data from mfa_authenticator")
        rows = " ".join(str(row) for row in cursor.fetchall())
    assert secret not in rows
    assert not any(code in rows for code in codes)
    app = Authenticator.objects.get(type="totp").data["secret"]
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert sealing.is_sealed(app)
    assert sealing.is_sealed(seed)


def test_removing_it_asks_who_it_is_and_ends_the_codes(mine, secret):
    other = Client()
    sign_in(other)
    other.post(STEP, {"code": code_of(secret, 1)})
    assert "/me/security/confirm/" in other.post("/me/security/app/remove/")["Location"]
    assert Authenticator.objects.count() == 2
    assert mine.post("/me/security/app/remove/")["Location"] == "/me/security/"
    assert not Authenticator.objects.exists()
    assert ("second-factor.removed", {"kind": "totp"}) in actions()
    assert sign_in(Client())["Location"] == "/"


def test_every_page_of_it_is_ours(mine, secret):
    pages = (
        "app/remove/",
        "codes/",
        "codes/new/",
        "passkeys/new/",
        "confirm/",
        "confirm/code/",
        "",
    )
    for name in pages:
        page = words(mine.get(f"/me/security/{name}"))
        assert "Where you are signed in" in page, name
        assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=", page), name

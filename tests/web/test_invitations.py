"""The page of a link, as whoever has it, or only guesses."""

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from bookingapp import logs
from bookingapp.domain import people
from bookingapp.domain.models import AuditEvent, Invitation, Role
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db
BETTER = "seven-calm-herons-wade"
ACCOUNT = {"username": "robin", "first_name": "Robin", "last_name": "Lee", "password": BETTER}


@pytest.fixture
def admin(person):
    return person("admin")


@pytest.fixture
def invite(organisation, admin):
    """``invite(role="staff")``: the address of a new link."""

    def make(role="staff", **fields):
        _, secret = people.invite(organisation, role=role, by=admin, now=timezone.now(), **fields)
        return reverse("invitation", kwargs={"secret": secret})

    return make


@pytest.fixture
def offer(organisation, admin, person):
    """The address of a link to a new password for somebody of the staff."""

    def make():
        kim = person("staff")
        _, secret = people.reset_link(organisation, kim.pk, by=admin, now=timezone.now())
        return reverse("invitation", kwargs={"secret": secret})

    return make


def test_the_page_says_who_invites_where_and_as_what(client, invite, admin):
    admin.first_name = "<b>Ada</b>"
    admin.save()
    response = client.get(invite("manager", email="robin@example.com"))
    html = response.content.decode()
    assert response.status_code == 200
    assert "Praxis am Park" in html
    assert "&lt;b&gt;Ada&lt;/b&gt;" in html
    assert "<b>Ada" not in html
    assert "Manager" in html
    assert 'value="robin@example.com"' in html
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_new_account_is_signed_in_and_works_here(client, invite, organisation):
    response = client.post(invite("manager"), ACCOUNT)
    desk = reverse("availability", kwargs={"slug": organisation.slug})
    assert (response.status_code, response["Location"]) == (302, desk)
    assert client.get(desk).status_code == 200
    robin = get_user_model().objects.get(username="robin")
    assert Role.objects.get(person=robin).name == "manager"
    assert AuditEvent.objects.filter(action="sign-in", person=robin).exists()


def test_a_mistake_is_told_at_its_field_and_the_link_stays_good(client, invite):
    address = invite()
    response = client.post(address, ACCOUNT | {"username": "ADMIN", "password": "short"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Somebody has this user name already" in html
    assert "Too short" in html
    assert 'value="Robin"' in html
    assert "short" not in re.findall(r'value="([^"]*)"', html)
    assert client.post(address, ACCOUNT).status_code == 302


def test_who_has_an_account_signs_in_first_and_comes_back(client, invite, person, organisation):
    kim = person("stranger")
    address = invite()
    way = re.search(r'href="(/sign-in/\?next=[^"]+)"', client.get(address).content.decode())[1]
    response = client.post(way, {"login": "stranger", "password": PASSWORD})
    assert response["Location"] == address
    assert "Join as Kim" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert Role.objects.get(person=kim).organisation == organisation


def test_who_works_here_already_keeps_the_role_and_the_link(client_of, invite):
    address = invite("admin")
    client = client_of("staff")
    response = client.post(address)
    assert "You work here already" in response.content.decode()
    assert Role.objects.get(person__username="staff").name == "staff"
    assert Invitation.objects.get().used_at is None


def _wrong(_client, address):
    return address[:-2] + "/"


def _used(client, address):
    client.post(address, ACCOUNT)
    client.logout()
    return address


def _expired(_client, address):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return address


def _revoked(_client, address):
    Invitation.objects.update(revoked_at=timezone.now())
    return address


def test_what_opens_nothing_looks_the_same_whatever_the_reason(client, invite, offer):
    told = set()
    for address in (invite(), offer()):
        for spoil in (_wrong, _expired, _revoked):
            Invitation.objects.update(revoked_at=None)
            Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
            spoilt = spoil(client, address)
            for answer in (client.get(spoilt), client.post(spoilt, ACCOUNT)):
                assert answer.status_code == 404
                told.add(plain(answer))
    told.add(plain(client.get(_used(client, invite()))))
    assert len(told) == 1
    assert "ask whoever gave it to you for a new one" in told.pop()


def plain(response):
    markup = re.sub(r"[A-Za-z0-9]{64}", "token", response.content.decode())
    return re.sub(r'data-now="[^"]*"', "", markup)


def test_guessing_is_slowed_down(client, monkeypatch):
    monkeypatch.setattr("bookingapp.web.views.invitation.RATE", "3/m/ip")
    address = reverse("invitation", kwargs={"secret": "invite_guess"})
    answers = [client.get(address).status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]


def test_a_new_password_signs_out_everywhere_and_signs_nobody_in(client, client_of, offer):
    elsewhere = client_of("staff")
    assert elsewhere.get(reverse("preferences")).status_code == 200
    address = offer()
    assert "<strong>staff</strong>" in client.get(address).content.decode()
    assert client.post(address, {"password": BETTER, "again": "other"}).status_code == 422
    response = client.post(address, {"password": BETTER, "again": BETTER})
    assert (response.status_code, response["Location"]) == (302, reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert elsewhere.get(reverse("preferences")).status_code == 302
    assert elsewhere.post(reverse("preferences")).status_code == 302
    assert client.post(address, {"password": BETTER, "again": BETTER}).status_code == 404
    told = client.post(reverse("account_login"), {"login": "staff", "password": BETTER})
    assert told.status_code == 302


def test_no_log_holds_the_secret(client, invite, caplog):
    caplog.set_level(logging.DEBUG)
    good = invite()
    spoilt = good[:-2] + "/"
    client.get(good)
    client.get(spoilt)
    client.get(f"{reverse('account_login')}?next={good}")
    lines = [logs.redact(record.getMessage()) for record in caplog.records]
    assert any("/invitations/[hidden]" in line for line in lines)
    for address in (good, spoilt):
        assert not any(address.split("/")[2] in line for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "GET /invitations/{} HTTP/1.1",
        "next=%2Finvitations%2F{}%2F&x=1",
        "Not Found: /invitations/{}/",
        "somewhere {} alone",
    ],
)
def test_a_secret_is_hidden_wherever_it_turns_up(line):
    secret = "invite_" + "aB3-_" * 9
    assert secret not in logs.redact(line.format(secret))
    assert "[hidden]" in logs.redact(line.format(secret))

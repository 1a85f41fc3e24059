"""The page of people and the page of one: for admins, told in words, nothing shown raw."""

import re
import socket
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import people
from bookingapp.domain.models import AuditEvent, FormerRole, Invitation, Role
from bookingapp.mail import Mail
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client_of):
    return client_of("admin")


def html_of(response):
    return response.content.decode()


def links(response):
    return re.findall(r"http://testserver(/invitations/invite_[\w-]+/)", html_of(response))


def test_the_page_tells_who_works_here_and_how_they_sign_in(admin_client, client, person, at):
    kim = person("staff", "kim")
    kim.last_name = "<script>alert(1)</script>"
    kim.save()
    person("staff", "robin")
    client.post(reverse("account_login"), {"login": "kim", "password": PASSWORD})
    html = html_of(admin_client.get(at("person-list")))
    assert "kim@example.com" in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "never" in html
    assert html.count("1 session") == 1


def test_many_can_be_searched(admin_client, person, at):
    for number in range(11):
        person("staff", f"robin{number}")
    page = html_of(admin_client.get(at("person-list")))
    assert 'type="search"' in page
    found = html_of(admin_client.get(at("person-list"), {"q": "ROBIN1 example"}))
    assert "robin10" in found
    assert "robin2" not in found
    nobody = html_of(admin_client.get(at("person-list"), {"q": "<b>zoe"}))
    assert "Nobody here is called that." in nobody
    assert "<b>zoe" not in nobody


def test_a_link_is_shown_once_and_opens(admin_client, at, client):
    made = admin_client.post(at("person-invite"), {"role": "manager"})
    (link,) = links(made)
    assert made["Cache-Control"] == "no-store"
    assert client.get(link).status_code == 200
    again = admin_client.get(at("person-list"))
    assert links(again) == []
    assert "Whoever has the link" in html_of(again)


def test_several_at_once_by_pasting_them(admin_client, at):
    pasted = 'Kim Lee <kim@example.com>; robin@example.com\n"Zoë" <KIM@example.com>,x@example.org'
    admin_client.post(at("person-invite"), {"role": "staff", "emails": "Kim <kim@example.com>"})
    Invitation.objects.all().delete()
    made = admin_client.post(at("person-invite"), {"role": "staff", "emails": pasted})
    assert len(links(made)) == 3
    told = {one.email.casefold() for one in Invitation.objects.all()}
    assert told == {"kim@example.com", "robin@example.com", "x@example.org"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"role": "staff", "emails": "kim@example.com nobody"}, "“nobody” is no email address"),
        ({"role": "owner"}, "Choose a role."),
        ({"role": "staff", "emails": " ".join(f"a{n}@x.de" for n in range(51))}, "At most 50"),
    ],
)
def test_a_mistake_invites_nobody_and_keeps_what_was_typed(admin_client, at, fields, told):
    response = admin_client.post(at("person-invite"), fields)
    assert response.status_code == 422
    assert told in html_of(response)
    assert fields.get("emails", "")[:20] in html_of(response)
    assert not Invitation.objects.exists()


class Post:
    """A mail server of one connection; ``said`` is all that it was told."""

    def __init__(self, refuses=""):
        self.refuses, self.said = refuses, ""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def _talk(self):
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as wire:
            wire.write(b"220 hello\r\n")
            in_data = False
            for raw in wire:
                line = raw.decode()
                self.said += line
                if in_data:
                    in_data = line != ".\r\n"
                    if not in_data:
                        wire.write(b"250 taken\r\n")
                    continue
                in_data = line.upper().startswith("DATA")
                bad = self.refuses and self.refuses in line
                wire.write(b"550 no\r\n" if bad else b"354 go\r\n" if in_data else b"250 yes\r\n")

    def close(self):
        self._listener.close()
        self._thread.join(30)


@pytest.fixture
def post(settings):
    opened = []

    def make(**how):
        server = Post(**how)
        opened.append(server)
        settings.MAIL = Mail("127.0.0.1", server.port, "", "", "none", "desk@example.com")
        return server

    yield make
    for server in opened:
        server.close()


def test_a_letter_takes_the_link_along(admin_client, at, post):
    server = post()
    fields = {"role": "staff", "emails": "kim@example.com robin@example.com", "send": "1"}
    made = admin_client.post(at("person-invite"), fields)
    assert html_of(made).count("Sent by email") == 2
    bodies = server.said.replace("=\r\n", "").replace("=3D", "=")
    written = re.findall(r"http://testserver(/invitations/invite_[\w-]+/)", bodies)
    assert len(written) == 2
    # Who uses the one of a letter has read it: the page shows another.
    assert not set(written) & set(links(made))
    for link in written:
        assert Client().get(link).status_code == 200
    assert "To: kim@example.com" in server.said
    assert "Praxis am Park" in server.said


def test_a_letter_that_is_refused_is_told_and_the_link_is_there(admin_client, at, post):
    post(refuses="kim@")
    fields = {"role": "staff", "emails": "kim@example.com robin@example.com", "send": "1"}
    made = admin_client.post(at("person-invite"), fields)
    assert html_of(made).count("Sent by email") == 1
    assert html_of(made).count("Email could not be sent") == 1
    assert len(links(made)) == 2


def test_without_a_server_there_the_links_are_shown_all_the_same(admin_client, at, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.MAIL = Mail("127.0.0.1", port, "", "", "none", "desk@example.com")
    fields = {"role": "staff", "emails": "kim@example.com", "send": "1"}
    made = admin_client.post(at("person-invite"), fields)
    assert "Email could not be sent" in html_of(made)
    assert len(links(made)) == 1


def test_no_letter_is_sent_that_nobody_wanted(admin_client, at, settings):
    settings.MAIL = Mail("127.0.0.1", 1, "", "", "none", "desk@example.com")
    made = admin_client.post(at("person-invite"), {"role": "staff", "emails": "kim@example.com"})
    assert "could not be sent" not in html_of(made)


def test_an_open_link_can_be_taken_back(admin_client, at, client):
    (link,) = links(admin_client.post(at("person-invite"), {"role": "staff"}))
    admin_client.post(at("invitation-revoke", Invitation.objects.get()))
    assert client.get(link).status_code == 404


def test_nobody_takes_back_somebody_elses(admin_client, elsewhere, at):
    theirs, _ = people.invite(elsewhere, role="staff", by=None, now=timezone.now())
    assert admin_client.post(at("invitation-revoke", theirs)).status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_a_role_changed_holds_at_the_next_page(admin_client, client_of, person, at):
    kim, page = person("staff"), at("import-list")
    theirs = client_of("staff")
    assert theirs.get(page).status_code == 403
    response = admin_client.post(at("person-role", kim), {"role": "manager"}, follow=True)
    assert "The role is changed." in html_of(response)
    assert theirs.get(page).status_code == 200


def test_the_last_admin_is_told_why(admin_client, person, at):
    response = admin_client.post(at("person-role", person("admin")), {"role": "staff"}, follow=True)
    assert "Somebody must stay who manages the people" in html_of(response)


def test_a_demoted_admin_manages_nobody_any_more(admin_client, person, at):
    Role.objects.create(
        person=person("boss"), organisation=Role.objects.get().organisation, name="admin"
    )
    kim = person("staff", "kim")
    admin_client.post(at("person-role", person("admin")), {"role": "staff"})
    assert admin_client.get(at("person-list")).status_code == 403
    assert admin_client.post(at("person-role", kim), {"role": "admin"}).status_code == 403


def test_leaving_signs_out_at_once_and_coming_back_lets_in(admin_client, client_of, person, at):
    kim, theirs = person("staff"), client_of("staff")
    home = at("booking-list")
    assert theirs.get(home).status_code == 200
    left = admin_client.post(at("person-leave", kim), follow=True)
    assert "The account is closed and signed out everywhere." in html_of(left)
    assert "Who left" in html_of(left)
    assert theirs.get(home)["Location"].startswith("/sign-in/")
    signed = theirs.post(reverse("account_login"), {"login": "staff", "password": PASSWORD})
    assert signed.get("Location", "") != "/"
    admin_client.post(at("person-return", kim), {"role": "manager"})
    assert not FormerRole.objects.exists()
    theirs.post(reverse("account_login"), {"login": "staff", "password": PASSWORD})
    assert theirs.get(home).status_code == 200


def test_somebody_elses_people_are_nobody_here(admin_client, elsewhere, at):
    eve = get_user_model().objects.create(username="eve")
    Role.objects.create(person=eve, organisation=elsewhere, name="staff")
    assert admin_client.get(at("person-detail", eve)).status_code == 404
    for name in ("person-role", "person-reset", "person-leave", "person-return"):
        response = admin_client.post(at(name, eve), {"role": "admin"}, follow=True)
        assert "does not work here any more" in html_of(response)
    assert admin_client.post(at("person-unlock", eve)).status_code == 404
    assert Role.objects.get(person=eve).organisation == elsewhere


@pytest.mark.parametrize("name", ["person-detail", "person-role", "person-reset", "person-leave"])
def test_a_number_too_large_for_any_database_is_nobody(admin_client, organisation, name):
    address = reverse(name, kwargs={"slug": organisation.slug, "pk": 10**30})
    assert admin_client.post(address).status_code in {302, 404, 405}
    assert admin_client.get(address).status_code in {302, 404, 405}


def test_a_link_to_a_new_password_is_shown_once(admin_client, person, at, client):
    kim = person("staff")
    (link,) = links(admin_client.post(at("person-reset", kim)))
    assert client.get(link).status_code == 200
    assert links(admin_client.get(at("person-detail", kim))) == []


def test_who_works_elsewhere_gets_no_link_here_and_why_is_said(admin_client, person, elsewhere, at):
    kim = person("staff")
    Role.objects.create(person=kim, organisation=elsewhere, name="staff")
    page = html_of(admin_client.get(at("person-detail", kim)))
    assert "also works in an organisation you do not administer" in page
    assert elsewhere.name not in page
    assert links(admin_client.post(at("person-reset", kim), follow=True)) == []
    assert not Invitation.objects.exists()


def test_a_locked_out_colleague_can_be_let_in_at_once(admin_client, client, person, at):
    kim, sign_in = person("staff"), reverse("account_login")
    for _ in range(6):
        last = client.post(sign_in, {"login": "staff", "password": "wrong"})
    assert last.status_code == 429
    good = {"login": "staff", "password": PASSWORD}
    assert client.post(sign_in, good).status_code == 429
    assert "Locked out" in html_of(admin_client.get(at("person-detail", kim)))
    admin_client.post(at("person-unlock", kim))
    assert "Locked out" not in html_of(admin_client.get(at("person-detail", kim)))
    assert client.post(sign_in, good).status_code == 302
    assert AuditEvent.objects.get(action="person.unlocked").details == {"person": kim.pk}


def test_a_lost_second_step_can_be_taken_away(admin_client, person, at):
    kim = person("staff")
    assert "Remove the second step" not in html_of(admin_client.get(at("person-detail", kim)))
    Authenticator.objects.create(user=kim, type="totp", data={})
    assert "Remove the second step" in html_of(admin_client.get(at("person-detail", kim)))
    admin_client.post(at("person-second-step", kim))
    assert not Authenticator.objects.exists()

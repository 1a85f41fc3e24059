"""Whose address it is: what somebody typed who joined by a link opens no account to its owner."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import people, provisioning
from bookingapp.domain.models import AuditEvent, ProvenEmail
from bookingapp.domain.people import proofs
from tests.web.conftest import PASSWORD
from tests.web.test_openid import go, is_in, words

pytestmark = pytest.mark.django_db
MAIL = "staff@example.com"
ACCOUNT = {"username": "robin", "password": "seven-calm-herons-wade", "email": MAIL}


@pytest.fixture
def invited(organisation, person):
    """``invited(email)``: the addresses of the link on the page, and of the one in the letter."""

    def make(email=""):
        now, by = timezone.now(), person("admin")
        made, secret = people.invite(organisation, role="staff", email=email, by=by, now=now)
        both = (secret, people.for_letter(made))
        return [reverse("invitation", kwargs={"secret": one}) for one in both]

    return make


def robin():
    return get_user_model().objects.get(username="robin")


@pytest.mark.parametrize("addressed_to", ["", MAIL])
def test_a_typed_address_opens_nothing_to_whom_it_belongs(provider, invited, addressed_to):
    page, _ = invited(addressed_to)
    assert Client().post(page, ACCOUNT).status_code == 302
    owner = Client()
    answer = go(owner, provider)
    assert answer.status_code == 403
    assert "link the two" in words(answer)
    assert not is_in(owner)


def test_nor_does_a_letter_to_another_address(provider, invited):
    _, letter = invited("robin@example.com")
    assert Client().post(letter, ACCOUNT).status_code == 302
    assert go(Client(), provider).status_code == 403


def test_who_joined_by_the_letter_to_that_address_is_known(provider, invited):
    _, letter = invited(MAIL)
    typed = ACCOUNT | {"email": MAIL.upper()}
    assert Client().post(letter, typed).status_code == 302
    client = Client()
    assert go(client, provider).status_code == 302
    assert client.session["_auth_user_id"] == str(robin().pk)
    noted = AuditEvent.objects.get(action="person.email_proven")
    assert noted.details == {"person": robin().pk, "by": "letter"}


def test_an_account_there_was_is_proven_by_a_letter_it_takes_up(provider, invited, person):
    kim = person("stranger")
    kim.email = MAIL
    kim.save()
    assert go(Client(), provider).status_code == 403
    _, letter = invited(MAIL)
    mine = Client()
    mine.force_login(kim)
    assert mine.post(letter).status_code == 302
    assert go(Client(), provider).status_code == 302


def test_both_links_are_one_invitation(client, invited):
    page, letter = invited(MAIL)
    assert client.post(letter, ACCOUNT).status_code == 302
    assert Client().get(page).status_code == Client().get(letter).status_code == 404


def test_a_squatter_is_not_whom_the_letter_proves(provider, invited, person):
    """Who typed it first keeps the text, and the colleague who had it proven gets the sign-in."""
    page, _ = invited()
    Client().post(page, ACCOUNT | {"username": "mallory"})
    staff = person("staff")
    _, letter = invited(MAIL)
    mine = Client()
    mine.force_login(staff)
    # Staff works here already: the operator says it instead.
    assert "You work here already" in words(mine.post(letter))
    call_command("prove_email", "staff", MAIL)
    client = Client()
    go(client, provider)
    assert client.session["_auth_user_id"] == str(staff.pk)


def test_what_the_operator_provides_is_proof(provider, organisation):
    document = provisioning.Document(
        people=[
            provisioning.PersonSpec("robin", email=MAIL),
            provisioning.PersonSpec("other", email=MAIL),
        ]
    )
    told = list(provisioning.apply(document, now=timezone.now()))
    assert "proven to be another's" not in told[0]
    assert "proven to be another's" in told[1]
    client = Client()
    assert go(client, provider).status_code == 302
    assert client.session["_auth_user_id"] == str(robin().pk)
    list(provisioning.apply(document, now=timezone.now()))
    assert ProvenEmail.objects.count() == 1


def test_the_operator_s_command_refuses_what_is_not_free(person):
    person("staff"), person("manager")
    call_command("prove_email", "staff", MAIL)
    for told in (("nobody", MAIL), ("manager", "no-address"), ("manager", MAIL.upper())):
        with pytest.raises(CommandError):
            call_command("prove_email", *told)
    assert get_user_model().objects.get(username="manager").email == "manager@example.com"
    with pytest.raises(IntegrityError), transaction.atomic():
        ProvenEmail.objects.create(
            person=person("manager"), address=MAIL, way="letter", proven_at=timezone.now()
        )


def test_another_address_is_not_proven_and_frees_the_first(provider, person):
    staff = person("staff")
    call_command("prove_email", "staff", MAIL)
    staff.email = "new@example.com"
    staff.save()
    assert go(Client(), provider).status_code == 403
    manager = person("manager")
    call_command("prove_email", "manager", MAIL)
    client = Client()
    go(client, provider)
    assert client.session["_auth_user_id"] == str(manager.pk)


def test_a_link_made_while_signed_in_proves_the_same_address_and_no_other(provider, person):
    person("staff"), person("manager")
    for name, proven in (("manager", False), ("staff", True)):
        client = Client()
        client.post("/sign-in/", {"login": name, "password": PASSWORD})
        client.post("/me/security/confirm/", {"password": PASSWORD, "next": "/me/security/"})
        assert "is not confirmed, so" in words(client.get("/me/security/"))
        go(client, provider, link="1")
        page = words(client.get("/me/security/"))
        assert ("is confirmed: signing in at" in page) is proven
        assert proofs.is_proven(person(name)) is proven
        client.post("/oidc/unlink/")


def test_my_page_and_the_admin_s_say_whether_it_is_proven(provider, person, client_of, settings):
    staff = person("staff")
    address = reverse("person-detail", kwargs={"slug": "praxis-am-park", "pk": staff.pk})
    admin = client_of("admin")
    assert "Not confirmed" in words(admin.get(address))
    call_command("prove_email", "staff", MAIL)
    noted = AuditEvent.objects.get(action="person.email_proven")
    # Told where the person works, and done by nobody who works there.
    assert (noted.organisation.slug, noted.person) == ("praxis-am-park", None)
    assert re.search(r"</svg>\s*Confirmed", words(admin.get(address)))
    staff.refresh_from_db()
    staff.email = "new@example.com"
    staff.save()
    assert "Not confirmed" in words(admin.get(address))
    assert "new@example.com is not confirmed" in words(client_of("staff").get("/me/security/"))
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "onfirmed" not in words(admin.get(address))

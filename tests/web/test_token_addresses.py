"""A token belongs to the address that its page showed, whatever another admin does meanwhile."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import gateway, organisations, tokens
from bookingapp.domain.models import Organisation, Token
from tests.web.organisation_world import ADDRESS, OTHER, SECRET, put_in_place

pytestmark = pytest.mark.django_db
NEW = "rocketlead_live_" + "c0ffee" * 8
CHANGED = f"The address of this organisation was changed to {OTHER} while you were here."


@pytest.fixture
def told(monkeypatch):
    return put_in_place(monkeypatch)


@pytest.fixture
def place(organisation, told):
    """At ADDRESS, with one good token."""
    Organisation.objects.update(connect_url=ADDRESS)
    organisation.refresh_from_db()
    token, _ = tokens.store(organisation, secret=SECRET, label="desk")
    tokens.note_scope(token, "write", at=timezone.now())
    return organisation


@pytest.fixture
def old(place):
    return Token.objects.get(organisation=place)


@pytest.fixture
def admin(client_of):
    return client_of("admin")


def list_of(place):
    return reverse("token-list", kwargs={"slug": place.slug})


def rotation_of(token):
    return reverse("token-rotation", kwargs={"slug": token.organisation.slug, "pk": token.pk})


def move(place, address=OTHER):
    """As another admin does it on the page of the organisation."""
    found = Organisation.objects.get(pk=place.pk)
    organisations.change(found, found.name, address, person=None, now=timezone.now())


def carried(page):
    """What the form of a page sends back about the address."""
    return unescape(re.search(r'name="made_for" value="([^"]*)"', page.content.decode())[1])


def form(page, **more):
    return {"secret": NEW, "label": "Mine", "expires_on": "", "made_for": carried(page)} | more


def at_the_field(page):
    found = re.search(r'id="token-secret-error">(.*?)</p>', page.content.decode(), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def sent(told):
    """Where the new token went."""
    return [address for address, secret in told.asked if secret == NEW]


def refused(page):
    markup = page.content.decode()
    assert page.status_code == 422
    assert at_the_field(page) == f"{CHANGED} Check it and paste the token again."
    assert NEW not in markup
    assert not re.search(r'<input[^>]*name="secret"[^>]*value=', markup)
    assert 'value="Mine"' in markup
    assert carried(page) == OTHER
    assert not any(tokens.unseal(one) == NEW for one in Token.objects.all())
    return True


@pytest.mark.parametrize("name", ["token-list", "token-rotation"])
def test_the_form_shows_and_carries_the_address(admin, place, old, name):
    page = admin.get(list_of(place) if name == "token-list" else rotation_of(old))
    assert carried(page) == ADDRESS
    assert f"It goes to <code>{ADDRESS}</code> and nowhere else." in page.content.decode()


def test_a_token_pasted_for_the_old_address_is_neither_sent_nor_kept(admin, place, told):
    page = admin.get(list_of(place))
    move(place)
    answer = admin.post(list_of(place), form(page))
    assert refused(answer)
    assert sent(told) == []
    # Pasted again with the new address before one's eyes, it is taken.
    assert admin.post(list_of(place), form(answer)).status_code == 302
    assert set(sent(told)) == {OTHER}
    assert tokens.unseal(Token.objects.get()) == NEW


def test_another_mistake_first_does_not_hide_the_change(admin, place, told):
    page = admin.get(list_of(place))
    move(place)
    answer = admin.post(list_of(place), form(page, expires_on="soon", label="Mine"))
    assert answer.status_code == 422
    assert carried(answer) == ADDRESS
    assert refused(admin.post(list_of(place), form(answer)))
    assert sent(told) == []


def test_a_change_while_connect_is_asked_keeps_no_token(admin, place, told, monkeypatch):
    def asked(organisation):
        move(place)
        return told.of(organisation)

    page = admin.get(list_of(place))
    monkeypatch.setattr(gateway, "client", asked)
    assert refused(admin.post(list_of(place), form(page)))
    # It was asked about where its page said, and not a second time.
    assert set(sent(told)) == {ADDRESS}
    assert not Token.objects.exists()


def test_a_form_that_names_no_address_is_refused(admin, place, told):
    answer = admin.post(list_of(place), {"secret": NEW, "label": "Mine", "expires_on": ""})
    assert (answer.status_code, carried(answer)) == (422, ADDRESS)
    assert sent(told) == []


def test_a_rotation_whose_old_token_went_with_the_address_says_so(admin, place, old, told):
    page = admin.get(rotation_of(old))
    move(place)
    answer = admin.post(rotation_of(old), form(page, act="add"))
    assert refused(answer)
    assert sent(told) == []
    assert f'action="{list_of(place)}"' in answer.content.decode()


def test_a_rotation_goes_on_at_another_path_of_the_same_host(admin, place, old, told):
    """There the old token is still good, so it stays; the new one is to be pasted for it."""
    page = admin.get(rotation_of(old))
    move(place, f"{ADDRESS}/tenant")
    answer = admin.post(rotation_of(old), form(page, act="add"))
    assert answer.status_code == 422
    assert carried(answer) == f"{ADDRESS}/tenant"
    assert sent(told) == []
    assert admin.post(rotation_of(old), form(answer, act="add")).status_code == 302
    assert old.replaced_by.get().label == "Mine"


def test_a_rotation_that_is_overtaken_while_connect_is_asked(admin, place, old, told, monkeypatch):
    def asked(organisation):
        move(place)
        return told.of(organisation)

    page = admin.get(rotation_of(old))
    monkeypatch.setattr(gateway, "client", asked)
    assert refused(admin.post(rotation_of(old), form(page, act="add")))
    assert not Token.objects.exists()


def test_a_token_that_was_removed_meanwhile_is_nowhere(admin, place, old):
    page = admin.get(rotation_of(old))
    Token.objects.all().delete()
    assert admin.post(rotation_of(old), form(page, act="add")).status_code == 404


def test_the_end_of_a_rotation_asks_each_token_where_it_belongs(
    admin, place, old, told, monkeypatch
):
    """Also when the address changes between asking about the one and about the other."""
    page = admin.get(rotation_of(old))
    admin.post(rotation_of(old), form(page, act="add"))
    admin.post(rotation_of(old), {"act": "switch"})
    told.bad.add(SECRET)
    told.asked.clear()

    def asked(organisation):
        line = told.of(organisation)
        move(place)
        return line

    monkeypatch.setattr(gateway, "client", asked)
    admin.post(rotation_of(old), {"act": "end"})
    assert {address for address, _secret in told.asked} == {ADDRESS}
    assert sent(told)

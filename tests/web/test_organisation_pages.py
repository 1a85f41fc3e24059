"""The organisation's own address, and connecting a further one."""

import socket

import pytest
from django.urls import reverse

from bookingapp.domain import catalogue, connecting, tokens
from bookingapp.domain.models import AuditEvent, Calendar, Lead, LeadPool, Organisation, Role, Token
from tests.web.organisation_world import ADDRESS, OTHER, SECRET, put_in_place

pytestmark = pytest.mark.django_db
NEW = {"act": "connect", "name": "Praxis Süd", "connect_url": ADDRESS, "secret": SECRET}


@pytest.fixture
def told(monkeypatch):
    return put_in_place(monkeypatch)


@pytest.fixture
def place(organisation, told):
    """Connected at ADDRESS, with a token and its catalogue read."""
    organisation.connect_url = ADDRESS
    organisation.save()
    tokens.store(organisation, secret=SECRET, label="desk")
    connecting.read_again(organisation, now=organisation.created_at)
    organisation.refresh_from_db()
    return organisation


@pytest.fixture
def address(place):
    return reverse("settings", kwargs={"slug": place.slug})


@pytest.fixture
def admin(client_of):
    return client_of("admin")


@pytest.fixture
def owner(client_of, person):
    person("admin")
    Role.objects.filter(person__username="admin").update(name="admin")
    someone = person("admin")
    someone.is_superuser = True
    someone.save()
    return client_of("admin")


def markup(response):
    return response.content.decode()


def test_the_page_says_how_the_organisation_stands(admin, address):
    text = markup(admin.get(address))
    assert "1 token" in text
    assert "1 person" in text
    assert "just now" in text or "ago" in text
    assert SECRET not in text


def test_a_name_is_changed_and_the_change_is_on_record(admin, address, place):
    answer = admin.post(address, {"act": "save", "name": "  Praxis  Neu ", "connect_url": ADDRESS})
    assert answer["Location"] == address
    place.refresh_from_db()
    assert (place.name, place.slug, place.tokens.count()) == ("Praxis Neu", "praxis-am-park", 1)
    event = AuditEvent.objects.get(action="organisation.changed")
    assert event.person.username == "admin"
    assert (event.values.before, event.values.after) == (
        {"name": "Praxis am Park"},
        {"name": "Praxis Neu"},
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "kathmandu CLINIC"}, "Another organisation has this name."),
        ({"connect_url": ""}, "Give the address of Connect."),
        ({"connect_url": "http://93.184.216.34"}, "Only https:// is safe for a token."),
        ({"connect_url": "https://10.0.0.7"}, "10.0.0.7 leads to 10.0.0.7, which is not a public"),
        ({"connect_url": "https://me@93.184.216.34"}, "Leave out the name and password"),
        ({"connect_url": "https://93.184.216.34/?a=b"}, "Leave out everything after ? or #."),
        ({"connect_url": "connect"}, "This is not a complete address."),
    ],
)
def test_what_will_not_do_is_told_beside_its_field(admin, address, place, elsewhere, typed, words):
    given = {"act": "save", "name": place.name, "connect_url": ADDRESS} | typed
    answer = admin.post(address, given)
    assert answer.status_code == 422
    assert words in markup(answer)
    assert 'aria-invalid="true"' in markup(answer)
    assert Organisation.objects.get(pk=place.pk).connect_url == ADDRESS


def test_a_name_that_leads_inside_is_told_with_where_it_leads(admin, address, place, monkeypatch):
    found = [(2, 1, 6, "", ("192.168.1.4", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    given = {"act": "save", "name": place.name, "connect_url": "https://intern.example"}
    assert "intern.example leads to 192.168.1.4" in markup(admin.post(address, given))


def test_another_place_forgets_the_tokens_but_only_after_it_was_said(admin, address, place):
    given = {"act": "save", "name": place.name, "connect_url": OTHER}
    asked = markup(admin.post(address, given))
    assert "1 token is forgotten" in asked
    assert place.tokens.count() == 1
    answer = admin.post(address, given | {"confirmed": OTHER}, follow=True)
    assert "1 token was forgotten" in markup(answer)
    place.refresh_from_db()
    assert (place.connect_url, place.tokens.count()) == (OTHER, 0)
    event = AuditEvent.objects.get(action="organisation.changed")
    assert [one["last_four"] for one in event.details["tokens_forgotten"]] == [SECRET[-4:]]
    assert SECRET not in str(event.details) + str(event.values.before) + str(event.values.after)


def test_who_confirmed_one_place_has_not_confirmed_another(admin, address, place):
    given = {"act": "save", "name": place.name, "connect_url": OTHER, "confirmed": ADDRESS}
    assert "will be forgotten" in markup(admin.post(address, given))
    assert place.tokens.count() == 1


def test_another_path_at_the_same_place_keeps_the_tokens(admin, address, place):
    admin.post(address, {"act": "save", "name": place.name, "connect_url": f"{ADDRESS}/tenant/"})
    place.refresh_from_db()
    assert (place.connect_url, place.tokens.count()) == (f"{ADDRESS}/tenant", 1)


def test_a_trial_shows_what_is_there_and_sends_the_token_nowhere_else(admin, address, place, told):
    answer = admin.post(address, {"act": "try", "name": place.name, "connect_url": OTHER})
    assert "2 calendars, 2 lead pools" in markup(answer)
    assert {where for where, _token in told.asked} <= {ADDRESS}


def test_a_trial_that_fails_says_why(admin, address, place, told, monkeypatch):
    from bookingapp import connect

    told.told["list_calendars"] = connect.TokenRejected(status=401)
    assert "does not accept this token" in markup(admin.post(address, {"act": "try"}))


def test_the_catalogue_is_read_again_when_asked(admin, address, place, told):
    before = told.told.asked["list_calendars"]
    assert "Read again from Connect." in markup(
        admin.post(address, {"act": "refresh"}, follow=True)
    )
    assert told.told.asked["list_calendars"] == before + 1


def keys(model, *names):
    return [model.objects.get(name=name).pk for name in names]


def test_what_is_not_used_is_not_offered_and_not_lost(admin, address, place):
    lead = Lead.objects.create(
        organisation=place,
        connect_id="l1",
        pool=LeadPool.objects.get(name="Alt"),
        created_at=place.created_at,
        known_at=place.created_at,
    )
    chosen = {"act": "use", "calendar": keys(Calendar, "Nord"), "pool": keys(LeadPool, "Neu")}
    assert admin.post(address, chosen).status_code == 302
    place.refresh_from_db()
    assert place.settings["hidden_calendars"] == ["cal_2"]
    assert place.settings["hidden_pools"] == ["tbl_2"]
    known = catalogue.snapshot(place)
    assert [one.name for one in known.used_pools] == ["Neu"]
    assert {one.name for one in known.pools} == {"Neu", "Alt"}
    grid = markup(admin.get(reverse("availability", kwargs={"slug": place.slug})))
    assert "Nord" in grid
    assert "Süd" not in grid
    new = markup(admin.get(reverse("lead-new", kwargs={"slug": place.slug})))
    assert ">Alt<" not in new
    detail = admin.get(reverse("lead-detail", kwargs={"slug": place.slug, "pk": lead.pk}))
    assert "Alt" in markup(detail)
    event = AuditEvent.objects.get(action="organisation.use_chosen")
    assert event.values.after == {"hidden_calendars": ["cal_2"], "hidden_pools": ["tbl_2"]}


def test_a_hidden_calendar_is_shown_to_who_comes_by_its_address(admin, address, place):
    admin.post(
        address, {"act": "use", "calendar": keys(Calendar, "Nord"), "pool": keys(LeadPool, "Neu")}
    )
    hidden = Calendar.objects.get(name="Süd")
    grid = admin.get(f"{reverse('availability', kwargs={'slug': place.slug})}?calendar={hidden.pk}")
    assert "Süd" in markup(grid)


def test_none_at_all_is_refused(admin, address, place):
    answer = admin.post(address, {"act": "use", "pool": keys(LeadPool, "Neu")})
    assert answer.status_code == 422
    assert "Choose at least one calendar." in markup(answer)
    assert "hidden_pools" not in Organisation.objects.get(pk=place.pk).settings


def test_somebody_elses_calendars_cannot_be_chosen(admin, address, place, elsewhere):
    theirs = Calendar.objects.create(organisation=elsewhere, connect_id="x", name="Theirs")
    answer = admin.post(
        address, {"act": "use", "calendar": [theirs.pk], "pool": keys(LeadPool, "Neu")}
    )
    assert answer.status_code == 422


def test_admins_find_the_settings_in_the_menu_and_staff_do_not(admin, client_of, place, address):
    elsewhere = reverse("waiting-list", kwargs={"slug": place.slug})
    assert f'"{address}"' in markup(admin.get(elsewhere))
    assert f'"{address}"' not in markup(client_of("manager").get(elsewhere))


# -- a further one --------------------------------------------------------------------------------


def test_the_owner_connects_a_further_organisation(owner, told):
    answer = owner.post(reverse("organisation-new"), NEW)
    made = Organisation.objects.get(name="Praxis Süd")
    assert answer["Location"] == f"{reverse('settings', kwargs={'slug': made.slug})}#use"
    token = made.tokens.get()
    assert (token.scope, token.added_by.username, tokens.unseal(token)) == (
        "admin",
        "admin",
        SECRET,
    )
    assert Role.objects.get(organisation=made).name == "admin"
    assert made.catalogue_at is not None
    event = AuditEvent.objects.get(action="organisation.connected")
    assert event.values.after == {"name": "Praxis Süd", "connect_url": ADDRESS}
    added = AuditEvent.objects.get(action="token.added")
    assert (added.details, added.person) == (tokens.facts_of(token), event.person)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "Praxis am Park"}, "Another organisation has this name."),
        ({"secret": ""}, "Paste the token"),
        ({"connect_url": "https://127.0.0.2:1"}, None),
        ({"connect_url": "https://192.168.0.1"}, "not a public address"),
    ],
)
def test_nothing_is_kept_of_what_is_refused(owner, told, typed, words):
    before = Organisation.objects.count()
    answer = owner.post(reverse("organisation-new"), NEW | typed)
    if words is None:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert words in markup(answer)
    assert SECRET not in markup(answer)
    assert (Organisation.objects.count(), Token.objects.count()) == (before, 0)


def test_a_token_that_connect_refuses_is_not_kept(owner, told):
    told.bad.add(SECRET)
    answer = owner.post(reverse("organisation-new"), NEW)
    assert "Connect does not accept this token." in markup(answer)
    assert Token.objects.count() == 0


def test_an_admin_who_does_not_own_the_installation_connects_none(admin, told):
    for method in (admin.get, admin.post):
        assert method(reverse("organisation-new"), NEW).status_code == 404
    assert Organisation.objects.count() == 1

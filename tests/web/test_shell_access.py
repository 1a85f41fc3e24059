"""Every address by every method as nobody, stranger (no role anywhere), other (staff of another
organisation; answered like a stranger), staff, manager and admin. No row, no pass.
"""

import re
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from bookingapp.domain.models import AuditEvent, Organisation, Role

pytestmark = pytest.mark.django_db

SIGN_IN = "sign-in"
ROLES = ("nobody", "stranger", "other", "staff", "manager", "admin")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
HERE = {"slug": "praxis-am-park"}
NO_WRITE = HERE | {"pk": uuid.UUID(int=7)}
NO_POOL = HERE | {"pk": 0}
NO_SECRET = HERE | {"secret": "no-such-secret"}
NO_ROW = NO_WRITE | {"row": 7}


def for_everybody(status):
    return dict.fromkeys(ROLES, status)


def for_people(status):
    return for_everybody(status) | {"nobody": SIGN_IN}


def for_members(status):
    """Somebody else's organisation is answered like one that does not exist."""
    return for_people(status) | {"stranger": 404, "other": 404}


def for_admins(status):
    return for_members(status) | {"staff": 403, "manager": 403}


# name: (method, what is in the address, what is answered to whom)
ROWS = {
    "home": ("GET", {}, for_people(302) | {"stranger": 200}),
    "account_login": ("GET", {}, for_people(302) | {"nobody": 200}),
    "account_logout": ("GET", {}, for_people(200) | {"nobody": 302}),
    "account_inactive": ("GET", {}, for_everybody(200)),
    "account_signup": ("GET", {}, for_people(302) | {"nobody": 200}),
    "language": ("POST", {}, for_everybody(302)),
    "health-live": ("GET", {}, for_everybody(200)),
    "health-ready": ("GET", {}, for_everybody(200)),
    "settings": ("GET", HERE, for_admins(200)),
    "organisation-new": ("GET", {}, for_people(404)),
    "welcome": ("GET", {}, for_people(404) | {"nobody": 302}),
    "welcome-organisation": ("GET", {}, for_people(404)),
    "welcome-use": ("GET", {}, for_people(404)),
    "welcome-people": ("GET", {}, for_people(404)),
    "welcome-booking": ("GET", {}, for_people(404)),
    "availability": ("GET", HERE, for_members(200)),
    "availability-changes": ("GET", HERE, for_members(302)),
    "availability-first": ("GET", HERE, for_members(200)),
    "lead-search": ("GET", HERE, for_members(200)),
    "lead-new": ("GET", HERE, for_members(200)),
    "lead-creation": ("GET", NO_WRITE, for_members(404)),
    "lead-same": ("GET", HERE, for_members(302)),
    "lead-slots": ("GET", NO_WRITE, for_members(404)),
    "booking-list": ("GET", HERE, for_members(200)),
    "booking-day": ("GET", HERE, for_members(200)),
    "booking-csv": ("GET", HERE, for_members(200) | {"staff": 403}),
    "booking-ics": ("GET", HERE, for_members(200) | {"staff": 403}),
    "booking-ics-one": ("GET", NO_WRITE, for_members(404)),
    "booking-detail": ("GET", NO_WRITE, for_members(404)),
    "booking-status": ("GET", NO_WRITE, for_members(404)),
    "booking-choice": ("POST", NO_WRITE, for_members(404)),
    "booking-move": ("GET", NO_WRITE, for_members(404)),
    "booking-cancel": ("GET", NO_WRITE, for_members(404)),
    "booking-again": ("GET", NO_WRITE, for_members(404)),
    "pool-list": ("GET", HERE, for_members(302)),
    "pool-board": ("GET", NO_POOL, for_members(200)),
    "pool-column": ("GET", NO_POOL, for_members(302)),
    "pool-changes": ("GET", NO_POOL, for_members(302)),
    "pool-view": ("POST", NO_POOL, for_members(302)),
    "lead-detail": ("GET", NO_WRITE, for_members(404)),
    "lead-edit": ("POST", NO_WRITE, for_members(404)),
    "lead-seen": ("POST", NO_WRITE, for_members(404)),
    "lead-opened": ("POST", NO_WRITE, for_members(404)),
    "lead-note": ("POST", NO_WRITE, for_members(404)),
    "lead-state": ("POST", NO_WRITE, for_members(404)),
    "bulk-settle": ("POST", NO_WRITE, for_members(404)),
    "follow-ups": ("GET", HERE, for_members(200)),
    "follow-up-undo": ("POST", HERE | {"pk": 7}, for_members(404)),
    "follow-up-outcome": ("POST", NO_WRITE, for_members(404)),
    "lead-follow-up": ("POST", NO_WRITE, for_members(404)),
    "write-undo": ("POST", NO_WRITE, for_members(404)),
    "write-hold": ("POST", NO_WRITE, for_members(404)),
    "held": ("GET", HERE, for_members(200)),
    "preferences": ("GET", {}, for_people(200)),
    "security": ("GET", {}, for_people(200)),
    "mfa_index": ("GET", {}, for_people(200)),
    "account_change_password": ("GET", {}, for_people(200)),
    # The people of this walk have nothing that they could show once more: see test_me_security.py.
    "account_reauthenticate": ("GET", {}, for_people(403)),
    "mfa_reauthenticate": ("GET", {}, for_people(403)),
    "mfa_reauthenticate_webauthn": ("GET", {}, for_people(403)),
    "mfa_activate_totp": ("GET", {}, for_people(200)),
    "mfa_deactivate_totp": ("GET", {}, for_people(404)),
    "mfa_view_recovery_codes": ("GET", {}, for_people(404)),
    "mfa_generate_recovery_codes": ("GET", {}, for_people(200)),
    "mfa_add_webauthn": ("GET", {}, for_people(200)),
    "mfa_edit_webauthn": ("GET", {"pk": 7}, for_people(404)),
    "mfa_remove_webauthn": ("GET", {"pk": 7}, for_people(404)),
    "session-list": ("GET", {}, for_people(200)),
    "session-end": ("POST", {"pk": 7}, for_people(404)),
    "session-end-others": ("POST", {}, for_people(302)),
    "mfa_authenticate": ("GET", {}, for_everybody(302)),
    "mfa_login_webauthn": ("GET", {}, for_everybody(302)),
    # No provider is set in the tests: see test_openid.py.
    "openid-start": ("POST", {}, for_everybody(404)),
    "openid-callback": ("GET", {}, for_everybody(404)),
    "openid-unlink": ("POST", {}, for_people(404)),
    "gap-filler": ("GET", NO_WRITE, for_members(404)),
    "waiting-list": ("GET", HERE, for_members(200)),
    "waiting-mark": ("POST", NO_WRITE, for_members(404)),
    "waiting-end": ("POST", NO_WRITE, for_members(404)),
    "needs-you": ("GET", {}, for_people(200)),
    "settlement": ("POST", NO_WRITE, for_members(404)),
    "rescue-list": ("GET", HERE, for_members(200)),
    "rescue-new": ("GET", HERE, for_members(200)),
    "rescue-detail": ("GET", NO_WRITE, for_members(404)),
    "rescue-rows": ("GET", NO_WRITE, for_members(404)),
    "rescue-row": ("POST", NO_ROW, for_members(404)),
    "rescue-run": ("POST", NO_WRITE, for_members(404)),
    "rescue-stop": ("POST", NO_WRITE, for_members(404)),
    "call-sheet": ("GET", NO_WRITE, for_members(404)),
    "policies": ("GET", HERE, for_admins(200)),
    "hook-settings": ("GET", HERE, for_admins(200)),
    "audit-log": ("GET", HERE, for_admins(200)),
    "audit-event": ("GET", HERE | {"pk": 7}, for_admins(404)),
    "audit-csv": ("GET", HERE, for_admins(200)),
    "hook-rotate": ("POST", HERE, for_admins(302)),
    "hook-test": ("POST", HERE, for_admins(302)),
    "hook-delivery": ("GET", NO_WRITE, for_admins(404)),
    "hook-events": ("POST", NO_SECRET, for_everybody(404)),
    "hook-forms": ("POST", NO_SECRET, for_everybody(404)),
    "token-list": ("GET", HERE, for_admins(200)),
    "token-check-all": ("POST", HERE, for_admins(200)),
    "token-check": ("POST", HERE | {"pk": 7}, for_admins(404)),
    "token-edit": ("GET", HERE | {"pk": 7}, for_admins(404)),
    "token-remove": ("GET", HERE | {"pk": 7}, for_admins(404)),
    "token-rotation": ("GET", HERE | {"pk": 7}, for_admins(404)),
    "connection": ("GET", HERE, for_admins(200)),
    "connection-check": ("GET", HERE, for_admins(302)),
    "privacy": ("GET", HERE, for_admins(200)),
    "privacy-person": ("GET", HERE, for_admins(302)),
    "privacy-export": ("POST", HERE, for_admins(302)),
    "privacy-erase": ("POST", HERE, for_admins(302)),
    "person-list": ("GET", HERE, for_admins(200)),
    "person-invite": ("GET", HERE, for_admins(302)),
    "invitation-revoke": ("POST", NO_WRITE, for_admins(404)),
    "person-detail": ("GET", HERE | {"pk": 0}, for_admins(404)),
    "person-role": ("POST", HERE | {"pk": 0}, for_admins(302)),
    "person-reset": ("POST", HERE | {"pk": 0}, for_admins(302)),
    "person-second-step": ("POST", HERE | {"pk": 0}, for_admins(302)),
    "person-unlock": ("POST", HERE | {"pk": 0}, for_admins(404)),
    "person-leave": ("POST", HERE | {"pk": 0}, for_admins(302)),
    "person-return": ("POST", HERE | {"pk": 0}, for_admins(302)),
    "person-erase": ("GET", HERE | {"pk": 0}, for_admins(404)),
    "invitation": ("GET", {"secret": "invite_no-such-secret"}, for_everybody(404)),
    "rescue-cancel": ("POST", NO_WRITE, for_members(404)),
    "import-list": ("GET", HERE, for_members(200) | {"staff": 403}),
    "import-new": ("GET", HERE, for_members(200) | {"staff": 403}),
    "import-detail": ("GET", NO_WRITE, for_members(404) | {"staff": 403}),
    "import-mapping": ("GET", NO_WRITE, for_members(404) | {"staff": 403}),
    "import-rows": ("GET", NO_WRITE, for_members(404) | {"staff": 403}),
    "import-run": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
    "import-stop": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
    "import-resume": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
    "import-delete": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
    "pool-table": ("GET", HERE | {"pk": 0}, for_members(200)),
    "pool-csv": ("GET", HERE | {"pk": 0}, for_members(200) | {"staff": 403}),
    "bulk-ask": ("GET", HERE | {"pk": 7}, for_members(404)),
    "bulk-strip": ("GET", HERE | {"pk": 0}, for_members(200)),
    "bulk-detail": ("GET", NO_WRITE, for_members(404)),
    "bulk-undo": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
    "bulk-stop": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
    "bulk-resume": ("POST", NO_WRITE, for_members(404) | {"staff": 403}),
}


@pytest.fixture(scope="module")
def _clients(django_db_setup, django_db_blocker):
    """A browser of each role, signed in once for all tests here."""
    with django_db_blocker.unblock():
        here = Organisation.objects.create(
            name="Praxis am Park", slug=HERE["slug"], connect_url="https://connect.example"
        )
        there = Organisation.objects.create(
            name="Kathmandu Clinic", slug="kathmandu", connect_url="https://other.example"
        )
        people = {role: _person(role) for role in ROLES if role != "nobody"}
        Role.objects.create(person=people["other"], organisation=there, name="staff")
        for role in Role.Name.values:
            Role.objects.create(person=people[role], organisation=here, name=role)
        made = {role: Client() for role in ROLES}
        for role, person in people.items():
            made[role].force_login(person)
        cookies = {role: client.cookies.copy() for role, client in made.items()}
        yield cookies
        for model in (AuditEvent, Role, Organisation, get_user_model(), Session):
            model.objects.all().delete()


@pytest.fixture
def client_as(_clients):
    """``client_as("manager")``; what a test changes is gone after it."""

    def make(role):
        client = Client()
        client.cookies = _clients[role].copy()
        return client

    return make


@pytest.fixture
def organisation(_clients):
    return Organisation.objects.get(slug=HERE["slug"])


def _person(role):
    person = get_user_model()(username=role, email=f"{role}@example.com", first_name="Kim")
    person.set_unusable_password()
    person.save()
    return person


def addresses(resolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        else:
            yield pattern


def every_address():
    return list(addresses(get_resolver("bookingapp.urls")))


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(pattern.name for pattern in every_address()) == sorted(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_an_address_answers_each_role_and_method_as_its_row_says(client_as, name):
    """By its own method as written; by any other it is refused all the same, or not allowed."""
    own, kwargs, expected = ROWS[name]
    address = reverse(name, kwargs=kwargs)
    wrong = {}
    for role in ROLES:
        answer = expected[role]
        if (found := told(client_as(role).generic(own, address))) != answer:
            wrong[role, own] = found
        for method in METHODS - {own}:
            found = told(client_as(role).generic(method, address))
            if not is_fine(found, answer):
                wrong[role, method] = found
    assert wrong == {}


def is_fine(found, answer):
    """Who is refused is refused by every method; who is let in breaks nothing by any."""
    if found == 405:
        return True
    if answer in {SIGN_IN, 403}:
        return found == answer
    return found == SIGN_IN or found < 500


def told(response):
    goes_to = response.get("Location", "")
    return SIGN_IN if goes_to.startswith("/sign-in/?next=") else response.status_code


@pytest.mark.parametrize("name", [n for n, row in ROWS.items() if row[2]["staff"] == 200])
def test_no_page_of_the_staff_needs_inline_code_or_another_host(client_as, name):
    method, kwargs, _expected = ROWS[name]
    response = client_as("staff").generic(method, reverse(name, kwargs=kwargs))
    assert "unsafe" not in response["Content-Security-Policy"]
    markup = response.content.decode()
    inline = r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*\ssrc=)"
    assert re.findall(inline, markup) == []
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", markup) == []


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "slug" in row[1]])
def test_a_stranger_cannot_tell_somebody_elses_organisation_from_none(client_as, name):
    method, kwargs, _expected = ROWS[name]
    client = client_as("other")
    theirs = client.generic(method, reverse(name, kwargs=kwargs))
    none = client.generic(method, reverse(name, kwargs=kwargs | {"slug": "no-such-place"}))
    assert (
        (theirs.status_code, plain(theirs)) == (none.status_code, plain(none)) == (404, plain(none))
    )


def plain(response):
    """Without what differs on every page: the CSRF proof and the clock."""
    markup = re.sub(r"[A-Za-z0-9]{64}", "token", response.content.decode())
    return re.sub(r'data-now="[^"]*"', "", markup)


def test_a_role_that_is_too_small_is_told_so_and_a_big_enough_one_let_in(rf, organisation):
    from django.core.exceptions import PermissionDenied
    from django.http import HttpResponse

    from bookingapp.web.http import desk_view

    @desk_view("manager")
    def view(request, word):
        return HttpResponse(f"{request.membership.role} at {request.organisation}: {word}")

    answers = {}
    for role in ("staff", "manager", "admin"):
        request = rf.get("/")
        request.user = get_user_model().objects.get(username=role)
        try:
            answers[role] = view(request, slug=organisation.slug, word="hi").content.decode()
        except PermissionDenied:
            answers[role] = 403
    assert answers == {
        "staff": 403,
        "manager": "manager at Praxis am Park: hi",
        "admin": "admin at Praxis am Park: hi",
    }

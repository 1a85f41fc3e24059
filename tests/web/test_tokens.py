"""The pages of tokens: what is pasted never comes back, and every step works without a script."""

import re
import sys
from datetime import timedelta
from html import unescape

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.urls import reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter

from bookingapp import connect
from bookingapp.domain import doctor, gateway, pauses, tokens
from bookingapp.domain.models import AuditEvent, Organisation, Token
from bookingapp.domain.states import Reason
from bookingapp.web.views import token_pages

pytestmark = pytest.mark.django_db


def secret_of(name):
    return "rocketlead_live_" + name.encode().hex().ljust(64, "0")


READ, WRITE, ADMIN = (secret_of(name) for name in ("reading", "writing", "all of it"))
OTHER = secret_of("another")
HERE = "https://connect.example"


class Client:
    """A Connect that knows secrets and their scopes, and nothing else."""

    def __init__(self):
        self.scopes = {READ: "read", WRITE: "write", ADMIN: "admin", OTHER: "admin"}
        self.down = False

    def send(self, call, *, token, request_id="", deadline_seconds=None):
        if self.down:
            raise connect.Unreachable("down")
        scope = self.scopes.get(token)
        if scope is None:
            raise connect.TokenRejected("no", status=401, has_envelope=True)
        if not connect.Scope(scope).covers(call.scope):
            raise connect.ScopeTooNarrow("no", status=403, has_envelope=True)
        if call.method != "GET":
            raise connect.Missing("nowhere", status=404, has_envelope=True)
        return ()


@pytest.fixture
def upstream(monkeypatch):
    found = Client()
    monkeypatch.setattr(gateway, "client", lambda _organisation: found)
    return found


@pytest.fixture
def admin(client_of, upstream):
    return client_of("admin")


@pytest.fixture
def woken(monkeypatch):
    asked = []
    monkeypatch.setattr(token_pages, "wake_write", asked.append)
    return asked


@pytest.fixture
def stored(organisation):
    def make(secret, scope, **more):
        token, _ = tokens.store(organisation, secret=secret, label=f"My {scope} token")
        facts = {"scope": scope, "verified_at": timezone.now()} | more
        Token.objects.filter(pk=token.pk).update(**facts)
        return Token.objects.get(pk=token.pk)

    return make


def at(name, token=None):
    place = {"slug": "praxis-am-park"} | ({"pk": token.pk} if token else {})
    return reverse(name, kwargs=place)


def add(client, secret, label="Booking", **more):
    given = pasted(secret, label) | more
    return client.post(at("token-list"), given, follow=True)


def pasted(secret, label="Booking"):
    """What the form sends: with the address that its page showed."""
    return {"secret": secret, "label": label, "expires_on": "", "made_for": HERE}


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def card(response, token):
    markup = response.content.decode()
    found = re.search(rf'<article[^>]*id="token-{token.pk}".*?</article>', markup, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def test_a_token_is_pasted_checked_and_shown_as_four_letters(admin, person, caplog):
    response = add(admin, f"Bearer {WRITE}\n")
    token = Token.objects.get()
    assert (token.label, token.scope, token.added_by) == ("Booking", "write", person("admin"))
    assert tokens.unseal(token) == WRITE
    assert "reading, booking and changing, not for deleting" in text(response)
    told = card(response, token)
    assert f"…{WRITE[-4:]}" in told
    assert token.fingerprint in told.replace(" ", "")
    assert WRITE[-20:] not in response.content.decode() + caplog.text
    event = AuditEvent.objects.get(action="token.added")
    assert event.details["fingerprint"] == token.fingerprint
    assert WRITE[20:] not in str(event.details) + str(event.values.after)


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("", "Paste the token here."),
        (f"'{WRITE}'", "quotation marks"),
        (WRITE[:30] + " " + WRITE[30:], "blank or a line break"),
        (WRITE[:30] + "\n" + WRITE[30:], "blank or a line break"),
        ("sk_live_1", "begins with rocketlead_"),
        (secret_of("garbage"), "Connect rejects this token"),
        (WRITE * 100, "longer than a token"),
    ],
)
def test_what_is_refused_is_said_at_the_field_and_never_echoed(admin, secret, told):
    response = add(admin, secret)
    assert response.status_code == 422
    markup = response.content.decode()
    assert told in unescape(re.search(r'id="token-secret-error">(.*?)</p>', markup, re.DOTALL)[1])
    assert not re.search(r'<input[^>]*name="secret"[^>]*value=', markup)
    assert not secret or secret[4:30] not in markup
    assert 'value="Booking"' in markup
    assert not Token.objects.exists()
    assert not secret or secret[4:30] not in str(dict(admin.session))


@pytest.mark.parametrize(
    ("wrong", "focused"),
    [
        ({"secret": "", "label": "", "expires_on": ""}, "token-secret"),
        ({"secret": WRITE, "label": "", "expires_on": "2020-01-01"}, "token-label"),
        ({"secret": WRITE, "label": "A", "expires_on": "soon"}, "token-expires"),
    ],
)
def test_the_first_field_that_must_be_mended_has_the_focus(admin, wrong, focused):
    """A fragment in the address of the form would keep browsers from it."""
    page = add(admin, **wrong)
    fields = re.findall(r'<input[^>]* id="([\w-]+)"[^>]* autofocus', page.content.decode())
    assert (page.status_code, fields) == (422, [focused])
    assert f'action="{at("token-list")}"' in page.content.decode()


def test_a_report_of_an_error_of_ours_holds_no_secret(admin, monkeypatch, caplog, settings):
    seen = []

    def broken(*_args, **_more):
        raise RuntimeError("broken")

    def report(sender, request, **_more):
        seen.append(ExceptionReporter(request, *sys.exc_info()))

    monkeypatch.setattr(doctor, "noted", broken)
    got_request_exception.connect(report)
    admin.raise_request_exception = False
    try:
        response = add(admin, WRITE)
    finally:
        got_request_exception.disconnect(report)
    told = seen[0].get_traceback_text() + seen[0].get_traceback_html()
    assert (response.status_code, "RuntimeError" in told) == (500, True)
    assert WRITE not in told + caplog.text + response.content.decode()


def test_a_token_that_is_here_already_is_named(admin, stored):
    known = stored(WRITE, "write")
    response = add(admin, WRITE, "Again")
    assert response.status_code == 422
    assert f"It is “My write token” (…{known.last_four})." in text(response)
    Token.objects.update(retired_at=timezone.now())
    assert "set aside: use it again" in text(add(admin, WRITE, "Again"))


def test_while_connect_is_down_a_token_is_kept_unchecked(admin, upstream):
    upstream.down = True
    response = add(admin, READ, "Reading")
    assert "Connect could not be asked" in text(response)
    assert "Never checked" in card(response, Token.objects.get())


def test_a_day_that_is_none_is_said_at_its_field(admin):
    assert "This is not a day" in text(add(admin, READ, expires_on="soon"))
    assert "This day has passed" in text(add(admin, READ, expires_on="2020-01-01"))


def test_each_card_says_what_it_is_used_for_and_what_stops_without_it(admin, stored):
    read, write, all_of_it = stored(READ, "read"), stored(WRITE, "write"), stored(ADMIN, "admin")
    page = admin.get(at("token-list"))
    assert "Used for reading " in card(page, read)
    assert "Stops working without it nothing" in card(page, read)
    assert "Used for booking, leads" in card(page, write)
    assert "Used for cancelling, moving" in card(page, all_of_it)
    ends = "Stops working without it Cancel appointments · Move appointments"
    assert ends in card(page, all_of_it)
    assert "everyday work" not in text(page)
    read.delete()
    assert "A token that may delete also does the everyday work." not in text(
        admin.get(at("token-list"))
    )
    write.delete()
    assert "A token that may delete also does the everyday work." in text(
        admin.get(at("token-list"))
    )


def test_the_states_of_tokens_are_told_even_without_their_keys(admin, stored, settings):
    good, rejected = stored(READ, "read"), stored(WRITE, "write", rejected_at=timezone.now())
    aside = stored(ADMIN, "admin", retired_at=timezone.now())
    page = admin.get(at("token-list"))
    assert [word in card(page, token) for word, token in (
        ("Good", good), ("Rejected by Connect", rejected), ("Set aside", aside)
    )] == [True] * 3  # fmt: skip
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    page = admin.get(at("token-list"))
    for token in (good, rejected, aside):
        assert "Cannot be opened" in card(page, token)
        assert admin.get(at("token-rotation", token)).status_code == 200
        assert "cannot be opened" in text(admin.post(at("token-check", token)))
    assert "no token for it" in text(page)


def test_the_doctor_says_what_was_tried_and_what_came(admin, stored):
    token = stored(WRITE, "", verified_at=None)
    told = card(admin.post(at("token-check", token)), token)
    assert "Asked for the lead pools answered 200" in told
    assert "Asked to change a lead that does not exist answered 404" in told
    assert "Asked to delete an appointment that does not exist answered 403" in told
    event = AuditEvent.objects.get(action="token.checked")
    assert (event.details["from"], event.details["to"]) == ("", "write")
    admin.post(at("token-check", token))
    assert AuditEvent.objects.filter(action="token.checked").count() == 1


def test_all_are_checked_but_those_set_aside(admin, stored, upstream):
    read, aside = stored(READ, "read"), stored(WRITE, "write", retired_at=timezone.now())
    del upstream.scopes[READ]
    page = admin.post(at("token-check-all"))
    assert "it was revoked or has expired" in card(page, read)
    assert "Asked for" not in card(page, aside)
    assert "401: not accepted" in card(page, read)


def test_removing_says_first_what_stops(admin, stored):
    token = stored(ADMIN, "admin")
    page = admin.get(at("token-remove", token))
    assert "can no longer do this: Show availability" in text(page)
    assert Token.objects.exists()
    gone = admin.post(at("token-remove", token), follow=True)
    assert "is removed here" in text(gone)
    assert not Token.objects.exists()
    assert AuditEvent.objects.filter(action="token.removed").exists()


def test_name_and_last_day_can_be_corrected(admin, stored):
    token, day = stored(READ, "read"), timezone.now().date() + timedelta(days=90)
    given = {"label": "  Reads  ", "expires_on": day.isoformat()}
    admin.post(at("token-edit", token), given)
    token.refresh_from_db()
    assert (token.label, token.expires_on) == ("Reads", day)
    refused = admin.post(at("token-edit", token), {"label": READ, "expires_on": ""})
    assert (refused.status_code, "looks like the token itself" in text(refused)) == (422, True)


def test_a_rotation_goes_step_by_step_and_can_be_left(admin, stored, upstream):
    old, way = stored(ADMIN, "admin"), at("token-rotation", Token.objects.get())
    assert "new token with the scope admin" in text(admin.get(way))
    given = {"act": "add"} | pasted(WRITE, "Small")
    told = text(admin.post(way, given, follow=True))
    assert "The new one can do less. This would stop working: Cancel appointments" in told
    assert admin.post(way, {"act": "switch"}).status_code == 422
    admin.post(way, {"act": "drop"})
    admin.post(way, given | {"secret": OTHER, "label": "Fresh"})
    assert "Go on replacing" in card(admin.get(at("token-list")), old)
    assert "It can do all that the old one is needed for." in text(admin.get(way))
    assert "Connect accepts it for everything" in text(admin.post(way, {"act": "check"}))
    assert "uses the new token now" in text(admin.post(way, {"act": "switch"}, follow=True))
    assert Token.objects.get(pk=old.pk).retired_at
    admin.post(way, {"act": "back"})
    assert Token.objects.get(pk=old.pk).retired_at is None
    admin.post(way, {"act": "switch"})
    still = admin.post(way, {"act": "end"})
    assert (still.status_code, "Connect still accepts it." in text(still)) == (409, True)
    del upstream.scopes[ADMIN]
    assert "our copy of it is deleted" in text(admin.post(way, {"act": "end"}, follow=True))
    assert [token.label for token in Token.objects.all()] == ["Fresh"]
    acts = AuditEvent.objects.filter(action__startswith="token.").order_by("pk")
    assert [event.action for event in acts] == [
        "token.added", "token.checked", "token.removed", "token.added", "token.checked",
        "token.retired", "token.restored", "token.retired", "token.removed",
    ]  # fmt: skip


def test_a_new_token_that_is_not_known_to_be_good_takes_no_place(admin, stored, upstream):
    old = stored(ADMIN, "admin")
    upstream.down = True
    way = at("token-rotation", old)
    given = {"act": "add"} | pasted(OTHER, "Fresh")
    assert "not known to be good" in text(admin.post(way, given, follow=True))
    assert admin.post(way, {"act": "switch", "sure": "1"}).status_code == 409
    assert Token.objects.get(pk=old.pk).retired_at is None


def test_somebody_elses_token_is_none(admin, elsewhere):
    token, _ = tokens.store(elsewhere, secret=READ, label="Theirs")
    for name in ("token-check", "token-edit", "token-remove", "token-rotation"):
        assert admin.get(at(name, token)).status_code == 404
        assert admin.post(at(name, token)).status_code == 404
    assert Token.objects.filter(pk=token.pk).exists()


def test_admins_see_on_every_page_that_a_token_ends_soon(client_of, stored, upstream):
    stored(READ, "read", expires_on=timezone.now().date() + timedelta(days=3))
    page = reverse("needs-you")
    assert "“My read token” ends soon: 3 days left." in text(client_of("admin").get(page))
    assert "ends soon" not in text(client_of("manager").get(page))
    Token.objects.update(expires_on=timezone.now().date() + timedelta(days=30))
    cache.clear()
    assert "ends soon" not in text(client_of("admin").get(page))


def test_a_pause_shows_admins_the_way_and_ends_with_a_good_token(
    admin, client_of, organisation, woken
):
    now = timezone.now()
    pauses.pause(organisation, reason=Reason.NO_TOKEN, scope="write", now=now)
    page = reverse("needs-you")
    assert (
        'href="/o/praxis-am-park/settings/tokens/">To the tokens'
        in admin.get(page).content.decode()
    )
    staff = client_of("staff").get(page)
    assert "Writes are paused." in text(staff)
    assert "To the tokens" not in text(staff)
    add(admin, WRITE)
    assert Organisation.objects.get(pk=organisation.pk).paused_reason == ""


def test_the_queries_do_not_grow_with_the_tokens(admin, stored, django_assert_max_num_queries):
    for number in range(9):
        stored(secret_of(f"number {number}"), "read")
    admin.get(at("token-list"))
    with django_assert_max_num_queries(10):
        admin.get(at("token-list"))

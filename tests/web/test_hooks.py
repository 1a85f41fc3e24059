"""What RocketLead sends over HTTP, and the admin's page about it."""

import io
import json
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import catalogue
from bookingapp.domain.hooks import bodies, guessing, secrets
from bookingapp.domain.models import AuditEvent, Delivery, HookSecret, Lead, LeadPool
from bookingapp.logs import redact
from bookingapp.web.views import hook_inbox

pytestmark = pytest.mark.django_db
LEAD = {"event": "table.entry.added", "leadId": "lead-1", "data": {"name": "Ada <b>Neu</b>"}}


@pytest.fixture(autouse=True)
def _calm(monkeypatch):
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)


@pytest.fixture
def secret(organisation, person):
    return secrets.make(organisation, person=person("admin"), now=timezone.now())


@pytest.fixture
def outside():
    """Somebody without a session; CSRF is checked."""
    return Client(enforce_csrf_checks=True)


def address(slug, secret, way="events"):
    return f"/hooks/{slug}/{secret}/{way}"


def send(client, where, body, **more):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(where, raw, content_type="application/json", **more)


def test_an_event_is_taken_without_session_cookie_or_redirect(outside, organisation, secret):
    response = send(outside, address(organisation.slug, secret), LEAD)
    assert (response.status_code, response.json()["result"]) == (200, "applied")
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert Lead.objects.get().name == "Ada <b>Neu</b>"
    again = send(outside, address(organisation.slug, secret), LEAD)
    assert (again.status_code, again.json()["result"]) == (200, "repeated")


def test_any_content_type_is_read_as_json(outside, organisation, secret):
    where = address(organisation.slug, secret)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
        body = json.dumps(LEAD | {"eventId": kind})
        assert outside.post(where, body, content_type=kind).json()["result"] in {
            "applied", "unchanged",
        }  # fmt: skip


@pytest.mark.parametrize("way", ["events", "forms"])
def test_a_wrong_part_of_the_address_is_404_and_keeps_nothing(
    outside, organisation, elsewhere, secret, way
):
    for slug, word in (
        (organisation.slug, "hook_wrong"),
        (organisation.slug, secret[:-1]),
        (elsewhere.slug, secret),
        ("nowhere", secret),
        (organisation.slug, "x" * 3000),
    ):
        response = send(outside, address(slug, word, way), LEAD)
        assert (response.status_code, response.json()) == (404, {"result": "not_found"})
    assert Delivery.objects.count() == Lead.objects.count() == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_405(outside, organisation, secret, method):
    response = outside.generic(method, address(organisation.slug, secret))
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_sizes_and_shapes_that_are_refused(outside, organisation, secret):
    where = address(organisation.slug, secret)
    answers = {
        "too large": (b'{"a": "' + b"x" * bodies.LARGEST + b'"}', 413),
        "empty": (b"", 400),
        "half": (b'{"event":', 400),
        "a list": (b"[]", 422),
        "too deep": (b"[" * 1000 + b"]" * 1000, 422),
    }
    for name, (raw, status) in answers.items():
        assert send(outside, where, raw).status_code == status, name
    kept = Delivery.objects.values_list("problem", flat=True)
    # What is too large by its own word is not even read.
    assert sorted(kept) == ["empty", "not_an_object", "not_json", "too_deep"]


def test_a_body_that_comes_in_pieces_is_read_as_far_as_any_other(outside, organisation, secret):
    """Then nobody says how long it is; the server ends its input where the body ends."""
    where = address(organisation.slug, secret)
    large = b'{"a": "' + b"x" * bodies.LARGEST + b'"}'
    for raw, status in ((json.dumps(LEAD).encode(), 200), (large, 413), (b"", 400)):
        told = {"wsgi.input": io.BytesIO(raw), "wsgi.input_terminated": True}
        pieces = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
        assert outside.generic("POST", where, **pieces, **told).status_code == status
    assert Lead.objects.get().name == "Ada <b>Neu</b>"


def test_a_length_that_lies_reads_no_more_than_the_limit(outside, organisation, secret):
    where = address(organisation.slug, secret)
    for length in ("-1", "many", "999999999999"):
        response = outside.generic("POST", where, b"{}", CONTENT_LENGTH=length)
        assert response.status_code in {400, 413}


@pytest.fixture
def clock(monkeypatch):
    """``clock(seconds)`` goes on by so much; it stands still else."""
    at = [timezone.now().replace(second=20)]
    monkeypatch.setattr(hook_inbox.timezone, "now", lambda: at[0])

    def go_on(seconds):
        at[0] += timedelta(seconds=seconds)

    return go_on


def wrong(client, slug, number=0):
    return send(client, address(slug, f"hook_wrong{number}"), LEAD)


def test_whoever_tries_many_wrong_addresses_is_told_to_wait(
    outside, organisation, elsewhere, secret, clock
):
    for slug in (organisation.slug, "nowhere"):
        told = [wrong(outside, slug, number).status_code for number in range(guessing.MOST)]
        assert set(told) == {404}
        refused = wrong(outside, slug)
        assert (refused.status_code, refused["Retry-After"]) == (429, "40")
        assert "no-store" in refused["Cache-Control"]
    # Somebody else's guesses keep out neither what is right nor another organisation.
    for number in range(3):
        body = LEAD | {"eventId": str(number)}
        assert send(outside, address(organisation.slug, secret), body).status_code == 200
    assert wrong(outside, elsewhere.slug).status_code == 404
    assert wrong(outside, organisation.slug).status_code == 429
    clock(40)
    assert wrong(outside, organisation.slug).status_code == 404


def test_without_its_cache_the_desk_counts_nothing_and_answers(outside, organisation, monkeypatch):
    def gone(*_args, **_more):
        raise ValueError("no such key")

    monkeypatch.setattr(guessing.cache, "incr", gone)
    assert wrong(outside, organisation.slug).status_code == 404


LONG = "1@" * 60_000
HOSTILE = [
    b'{"event": "table.entry.added", "leadId": "a\\ud800b", "data": {"\\ud800": "\\udfff\\u0000"}}',
    b'{"leadId": 1e999, "data": {"name": NaN, "age": -Infinity}, "archived": {"a": []}}',
    b'{"leadId": ' + b"9" * 4000 + b"}",
    b'{"leadId": ' + b"9" * 5000 + b"}",
    b'{"a":' * 29 + b"1" + b"}" * 29,
    b"{" + b",".join(b'"k%d":%d' % (n, n) for n in range(15_000)) + b"}",
    b'{"leadId": "x", "leadId": {"id": ["y"]}, "lead": [1], "booking": "z", "data": "{"}',
    b"\xff\xfe\x00{\x00}\x00",
    b'\xef\xbb\xbf{"event": "table.entry.added"}',
    b"[" * 200_000,
    b'{"a":' * 40_000,
    b'"' + b"x" * 200_000,
    json.dumps({"event": LONG, "leadId": "long", "data": {"email": LONG}}).encode(),
    json.dumps({"leadId": "long", "data": {"phone": "+49" + "1" * 120_000}}).encode(),
    json.dumps({"leadId": "long", "data": {"name": " " * 200_000 + "{{"}}).encode(),
    json.dumps(
        {"formId": {"a": 1}, "tableEntryId": "f", "fieldContext": {"f": [], "g": {}}}
    ).encode(),
    json.dumps({key: [[]] for key in ("formId", "tableEntryId", "data", "fieldContext")}).encode(),
]


@pytest.mark.parametrize("way", ["events", "forms"])
@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_no_body_is_a_failure_of_ours(client_of, outside, organisation, secret, raw, way):
    response = send(outside, address(organisation.slug, secret, way), raw)
    assert response.status_code in {200, 400, 422}
    assert response.json()["result"]
    assert client_of("admin").get(settings_of(organisation)).status_code == 200
    for row in Delivery.objects.all():
        where = reverse("hook-delivery", kwargs={"slug": organisation.slug, "pk": row.pk})
        assert client_of("admin").get(where).status_code == 200


def test_no_log_holds_the_secret(outside, organisation, secret, caplog):
    with caplog.at_level(logging.DEBUG):
        send(outside, address(organisation.slug, secret) + "-mistyped", LEAD)
        send(outside, address("nowhere", secret), LEAD)
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert secret in said
    assert secret not in redact(said)
    assert "/hooks/nowhere/[hidden]/events" in redact(said)


def test_rotation_has_no_gap_and_the_secret_is_shown_once(client_of, outside, organisation, secret):
    admin, rotate = client_of("admin"), reverse("hook-rotate", kwargs={"slug": organisation.slug})
    page = admin.post(rotate, {"act": "make"}).content.decode()
    fresh = page.partition(f"/hooks/{organisation.slug}/")[2].partition("/events")[0]
    assert fresh.startswith("hook_")
    assert fresh not in admin.get(settings_of(organisation)).content.decode()
    assert not HookSecret.objects.filter(digest__contains=fresh).exists()
    for number, word in enumerate((secret, fresh)):
        answer = send(outside, address(organisation.slug, word), LEAD | {"eventId": str(number)})
        assert answer.status_code == 200
    old = HookSecret.objects.get(last_four=secret[-4:])
    admin.post(rotate, {"act": "end_later", "secret": old.pk})
    assert send(outside, address(organisation.slug, secret), LEAD).status_code == 200
    admin.post(rotate, {"act": "end", "secret": old.pk})
    assert send(outside, address(organisation.slug, secret), LEAD).status_code == 404
    assert send(outside, address(organisation.slug, fresh), LEAD).status_code == 200
    noted = AuditEvent.objects.filter(action__startswith="hooks.")
    assert noted.count() == 4
    assert not any(fresh in str(one.details) for one in noted)


def settings_of(organisation):
    return reverse("hook-settings", kwargs={"slug": organisation.slug})


def test_another_organisations_secret_cannot_be_ended(client_of, organisation, elsewhere, person):
    secrets.make(elsewhere, person=person("stranger"), now=timezone.now())
    theirs = HookSecret.objects.get()
    rotate = reverse("hook-rotate", kwargs={"slug": organisation.slug})
    client_of("admin").post(rotate, {"act": "end", "secret": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.ends_at is None


def test_a_hostile_delivery_is_shown_escaped(client_of, outside, organisation, secret):
    body = {"event": "<script>alert(1)</script>", "x": "</pre><img src=x onerror=alert(1)>\u202e"}
    send(outside, address(organisation.slug, secret), body)
    row = Delivery.objects.get()
    admin = client_of("admin")
    for page in (
        admin.get(settings_of(organisation)),
        admin.get(reverse("hook-delivery", kwargs={"slug": organisation.slug, "pk": row.pk})),
    ):
        assert page.status_code == 200
        markup = page.content.decode()
        assert "<script>alert" not in markup
        assert "<img src=x" not in markup


def test_the_page_of_an_unreadable_delivery_says_why(client_of, outside, organisation, secret):
    send(outside, address(organisation.slug, secret), b'{"name": "a "quoted" name"}')
    row = Delivery.objects.get()
    where = reverse("hook-delivery", kwargs={"slug": organisation.slug, "pk": row.pk})
    assert "The body is not JSON." in client_of("admin").get(where).content.decode()


def test_a_test_shows_what_would_be_understood_and_changes_nothing(client_of, organisation):
    admin = client_of("admin")
    where = reverse("hook-test", kwargs={"slug": organisation.slug})
    page = admin.post(where, {"body": json.dumps(LEAD), "way": "events"}, follow=True)
    markup = page.content.decode()
    assert "lead-1" in markup
    assert "a new lead" in markup
    assert Lead.objects.count() == 0
    refused = admin.post(where, {"body": "{", "way": "forms"})
    assert (refused.status_code, Delivery.objects.count()) == (422, 1)


def test_paths_are_saved_refused_and_put_back(client_of, organisation):
    admin, where = client_of("admin"), settings_of(organisation)
    assert admin.post(where, {"act": "paths", "lead_id": "kunde.nr"}).status_code == 302
    assert 'value="kunde.nr"' in admin.get(where).content.decode()
    refused = admin.post(where, {"act": "paths", "lead_id": "{{kunde}}"})
    assert refused.status_code == 422
    assert "without braces" in refused.content.decode()
    assert 'value="{{kunde}}"' in refused.content.decode()
    admin.post(where, {"act": "reset"})
    assert 'value="kunde.nr"' not in admin.get(where).content.decode()


FORM = {
    "event": "form.submission",
    "formId": "form-1",
    "formName": "Kontakt",
    "submittedAt": "2026-11-24T12:00:00Z",
    "data": {"f1": "Ada", "f2": "ada@example.org", "f3": "opt-7", "f4": "x", "f5": "+49301234567"},
    "tableEntryId": "lead-9",
    "calendarBookingId": None,
    "fieldContext": {
        "f1": {"label": "Ihr Name", "type": "text", "specialType": "name"},
        "f2": {"label": "E-Mail", "type": "email"},
        "f3": {
            "label": "Kasse",
            "type": "select",
            "name": "kasse",
            "resolved": {"label": "Privat"},
        },
        "f4": {"label": "", "type": "captcha"},
        "f5": {"label": "Telefon", "type": "tel"},
    },
    "resolvedData": {"f1": "Ada", "f2": "ada@example.org", "kasse": "Privat", "f5": "+49301234567"},
}  # fmt: skip


def test_a_form_makes_its_lead_in_its_pool_once(client_of, outside, organisation, secret):
    pool = LeadPool.objects.create(organisation=organisation, connect_id="tbl-1", name="Neu")
    settings = {"act": "forms", "form": ["form-1", ""], "pool": [pool.pk, ""], "default_pool": ""}
    assert client_of("admin").post(settings_of(organisation), settings).status_code == 302
    where = address(organisation.slug, secret, "forms")
    assert send(outside, where, FORM).json()["result"] == "applied"
    assert send(outside, where, FORM | {"formName": "Renamed"}).json()["result"] == "repeated"
    lead = Lead.objects.get()
    assert (lead.connect_id, lead.pool, lead.name) == ("lead-9", pool, "Ada")
    assert (lead.phone, lead.email) == ("+49301234567", "ada@example.org")
    assert lead.data["kasse"] == "Privat"
    assert "f4" not in lead.data


def test_a_form_adds_only_what_a_known_lead_lacks(outside, organisation, secret):
    told = LEAD | {"leadId": "lead-9", "data": {"name": "Ada Berg", "telefon": "0301"}}
    send(outside, address(organisation.slug, secret), told)
    send(outside, address(organisation.slug, secret, "forms"), FORM)
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.email) == ("Ada Berg", "0301", "ada@example.org")
    assert "phone" not in lead.data


def test_a_form_without_a_lead_is_kept_and_not_used(outside, organisation, secret):
    where = address(organisation.slug, secret, "forms")
    assert send(outside, where, FORM | {"tableEntryId": None}).json()["result"] == "ignored"
    assert Lead.objects.count() == 0

"""The page of the audit log, its file, and that nothing is done that it does not tell."""

import ast
import csv
import io
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import audit, cancelling, gateway
from bookingapp.domain.audit_topics import Topic
from bookingapp.domain.models import Attempt, AuditEvent, Organisation, Token, Write
from bookingapp.domain.people import handing
from bookingapp.web.presenters import audit_words, policy_words
from tests.domain.import_files import csv_file
from tests.support.session import forms
from tests.web.booking_world import words
from tests.web.conftest import PASSWORD
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import NOT_ALLOWED

pytestmark = pytest.mark.django_db
FROM = "198.51.100.7"


@pytest.fixture
def admin(client_of, world):
    return client_of("admin")


def log(client, world, name="audit-log", **query):
    return client.get(world.address(name), query)


def lines_of(response):
    """The summary of each line as words."""
    found = re.findall(r"<summary class=\"audit-line.*?</summary>", response.content.decode(), re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def rows_of(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_a_line_says_who_did_what_and_from_where(admin, world, person):
    with audit.origin(FROM, "request-0001"):
        audit.record(
            "organisation.changed",
            at=timezone.now(),
            organisation=world.organisation,
            person=person("admin"),
            before={"name": "Old <b>", "same": 1},
            after={"name": "New", "same": 1},
        )
    page = log(admin, world)
    (line,) = lines_of(page)
    assert "Kim" in line
    assert "Organisation changed" in line
    assert FROM in line
    told = page.content.decode()
    assert "Old &lt;b&gt;" in told
    assert "request-0001" in told
    assert "<bdi>same</bdi>" not in told


def test_a_code_that_nobody_put_into_words_is_shown_as_it_is(admin, world):
    audit.record("some.thing", at=timezone.now(), organisation=world.organisation)
    (line,) = lines_of(log(admin, world))
    assert "some.thing" in line
    assert "The desk" in line


def test_everything_the_desk_records_has_words():
    known, source = set(), Path(audit.__file__).parents[1]
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("record", "note")):
                texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                known |= {one for one in texts if isinstance(one, str) and "." in one}
    assert len(known) > 30
    assert known <= audit_words.SENTENCES.keys()


def test_a_policy_is_called_as_on_its_own_page(admin, world):
    audit.record(
        "policies.changed",
        at=timezone.now(),
        organisation=world.organisation,
        after={"expiry_warning_days": 7},
    )
    told = log(admin, world).content.decode()
    assert f"<bdi>{policy_words.POLICIES['expiry_warning_days'][0]}</bdi>" in told
    assert "<bdi>expiry_warning_days</bdi>" not in told


def test_a_hostile_value_is_only_text(admin, world):
    details = {"label": "<script>alert(1)</script>", "scope": ["{0.__class__}", {"a": 1}]}
    audit.record(
        "token.verified", at=timezone.now(), organisation=world.organisation, details=details
    )
    page = log(admin, world)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_from_a_line_one_sees_the_calls_and_from_a_call_who_asked(admin, world, monkeypatch):
    token = Token.objects.create(
        organisation=world.organisation,
        label="desk",
        sealed=b"x",
        fingerprint="f",
        last_four="ab12",
    )
    answer = gateway.send

    def send(*arguments, **more):
        gateway.last_used.set(token.pk)
        return answer(*arguments, **more)

    monkeypatch.setattr(gateway, "send", send)
    booking = world.booked()
    attempt = Attempt.objects.get(write=booking.write)
    assert attempt.token == token
    page = log(admin, world, q=attempt.request_id)
    told = page.content.decode()
    assert any("Booking" in line and "Kim" in line for line in lines_of(page))
    for shown in ("/connect/calendar_bookings/", attempt.request_id, "desk (…ab12)", "accepted"):
        assert shown in told
    assert lines_of(log(admin, world, q=booking.connect_id)) == lines_of(page)
    assert lines_of(log(admin, world, q=str(booking.pk))) == lines_of(page)


def test_an_event_has_an_address_of_its_own(admin, world, elsewhere):
    event = audit.record("hooks.changed", at=timezone.now(), organisation=world.organisation)
    other = audit.record("hooks.changed", at=timezone.now(), organisation=elsewhere)
    place = {"slug": world.organisation.slug}
    page = admin.get(reverse("audit-event", kwargs=place | {"pk": event.pk}))
    assert len(lines_of(page)) == 1
    assert admin.get(reverse("audit-event", kwargs=place | {"pk": other.pk})).status_code == 404


def test_pages_are_gone_through_by_links_that_keep_the_filter(admin, world, person):
    rows = [
        AuditEvent(
            organisation=world.organisation,
            action="hooks.changed",
            topic=Topic.HOOKS,
            at=timezone.now() - timedelta(minutes=n),
            person=person("admin"),
        )
        for n in range(60)
    ]
    AuditEvent.objects.bulk_create(rows)
    page = log(admin, world, topic="hooks", person=person("admin").pk)
    older = re.search(r'rel="next" href="([^"]+)"', page.content.decode())[1]
    rest = admin.get(older.replace("&amp;", "&"))
    assert (len(lines_of(page)), len(lines_of(rest))) == (50, 10)
    assert 'rel="next"' not in rest.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"person": "nobody", "topic": "x", "from": "yesterday", "until": "2026-99-99"},
        {"after": "9999999999999999-1"},
        {"after": "0-0", "from": "2199-12-31", "until": "2000-01-01"},
        {"q": "\x00'; --"},
        {"person": "9" * 18},
    ],
)
def test_an_address_that_nobody_made_breaks_nothing(admin, world, query):
    assert log(admin, world, **query).status_code == 200


def test_a_search_without_a_hit_says_so(admin, world):
    assert "Nothing like that" in words(log(admin, world, q=uuid.uuid4()))


def test_the_number_of_queries_does_not_grow_with_the_page(
    admin, world, django_assert_max_num_queries
):
    for _ in range(30):
        audit.record("hooks.changed", at=timezone.now(), organisation=world.organisation)
    log(admin, world)
    with django_assert_max_num_queries(14):
        log(admin, world)


def test_the_file_has_what_the_filter_finds_and_is_on_record_itself(admin, world, person):
    now = timezone.now()
    audit.record(
        "token.added",
        at=now,
        organisation=world.organisation,
        details={"label": "x"},
        after={"label": "=1+1"},
    )
    audit.record("hooks.changed", at=now, organisation=world.organisation)
    head, row = rows_of(
        admin.get(world.address("audit-csv"), {"topic": "tokens", "q": ""}, REMOTE_ADDR=FROM)
    )
    assert (head[0], row[7]) == ("Number", "token.added")
    assert "=1+1" in row[-1]
    assert not any(cell.startswith(("=", "+", "@", "-")) for cell in row)
    noted = AuditEvent.objects.get(action="audit.exported")
    assert (noted.person, noted.address) == (person("admin"), FROM)
    assert noted.details == {"filter": {"topic": "tokens"}}


def test_what_was_searched_for_is_not_kept(admin, world):
    rows_of(log(admin, world, "audit-csv", q="Anna Muster"))
    noted = AuditEvent.objects.get(action="audit.exported")
    assert noted.details == {"filter": {"q": "…"}}


@pytest.mark.parametrize("text", ["=cmd", "+1", "@x", "\tx", "＝1"])
def test_no_cell_of_the_file_becomes_a_formula(admin, world, text):
    """Not even by an address or a request id, which come from outside."""
    with audit.origin(text, text):
        audit.record(text, at=timezone.now(), organisation=world.organisation)
    _, row = rows_of(log(admin, world, "audit-csv", topic="settings"))
    assert row.count(f"'{text}") == 4


# -- nothing is done that the log does not tell ---------------------------------------------------


class Doing:
    """Each thing that must be on record, done as a person does it; ``who`` did it."""

    def __init__(self, world, client_of, person):
        self.world, self.client_of, self.person = world, client_of, person
        self.who, self.hours = person("admin"), iter(range(9, 17))

    def client(self):
        client = self.client_of("admin")
        client.defaults["REMOTE_ADDR"] = FROM
        return client

    def at(self, name, **more):
        return reverse(name, kwargs={"slug": self.world.organisation.slug, **more})

    def sign_in(self, password=PASSWORD):
        client = self.client_of("nobody")
        fields = {"login": "admin", "password": password}
        client.post("/sign-in/", fields, REMOTE_ADDR=FROM)

    def sign_in_refused(self):
        self.sign_in("not-the-password")

    def sign_out(self):
        self.client().post("/sign-out/")

    def hook_secret(self):
        self.client().post(self.at("hook-rotate"), {"act": "make"})

    def bookings_exported(self):
        rows_of(self.client().get(self.at("booking-csv")))

    def leads_exported(self):
        pool = self.world.pool.pk
        rows_of(self.client().get(self.at("pool-csv", pk=pool)))

    def log_exported(self):
        rows_of(self.client().get(self.at("audit-csv")))

    def write_made(self):
        slot = self.world.offer(next(self.hours))
        fields = self.world.fill(slot)
        assert self.world.post(self.client(), fields, part=False).status_code == 302

    def write_settled(self):
        world = self.world
        write = world.cancel(world.booked(next(self.hours)), NOT_ALLOWED)
        Write.objects.filter(pk=write.pk).update(state="stuck", reason="cannot_tell", step="delete")
        address = world.address("settlement", write.pk)
        self.client().post(address, {"action": "close"})
        assert Write.objects.get(pk=write.pk).state == "refused"

    def write_undone(self):
        world = self.world
        asked = cancelling.AskedCancel(
            uuid.uuid4(), world.booked(next(self.hours)).pk, "lead_ill", ""
        )
        place = (world.organisation, self.who)
        write = cancelling.ask(*place, asked, now=timezone.now(), hold_seconds=60)[0]
        self.client().post(world.address("write-undo", write.pk))
        assert Write.objects.get(pk=write.pk).state == "undone"

    def import_uploaded(self):
        file = SimpleUploadedFile("leads.csv", csv_file(("Anna", "040 1", "a@example.com")))
        fields = {"intent": uuid.uuid4(), "pool": self.world.pool.pk, "file": file}
        self.client().post(self.at("import-new"), fields)

    def bulk_stopped(self):
        bulk, _ = self.world.bulk_move("Anna", "Berta")
        self.client().post(self.at("bulk-stop", pk=bulk.pk))

    def organisation_changed(self):
        here = "http://127.0.0.1:8001"
        Organisation.objects.filter(pk=self.world.organisation.pk).update(connect_url=here)
        fields = {"act": "save", "name": "Another name", "connect_url": here}
        self.client().post(self.at("settings"), fields)

    def preferences_changed(self):
        form = self._form("/me/", reverse("preferences"))
        self.client().post(form.action, form.fields | {"theme": "dark"})

    def _form(self, action, address):
        found = forms(self.client().get(address).content.decode(), action)
        return next(form for form in found if form.method == "post")


DOINGS = {
    "sign_in": "sign-in",
    "sign_in_refused": "sign-in.refused",
    "sign_out": "sign-out",
    "hook_secret": "hooks.secret_made",
    "bookings_exported": "bookings.exported",
    "leads_exported": "leads.exported",
    "log_exported": "audit.exported",
    "write_made": "write.moved",
    "import_uploaded": "leadimport.uploaded",
    "bulk_stopped": "bulkmove.stopped",
    "organisation_changed": "organisation.changed",
    "preferences_changed": "preferences.changed",
}
MOVES = {"write_settled": ("settlements", "refused"), "write_undone": ("writes", "undone")}


@pytest.mark.parametrize("name", MOVES)
def test_a_persons_word_about_a_write_is_on_record(world, client_of, person, name):
    doing = Doing(world, client_of, person)
    getattr(doing, name)()
    topic, target = MOVES[name]
    event = AuditEvent.objects.get(person=doing.who, target=target)
    assert (event.topic, event.address) == (topic, FROM)
    assert any(FROM in line for line in lines_of(log(doing.client(), world, topic=topic)))


def test_what_is_handed_on_is_on_record(world, person):
    write = world.ask(world.offer(9))
    to, by = person("manager"), person("admin")
    with transaction.atomic():
        assert handing.hand_on(world.organisation, world.staff, to, by=by, now=timezone.now()) == 1
    event = AuditEvent.objects.get(action="write.handed_on")
    assert (event.person, event.about) == (by, str(write.pk))


def test_no_detail_holds_a_value_of_a_person(world, client_of, person):
    """What is kept for ever is codes, ids and counts."""
    doing = Doing(world, client_of, person)
    for name in (*DOINGS, *MOVES):
        getattr(doing, name)()
    world.move(world.booked(15), world.offer(16))
    world.edit_lead({"data": {"phone": "040 99999"}})
    told = str(list(AuditEvent.objects.values("details", "about", "source", "target", "reason")))
    for value in ("Anna", "Muster", "5551234", "99999", "anna@example.com", "Kim", PASSWORD, "Flu"):
        assert value not in told, value


@pytest.mark.parametrize("name", DOINGS)
def test_what_a_person_does_is_on_record_with_who_and_from_where(world, client_of, person, name):
    doing = Doing(world, client_of, person)
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    getattr(doing, name)()
    events = AuditEvent.objects.exclude(pk__in=before).filter(action=DOINGS[name])
    event = events.order_by("pk").first()
    assert event is not None, f"{name} left nothing in the log"
    assert (event.person, event.address) == (doing.who, FROM)
    assert len(event.request_id) >= 8
    page = log(doing.client(), world)
    assert event.request_id in page.content.decode()

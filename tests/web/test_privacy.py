"""A person can be found, handed out and erased: after that nothing here is about them."""

import json
from datetime import timedelta

import pytest
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import audit, availability, catalogue, gateway, leads
from bookingapp.domain import models as tables
from bookingapp.domain.hooks import inbox
from bookingapp.domain.models import AuditEvent, AuditValues, Delivery, Lead, Organisation, Write
from bookingapp.domain.models.sealed import SealedJSONField, SealedTextField
from bookingapp.domain.privacy import exporting, retention, subjects
from bookingapp.domain.privacy.holdings import HOLDINGS
from bookingapp.domain.states import UNFINISHED
from bookingapp.web.presenters import grid_cache
from tests.web.booking_fixtures import woken
from tests.web.hostile_world import HostileWorld
from tests.web.trouble_world import TroubleConnect

__all__ = ["woken"]

pytestmark = pytest.mark.django_db
# Sealed, and about nobody who is a lead.
ABOUT_NOBODY = {
    ("Blocker", "name"),
    ("LeadImport", "mapping"),
    ("SearchKey", "key"),
}
WORDS = ("owned=1", "40 555", "WWWWWW", "hostile")


@pytest.fixture
def world(organisation, person, monkeypatch, woken, settings):
    settings.SETTLE_SECONDS = 0
    double = TroubleConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    grid_cache.clear()
    availability.forget()
    return HostileWorld(organisation, double, person("admin")).live()


@pytest.fixture
def admin(client_of):
    return client_of("admin")


def everything():
    """All that our own tables say, opened: what a look into the product could show."""
    told = []
    for model in vars(tables).values():
        if isinstance(model, type) and issubclass(model, models.Model):
            told += [f"{model.__name__}: {row}" for row in model.objects.values()]
    return told


def end_all():
    Write.objects.filter(state__in=UNFINISHED).update(state="undone")


def erase(client, world, **more):
    chosen = {"lead": [str(world.lead.pk)], "typed": "erase"} | more
    return client.post(world.at("privacy-erase"), chosen)


def test_found_by_name_number_email_and_id(admin, world):
    for asked in ("script", "34", world.lead.email[:20], "hostile", str(world.lead.pk)):
        page = admin.get(world.at("privacy"), {"q": asked}).content.decode()
        assert str(world.lead.pk) in page, asked
    page = admin.get(world.at("privacy"), {"q": "nobody at all"}).content.decode()
    assert "Nothing is held" in page


def test_all_of_it_is_handed_out_and_that_is_on_record(admin, world):
    answer = admin.post(world.at("privacy-export"), {"lead": [str(world.lead.pk)]})
    given = json.loads(answer.content)
    assert answer["Cache-Control"] == "no-store"
    wanted = {"leads", "events", "bookings", "writes", "waiting_marks", "import_rows"}
    assert wanted <= given.keys()
    assert given["leads"][0]["phone"] == world.lead.phone
    event = AuditEvent.objects.get(action="privacy.exported")
    assert event.person.username == "admin"
    assert event.details["leads"] == [str(world.lead.pk)]


def test_while_something_is_on_its_way_nothing_is_erased(admin, world):
    answer = erase(admin, world)
    assert answer.status_code == 409
    assert "still on" in answer.content.decode()
    assert Lead.objects.get(pk=world.lead.pk).phone


def test_a_word_that_is_not_typed_erases_nothing(admin, world):
    end_all()
    answer = erase(admin, world, typed="yes")
    assert answer.status_code == 422
    assert Lead.objects.get(pk=world.lead.pk).erased_at is None


def test_erased_nothing_is_left_but_the_fact(admin, world):
    end_all()
    session = admin.session
    session["booking-draft"] = {"typed": {"name": world.lead.name}, "until": 9e12}
    session.save()
    before = [word for word in WORDS if any(word in row for row in everything())]
    assert before == list(WORDS)
    assert erase(admin, world).status_code == 302
    rows = everything()
    # Another lead of a flow holds the same words: that person was not meant.
    other = Lead.objects.get(connect_id="hooked")
    about = [row for row in rows if any(word in row for word in WORDS[:3])]
    mine = [row for row in about if str(other.pk) not in row and other.pk.hex not in row]
    assert [
        row for row in mine if not row.startswith(("Delivery", "LeadImport", "ImportRow"))
    ] == []
    assert "booking-draft" not in admin.session
    event = AuditEvent.objects.get(action="privacy.erased")
    assert event.details["leads"] == [str(world.lead.pk)]
    assert event.details["counts"]["bookings"] == 2
    assert leads.search(Organisation.objects.get(), "34") in ([], [other])


def test_every_page_still_opens_afterwards(admin, world):
    end_all()
    erase(admin, world)
    found = {}
    for name, address in world.pages().items():
        status = admin.get(address, follow=True).status_code
        # Its own pages are gone with it.
        wanted = {404} if str(world.lead.pk) in address and "/leads/" in address else {200}
        if status not in wanted:
            found[name] = status
    assert found == {}


def test_what_is_told_of_it_later_is_not_kept(admin, world):
    end_all()
    erase(admin, world)
    body = {"event": "table.entry.added", "leadId": "hostile", "data": {"name": "Back Again"}}
    organisation = Organisation.objects.get()
    way = Delivery.Way.EVENTS
    inbox.receive(organisation, way, json.dumps(body).encode(), now=timezone.now())
    assert not any("Back Again" in row for row in everything())


def test_a_form_told_of_it_later_is_not_kept_either(admin, world):
    end_all()
    erase(admin, world)
    body = {"event": "form.submission", "formId": "f", "tableEntryId": "hostile"}
    body["data"] = {"name": "Back Again"}
    organisation = Organisation.objects.get()
    inbox.receive(organisation, Delivery.Way.FORMS, json.dumps(body).encode(), now=timezone.now())
    assert Delivery.objects.filter(way=Delivery.Way.FORMS).exists()
    assert not any("Back Again" in row for row in everything())


def test_what_a_colleague_looked_for_and_a_file_without_headers_go_too(admin, world, person):
    end_all()
    name = "Zoraida Quint"
    Lead.objects.filter(pk=world.lead.pk).update(name=name)
    kim, pool = person("staff"), tables.LeadPool.objects.first()
    view = {"filter": {"text": name.lower()}, "face": "table"}
    tables.PoolView.objects.update_or_create(
        person=kim, pool=pool, defaults={"settings": view, "used_at": timezone.now()}
    )
    tables.LeadImport.objects.filter(pk=world.imported.pk).update(headers=["1", name])
    assert erase(admin, world).status_code == 302
    assert not any("uint" in row for row in everything())
    assert tables.LeadImport.objects.get(pk=world.imported.pk).headers == ["", ""]
    for page in ("import-list", "privacy"):
        assert admin.get(world.at(page)).status_code == 200
    assert admin.get(world.at("import-detail", pk=world.imported.pk)).status_code == 200
    assert (
        admin.get(world.at("import-mapping", pk=world.imported.pk), follow=True).status_code == 200
    )
    rows = admin.get(world.at("import-rows", pk=world.imported.pk))
    assert rows.status_code == 200
    assert b"".join(rows.streaming_content if rows.streaming else [rows.content])


def refuse_all():
    """Everything ended in a no that nobody has seen yet."""
    Write.objects.update(state="refused", reason="invalid", seen_at=None)


def test_what_nobody_has_seen_yet_is_no_card_without_words_afterwards(admin, world):
    refuse_all()
    needs_you = reverse("needs-you")
    theirs = {str(pk) for pk in Write.objects.filter(lead=world.lead).values_list("pk", flat=True)}
    before = admin.get(needs_you).content.decode()
    assert [pk for pk in theirs if pk in before]
    assert erase(admin, world).status_code == 302
    answer = admin.get(needs_you)
    assert answer.status_code == 200
    assert [pk for pk in theirs if pk in answer.content.decode()] == []


def test_what_nobody_has_seen_yet_keeps_its_words(world, organisation):
    refuse_all()
    organisation.settings = {"keep_writes_days": 1}
    organisation.save()
    later = timezone.now() + timedelta(days=30)
    assert "writes" not in retention.of_organisation(organisation, now=later)
    Write.objects.update(seen_at=timezone.now())
    assert retention.of_organisation(organisation, now=later)["writes"] == Write.objects.count()


def test_what_was_asked_while_the_lead_was_erased_goes_once_it_has_ended(admin, world):
    late = Write.objects.filter(lead=world.lead).first()
    words, payload = "Zoraida rang", dict(late.payload)
    end_all()
    assert erase(admin, world).status_code == 302
    for state in ("due", "done"):
        found = Write.objects.filter(pk=late.pk)
        found.update(state=state, payload=payload | {"note": words}, forgotten_at=None)
        retention.run(now=timezone.now())
        there = any(words in row for row in everything())
        assert there == (state == "due")


def test_what_is_wrong_with_one_organisation_keeps_no_other_from_forgetting(world, organisation):
    organisation.settings = {"keep_leads_days": 10}
    organisation.save()
    for name in ("a", "z"):
        Organisation.objects.create(
            name=name, slug=name, connect_url="https://b.example", settings={"nonsense": 1}
        )
    later = timezone.now() + timedelta(days=400)
    assert retention.run(now=later)["leads"] > 0
    assert Lead.objects.filter(organisation=organisation).exclude(erased_at=None).exists()


def test_another_organisation_is_not_searched(client_of, world, elsewhere):
    subject = subjects.subject(elsewhere, [world.lead.pk])
    assert subject.leads == ()
    assert exporting.counts(subject) == {}


def test_every_sealed_column_is_among_the_holdings():
    listed = {(holding.model.__name__, name) for holding in HOLDINGS for name in holding.words}
    sealed = {
        (model.__name__, field.name)
        for model in vars(tables).values()
        if isinstance(model, type) and issubclass(model, models.Model)
        for field in model._meta.get_fields()
        if isinstance(field, SealedTextField | SealedJSONField)
    }
    assert sealed - listed - ABOUT_NOBODY == set()


class TestForgettingByItself:
    def test_only_what_is_older_than_the_policy_goes(self, world, organisation):
        organisation.settings = {"keep_deliveries_days": 30, "keep_imports_days": 30}
        organisation.save()
        assert retention.of_organisation(organisation, now=timezone.now()) == {}
        later = timezone.now() + timedelta(days=31)
        type(world.imported).objects.update(ended_at=timezone.now())
        assert retention.of_organisation(organisation, now=later) == {
            "deliveries": 1,
            "import_rows": 2,
        }
        assert retention.of_organisation(organisation, now=later) == {}
        assert AuditEvent.objects.get(action="retention.ran").details["deliveries"] == 1

    def test_a_file_that_nobody_began_to_import_goes_too(self, world, organisation):
        organisation.settings = {"keep_imports_days": 30, "keep_deliveries_days": 0}
        organisation.save()
        batches = type(world.imported).objects
        batches.update(due_at=None, ended_at=None, asked_at=timezone.now())
        early, late = (timezone.now() + timedelta(days=days) for days in (29, 31))
        assert retention.of_organisation(organisation, now=early) == {}
        assert retention.of_organisation(organisation, now=late) == {"import_rows": 2}
        assert not batches.exists()

    def test_audited_values_of_no_organisation_go_with_the_last_that_keeps_its_own(
        self, organisation, elsewhere
    ):
        now = timezone.now()
        audit.record("preferences.changed", at=now, before={"theme": "a"}, after={"theme": "b"})
        for place, days in ((organisation, 10), (elsewhere, 0)):
            Organisation.objects.filter(pk=place.pk).update(
                settings={"keep_audit_values_days": days}
            )
        retention.run(now=now + timedelta(days=400))
        assert AuditValues.objects.filter(event__organisation=None).count() == 1
        Organisation.objects.filter(pk=elsewhere.pk).update(settings={"keep_audit_values_days": 20})
        retention.run(now=now + timedelta(days=19))
        assert AuditValues.objects.filter(event__organisation=None).count() == 1
        retention.run(now=now + timedelta(days=21))
        assert not AuditValues.objects.filter(event__organisation=None).exists()
        assert AuditEvent.objects.filter(action="preferences.changed").exists()

    def test_writes_lose_their_words_once_and_keep_their_place(self, world, organisation):
        end_all()
        Write.objects.update(seen_at=timezone.now())
        organisation.settings = {"keep_writes_days": 10}
        organisation.save()
        later = timezone.now() + timedelta(days=11)
        count = Write.objects.count()
        assert retention.of_organisation(organisation, now=later)["writes"] == count
        assert Write.objects.count() == count
        assert "writes" not in retention.of_organisation(organisation, now=later)

    def test_silent_leads_go_unless_something_is_under_way(self, world, organisation):
        organisation.settings = {"keep_leads_days": 10}
        organisation.save()
        later = timezone.now() + timedelta(days=400)
        busy = set(Write.objects.filter(state__in=UNFINISHED).values_list("lead", flat=True))
        retention.of_organisation(organisation, now=later)
        left = set(Lead.objects.filter(erased_at=None).values_list("pk", flat=True))
        assert world.lead.pk in busy
        assert left == busy - {None}

    def test_for_ever_is_for_ever(self, world, organisation):
        names = ("deliveries", "imports", "writes", "leads", "audit_values")
        organisation.settings = {f"keep_{name}_days": 0 for name in names}
        organisation.save()
        later = timezone.now() + timedelta(days=40_000)
        assert retention.of_organisation(organisation, now=later) == {}


def test_the_database_has_tables():
    # Guards ``everything``: it must see all of ours.
    ours = {name for name in connection.introspection.table_names() if name.startswith("domain_")}
    seen = {
        model._meta.db_table
        for model in vars(tables).values()
        if isinstance(model, type) and issubclass(model, models.Model)
    }
    # Two tables of links between parts of the catalogue have no class.
    assert {name for name in ours - seen if not name.endswith("_resources")} == set()

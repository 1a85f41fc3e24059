"""Changing policies, and each of them doing what it says."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from bookingapp.domain import (
    contact_finds,
    lead_creation,
    lead_mirror,
    leads,
    leeway,
    policy_changes,
    rereading,
    signature,
    token_expiry,
)
from bookingapp.domain.contact_fields import Contact, contact_of, data_of
from bookingapp.domain.errors import Invalid
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.models import (
    AuditEvent,
    AuditValues,
    LeadPool,
    LeadState,
    Organisation,
    PoolState,
    Token,
)
from bookingapp.domain.policy import Policy, policy_of
from bookingapp.domain.policy_book import DEFAULTS, SECTIONS, Kind, bounds_of, choices_of, kind_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAMES = [name for section in SECTIONS for name in section.policies]


@pytest.fixture
def here(db):
    return Organisation.objects.create(name="Here", slug="here", connect_url="https://c.example")


@pytest.fixture
def admin(db):
    return get_user_model().objects.create(username="admin", first_name="Kim", last_name="Sommer")


@pytest.fixture
def change(here, admin):
    """``change(later_limit=3)``: as an admin who has just opened the page."""

    def make(seen=None, **wanted):
        known = (
            policy_changes.present(Organisation.objects.get(pk=here.pk)) if seen is None else seen
        )
        return policy_changes.change(here, wanted, known, person=admin, now=NOW)

    return make


@pytest.fixture
def pool(here):
    return LeadPool.objects.create(organisation=here, connect_id="pool", name="Enquiries")


@pytest.fixture
def lead(here, pool):
    def make(**data):
        told = {"id": uuid.uuid4().hex, "tableId": pool.connect_id, "data": data}
        return lead_mirror.adopt(here, told, now=NOW)[0]

    return make


def reread(organisation):
    """As the task does, until nothing is left."""
    turns = 0
    while rereading.go_on(organisation.pk, now=NOW):
        turns += 1
        assert turns < 50


def test_every_policy_is_in_one_section():
    assert sorted(NAMES) == sorted(Policy.__struct_fields__)


@pytest.mark.parametrize("name", NAMES)
def test_every_policy_has_a_kind_and_its_default_is_one_of_it(name):
    match kind_of(name):
        case Kind.NUMBER:
            least, most = bounds_of(name)
            assert least <= DEFAULTS[name] <= most
        case Kind.CHOICE:
            assert choices_of(name)[0] == DEFAULTS[name]
            assert len(choices_of(name)) == len(set(choices_of(name))) > 1


def test_only_what_differs_from_the_default_is_kept(here, change):
    assert change(later_limit=3, anyone="never") == ("later_limit", "anyone")
    assert Organisation.objects.get().settings == {"later_limit": 3, "anyone": "never"}
    change(later_limit=DEFAULTS["later_limit"])
    assert Organisation.objects.get().settings == {"anyone": "never"}


def test_a_change_is_in_the_audit_log_with_before_and_after(change, admin, here):
    change(nearby_minutes=30, later_limit=8)
    event = AuditEvent.objects.get(action="policies.changed")
    assert (event.person, event.organisation) == (admin, here)
    assert event.details == {"policies": ["nearby_minutes"]}
    values = AuditValues.objects.get(event=event)
    assert (values.before, values.after) == ({"nearby_minutes": 60}, {"nearby_minutes": 30})


def test_nothing_changed_is_nothing_noted(change):
    assert change(later_limit=8) == ()
    assert not AuditEvent.objects.exists()


def test_two_admins_with_different_policies_both_count(change):
    page = dict(DEFAULTS)
    change(page, later_limit=3, booking_attempts=3)
    change(page, later_limit=8, booking_attempts=5)
    assert Organisation.objects.get().settings == {"later_limit": 3, "booking_attempts": 5}


def test_the_same_policy_changed_meanwhile_is_shown_and_not_overwritten(change):
    page = dict(DEFAULTS)
    change(page, later_limit=3)
    with pytest.raises(policy_changes.ChangedMeanwhile) as error:
        change(page, later_limit=5, booking_attempts=5)
    assert error.value.present == {"later_limit": 3}
    assert Organisation.objects.get().settings == {"later_limit": 3}
    # Both wanted the same: nothing to ask about.
    assert change(page, later_limit=3) == ()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"booking_attempts": 0}, "number"),
        ({"booking_attempts": "many"}, "number"),
        ({"anyone": "always"}, "choice"),
        ({"phone_keys": ["x"] * 21}, "keys"),
        ({"phone_keys": []}, "needs_one"),
        ({"cancel_reasons": []}, "needs_one"),
        ({"cancel_reasons": ["x" * 101]}, "reasons"),
        ({"name_keys": [], "last_name_keys": []}, "needs_name"),
        ({"country": "Germany"}, "country"),
        ({"country": "XX"}, "country"),
        ({"intent_key": "phone"}, "is_contact_key"),
        ({"cancel_state": "nobody-knows"}, "unknown"),
        ({"protected_states": ["nobody-knows"]}, "unknown"),
        ({"usual_types": {"no-pool": "no-type"}}, "unknown"),
        ({"pool_keys": {"no-pool": {"phone_keys": ["tel"]}}}, "unknown"),
        ({"person_field": "no-such-field"}, "unknown_field"),
    ],
)
def test_what_cannot_be_is_refused_at_its_policy(change, wanted, code):
    with pytest.raises(Invalid) as error:
        change(**wanted)
    assert code in error.value.fields.values()
    assert set(error.value.fields) <= set(wanted)
    assert Organisation.objects.get().settings == {}


def test_a_state_that_is_gone_may_stay_but_no_stranger_comes(here, change):
    gone = LeadState.objects.create(organisation=here, connect_id="gone", name="Old", gone_at=NOW)
    change(protected_states=[gone.connect_id])
    with pytest.raises(Invalid):
        change(protected_states=[gone.connect_id, "stranger"])


def test_a_form_cannot_exceed_what_the_policy_allows():
    never = Policy(anyone="never", nearby="never")
    assert leeway.allowed(never, anyone=True, nearby=True) == (False, False)
    assert leeway.allowed(Policy(), anyone=True, nearby=True) == (True, True)
    assert leeway.allowed(Policy(anyone="chosen"), anyone=False) == (False, False)
    assert leeway.offer(Policy(anyone="chosen")).anyone_ticked


def test_a_pool_has_keys_of_its_own_and_the_rest_from_the_organisation(pool):
    policy = policy_of({"pool_keys": {pool.connect_id: {"phone_keys": ["handy"]}}})
    data = {"name": "Anna", "handy": "030 1234567", "phone": "other"}
    assert contact_of(data, {}, policy.of_pool(pool)) == Contact("Anna", "030 1234567")
    assert contact_of(data, {}, policy.of_pool(None)).phone == "other"
    assert data_of(Contact("Anna", "030 1"), policy.of_pool(pool)) == {
        "name": "Anna",
        "handy": "030 1",
    }


def test_a_name_kept_in_two_parts_is_written_in_two_parts():
    policy = Policy(name_keys=())
    assert data_of(Contact("Anna Maria Muster"), policy) == {
        "firstName": "Anna Maria",
        "lastName": "Muster",
    }


def test_leads_are_read_and_found_anew_when_their_keys_change(here, pool, change, lead):
    anna = lead(name="Anna Muster", handy="030 5551234")
    assert (anna.phone, leads.search(here, "5551234")) == ("", [])
    change(pool_keys={pool.connect_id: {"phone_keys": ["handy"]}})
    assert rereading.of(here).ended_at is None
    reread(here)
    assert [found.phone for found in leads.search(here, "5551234")] == ["030 5551234"]
    run = rereading.of(here)
    assert (run.done, run.total, run.ended_at) == (1, 1, NOW)


def test_rereading_goes_on_where_a_dead_hand_left_it(here, change, lead, monkeypatch):
    monkeypatch.setattr(rereading, "CHUNK", 2)
    monkeypatch.setattr(rereading, "CHUNKS", 1)
    for number in range(5):
        lead(name=f"Lead {number}", handy=f"030 555000{number}")
    change(phone_keys=["handy"])
    assert rereading.go_on(here.pk, now=NOW)
    assert rereading.due(now=NOW) == [here.pk]
    assert rereading.of(here).done == 2
    reread(here)
    assert rereading.of(here).done == 5
    assert len(leads.search(here, "Lead")) == 5
    assert all(one.phone for one in leads.search(here, "Lead"))


def test_another_country_finds_other_numbers(here, change, lead):
    lead(name="Anna Muster", phone="044 668 18 00")
    swiss = Contact("Somebody", "+41 44 668 18 00")
    assert leads.same_person(here, swiss) == []
    change(country="CH")
    reread(here)
    assert [one.name for one in leads.same_person(here, swiss)] == ["Anna Muster"]


def test_another_unit_makes_the_catalogue_stale(here, change):
    Organisation.objects.update(catalogue_at=NOW)
    change(length_unit="seconds")
    assert Organisation.objects.get().catalogue_at < NOW - timedelta(days=1)


def test_from_when_admins_are_told_of_a_token_that_ends_holds_at_once(here, change):
    ends = {"label": "Reads", "sealed": b"", "expires_on": NOW.date() + timedelta(days=10)}
    Token.objects.create(organisation=here, **ends)
    assert token_expiry.warning(here, today=NOW.date()) == ("Reads", 10)
    change(expiry_warning_days=5)
    assert token_expiry.warning(here, today=NOW.date()) is None


def test_what_says_nothing_of_contacts_rereads_nothing(here, change):
    change(later_limit=3)
    assert rereading.of(here) is None


def test_a_new_lead_is_signed_and_stands_under_the_keys_of_its_pool(
    here, pool, change, lead, admin
):
    state = LeadState.objects.create(organisation=here, connect_id="fresh", name="Fresh")
    PoolState.objects.create(pool=pool, state=state, position=1, default=True)
    Organisation.objects.update(catalogue_at=NOW)
    change(custom_field_names={"cf-1": "By"})
    change(person_field="cf-1", pool_keys={pool.connect_id: {"phone_keys": ["handy"]}})
    here.refresh_from_db()
    new = NewLead(pool.pk, Contact("Anna Muster", "030 5551234"))
    write, _ = lead_creation.ask(here, admin, new, intent=uuid.uuid4(), now=NOW)
    assert write.payload["custom_field_data"] == {"cf-1": "Kim Sommer"}
    assert write.payload["data"]["handy"] == "030 5551234"
    assert "phone" not in write.payload["data"]


def test_a_patch_is_signed_only_where_the_lead_has_another_name(admin):
    policy = Policy(person_field="cf-1")
    moved = {"lead_state_id": "won"}
    signed = {"lead_state_id": "won", "custom_field_data": {"cf-1": "Kim Sommer"}}
    assert signature.signed(moved, admin, policy, {}) == signed
    assert signature.signed(moved, admin, policy, {"cf-1": "Kim Sommer"}) == moved
    assert signature.signed(moved, None, policy, {}) == moved
    assert signature.signed(moved, admin, Policy(), {}) == moved


def test_how_many_leads_have_a_phone_and_what_else_looks_like_one(here, pool, lead):
    lead(name="Anna", handy="030 5551234", mail="a@example.com")
    lead(name="Ben", phone="030 5551235")
    told = contact_finds.sample(here, pool)
    found = contact_finds.count(told, Policy())
    assert (found.leads, found.name, found.phone, found.email) == (2, 2, 1, 0)
    offered = contact_finds.offered(told, Policy())
    assert offered["phone_keys"] == {"handy": 1}
    assert offered["email_keys"] == {"mail": 1}


def test_the_table_in_the_docs_is_this_one():
    text = (Path(__file__).parents[2] / "docs" / "policies.md").read_text()
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| `(.*)` \| (.*) \|$", text, re.M)
    wanted = [
        (section.name, name, json.dumps(DEFAULTS[name], ensure_ascii=False), allowed(name))
        for section in SECTIONS
        for name in section.policies
    ]
    assert rows == wanted


def allowed(name):
    match kind_of(name):
        case Kind.NUMBER:
            least, most = bounds_of(name)
            return f"{least} to {most}"
        case Kind.CHOICE:
            return ", ".join(f"`{one}`" for one in choices_of(name))
        case kind:
            return kind.replace("_", " ")

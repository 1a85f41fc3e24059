"""The page of policies: read as a whole, changed a section at a time, nothing lost."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import lead_mirror
from bookingapp.domain.models import LeadPool, LeadState, Organisation
from bookingapp.domain.policy import Policy
from bookingapp.domain.policy_book import SECTIONS
from bookingapp.web.presenters.policy_words import CHOICES, POLICIES
from bookingapp.web.presenters.policy_words import SECTIONS as WORDS

pytestmark = pytest.mark.django_db

HERE = [one.name for one in SECTIONS if not one.is_elsewhere]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """Whom a save wakes is told in ``woken``."""
    monkeypatch.setattr("bookingapp.web.views.policies.wake", lambda pk: None)
    monkeypatch.setattr("bookingapp.web.views.policies.refresh_soon", lambda: None)


@pytest.fixture
def admin(client_of):
    return client_of("admin")


@pytest.fixture
def address(organisation):
    Organisation.objects.filter(pk=organisation.pk).update(catalogue_at=timezone.now())
    return reverse("policies", kwargs={"slug": organisation.slug})


def filled(page, **changes):
    """The open form as a browser would send it."""
    body = page.content.decode()
    form = re.search(r'<form class="policies-form".*?</form>', body, re.S).group()
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = attribute(tag, "name"), attribute(tag, "value")
        ticks = 'type="radio"' in tag or 'type="checkbox"' in tag
        if name and (not ticks or " checked" in tag):
            fields.setdefault(name, []).append(value or "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        fields.setdefault(name, []).append(unescape(text))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields.setdefault(name, []).append(unescape(chosen.group(1)) if chosen else "")
    return fields | changes


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else None


def opened(client, address, section):
    page = client.get(address, {"section": section})
    assert page.status_code == 200
    return page


def settings_now():
    return Organisation.objects.get(slug="praxis-am-park").settings


def test_every_policy_stands_on_the_page_with_words_of_its_own(admin, address):
    page = unescape(admin.get(address).content.decode())
    for name in Policy.__struct_fields__:
        assert f"<dt>{POLICIES[name][0]}</dt>" in page
    for section in SECTIONS:
        assert str(WORDS[section.name][0]) in page


def test_words_name_no_policy_that_there_is_not():
    assert set(POLICIES) == set(Policy.__struct_fields__)
    assert set(CHOICES) <= set(Policy.__struct_fields__)


@pytest.mark.parametrize("section", HERE)
def test_a_section_saved_as_it_is_changes_nothing(admin, address, section):
    page = opened(admin, address, section)
    assert admin.post(address, filled(page)).status_code == 302
    assert settings_now() == {}


@pytest.mark.parametrize("section", HERE)
def test_every_policy_of_a_section_has_a_control(admin, address, section):
    fields = filled(opened(admin, address, section))
    known = {name.split(".")[0] for name in fields}
    wanted = set(next(one.policies for one in SECTIONS if one.name == section))
    # Nothing is known here that these could choose from.
    assert wanted - known <= {"protected_states", "usual_types", "pool_keys"}


def test_a_change_is_saved_marked_and_taken_back(admin, address):
    page = opened(admin, address, "booking")
    saved = admin.post(address, filled(page, booking_attempts=["5"], anyone=["never"]))
    assert saved.url.endswith("?section=booking&saved=1#booking")
    assert "Saved." in admin.get(saved.url.split("#")[0]).content.decode()
    assert settings_now() == {"booking_attempts": 5, "anyone": "never"}
    page = admin.get(address)
    assert "changed; default: 3 slots" in page.content.decode()
    page = opened(admin, address, "booking")
    act = {"act": "default:booking_attempts"}
    assert admin.post(address, filled(page) | act).status_code == 302
    assert settings_now() == {"anyone": "never"}


def test_going_back_to_a_default_keeps_what_else_is_typed(admin, address, organisation):
    Organisation.objects.update(settings={"later_limit": 3})
    page = opened(admin, address, "booking")
    answer = admin.post(
        address, filled(page, booking_attempts=["7"]) | {"act": "default:later_limit"}
    )
    assert settings_now() == {}
    fields = filled(answer)
    assert fields["booking_attempts"] == ["7"]
    admin.post(address, fields)
    assert settings_now() == {"booking_attempts": 7}


def test_a_number_that_cannot_be_is_said_at_its_field_and_nothing_is_lost(admin, address):
    page = opened(admin, address, "booking")
    answer = admin.post(address, filled(page, booking_attempts=["99"], later_limit=["<b>"]))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Give a whole number from 1 to 10." in body
    assert "Give a whole number from 1 to 50." in body
    assert "<b>" not in body
    assert filled(answer)["booking_attempts"] == ["99"]
    assert settings_now() == {}


def test_the_same_policy_changed_meanwhile_is_shown_then_decided(admin, address):
    page = opened(admin, address, "booking")
    Organisation.objects.update(settings={"later_limit": 3})
    answer = admin.post(address, filled(page, later_limit=["5"]))
    assert answer.status_code == 422
    assert "Saved by somebody else meanwhile: <bdi>3 tries</bdi>" in answer.content.decode()
    assert settings_now() == {"later_limit": 3}
    assert admin.post(address, filled(answer)).status_code == 302
    assert settings_now() == {"later_limit": 5}


def test_a_preview_says_what_it_would_do_and_saves_nothing(admin, address):
    page = opened(admin, address, "leads")
    answer = admin.post(address, filled(page, lead_link_field=["both"]) | {"act": "preview"})
    body = unescape(answer.content.decode())
    assert '"entryId": "entry_…"' in body
    assert '"tableEntryId": "entry_…"' in body
    assert settings_now() == {}


def test_a_reschedule_is_shown_in_its_order(admin, address):
    page = opened(admin, address, "moving")
    body = page.content.decode()
    assert body.index("book the new slot</li>") < body.index("delete the old booking</li>")
    fields = filled(page, reschedule_order=["delete_first"]) | {"act": "preview"}
    body = admin.post(address, fields).content.decode()
    assert body.index("delete the old booking</li>") < body.index("book the new slot</li>")


def test_reasons_are_added_ordered_and_taken_away_without_a_script(admin, address):
    page = opened(admin, address, "cancelling")
    page = admin.post(address, filled(page, own_reason=["Moved away"]) | {"act": "add"})
    page = admin.post(address, filled(page) | {"act": "up:5"})
    page = admin.post(address, filled(page) | {"act": "drop:0"})
    assert settings_now() == {}
    admin.post(address, filled(page))
    wanted = ["lead_ill", "no_show", "we_cannot", "Moved away", "mistake"]
    assert settings_now() == {"cancel_reasons": wanted}


def test_states_are_chosen_by_name_and_a_gone_one_says_so(admin, address, organisation):
    LeadState.objects.create(organisation=organisation, connect_id="ls-1", name="Moving")
    LeadState.objects.create(
        organisation=organisation, connect_id="ls-2", name="Old", gone_at=timezone.now()
    )
    Organisation.objects.update(settings={"cancel_state": "ls-2"})
    body = opened(admin, address, "cancelling").content.decode()
    assert ">Old (gone)</option>" in body
    body = opened(admin, address, "moving").content.decode()
    assert ">Moving</option>" in body
    assert "Old" not in body.split('id="moving"')[1].split("</form>")[0]


def test_keys_of_a_pool_are_chosen_from_those_seen(admin, address, organisation):
    pool = LeadPool.objects.create(organisation=organisation, connect_id="pool", name="Enquiries")
    told = {"id": "one", "tableId": "pool", "data": {"name": "Anna", "handy": "030 5551234"}}
    lead_mirror.adopt(organisation, told, now=timezone.now())
    page = opened(admin, address, "contacts")
    assert "Of the last 1 leads 1 have a name here, 0 a phone" in page.content.decode()
    act = "key:" + json.dumps([pool.connect_id, "phone_keys", "handy"])
    answer = admin.post(address, filled(page) | {"act": act})
    assert "1 a phone" in answer.content.decode()
    admin.post(address, filled(answer))
    assert settings_now()["pool_keys"]["pool"]["phone_keys"] == ["handy"]
    assert "Leads are being read again" in admin.get(address).content.decode()


@pytest.mark.parametrize(
    "act", ["up:99999", "key:[", "key:[1,2,3]", "default:nothing", "x", "drop:²"]
)
def test_a_button_by_hand_does_no_harm(admin, address, act):
    page = opened(admin, address, "cancelling")
    assert admin.post(address, filled(page) | {"act": act}).status_code == 200
    assert settings_now() == {}


@pytest.mark.parametrize("seen", ["", "[", "[]", '"x"', "[" * 5_000])
def test_a_seen_by_hand_does_no_harm(admin, address, seen):
    page = opened(admin, address, "booking")
    assert admin.post(address, filled(page) | {"seen": seen}).status_code in {302, 422}
    assert settings_now() == {}

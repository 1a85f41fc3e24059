"""The whole first run in a real browser, by keyboard: from the setup code to a booking."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from bookingapp import connect
from bookingapp.domain.models import Invitation, Organisation, Write
from tests.web.grid_samples import slot
from tests.web.organisation_world import SECRET, put_in_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "abcd-efgh-2345"
ZONE = ZoneInfo("Europe/Berlin")


class _Resource:
    connect_id, name = "res_1", "Zoë"


@pytest.fixture
def told(monkeypatch):
    fake = put_in_place(monkeypatch)
    fake.monday = timezone.now().astimezone(ZONE).date()
    fake.monday += timedelta(days=7 - fake.monday.weekday())
    nine = datetime(fake.monday.year, fake.monday.month, fake.monday.day, 9, tzinfo=ZONE)
    fake.slot = slot(nine.astimezone(UTC), _Resource)
    fake.told["get_availability"] = connect.Availability(slots=(fake.slot,))
    return fake


@pytest.fixture
def _practice(settings, tmp_path):
    lead = {"id": "entry_1", "tableId": "tbl_1", "data": {"name": "Anna Muster"}}
    note = {
        "name": "Practice",
        "connect_url": "http://127.0.0.1:8001",
        "tokens": [{"secret": SECRET, "label": "admin"}],
        "leads": [json.dumps(lead)],
    }
    (tmp_path / "practice.json").write_text(json.dumps(note))
    settings.PRACTICE_FILE, settings.SETUP_CODE = str(tmp_path / "practice.json"), CODE


@pytest.mark.usefixtures("_practice")
def test_from_the_setup_code_to_a_booking_by_keyboard(open_as, told):
    page = open_as()
    keys = page.keyboard
    page.goto(f"{page.home}/")
    _make_the_account(page, keys)
    _practise(page, keys)
    _choose_and_invite(page, keys)
    _book(page, keys, told)


def _make_the_account(page, keys):
    expect(page.get_by_label("Setup code")).to_be_focused()
    for text in (CODE, "owner", "", "three-wise-otters-knit"):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect an organisation")
    assert get_user_model().objects.get().is_superuser


def _practise(page, keys):
    """An address that leads inside is told at its field, and has the focus; then: practice."""
    expect(page.get_by_label("Name")).to_be_focused()
    for text in ("Praxis", "https://10.0.0.1", SECRET):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    address = page.get_by_label("Address of Connect")
    expect(address).to_be_focused()
    expect(page.locator("#id_connect_url-error")).to_contain_text("not a public address")
    page.get_by_role("button", name="Add the practice organisation").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to use?")


def _choose_and_invite(page, keys):
    page.get_by_label("Alt").focus()
    keys.press("Space")
    page.get_by_role("button", name="Use these").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who works with you?")
    assert Organisation.objects.get().settings["hidden_pools"] == ["tbl_2"]
    page.get_by_role("button", name="Make a link").focus()
    keys.press("Enter")
    expect(page.get_by_label("Link", exact=True)).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()
    assert Invitation.objects.count() == 1
    page.get_by_role("link", name="Go on").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Try a booking")


def _book(page, keys, told):
    page.get_by_role("button", name="Open the practice grid").focus()
    keys.press("Enter")
    expect(page.locator(".badge[data-tone=practice]")).to_be_visible()
    place = Organisation.objects.get()
    grid = reverse("availability", kwargs={"slug": place.slug})
    page.goto(f"{page.home}{grid}?date={told.monday.isoformat()}")
    page.locator(".slot-grid [value^='2']").first.focus()
    keys.press("Enter")
    expect(page.locator("#lead-q")).to_be_focused()
    keys.type("anna")
    keys.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Anna Muster")
    assert Write.objects.get().lead.name == "Anna Muster"

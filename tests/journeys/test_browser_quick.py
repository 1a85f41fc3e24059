"""A lead booked with two keys from its card, and no second one made of somebody who is there."""

import re
import uuid
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import BOOKED, REFUSED, shows

pytestmark = [pytest.mark.browser, pytest.mark.processes]
UNTOUCHED = (
    "SELECT l.*, o.slug FROM domain_lead l JOIN domain_organisation o ON o.id = l.organisation_id"
    " JOIN domain_appointmenttype t ON t.connect_id = l.interested_in_connect_id"
    " JOIN domain_leadpool p ON p.id = l.pool_id"
    " WHERE NOT EXISTS (SELECT 1 FROM domain_write w WHERE w.lead_id = l.id)"
    " AND l.phone <> '' AND l.name <> '' ORDER BY o.name, l.created_at DESC LIMIT 1"
)


def on_board(screen):
    """The board with a lead on it that is interested in something; the lead's row and link."""
    lead = screen.desk.sql(UNTOUCHED)[0]
    page = screen.sign_in(to=f"/o/{lead['slug']}/pools/{lead['pool_id']}/")
    card = page.locator(f"[data-lead-slots*='{uuid.UUID(str(lead['id']))}']").first
    expect(card).to_be_visible()
    screen.desk.sandbox.forget_calls()
    return page, lead, card.locator("a").first


def test_b_and_enter_book_the_next_fitting_slot(open_screen, calm):
    screen = open_screen()
    page, lead, link = on_board(screen)
    link.focus()
    screen.forget()
    page.keyboard.press("b")
    first = page.locator("#quick .choice").first
    expect(first).to_be_focused(timeout=30_000)
    page.keyboard.press("Enter")
    shows(page, BOOKED)
    assert screen.presses == ["b", "Enter"]
    made = [row for row in calm.sandbox.bookings("connect") if row["leadId"] == lead["connect_id"]]
    assert len(made) == 1
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-lead-slots*='{uuid.UUID(str(lead['id']))}']").first).to_be_visible()
    # Whoever goes on by keys goes on from the lead that was booked.
    page.wait_for_function(
        "pk => document.activeElement.closest('[data-lead-slots]')?.dataset.leadSlots.includes(pk)",
        arg=str(uuid.UUID(str(lead["id"]))),
    )


def test_b_opens_the_slots_of_the_row_with_the_focus(open_screen, calm):
    screen = open_screen()
    lead = screen.desk.sql(UNTOUCHED)[0]
    key = str(uuid.UUID(str(lead["id"])))
    table = f"/o/{lead['slug']}/pools/{lead['pool_id']}/table/"
    page = screen.sign_in(to=f"{table}?text={quote(lead['name'])}")
    page.locator(f"#lead-{key}").focus()
    page.keyboard.press("b")
    expect(page.locator("#quick .choice").first).to_be_focused(timeout=30_000)
    page.keyboard.press("Escape")
    expect(page.locator(f"#lead-{key}")).to_be_focused()


def test_whoever_is_there_already_is_used_and_nobody_made(open_screen, calm):
    screen = open_screen()
    screen.allowed.append(REFUSED)
    page, lead, _link = on_board(screen)
    page.keyboard.press("n")
    expect(page.locator("#new-name")).to_be_focused(timeout=30_000)
    page.keyboard.type("Somebody Else")
    page.keyboard.press("Tab")
    page.keyboard.type(lead["phone"])
    stop = page.locator("#lead-same")
    expect(stop).to_contain_text(lead["name"], timeout=30_000)
    expect(stop.get_by_role("button", name="Create another one all the same")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/leads/[0-9a-f-]{36}/"), timeout=30_000)
    assert calm.sandbox.calls("POST", "/connect/table_entries/") == []

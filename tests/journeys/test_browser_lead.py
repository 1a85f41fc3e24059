"""The page of a lead by keys: two people change the same field, and from one lead to the next."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import REFUSED
from tests.journeys.test_browser_keyboard import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.processes]

HOSTILE = "<script>document.title='taken'</script>\u202e🙂"
LIMIT = 40_000
# A look that was under way when the form replaced its part: what it brings has nowhere to go, and
# what is shown is newer.
OVERTAKEN = r"^htmx:oobErrorNoTarget, #(lead-\w+|needs-you-count) "


@pytest.fixture
def lead(calm):
    """One with a first name that nothing is asked for yet: its page's address, and its id."""
    rows = calm.sql(
        "SELECT l.id, l.connect_id, l.pool_id, l.data, o.slug FROM domain_lead l"
        " JOIN domain_organisation o ON o.id = l.organisation_id"
        " WHERE NOT EXISTS"
        " (SELECT 1 FROM domain_write w WHERE w.lead_id = l.id) ORDER BY l.sort_name"
    )
    row = next(row for row in rows if "firstName" in row["data"])
    row["address"] = f"/o/{row['slug']}/leads/{uuid.UUID(str(row['id']))}/"
    return row


def open_form(screen, username, lead):
    page = screen.sign_in(username, to=lead["address"])
    expect(page.locator("#lead-edit-open")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#lead-v0")).to_be_focused(timeout=LIMIT)
    return page


def type_over(page, text):
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def told(calm, lead):
    return next(one for one in calm.sandbox.leads() if one["id"] == lead["connect_id"])["data"]


def test_two_people_change_a_lead_by_keys_and_neither_loses_a_word(open_screen, calm, lead):
    one, other = open_screen(), open_screen()
    one.allowed, other.allowed = [OVERTAKEN], [OVERTAKEN, REFUSED]
    first, second = open_form(one, "staff", lead), open_form(other, "manager", lead)
    type_over(first, "Ada")
    first.keyboard.press("Enter")
    expect(first.locator(".lead-fields")).to_contain_text("Ada", timeout=LIMIT)
    expect(first.locator("#lead-edit-open")).to_be_focused()

    type_over(second, "Bea")
    tab_to(second, "#lead-v1")
    type_over(second, HOSTILE)
    second.keyboard.press("Enter")
    expect(second.locator("#lead-data .notice")).to_be_focused(timeout=LIMIT)
    expect(second.locator("#lead-v0")).to_have_value("Bea")
    expect(second.locator("#lead-v1")).to_have_value(HOSTILE)
    expect(second.locator("#lead-c0")).to_contain_text("Take theirs: Ada")
    tab_to(second, "#lead-c0")
    second.keyboard.press("ArrowDown")
    expect(second.get_by_label("Keep mine, as typed above")).to_be_checked()
    second.keyboard.press("Enter")
    expect(second.locator(".lead-fields")).to_contain_text(HOSTILE, timeout=LIMIT)

    calm.wait_for(lambda: told(calm, lead).get("firstName") == "Bea", what="both edits")
    assert HOSTILE in told(calm, lead).values()
    # The page shows by itself that Connect has it all.
    expect(second.locator("[data-pending]")).to_have_count(0, timeout=LIMIT)
    assert second.title() != "taken"


def test_from_one_lead_to_the_next_and_back_by_one_key(open_screen, lead):
    screen = open_screen()
    screen.allowed = [OVERTAKEN]
    page = screen.sign_in("staff", to=lead["address"])
    page = screen.goto(f"{lead['address']}?list=table&sort=name&pool={lead['pool_id'] or 0}")
    here = page.locator("h1").inner_text()
    page.keyboard.press("j")
    page.wait_for_url(lambda url: lead["address"] not in url, timeout=LIMIT)
    expect(page.locator("h1")).to_be_visible()
    page.keyboard.press("k")
    page.wait_for_url(lambda url: lead["address"] in url, timeout=LIMIT)
    expect(page.locator("h1")).to_have_text(here)
    page.keyboard.press("n")
    expect(page.locator("#lead-note-text")).to_be_focused()
    page.keyboard.type("Call after six")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lead-story")).to_contain_text("Call after six", timeout=LIMIT)
    expect(page.locator("#lead-note-text")).to_have_value("")

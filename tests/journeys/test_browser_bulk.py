"""Many leads moved from the table: by keys, with their number typed, stopped and resumed; and by
plain forms.
"""

import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import REFUSED
from tests.journeys.place import undo_window

pytestmark = [pytest.mark.processes, pytest.mark.browser]
PATCH = {"method": "PATCH", "path": "/connect/table_entries/"}


@pytest.fixture
def pool(calm):
    """The pool with the most leads: its address, and its states."""
    (most,) = calm.sql(
        "SELECT p.id, o.slug FROM domain_lead l JOIN domain_leadpool p ON p.id = l.pool_id"
        " JOIN domain_organisation o ON o.id = p.organisation_id"
        " GROUP BY p.id, o.slug ORDER BY count(*) DESC LIMIT 1"
    )
    undo_window(calm, "manager")
    states = calm.sql(
        "SELECT s.connect_id, s.name FROM domain_poolstate ps JOIN domain_leadstate s"
        " ON s.id = ps.state_id WHERE ps.pool_id = %s ORDER BY ps.position",
        most["id"],
    )
    return {"address": f"/o/{most['slug']}/pools/{most['id']}/table/?sort=newest", "states": states}


def chosen(page):
    return page.locator("input[data-select]:checked")


def test_by_keys_with_the_number_typed_stopped_and_resumed(open_screen, calm, pool):
    undo_window(calm, "manager", 1)
    screen = open_screen()
    screen.allowed.append(REFUSED)
    page = screen.sign_in("manager", to=pool["address"])
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(chosen(page)).to_have_count(1)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-select-count]")).to_have_text("3 selected")
    page.keyboard.press("Escape")
    expect(page.locator("[data-select-count]")).to_have_text("None selected")
    page.keyboard.press("Control+a")
    rows = page.locator("[data-select-row]").count()
    expect(page.locator("[data-select-count]")).to_have_text(f"{rows} selected")
    keys = [box.get_attribute("value") for box in chosen(page).all()]
    target = pool["states"][-1]
    page.locator("#bulk-to").focus()
    page.locator("#bulk-to").select_option(target["connect_id"])
    page.locator("#bulk-chosen").press("Enter")
    events = page.locator("input[name=expected]").get_attribute("value")
    assert int(events) >= 25, "few enough to need no typing"
    expect(page.locator(".bulk-confirm__events")).to_contain_text(f"Fires {events} automation")
    expect(page.locator("#bulk-typed")).to_be_focused()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(page.locator("#bulk-typed-error")).to_contain_text(f"Type {events} to go on")
    assert calm.sandbox.calls("PATCH") == []
    calm.sandbox.fault("latency", match=PATCH, ms=700)
    page.locator("#bulk-typed").fill(events)
    page.keyboard.press("Enter")
    headline = page.locator("#bulk-headline")
    expect(headline).to_contain_text(f"of {events} settled", timeout=60_000)
    expect(page.locator("#bulk-stop")).to_be_visible()
    page.keyboard.press("x")
    expect(headline).to_have_text("Stopped", timeout=60_000)
    assert len(calm.sandbox.calls("PATCH")) < int(events)
    calm.sandbox.clear_faults()
    page.keyboard.press("r")
    expect(headline).to_have_text("Finished", timeout=120_000)
    expect(page.locator(".bulk__parts")).to_contain_text(f"{events} are in their new state")
    assert screen.noted("lost") == []
    moved = {uuid.UUID(key).hex for key in keys}
    rows = calm.sql("SELECT id, connect_id FROM domain_lead")
    ids = [one["connect_id"] for one in rows if uuid.UUID(str(one["id"])).hex in moved]
    there = {one["id"]: one["leadStateId"] for one in calm.sandbox.leads()}
    assert {there[one] for one in ids} == {target["connect_id"]}


def test_by_plain_forms_and_undone(open_screen, calm, pool):
    undo_window(calm, "manager", 60)
    screen = open_screen(java_script_enabled=False)
    page = screen.sign_in("manager", to=pool["address"])
    for box in page.locator("input[data-select]").all()[:2]:
        box.check()
    taken = [field.input_value() for field in page.locator("select[name=state]").all()[:3]]
    free = next(one["connect_id"] for one in pool["states"] if one["connect_id"] not in taken[1:])
    page.locator("#bulk-to").select_option(free)
    page.locator("#bulk-chosen").click()
    page.locator("#bulk-go").click()
    expect(page.locator("#bulk-headline")).to_contain_text("Nothing has been sent yet")
    page.locator("#bulk-undo").click()
    expect(page.locator("#bulk-headline")).to_have_text("Undone: nothing was sent")
    assert calm.sandbox.calls("PATCH") == []

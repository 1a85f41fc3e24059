"""Booking in a real browser: letters and Enter, slow answers, another cell, one key to choose."""

import threading

import msgspec
import pytest
from playwright.sync_api import expect

from bookingapp import connect
from bookingapp.domain.models import Write
from bookingapp.domain.states import Kind
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(open_as, world, person):
    return open_as(person("staff"))


def open_slot(page, world, slot):
    page.goto(page.home + world.url(slot=ref(slot)))
    expect(page.locator("#lead-q")).to_be_focused()


def booked_lead():
    return Write.objects.get(kind=Kind.BOOK).lead.name


def test_one_press_four_letters_and_enter(page, world):
    slot = world.offer(9)
    page.goto(page.home + world.url())
    page.locator(f'.slot-grid [value="{ref(slot)}"]').click()
    expect(page.locator("#lead-q")).to_be_focused()
    page.keyboard.type("must")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Anna Muster")
    assert "/bookings/" in page.url
    assert booked_lead() == "Anna Muster"


def test_enter_waits_for_the_answer_to_what_was_typed_last(page, world):
    """The answer to the first letters comes late; Enter must not book its first hit."""
    world.known("Muriel Stein", "+49 40 9998887")
    open_slot(page, world, world.offer(9))
    late = threading.Event()

    def hold(route):
        # Of the answers still under way, the one to the first letters is the last to arrive.
        if route.request.url.endswith("q=m"):
            late.wait(0.3)
        route.continue_()

    page.route("**/leads/search/**", hold)
    page.keyboard.type("m")
    expect(page.locator("#lead-list")).to_be_visible()
    page.keyboard.type("u")
    expect(page.locator("#lead-list .lead__name").first).to_have_text("Anna Muster")
    page.keyboard.type("riel")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Muriel Stein")
    assert booked_lead() == "Muriel Stein"


# Instead of every fifteen seconds the grid never looks by itself.
NO_POLL = """(() => {
  const later = window.setTimeout;
  window.setTimeout = (act, wait, ...more) => (wait === 15000 ? 0 : later(act, wait, ...more));
})()"""


def test_a_confirmed_booking_shows_in_the_grid_at_once(page, world):
    page.add_init_script(NO_POLL)
    slot = world.offer(9, capacity=4, booked=1)
    open_slot(page, world, slot)
    page.keyboard.type("anna")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Asked for")
    world.connect.slots[:] = [msgspec.structs.replace(slot, booked=2)]
    world.run(Write.objects.get())
    cell = page.locator(f'.slot-grid [value="{ref(slot)}"]')
    expect(cell).to_contain_text("2 free")


def test_arrows_choose_and_the_field_says_which(page, world):
    world.known("Anna Zander", "+49 40 9998887")
    open_slot(page, world, world.offer(9))
    page.keyboard.type("anna")
    expect(page.locator('#lead-list [aria-selected="true"]')).to_contain_text("Anna Muster")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#lead-q")).to_have_attribute("aria-activedescendant", "lead-hit-2")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Anna Zander")


def test_a_new_lead_in_place_gets_what_was_typed(page, world):
    open_slot(page, world, world.offer(9))
    page.keyboard.type("040 778899")
    expect(page.locator("#lead-hit-new")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#lead-phone")).to_have_value("040 778899")
    expect(page.locator("#lead-name")).to_be_focused()
    expect(page.locator(".booking__events-new")).to_be_visible()
    page.keyboard.type("Zoë Çelik")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Zoë Çelik")
    assert booked_lead() == "Zoë Çelik"


def test_what_was_typed_comes_along_to_another_cell(page, world):
    slot, other = world.offer(9), world.offer(11)
    open_slot(page, world, slot)
    page.keyboard.type("anna")
    page.locator("#lead-hit-1").click()
    page.locator("#booking-label").fill("first visit")
    page.locator(f'.slot-grid [value="{ref(other)}"]').click()
    expect(page.locator(".booking__when")).to_contain_text("11:00")
    expect(page.locator("#booking-label")).to_have_value("first visit")
    expect(page.locator(".booking__submit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Anna Muster")
    write = Write.objects.get(kind=Kind.BOOK)
    assert (write.payload["name"], write.payload["wish"]["starts_at"]) == (
        "first visit",
        other.starts_at.isoformat(),
    )


def test_the_field_still_searches_after_coming_along(page, world):
    slot, other = world.offer(9), world.offer(11)
    open_slot(page, world, slot)
    page.keyboard.type("an")
    expect(page.locator("#lead-hit-1")).to_be_visible()
    page.locator(f'.slot-grid [value="{ref(other)}"]').click()
    expect(page.locator(".booking__when")).to_contain_text("11:00")
    expect(page.locator("#lead-q")).to_have_value("an")
    page.locator("#lead-q").press_sequentially("na")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Anna Muster")


def test_the_status_moves_by_itself_and_one_key_chooses(page, world):
    slot = world.offer(9)
    world.offer(11)
    open_slot(page, world, slot)
    page.keyboard.type("anna")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_contain_text("Asked for")
    world.connect.answers.append(connect.SlotTaken("no longer available", status=400))
    write = world.run(Write.objects.get())
    expect(page.locator("#booking-status h2")).to_contain_text("which time instead")
    page.keyboard.press("1")
    expect(page.locator("#booking-status h2")).not_to_contain_text("which time instead")
    assert world.run(write).state == "done"
    expect(page.locator("#booking-status h2")).to_have_text("Booked")
    expect(page.locator("#needs-you-count")).to_have_text("")
    page.reload()
    expect(page.locator("#booking-status h2")).to_have_text("Booked")

"""Keys pressed in a hurry: each means what it would have meant a moment later, and none is lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookingapp.domain.models import Lead, LeadEvent, Write
from bookingapp.domain.states import Kind
from tests.support.waiting import wait_for
from tests.web.availability_world import ref
from tests.web.settling import at_rest
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Where the focus is once the browser may take the next key, after everything was swapped in.
FOCUS_AFTER = """() => {
  window.after = [];
  const names = () => window.after.push(document.activeElement.tagName);
  document.addEventListener("htmx:afterSwap", () => setTimeout(names));
}"""


@pytest.fixture
def page(open_as, world, person):
    return open_as(person("staff"))


@pytest.fixture
def late(page):
    """``late(pattern)``: the answers of these addresses wait until they are let go."""

    def hold(pattern):
        answers = Late(page)
        page.route(pattern, answers.take)
        return answers

    return hold


class Late:
    def __init__(self, page):
        self.page, self.kept, self.holds = page, [], True

    def take(self, route):
        if self.holds:
            self.kept.append(route)
        else:
            route.continue_()

    def asked(self):
        wait_for(lambda: self.kept or self.page.wait_for_timeout(10), what="what is asked for")
        return len(self.kept)

    def go(self):
        self.holds = False
        for route in self.kept:
            route.continue_()


def cell(page, slot):
    """In the week it is anybody's, on a day of its own resource's."""
    return page.locator(f'.slot-grid [value^="{ref(slot).rpartition("-")[0]}"]')


def on_grid(page, world, slot, **options):
    page.goto(page.home + world.url(**options))
    expect(page.locator(".slot-grid[data-ready]")).to_be_visible()
    at_rest(page)
    cell(page, slot).focus()
    expect(cell(page, slot)).to_be_focused()


def test_a_lead_is_booked_by_six_keys_however_late_the_answer_is(page, world, late):
    slot = world.offer(9)
    on_grid(page, world, slot)
    answer = late(re.compile(r"/availability/\?"))
    page.keyboard.press("Enter")
    page.keyboard.type("must")
    page.keyboard.press("Enter")
    assert answer.asked() == 1
    answer.go()
    expect(page.locator("#booking-status")).to_contain_text("Anna Muster")
    assert Write.objects.get(kind=Kind.BOOK).lead.name == "Anna Muster"


def test_three_times_the_next_day_is_three_days(page, world, late):
    slots = [world.offer(9, days=days) for days in range(4)]
    on_grid(page, world, slots[0], view="day")
    answer = late(re.compile(r"/availability/\?"))
    for _ in range(3):
        page.keyboard.press("PageDown")
    assert answer.asked() == 1
    answer.go()
    expect(cell(page, slots[3])).to_be_focused()


def test_pressed_twice_in_a_hurry_moves_nothing_unseen(page, world, late):
    booking = world.booked(11, days=2)
    slot = world.offer(9)
    on_grid(page, world, slot, moving=booking.pk)
    answer = late(re.compile(r"/availability/\?"))
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answer.asked()
    answer.go()
    expect(page.get_by_role("button", name="Move here")).to_be_focused()
    assert sent == []
    page.keyboard.press("Enter")
    expect(page.locator("#booking-status")).to_be_visible()
    assert len(sent) == Write.objects.filter(kind=Kind.RESCHEDULE).count() == 1


def test_a_key_in_the_queue_means_the_lead_it_went_on_to(page, world, late):
    Lead.objects.update(archived=True)
    for number, name in enumerate(("Ada", "Bo", "Cem")):
        lead = world.known(name, f"040 11{number}")
        due = timezone.now() - timedelta(days=9 - number)
        Lead.objects.filter(pk=lead.pk).update(follow_up_at=due, first_opened_at=due)
    page.goto(page.home + world.address("follow-ups"))
    expect(page.locator("#queue-who")).to_have_text("Ada")
    answer = late(re.compile(r"/follow-ups/\?lead="))
    page.keyboard.press("j")
    page.keyboard.press("3")
    answer.asked()
    answer.go()
    expect(page.locator("#queue-done")).to_contain_text("Bo: Not reached")
    assert LeadEvent.objects.count() == 1


def test_escape_takes_back_what_waits(page, world, late):
    slots = [world.offer(9, days=days) for days in range(3)]
    on_grid(page, world, slots[0], view="day")
    answer = late(re.compile(r"/availability/\?"))
    for key in ("PageDown", "PageDown", "Escape"):
        page.keyboard.press(key)
    answer.asked()
    answer.go()
    expect(cell(page, slots[1])).to_be_focused()


def test_typing_in_a_field_waits_for_nothing(page, world, late):
    slot, other = world.offer(9), world.offer(10)
    page.goto(page.home + world.url(slot=ref(slot)))
    expect(page.locator("#lead-q")).to_be_focused()
    answer = late(re.compile(r"/availability/\?"))
    cell(page, other).click(no_wait_after=True)
    answer.asked()
    page.locator("#lead-q").focus()
    page.keyboard.type("mu")
    expect(page.locator("#lead-q")).to_have_value("mu")
    answer.go()
    expect(page.locator(".booking__when")).to_contain_text("10:00")
    expect(page.locator("#lead-q")).to_have_value("mu")


def test_the_focus_is_never_away_when_the_grid_changes(page, world, settings):
    slot = world.offer(9)
    on_grid(page, world, slot)
    page.evaluate(FOCUS_AFTER)
    settings.AVAILABILITY_SOFT_AGE = 0
    world.offer(15)
    page.evaluate("document.dispatchEvent(new CustomEvent('desk:refresh-grid'))")
    expect(page.get_by_role("rowheader", name="15:00")).to_be_visible()
    wait_for(lambda: page.evaluate("window.after.length"), what="a swap")
    assert set(page.evaluate("window.after")) == {"BUTTON"}


def test_a_press_goes_before_what_the_page_asks_by_itself(page, world, late):
    """The look at the grid is under way; its part has a link of its own."""
    far = world.offer(9, days=20)
    page.goto(page.home + world.url(date="2026-01-01"))
    link = page.locator("#grid a[data-search]")
    expect(link).to_be_visible()
    look = late("**/availability/changes/**")
    page.evaluate("document.dispatchEvent(new CustomEvent('desk:refresh-grid'))")
    look.asked()
    link.press("Enter")
    expect(cell(page, far)).to_be_focused()
    look.go()
    expect(cell(page, far)).to_be_focused()

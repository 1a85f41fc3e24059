""" "Needs you" in a real browser: refreshed by itself, taking nothing out of a person's hands."""

import pytest
from playwright.sync_api import expect

from bookingapp.domain import needs_you
from bookingapp.domain.models import Write
from bookingapp.domain.states import Reason, State
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import PAGE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEN_SECONDS = 10_500


@pytest.fixture
def page(open_as, world, person):
    opened = open_as(person("staff"))
    opened.expected = "^$"
    opened.clock.install()
    return opened


def stuck(world, hour, name="", **more):
    """A booking of somebody of that name that nobody knows the outcome of."""
    lead = world.known(name, f"+49 40 55500{hour}") if name else world.lead
    write = world.ask(world.offer(hour), lead=lead)
    fields = {"state": State.STUCK, "reason": Reason.CANNOT_TELL, "due_at": None} | more
    Write.objects.filter(pk=write.pk).update(**fields)
    needs_you.forget(world.staff.pk)
    return write


def card(page, write):
    return page.locator(f"#write-{write.pk}")


def look(page):
    """Ten seconds later: the page has asked by itself."""
    with page.expect_response(lambda answer: "?v=" in answer.url or "&v=" in answer.url) as asked:
        page.clock.fast_forward(TEN_SECONDS)
    return asked.value.status


def test_a_half_typed_id_outlives_what_comes_and_goes(page, world):
    first, second = stuck(world, 9), stuck(world, 10, "Ben Busch")
    page.goto(page.home + PAGE)
    field = card(page, first).get_by_label("Id of the booking")
    field.type("bk_4")
    new = stuck(world, 11, "Cem Chandra")
    Write.objects.filter(pk=second.pk).update(state=State.DONE, version=9)
    assert look(page) == 200
    expect(page.locator("#needs-you-new")).to_contain_text("1 new item")
    expect(card(page, second)).to_have_count(0)
    expect(card(page, new)).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("bk_4")
    page.keyboard.type("2")
    expect(field).to_have_value("bk_42")
    assert look(page) == 204
    expect(page.locator("#live-polite")).to_contain_text("1 new item")
    field.blur()
    page.keyboard.press("n")
    expect(card(page, new)).to_be_focused()
    expect(page.locator("#needs-you-new")).to_be_hidden()
    expect(field).to_have_value("bk_42")


def test_a_card_that_somebody_is_at_says_what_became_of_it(page, world):
    first = stuck(world, 9)
    page.goto(page.home + PAGE)
    field = card(page, first).get_by_label("Id of the booking")
    field.type("bk_4")
    Write.objects.filter(pk=first.pk).update(state=State.DONE, version=9)
    look(page)
    expect(card(page, first)).to_contain_text("This was decided in the meantime.")
    expect(field).to_be_focused()
    expect(field).to_have_value("bk_4")
    page.keyboard.press("Enter")
    expect(page.locator(".trouble--noted")).to_contain_text("This was decided in the meantime.")


def test_a_card_that_was_decided_goes_once_nobody_is_at_it(page, world):
    first = stuck(world, 9)
    page.goto(page.home + PAGE)
    page.keyboard.press("j")
    Write.objects.filter(pk=first.pk).update(state=State.DONE, version=9)
    look(page)
    expect(card(page, first)).to_contain_text("This was decided in the meantime.")
    card(page, first).evaluate("(card) => card.blur()")
    look(page)
    expect(card(page, first)).to_have_count(0)
    expect(page.locator("#all-clear")).to_contain_text("Nothing waits for you")


def test_what_comes_shows_by_itself_where_nobody_is_at_it(page, world):
    page.goto(page.home + PAGE)
    expect(page.locator("#all-clear")).to_contain_text("Nothing waits for you")
    write = stuck(world, 9)
    look(page)
    expect(card(page, write)).to_be_visible()
    expect(page.locator("#all-clear")).to_be_empty()
    expect(page.locator("#needs-you-count")).to_contain_text("1")


def test_by_keyboard_alone_from_card_to_card_until_nothing_waits(page, world):
    first, second = stuck(world, 9), stuck(world, 10, "Ben Busch")
    page.goto(page.home + PAGE)
    page.keyboard.press("j")
    expect(card(page, first)).to_be_focused()
    page.keyboard.press("j")
    expect(card(page, second)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("3")
    expect(page.locator(".trouble--noted")).to_contain_text("Anna Muster")
    expect(card(page, second)).to_be_focused()
    page.keyboard.press("3")
    expect(page.locator(".trouble--noted")).to_have_count(2)
    page.clock.fast_forward(1_000)
    expect(page.locator("#all-clear")).to_contain_text("Nothing waits for you")
    assert Write.objects.filter(reason=Reason.DECLINED).count() == 2


def test_digits_choose_among_the_times_of_the_card_in_focus(page, world):
    write = world.asking_move()
    page.goto(page.home + PAGE)
    page.keyboard.press("j")
    expect(card(page, write)).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator(".trouble--noted")).to_contain_text("Noted.")
    assert Write.objects.get(pk=write.pk).reason == Reason.CHOSEN


def test_a_digit_without_a_card_decides_nothing(page, world):
    write = stuck(world, 9)
    page.goto(page.home + PAGE)
    page.keyboard.press("1")
    page.keyboard.press("j")
    expect(card(page, write)).to_be_focused()
    assert Write.objects.get(pk=write.pk).state == State.STUCK


def test_what_is_stuck_again_after_a_decision_comes_back(page, world):
    write = stuck(world, 9)
    page.goto(page.home + PAGE)
    page.keyboard.press("j")
    page.keyboard.press("2")
    expect(page.locator(".trouble--noted")).to_be_visible()
    Write.objects.filter(pk=write.pk).update(state=State.STUCK, version=9)
    look(page)
    expect(page.locator("#needs-you-new")).to_be_visible()
    page.keyboard.press("n")
    expect(card(page, write).get_by_label("Id of the booking")).to_be_visible()
    expect(page.locator("#troubles > li")).to_have_count(1)

"""The whole queue of the day in a real browser, without a mouse."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from bookingapp.domain.models import Lead, LeadEvent, Write
from bookingapp.domain.states import Kind, State
from tests.support.opened import rows_with
from tests.web.settling import at_rest
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


@pytest.fixture
def page(browser, browser_context_args, live_server, world, person, settings):
    client = Client()
    client.force_login(person("staff"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(**browser_context_args)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    problems = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    opened.home = live_server.url
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def queue(world):
    """Four that are due and one that waits for a first call."""
    now = timezone.now()
    for number, name in enumerate(("Ada", "Bo", "Cem", "Dan")):
        lead = world.known(name, f"040 11{number}")
        fields = {"follow_up_at": now - (9 - number) * DAY, "first_opened_at": now - 9 * DAY}
        Lead.objects.filter(pk=lead.pk).update(
            **fields, interested_in_connect_id=world.talk.connect_id
        )
    rows_with(Lead.objects.all(), name=lambda name: name.startswith("Anna")).update(archived=True)
    world.known("Eva", "040 119")
    Lead.objects.update(state_connect_id="fresh", board_state="fresh")


def shows(page, name):
    expect(page.locator("#queue-who")).to_have_text(name, timeout=60_000)


def said(page, text):
    expect(page.locator("#queue-done")).to_contain_text(text, timeout=60_000)


def test_the_whole_queue_by_keyboard_until_nobody_waits(page, world, queue):
    from bookingapp.domain.models import Preference

    # A slow machine must not let the undo window pass between two keys.
    Preference.objects.create(person=world.staff, undo_seconds=60)
    world.offer(9)
    page.goto(page.home + world.address("follow-ups"))
    shows(page, "Ada")
    expect(page.locator("#queue-who")).to_be_visible()

    # Look around, then back.
    page.keyboard.press("j")
    shows(page, "Bo")
    expect(page.locator("#queue-who")).to_be_focused(timeout=60_000)
    page.keyboard.press("k")
    shows(page, "Ada")

    # Not reached, by one key; taken back by another; then reached, with a note.
    page.keyboard.press("3")
    shows(page, "Bo")
    said(page, "Ada: Not reached, again tomorrow, 09:00")
    page.keyboard.press("z")
    shows(page, "Ada")
    assert Write.objects.filter(state=State.UNDONE).count() == 1
    page.keyboard.press("t")
    page.keyboard.type("Likes mornings")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    shows(page, "Bo")
    said(page, "Ada: Reached")
    counting = [one for one in LeadEvent.objects.order_by("pk") if "undone" not in one.details]
    assert [one.text for one in counting] == ["Likes mornings"]

    # Another time: a field, and Enter.
    at_rest(page)
    page.keyboard.press("6")
    expect(page.locator("#outcome-at")).to_be_focused()
    tomorrow = (timezone.now() + 2 * DAY).strftime("%Y-%m-%dT14:30")
    page.locator("#outcome-at").fill(tomorrow)
    page.keyboard.press("Enter")
    shows(page, "Cem")
    expect(page.locator("#queue-who")).to_be_focused(timeout=60_000)

    # Moved: M, a letter, Enter.
    page.keyboard.press("m")
    expect(page.locator("#outcome-state")).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator("#outcome-state")).to_have_value("warm")
    page.keyboard.press("Enter")
    shows(page, "Dan")
    said(page, "Cem: Moved to another lead state")

    # An appointment: B, Enter, and the dialog is closed.
    page.keyboard.press("b")
    expect(page.locator("#quick .choice").first).to_be_focused(timeout=60_000)
    page.keyboard.press("Enter")
    expect(page.locator("#quick #booking-status")).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    shows(page, "Eva")
    said(page, "Dan: An appointment was asked for")

    # The one that waits for a first call: its clock runs, and it was opened by looking at it.
    expect(page.locator("#queue-lead [data-clock]")).to_have_count(1)
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Nobody is waiting")).to_be_visible(timeout=60_000)
    outcomes = [one.details["outcome"] for one in LeadEvent.objects.order_by("pk")]
    assert outcomes == ["not_reached", "reached", "not_reached", "moved", "booked", "reached"]
    assert rows_with(Write.objects.filter(kind=Kind.BOOK), lead__name="Dan").count() == 1
    opened = Write.objects.filter(payload__changes__has_key="first_opened_at")
    assert rows_with(opened, lead__name="Eva").count() == 1

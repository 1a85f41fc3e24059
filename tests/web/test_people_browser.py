"""The page of people in a real browser, by keyboard: the new link has the focus, and says so."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_new_link_has_the_focus_and_a_mistake_has_it_too(open_as, person, organisation):
    person("staff")
    page = open_as(person("admin"))
    page.goto(page.home + reverse("person-list", kwargs={"slug": organisation.slug}))
    emails = page.get_by_label("Email addresses")
    emails.fill("kim@example.com nobody")
    emails.press("Tab")
    _make(page)
    expect(emails).to_be_focused()
    emails.fill("kim@example.com robin@example.com")
    _make(page)
    link = page.get_by_label("kim@example.com", exact=True)
    expect(link).to_be_focused()
    expect(link).to_have_accessible_description(
        "Copy the links now: they are shown only this once."
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy").first).to_be_focused()
    page.goto(
        page.home
        + reverse("person-detail", kwargs={"slug": organisation.slug, "pk": person("staff").pk})
    )
    page.get_by_role("button", name="Make a link to a new password").press("Enter")
    expect(page.get_by_label("Link to a new password")).to_be_focused()


def _make(page):
    page.get_by_role("button", name="Make the link").press("Enter")

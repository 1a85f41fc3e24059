"""How the shell looks and behaves in a real browser: on a page with every component."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bookingapp.domain.models import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.web.gallery"),
    pytest.mark.django_db(transaction=True),
]

# The gallery says "42 s ago" at first.
LATER = re.compile(r"(4[4-9]|5\d) s ago|min ago")
OPEN = ["/sign-in/", "/sign-up/", "/nowhere/"]
# As of https://www.w3.org/TR/WCAG22/: what axe can decide without a person.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def visit(open_as, client_of, person, elsewhere):
    """``visit("/gallery/", width=390, color_scheme="dark")``: a page of somebody who manages."""
    manager = person("manager")
    Role.objects.create(person=manager, organisation=elsewhere, name="staff")

    def open_page(address, *, width=1440, role="manager", **more):
        screen = {"viewport": {"width": width, "height": 900}}
        page = open_as(manager if role != "nobody" else None, **{**screen, **more})
        page.expected = "Failed to load resource|^Response Status Error Code"
        page.goto(page.home + address)
        return page

    return open_page


def scrolls_sideways(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


# Every width and every scheme; what the one changes does not depend on the other.
@pytest.mark.parametrize(("width", "color_scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_on_any_component(visit, width, color_scheme):
    page = visit("/gallery/", width=width, color_scheme=color_scheme, reduced_motion="reduce")
    page.locator("details.menu--end summary").click()
    assert violations(page) == []
    assert page.complaints == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_for_everybody(live_server, visit, color_scheme):
    page = visit("/", role="nobody", color_scheme=color_scheme)
    for address in OPEN:
        page.goto(live_server.url + address)
        assert violations(page) == []


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        (one["id"], node["html"][:160], node["failureSummary"][:300])
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [320, 3840])
def test_nothing_scrolls_sideways_from_320_px_to_4k(live_server, visit, width):
    page = visit("/sign-in/", width=width, role="nobody")
    assert not scrolls_sideways(page)
    page = visit("/", width=width)
    for address in ["/", "/gallery/", *OPEN[1:]]:
        page.goto(live_server.url + address)
        assert (address, scrolls_sideways(page)) == (address, False)


def test_menus_fit_on_the_narrowest_phone(visit):
    page = visit("/gallery/", width=320)
    for menu in page.locator("details.menu").all():
        menu.locator("summary").click()
        box = menu.locator(".menu__list").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


def lightness(page, name):
    """0 to 255 of the named colour as the screen shows it."""
    return page.evaluate(
        """name => {
            const probe = document.createElement("canvas").getContext("2d");
            probe.fillStyle = getComputedStyle(document.documentElement)[name];
            probe.fillRect(0, 0, 1, 1);
            const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
            return (red + green + blue) / 3;
        }""",
        name,
    )


def test_the_page_follows_the_system_into_the_dark(visit):
    day, night = (visit("/sign-in/", color_scheme=scheme) for scheme in ("light", "dark"))
    assert lightness(day, "backgroundColor") > 230 > 60 > lightness(day, "color")
    assert lightness(night, "backgroundColor") < 40 < 200 < lightness(night, "color")


def test_states_of_the_grid_are_told_apart_without_colour(visit):
    page = visit("/gallery/", forced_colors="active")
    looks = page.evaluate(
        """() => [...document.querySelectorAll(".slot-grid tbody tr:first-child td")].map(cell => {
            const { backgroundImage, textDecorationLine, fontWeight } = getComputedStyle(cell);
            return [cell.textContent, textDecorationLine, fontWeight, backgroundImage].join("|");
        })"""
    )
    assert len(set(looks)) == len(looks) == 7
    heights = page.evaluate(
        "[...document.querySelectorAll('.slot-grid td')].map(cell => cell.offsetHeight)"
    )
    assert min(heights) >= 32


def test_nothing_moves_for_those_who_asked_for_rest(visit):
    page = visit("/gallery/", reduced_motion="reduce")
    names = page.evaluate(
        """() => [".skeleton", ".step[data-now] .step__sign"].map(
            name => getComputedStyle(document.querySelector(name)).animationName)"""
    )
    assert names == ["none", "none"]


def test_the_skip_link_leads_past_the_header(visit):
    page = visit("/gallery/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_menu_works_without_a_script_and_closes_by_escape_with_one(visit):
    plain = visit("/gallery/", java_script_enabled=False)
    plain.locator("details.menu--end summary").click()
    assert plain.get_by_role("button", name="Sign out").is_visible()
    assert plain.get_by_role("button", name="Keyboard shortcuts").count() == 0
    page = visit("/gallery/")
    page.locator("details.menu--end summary").click()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Sign out").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_question_mark_opens_the_help_and_single_letters_can_be_switched_off(visit):
    page = visit("/gallery/")
    page.locator("#lead").press("?")
    assert page.locator("#lead").input_value() == "?"
    page.locator("h1").click()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert help_.get_by_text("Needs you").is_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.letters = 'off'")
    page.keyboard.press("?")
    assert help_.is_hidden()


def ask(page, path, **attributes):
    """Adds a button that asks for ``path`` by htmx, and presses it."""
    page.evaluate(
        """([path, attributes]) => {
            const part = document.createElement("div");
            part.id = "part";
            part.innerHTML = '<button id="ask">Ask</button>';
            document.getElementById("main").prepend(part);
            const button = part.firstChild;
            for (const [name, value] of Object.entries({ "hx-get": path, ...attributes })) {
                button.setAttribute(name, value);
            }
            htmx.process(button);
        }""",
        [path, attributes],
    )
    page.locator("#ask").click()


def test_a_refusal_is_swapped_in_and_is_no_failure(visit):
    page = visit("/gallery/")
    for status in (400, 403, 404, 409, 422, 429):
        page.locator("#part").evaluate_all("parts => parts.forEach((part) => part.remove())")
        ask(page, f"/gallery/status/{status}/", **{"hx-target": "#part"})
        page.locator("#part", has_text="part").wait_for()
        assert page.locator(".toast").count() == 0


def test_a_failure_changes_nothing_and_says_that_nothing_is_lost(visit):
    page = visit("/gallery/")
    ask(page, "/gallery/status/500/", **{"hx-target": "#part"})
    toast = page.locator(".toast[data-tone=bad]")
    toast.get_by_text("Not sent, nothing is lost").wait_for()
    assert page.locator("#ask").is_visible()
    page.locator("#live-assertive", has_text="Not sent").wait_for(state="attached")
    toast.get_by_role("button", name="Close").click()
    assert toast.count() == 0


def test_a_failed_poll_says_nothing_in_passing(visit):
    page = visit("/gallery/")
    ask(page, "/gallery/status/500/", **{"data-quiet": ""})
    expect(page.locator("#ask:not(.htmx-request)")).to_be_attached()
    assert page.locator(".toast").count() == 0


def test_the_focus_never_falls_to_the_top_of_the_page(visit):
    page = visit("/gallery/")
    page.locator("h1").evaluate("node => node.id = 'title'")
    ask(page, "/gallery/status/200/", **{"hx-target": "#part"})
    page.locator("#part", has_text="part").wait_for()
    expect(page.locator("#part")).to_be_focused()


def test_what_is_slow_says_so_until_it_is_there(visit):
    page = visit("/gallery/")
    ask(page, "/gallery/slow/", **{"hx-target": "#part"})
    page.locator("#part[aria-busy=true]").wait_for()
    page.locator("#part", has_text="done").wait_for()
    assert page.locator("#part").get_attribute("aria-busy") is None


def test_ages_go_on_by_the_clock_of_the_server(visit):
    page = visit("/gallery/", reduced_motion="reduce")
    expect(page.locator(".age time")).to_have_text(LATER)


def test_the_first_load_is_light():
    """Without the grid's own: what is left of 90 KB compressed (budgets.md) is the grid's."""
    import brotli
    from django.contrib.staticfiles import finders

    from bookingapp.web import look

    names = [*look.STYLES, *look.MODULES, "django_htmx/htmx-2.min.js", "img/mark.svg"]
    sizes = [len(brotli.compress(Path(finders.find(name)).read_bytes())) for name in names]
    assert len(names) <= 30
    assert sum(sizes) < 40_000

"""The board in a browser: by keyboard alone, by pointer, and what becomes of a refused move."""

import re
import uuid

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]
PATCH = {"method": "PATCH", "path": "/connect/table_entries/"}
# Connect's refusals are not the page's; the desk's own are logged by Chromium.
LOGGED = r"Failed to load resource"
# What was held is sent by the sweep, once a test has ended its window.
SETTINGS = {"SWEEP_SECONDS": "1"}
WAIT = 30_000


class Board:
    """One person's board of a pool with states to move between."""

    def __init__(self, screen, username="manager"):
        self.screen, self.desk = screen, screen.desk
        row = self.desk.sql(
            "SELECT p.id, o.slug FROM domain_leadpool p"
            " JOIN domain_organisation o ON o.id = p.organisation_id"
            " JOIN domain_lead l ON l.pool_id = p.id"
            " WHERE p.gone_at IS NULL GROUP BY p.id, o.slug ORDER BY count(*) DESC"
        )[0]
        self.address = f"/o/{row['slug']}/pools/{row['id']}/"
        self.page = screen.sign_in(username, to=self.address)
        expect(self.page.locator('#board [data-stop][tabindex="0"]')).to_have_count(1)

    @property
    def columns(self):
        return self.page.locator("[data-column][data-state]:not([data-state=''])")

    def free(self, column=0):
        """A card nobody has moved yet, of a column."""
        cards = self.columns.nth(column).locator("[data-card]")
        known = cards.evaluate_all("cards => cards.map((card) => card.dataset.card)")
        rows = self.desk.sql("SELECT lead_id FROM domain_write WHERE lead_id IS NOT NULL")
        used = {str(uuid.UUID(str(row["lead_id"]))) for row in rows}
        pk = next(pk for pk in known if pk not in used)
        return self.page.locator(f"#card-{pk}")

    def state(self, column):
        return self.columns.nth(column).get_attribute("data-state")

    def home(self, card):
        """The state of the column that shows the card."""
        script = "card => card.closest('[data-column]').dataset.state"
        return card.evaluate(script)

    def shows(self, card, column):
        inside = self.columns.nth(column).locator(f"#{card.get_attribute('id')}")
        expect(inside).to_be_visible(timeout=WAIT)

    def drag(self, card, column):
        start = card.locator(".lead-card__age").bounding_box()
        goal = self.columns.nth(column).locator(".column__head").bounding_box()
        mouse = self.page.mouse
        mouse.move(start["x"] + 4, start["y"] + 4)
        mouse.down()
        mouse.move(start["x"] + 30, start["y"] + 20, steps=3)
        mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 20, steps=6)
        mouse.up()

    def writes(self, card):
        pk = uuid.UUID(card.get_attribute("data-card"))
        rows = self.desk.sql("SELECT * FROM domain_write WHERE kind = 'move_lead'")
        return [row for row in rows if uuid.UUID(str(row["lead_id"])) == pk]

    def patches(self, card):
        """The states that Connect was asked to give the lead."""
        pk = uuid.UUID(card.get_attribute("data-card"))
        rows = self.desk.sql("SELECT id, connect_id FROM domain_lead")
        [own] = [row["connect_id"] for row in rows if uuid.UUID(str(row["id"])) == pk]
        calls = self.desk.sandbox.calls("PATCH", own)
        return [one["body"]["leadStateId"] for one in calls]

    def said(self, urgent=False):
        return self.page.locator("#live-assertive" if urgent else "#live-polite")

    def end_windows(self):
        """Nobody can undo any more; the sweep sends what was held."""
        self.desk.sql("UPDATE domain_write SET due_at = created_at WHERE state = 'held'")


@pytest.fixture
def open_board(open_screen):
    return lambda username="manager": Board(open_screen(), username)


def window(calm, username, seconds):
    reply = calm.sign_in(username).post("/me/", data={"undo_seconds": str(seconds)})
    assert reply.status_code == 302


def test_the_whole_board_by_keyboard(calm, open_board):
    window(calm, "manager", 60)
    board = open_board()
    page = board.page
    keys = page.keyboard
    board.screen.forget()
    focused = page.locator(":focus")
    # One Tab stop: the next Tab leaves the board.
    page.locator('#board [data-stop][tabindex="0"]').focus()
    keys.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#board')")
    keys.press("Shift+Tab")
    card = page.locator("[data-card]:has(:focus)")
    for _ in range(15):
        if not card.get_attribute("data-standing"):
            break
        keys.press("ArrowDown")
    first = card.get_attribute("id")
    keys.press("ArrowDown")
    assert card.get_attribute("id") != first
    keys.press("ArrowUp")
    keys.press("ArrowRight")
    assert board.home(card) == board.state(1)
    keys.press("ArrowLeft")
    keys.press("Home")
    expect(focused).to_have_attribute("aria-expanded", "true")
    page.locator(f"#{first} .lead-card__name").focus()
    # Lifted, carried and put back.
    keys.press("Space")
    expect(board.said()).to_contain_text("lifted from")
    expect(board.said()).to_contain_text("Fires 1 automation event")
    keys.press("ArrowRight")
    moved = page.locator(f"#{first}")
    assert board.home(moved) == board.state(1)
    keys.press("Escape")
    expect(board.said()).to_contain_text("put back to")
    assert (board.home(moved), board.writes(moved)) == (board.state(0), [])
    # Lifted and moved: pending, never done, and undone by one key.
    keys.press("Space")
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(moved).to_have_attribute("data-standing", "pending", timeout=WAIT)
    board.shows(moved, 1)
    expect(moved.locator(".lead-card__name")).to_be_focused()
    expect(page.locator("#held [data-shortcut=z]")).to_be_visible(timeout=WAIT)
    keys.press("z")
    board.shows(moved, 0)
    expect(moved).not_to_have_attribute("data-standing", "pending", timeout=WAIT)
    expect(moved.locator(".lead-card__name")).to_be_focused(timeout=WAIT)
    # The menu: M and the number of the state.
    keys.press("m")
    expect(page.locator("#board-move")).to_be_visible()
    keys.press("2")
    expect(moved).to_have_attribute("data-standing", "pending", timeout=WAIT)
    board.shows(moved, 1)
    expect(page.locator("#held [data-shortcut=z]")).to_be_visible(timeout=WAIT)
    keys.press("z")
    board.shows(moved, 0)
    # A column folds, its head keeps the focus, and it unfolds again.
    keys.press("Home")
    keys.press("Enter")
    expect(board.columns.nth(0)).to_have_attribute("data-folded", "", timeout=WAIT)
    expect(focused).to_have_attribute("aria-expanded", "false")
    keys.press("Enter")
    expect(focused).to_have_attribute("aria-expanded", "true", timeout=WAIT)
    # Enter on a card opens the lead.
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/leads/[0-9a-f-]{36}/"))
    assert "click" not in board.screen.presses
    assert board.screen.noted("lost") == []


def test_five_drags_of_a_card_are_one_patch(calm, open_board):
    window(calm, "manager", 60)
    board = open_board()
    card = board.free()
    for column in (1, 2, 1, 0, 1):
        board.drag(card, column)
        board.shows(card, column)
    expect(card).to_have_attribute("data-standing", "pending", timeout=WAIT)
    expect(board.page.locator("#held [data-shortcut=z]")).to_be_visible(timeout=WAIT)
    assert [row["state"] for row in board.writes(card) if row["state"] != "undone"] == ["held"]
    assert board.patches(card) == []
    board.end_windows()
    expect(card).not_to_have_attribute("data-standing", "pending", timeout=WAIT)
    board.shows(card, 1)
    assert board.patches(card) == [board.state(1)]


def test_a_move_that_connect_refuses_is_back_and_says_why(calm, open_board):
    window(calm, "manager", 0)
    board = open_board()
    card = board.free()
    calm.sandbox.fault("status_400", times=1, match=PATCH, message="not like that")
    board.drag(card, 1)
    expect(card).to_have_attribute("data-standing", "troubled", timeout=WAIT)
    board.shows(card, 0)
    expect(card.locator("[data-said]")).to_contain_text("Could not be moved to")
    expect(card.locator("[data-said]")).to_contain_text("Connect did not accept it")
    expect(card.get_by_role("link", name="Needs you")).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"status": 500, "body": "no"}, "Nothing was written down"),
        ({"status": 404, "body": "no"}, "not there any more"),
        ({"status": 403, "body": "no"}, "You may not do this"),
        (None, "not known whether this was written down"),
    ],
)
def test_a_move_that_the_desk_does_not_take_is_back_and_says_why(calm, open_board, answer, why):
    board = open_board()
    board.screen.allowed.append(LOGGED)
    card = board.free()
    page = board.page
    page.route(
        "**/state/",
        lambda route: route.fulfill(**answer) if answer else route.abort("connectionreset"),
    )
    board.drag(card, 1)
    expect(card.locator(".lead-card__refused")).to_contain_text(why, timeout=WAIT)
    board.shows(card, 0)
    expect(board.said(urgent=True)).to_contain_text("was not moved and is back in")
    assert board.writes(card) == []
    card.get_by_role("button", name="Dismiss").click()
    expect(card.locator(".lead-card__refused")).to_have_count(0)


def test_other_peoples_moves_appear_and_leave_the_focus_alone(calm, open_board):
    window(calm, "staff", 60)
    board = open_board()
    card, other = board.free(), board.free(1)
    card.locator(".lead-card__name").focus()
    session = calm.sign_in("staff")
    fields = {"intent": str(uuid.uuid4()), "state": board.state(2)}
    reply = session.post(other.get_attribute("data-move-url"), data=fields)
    assert reply.status_code == 302
    board.page.evaluate("document.dispatchEvent(new CustomEvent('desk:board-look'))")
    board.shows(other, 2)
    expect(other).to_have_attribute("data-standing", "pending")
    expect(card.locator(".lead-card__name")).to_be_focused()

"""A person at a screen: presses are counted, and what the browser complains about is kept."""

import json
import re
from contextlib import closing

from playwright.sync_api import expect

from tests.support.waiting import wait_for

# Runs before every page's own scripts. Only what a hand did counts (isTrusted), and it outlives a
# change of the page. A swap that drops the focus to the body is noted.
NOTES = """
(() => {
  const note = (name, what) => {
    const kept = JSON.parse(sessionStorage.getItem(name) || "[]");
    sessionStorage.setItem(name, JSON.stringify([...kept, what]));
  };
  const pressed = (event) => event.isTrusted && note("hand", event.key || "click");
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, pressed, true);
  const isLost = () => !document.activeElement || document.activeElement === document.body;
  let held = false;
  addEventListener("htmx:beforeSwap", () => { held = !isLost(); }, true);
  addEventListener("htmx:afterSettle", ({ detail }) => {
    // Between a swap and its settling nobody has it; a while later somebody must.
    const look = (left) => {
      window.looking = isLost() && left;
      if (!isLost()) return;
      if (left) setTimeout(look, 100, left - 1);
      else note("lost", detail.target?.id || "?");
    };
    if (held) look(50);
  }, true);
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.target?.outerHTML}`);
  });
})();
"""
# Chromium logs every answer from 400 on. The desk's own refusals are such answers.
REFUSED = r"Failed to load resource: the server responded with a status of (409|422)"
# htmx's words for a request that a newer one of the same part took the place of.
REPLACED = r"^htmx:(sendAbort|afterRequest), "
NOT_REACHED = r"Failed to load resource: net::ERR_|status of 50[234]"


class Screen:
    """One window of one person. ``screen.page`` is Playwright's page."""

    def __init__(self, desk, context):
        self.desk, self.context = desk, context
        self.complaints, self.allowed, self.closing = [], [], False
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._console)
        context.add_init_script(NOTES)
        self.page = context.new_page()

    def _console(self, message):
        if message.type in {"error", "warning"} and not self.closing:
            self.complaints.append(f"{message.text} @ {message.page and message.page.url}")

    def close(self):
        """What an answer complains about that comes while its page is taken away is no fault."""
        for page in self.context.pages:
            # There and back: what was said before this is on record now.
            page.title()
        self.closing = True
        self.context.close()

    def tab(self, address):
        """Another tab of the same person."""
        page = self.context.new_page()
        page.goto(self.desk.url + address)
        return page

    def goto(self, address):
        self.page.goto(self.desk.url + address)
        return self.page

    def sign_in(self, username="staff", *, to="/"):
        """With a session of its own; the form and its keys have tests of their own."""
        with closing(self.desk.sign_in(username)) as session:
            told = [{"name": one.name, "value": one.value} for one in session.cookies.jar]
        self.context.add_cookies([{**cookie, "url": self.desk.url} for cookie in told])
        return self.goto(to)

    # -- what was noted --------------------------------------------------------------------

    def noted(self, name):
        wait_for(lambda: not self.page.evaluate("window.looking"), what="a focus, or none")
        return self.page.evaluate(f"JSON.parse(sessionStorage.getItem({name!r}) || '[]')")

    def forget(self):
        self.page.evaluate("sessionStorage.clear()")

    @property
    def presses(self):
        """Keys and clicks, in order, since :meth:`forget`."""
        return self.noted("hand")

    def focused(self, attribute="id"):
        return self.page.evaluate(f"document.activeElement?.getAttribute({attribute!r}) || ''")

    def is_wide_enough(self):
        """Whether the page needs no scrolling sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    def no_complaints(self, *allowed):
        known = "|".join((REPLACED, *allowed))
        left = [complaint for complaint in self.complaints if not re.search(known, complaint)]
        assert left == [], json.dumps(left, indent=1)


def shows(page, title):
    """The status says ``title``; the status section for more."""
    section = page.locator("#booking-status")
    expect(section.locator("h2")).to_have_text(title)
    return section


ASKS = "Taken in between – which time instead?"
BOOKED = "Booked"

"""One desk for all journeys of a file, and screens to walk through it."""

import pytest

from tests.journeys.browser import Screen
from tests.journeys.people import Places


@pytest.fixture(scope="module")
def shop(request, _sandbox_process, _template, tmp_path_factory):
    """A desk that the tests of a module share: each of them takes leads and slots of its own.

    ``SETTINGS`` of the module are variables of its environment.
    """
    from tests.support.desk import Desk

    _sandbox_process.ensure_running()
    _sandbox_process.reset()
    more = getattr(request.module, "SETTINGS", None)
    made = Desk(tmp_path_factory.mktemp("shop") / "desk", _template, environment=more)
    made.prepare()
    made.start()
    made.places = Places(made)
    yield made
    made.stop()


@pytest.fixture
def calm(shop):
    """The shared desk with no faults and no calls on record."""
    shop.sandbox.clear_faults()
    shop.sandbox.forget_calls()
    yield shop
    shop.sandbox.clear_faults()


@pytest.fixture
def open_screen(calm, browser, browser_context_args):
    """``open_screen(java_script_enabled=False, …)``: a Screen that may complain about nothing.

    ``screen.allowed`` are patterns of complaints that the journey itself brings about.
    """
    screens = []

    def make(**options):
        screen = Screen(calm, browser.new_context(**{**browser_context_args, **options}))
        screens.append(screen)
        return screen

    yield make
    for screen in screens:
        screen.close()
    for screen in screens:
        screen.no_complaints(*screen.allowed)

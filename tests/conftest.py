"""Fixtures that every test may use; the classes behind them are in tests/support."""

import os
import shutil
import warnings

import pytest
from _pytest.runner import runtestprotocol

from tests.support import weeks
from tests.support.network import refuse_outside

refuse_outside()
# Before the processes of the run are there: they inherit it.
weeks.began()

# A hundred processes of ours start in a run: none but the first should compile what it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Playwright keeps an event loop in the test's thread from the first browser test of a process to
# its last test; nothing of ours is asynchronous. Only one may be started: see ``browser``.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


# What takes longest, for each of two processes: what the one needs is not made by the other.
LONGEST = (
    ("/launch/test_demo", "/launch/test_refusals", "/launch/test_first_start", "/test_kills"),
    ("/test_saga_kills", "/test_bulk_moves", "/test_races", "/test_import_kills"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest come first on both of two processes, so that none is left alone at the end.

    pytest-xdist gives each the half of what was collected, before they steal from each other.
    """
    path = {item: item.nodeid.partition("::")[0] for item in items}
    first, second = ([i for i in items if any(n in path[i] for n in names)] for names in LONGEST)
    rest = [item for item in items if item not in {*first, *second}]
    half = max(len(items) // 2 - len(first), 0)
    items[:] = [*first, *rest[:half], *second, *rest[half:]]


@pytest.fixture(autouse=True)
def _empty_cache():
    """Kept things of one test must not be found by the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The tables are there before Django looks: see below."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """The tables are made once per run; each process has a copy of the file."""
    from django.conf import settings
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    from tests.support.migrated import migrated
    from tests.support.once import run_folder

    test = settings.DATABASES["default"]["TEST"]
    shutil.copy(migrated(run_folder(tmp_path_factory)), test["NAME"])
    test["MIGRATE"] = False
    # Nobody asks for Django's permissions, and every test that commits would make them again.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(scope="session")
def valkey(tmp_path_factory):
    """A real Valkey for this worker process. Databases of it: ``valkey.url(0..15)``."""
    from tests.support.valkey import start_valkey

    server = start_valkey(tmp_path_factory.mktemp("valkey"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL for this worker process; ``postgres.new_database()`` gives a URL."""
    from tests.support.postgres import Postgres

    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _sandbox_process(tmp_path_factory):
    from tests.support.once import run_folder
    from tests.support.sandbox import seeded, start_sandbox

    seed = seeded(run_folder(tmp_path_factory))
    sandbox = start_sandbox(tmp_path_factory.mktemp("sandbox"), like=seed)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(_sandbox_process):
    """The sandbox as it was when fresh: no faults, default switches, no calls, no new bookings."""
    _sandbox_process.ensure_running()
    _sandbox_process.reset()
    return _sandbox_process


@pytest.fixture(scope="session")
def _template(_sandbox_process, tmp_path_factory):
    from tests.support.once import run_folder
    from tests.support.template import Template

    _sandbox_process.ensure_running()
    return Template(run_folder(tmp_path_factory), _sandbox_process)


@pytest.fixture
def make_desk(sandbox, _template, tmp_path):
    """``make_desk(start=False, postgres=postgres, workers=2, SWEEP_SECONDS="1", …)``: a Desk."""
    from tests.support.desk import Desk

    desks = []

    def make(*, start=True, postgres=None, workers=1, **environment):
        folder = tmp_path / f"desk{len(desks)}"
        desk = Desk(folder, _template, postgres=postgres, workers=workers, environment=environment)
        desks.append(desk)
        desk.prepare()
        if start:
            desk.start()
        return desk

    yield make
    for desk in desks:
        desk.stop()


@pytest.fixture
def desk(make_desk):
    """A whole product on SQLite with one web process and one worker."""
    return make_desk()


@pytest.fixture
def signed_in_page(desk, page):
    """``signed_in_page("staff")``: a Chromium page of the desk, past the sign-in."""

    def open_page(username):
        page.goto(f"{desk.url}/sign-in/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(desk.password(username))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    return open_page


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own Chromium, kept quiet and small: no background network, no GPU, one process
    for all pages, and none of the window that nobody sees. An expectation waits for long.
    """
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    quiet = (
        *("disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"),
        *("disable-component-update", "disable-sync", "disable-dev-shm-usage"),
        *("disable-gpu-rasterization", "disable-software-rasterizer", "in-process-gpu"),
        *("renderer-process-limit=1", "disable-extensions"),
        "disable-features=PreloadTopChromeWebUI,InitialWebUI,WebUIReloadButton",
    )
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [f"--{flag}" for flag in quiet],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 1440, "height": 900},
    }


def pytest_runtest_protocol(item, nextitem):
    """A test that drives a browser, and fails, is done once more from its beginning: on a machine
    that is busy a key may be pressed while a part is being exchanged. The first failure is told as
    a warning; failing twice is failing.
    """
    if "browser" not in item.fixturenames:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed for report in reports):
        first = next(report for report in reports if report.failed)
        warnings.warn(f"{item.nodeid} failed once: {first.longreprtext[-800:]}", stacklevel=1)
        item._initrequest()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True

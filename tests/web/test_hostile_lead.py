"""A hostile lead wherever a lead is shown: its words are only words, nothing fails or bursts."""

import csv
import io
import re
from html import unescape

import pytest

from bookingapp.domain import availability, catalogue, gateway
from bookingapp.web.presenters import grid_cache
from tests.support.session import forms
from tests.web.booking_fixtures import woken
from tests.web.hostile_world import HOSTILE, TAGS, HostileWorld, Reader
from tests.web.trouble_world import TroubleConnect

__all__ = ["woken"]

pytestmark = pytest.mark.django_db
# What these show whole: there is nowhere else to read it.
WHOLE = {"lead", "edit", "delivery"}
# Shows of a lead only that it is there.
WORDLESS = {"hooks"}
# Never a page: it is fetched into the list below a field.
PART = "search"


@pytest.fixture
def world(organisation, person, monkeypatch, woken, settings):
    settings.SETTLE_SECONDS = 0
    double = TroubleConnect()
    monkeypatch.setattr(gateway, "send", double.send)
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    monkeypatch.setattr(catalogue, "refresh_soon", lambda *_, **__: None)
    grid_cache.clear()
    availability.forget()
    return HostileWorld(organisation, double, person("admin")).live()


@pytest.fixture
def admin(client_of):
    return client_of("admin")


def choose_columns(client, world):
    keys = [*(f"data:{key}" for key in HOSTILE), f"custom:{TAGS}", "email", "phone", "state"]
    client.post(world.at("pool-table", pk=world.pool.pk), {"column": keys})


def test_the_reader_sees_what_a_browser_would_run():
    assert Reader(f'<a title="{TAGS}"></a><a href=" java\nscript:x">').faults == [
        "script", "img onerror", "owned", "owned onclick", "a href: javascript:x",
    ]  # fmt: skip


def test_on_no_page_is_it_more_than_text(admin, world):
    choose_columns(admin, world)
    found = {}
    for name, address in world.pages().items():
        answer = admin.get(address, follow=True)
        read = Reader(answer.content.decode())
        longest = max(map(len, re.findall(r"W+", read.text)), default=0)
        is_there = "owned=1" in unescape(read.text) or "WWWW" in read.text or name in WORDLESS
        if answer.status_code != 200 or read.faults or not is_there:
            found[name] = (answer.status_code, read.faults, is_there)
        if longest > 400 and name not in WHOLE:
            found[name] = f"{longest} letters without a break"
    assert found == {}


def test_the_parts_that_a_script_asks_for_are_no_different(admin, world):
    for name, address in world.pages().items():
        answer = admin.get(address, follow=True, headers={"HX-Request": "true"})
        assert answer.status_code == 200, name
        assert Reader(answer.content.decode()).faults == [], name
        assert "owned" not in str(answer.headers), name


def test_a_new_lead_like_it_is_stopped_by_it(admin, world):
    form = next(f for f in forms(admin.get(world.at("lead-new")).content.decode(), "/new/"))
    told = form.fields | {"name": TAGS, "phone": world.lead.phone[:80]}
    read = Reader(admin.post(world.at("lead-new"), told, follow=True).content.decode())
    assert read.faults == []
    assert "owned=1" in read.text


def test_in_files_it_is_a_cell_and_no_formula(admin, world):
    choose_columns(admin, world)
    files = {
        "pool-csv": world.at("pool-csv", pk=world.pool.pk),
        "booking-csv": world.at("booking-csv") + "?tab=upcoming",
        "import-rows": world.at("import-rows", pk=world.imported.pk),
    }
    for name, address in files.items():
        answer = admin.get(address)
        text = b"".join(answer.streaming_content).decode()
        head, *rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
        assert {len(row) for row in rows} == {len(head)}, name
        assert any("owned=1" in cell for row in rows for cell in row), name
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")], name


def test_in_a_calendar_file_it_breaks_no_line(admin, world):
    answer = admin.get(world.at("booking-ics-one", pk=world.ahead.pk))
    lines = b"".join(answer.streaming_content).decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines.count("BEGIN:VEVENT") == 1


def test_a_nul_is_looked_for_and_sent_like_nothing(admin, world):
    """PostgreSQL refuses one wherever it stands."""
    for address in (
        world.at("lead-search") + "?q=a@b%00c",
        world.at("lead-same") + "?phone=040%00&email=a@b%00.example",
        world.at("pool-board", pk=world.pool.pk) + "?text=a@b%00c&state=%00&type=%00",
        world.at("pool-table", pk=world.pool.pk) + "?by=%00&text=%00",
        world.at("waiting-list") + "?q=a@%00&lead=%00",
        world.at("booking-list") + "?q=a@%00",
        world.at("follow-ups") + "?lead=%00&pool=%00",
        world.at("pool-column", pk=world.pool.pk) + "?column=%00&after=%00",
    ):
        assert admin.get(address, follow=True).status_code == 200, address


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_page_becomes_wider_than_its_window(open_as, person, world):
    page = open_as(person("admin"), viewport={"width": 390, "height": 800})
    page.set_default_timeout(60_000)
    wide = {}
    for name, address in world.pages().items():
        page.goto(page.home + address, wait_until="load")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth") * (name != PART)
        if over > 0 or page.evaluate("'owned' in window"):
            wide[name] = over
    assert wide == {}

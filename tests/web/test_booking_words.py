"""Sentences and small presenters: nothing is missing, and one word is said only when it is true."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from bookingapp.domain.states import Kind, Reason, State
from bookingapp.web.presenters import alternatives, moments, sentences
from tests.web.grid_samples import slot

ROOT = Path(settings.BASE_DIR)
BOOKED = re.compile(r"\bbooked\b", re.I)
# Moves without a story of their own may be silent about what comes next.
QUIET = {Reason.NONE}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason):
    told = sentences.REASONS[reason]
    assert reason in QUIET or str(told.happened)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", State)
def test_every_state_has_a_title(kind, state):
    title = str(sentences.title(kind, state))
    assert title
    assert bool(BOOKED.search(title)) == (kind == Kind.BOOK and state == State.DONE)


def test_an_unknown_code_is_never_shown_raw():
    assert sentences.reason("from_the_future") == sentences.NO_STORY


def says_booked(text):
    """A placeholder of that name shows a count, not the word."""
    return BOOKED.search(re.sub(r"{.*?}", "", text))


def texts(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, sentences.Told):
        yield from (str(value.happened), str(value.ahead), str(value.can))
    else:
        yield str(value)


def test_booked_is_said_in_one_place_only():
    named = {name: value for name, value in vars(sentences).items() if name.isupper()}
    saying = {name for name, value in named.items() if any(map(BOOKED.search, texts(value)))}
    assert saying == {"DONE_WORDS"}


@pytest.mark.parametrize("folder", ["bookings", "leads", "needs_you"])
def test_no_template_says_it_by_itself(folder):
    for path in (ROOT / "templates" / folder).glob("*.html"):
        html = path.read_text(encoding="utf-8")
        spoken = re.findall(r'translate "([^"]*)"', html)
        spoken += re.findall(r"blocktranslate[^%]*%}(.*?){% endblocktranslate", html, re.S)
        assert not [text for text in spoken if says_booked(text)], path.name


@pytest.mark.parametrize("folder", ["views", "presenters", "forms"])
def test_no_view_says_it_either(folder):
    for path in (ROOT / "bookingapp" / "web" / folder).glob("*.py"):
        spoken = re.findall(r'gettext(?:_lazy)?\(\s*"([^"]*)"', path.read_text(encoding="utf-8"))
        assert not [text for text in spoken if says_booked(text)], path.name


def test_a_time_is_spoken_in_the_calendars_zone():
    start = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    end = start + timedelta(minutes=30)
    berlin = ZoneInfo("Europe/Berlin")
    assert moments.spoken(start, end, berlin) == "Tuesday 24 November, 14:30–15:00"
    with translation.override("de"):
        assert moments.spoken(start, end, berlin).startswith("Dienstag")


def test_an_hour_that_comes_twice_names_its_offset():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")
    assert moments.hour(first, berlin) == "02:30 (UTC+2)"
    assert moments.hour(first + timedelta(hours=1), berlin) == "02:30 (UTC+1)"
    assert moments.hour(first + timedelta(hours=2), berlin) == "03:30"


def test_an_hour_that_is_skipped_leaves_no_mark():
    berlin = ZoneInfo("Europe/Berlin")
    assert moments.hour(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), berlin) == "03:30"
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    twice = datetime(2026, 4, 4, 14, 45, tzinfo=UTC)
    assert moments.hour(twice, lord_howe) == "01:45 (UTC+11)"
    assert moments.hour(twice + timedelta(minutes=30), lord_howe) == "01:45 (UTC+10:30)"


def test_alternatives_leave_out_what_cannot_be_chosen():
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    hour = timedelta(hours=1)
    offered = [
        slot(now - hour),
        slot(now + hour),
        slot(now + 2 * hour, booked=1),
        slot(now + 3 * hour),
    ]
    found = alternatives.of(offered, asked_at=now + 2 * hour, resource_pk=lambda _: 7, now=now)
    assert [(one.key, one.minutes_apart) for one in found] == [("1", -60), ("2", 60)]
    assert found[0].ref == "20261124T090000Z-7"
    unknown = alternatives.of(offered, asked_at=now, resource_pk=lambda _: None, now=now)
    assert unknown == []

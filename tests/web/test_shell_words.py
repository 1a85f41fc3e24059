"""Filters and tags: times, ages, states, colours, drawings; and the answers of the shell."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines
from django.utils import translation

from bookingapp.domain.models import Organisation, Role, Write
from bookingapp.domain.states import State
from bookingapp.web import context, look, words
from bookingapp.web.templatetags import desk

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def render(source, **values):
    return engines["django"].from_string(source).render(values)


@pytest.mark.parametrize(
    ("instant", "zone", "wall"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", "25.10. 02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin", "25.10. 02:30"),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "America/New_York", "08.03. 03:00"),
        (datetime(2026, 11, 21, 20, 0, tzinfo=UTC), "Asia/Kathmandu", "22.11. 01:45"),
        (datetime(2026, 10, 3, 15, 30, tzinfo=UTC), "Australia/Lord_Howe", "04.10. 02:30"),
        (datetime(2026, 11, 21, 20, 0, tzinfo=UTC), "Nowhere/Land", ""),
    ],
)
def test_an_instant_is_shown_as_wall_time_of_the_calendar(instant, zone, wall):
    assert render("{{ at|in_zone:zone|date:'d.m. H:i' }}", at=instant, zone=zone) == wall


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (-3, "just now", "gerade eben"),
        (4, "just now", "gerade eben"),
        (59, "59 s ago", "vor 59 s"),
        (60, "1 min ago", "vor 1 min"),
        (7199, "1 h ago", "vor 1 h"),
        (86_400, "1 day ago", "vor 1 Tag"),
        (180_000, "2 days ago", "vor 2 Tagen"),
    ],
)
def test_an_age_in_words(seconds, english, german):
    assert desk.age(timedelta(seconds=seconds)) == desk.age(seconds) == english
    with translation.override("de"):
        assert desk.age(seconds) == german


def test_an_age_carries_its_instant_for_the_script():
    tag = render("{% as_of at now %}", at=NOW - timedelta(seconds=12), now=NOW)
    instant = "2026-11-21T11:59:48+00:00"
    assert tag == f'<time datetime="{instant}" data-as-of="{instant}">12 s ago</time>'


def test_every_state_of_a_write_has_words_a_tone_and_a_drawing_of_its_own():
    states = {str(state) for state in State}
    assert set(words.STATES) == set(words.TONES) == set(words.STATE_ICONS) == states
    assert set(words.STATE_ICONS.values()) <= set(look.ICONS)
    assert len({str(text) for text in words.STATES.values()}) == len(states)


def test_every_role_has_words():
    assert set(words.ROLES) == set(Role.Name.values)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ff0000", 0),
        ("#F00", 0),
        ("ffa500", 1),
        ("#00ff00", 4),
        ("#00ffff", 6),
        ("#0000ff", 8),
        ("#ff0080", 11),
        ("#ff0008", 0),
    ],
)
def test_a_colour_from_outside_becomes_the_nearest_of_twelve_inks(colour, expected):
    assert desk.hue(colour, "Dr. Ada") == expected


@pytest.mark.parametrize("colour", [None, "", "#808080", "#fff", "red;}", "url(x)", "#12", "#١٢٣"])
def test_no_usable_colour_gets_a_lasting_ink_by_name(colour):
    hues = {desk.hue(colour, "Dr. Ada") for _ in range(3)}
    assert len(hues) == 1
    assert hues <= set(range(12))
    assert desk.hue(colour, "Dr. Ada") == desk.hue("", "Dr. Ada")


def test_a_drawing_is_silent_beside_words_and_speaks_alone():
    assert 'aria-hidden="true"' in desk.icon("check")
    assert 'role="img" aria-label="a &quot;b&quot;"' in desk.icon("check", 'a "b"')
    with pytest.raises(KeyError):
        desk.icon("no-such-drawing")


@pytest.mark.parametrize("name", ["badge", "notice", "empty"])
def test_an_outside_value_cannot_break_out_of_a_component(name):
    values = "text=e title=e tone=e hue=e url=e label=e"
    source = f'{{% include "components/{name}.html" with {values} only %}}'
    evil, tame = (render(source, e=text) for text in ('"><b onclick=1>', "tame"))
    assert "<b" not in evil
    assert evil.count('"') == tame.count('"')


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:8001", True),
        ("http://127.0.0.7/api", True),
        ("http://[::1]:8001", True),
        ("https://connect.example", False),
        ("https://127.0.0.1.example.com", False),
        ("https://localhost.example", False),
        ("", False),
    ],
)
def test_practice_is_a_connect_on_this_machine(url, loopback):
    assert context.is_loopback(url) is loopback


@pytest.mark.django_db
def test_the_header_says_who_where_and_how_many_wait(client, person, elsewhere):
    staff = person("staff")
    Role.objects.create(person=staff, organisation=elsewhere, name="manager")
    client.force_login(staff)
    page = client.get("/").content.decode()
    assert "Where do you want to work?" in page
    assert "Praxis am Park" in page
    assert "Kathmandu Clinic" in page
    assert 'id="needs-you-count" class="count" data-count="0"></span>' in page


@pytest.mark.django_db
def test_the_count_of_open_items_is_one_number_over_all_organisations(client, person, elsewhere):
    staff = person("staff")
    Role.objects.create(person=staff, organisation=elsewhere, name="manager")
    for place in Organisation.objects.all():
        asked = {"intent": uuid.uuid4(), "created_at": NOW, "changed_at": NOW}
        Write.objects.create(organisation=place, person=staff, kind="book", state="stuck", **asked)
    client.force_login(staff)
    page = client.get("/").content.decode()
    assert 'data-count="2"' in page
    assert "2 open items" in page


@pytest.mark.django_db
def test_no_role_is_said_and_leads_nowhere(client, person):
    client.force_login(person("stranger"))
    assert "You have no role yet" in client.get("/").content.decode()


@pytest.mark.django_db
def test_one_organisation_is_not_asked_about(staff_client):
    assert staff_client.get("/")["Location"] == "/o/praxis-am-park/availability/"


@pytest.mark.django_db
def test_names_from_outside_are_escaped_in_the_shell(client, person, elsewhere):
    staff = person("staff")
    Role.objects.create(person=staff, organisation=elsewhere, name="staff")
    Organisation.objects.filter(pk=elsewhere.pk).update(name="<img src=x>")
    staff.first_name = "<b>Kim</b>"
    staff.save()
    client.force_login(staff)
    page = client.get("/").content.decode()
    assert "<img" not in page
    assert "<b>" not in page


@pytest.mark.django_db
def test_a_warm_shell_asks_the_database_nothing(
    client, person, elsewhere, django_assert_num_queries
):
    staff = person("staff")
    Role.objects.create(person=staff, organisation=elsewhere, name="manager")
    client.force_login(staff)
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")

"""What a person chooses for themselves: language, zone, undo window, theme, single keys."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from bookingapp.domain import undo
from bookingapp.domain.models import AuditEvent, Preference
from tests.web.booking_world import words

pytestmark = pytest.mark.django_db
PAGE = "/me/"
FORM = {"language": "", "time_zone": "", "undo_seconds": "8", "theme": "", "shortcuts": "true"}


def chosen(client, **values):
    response = client.post(PAGE, {**FORM, **values})
    assert response["Location"] == PAGE
    return client.get(PAGE).content.decode()


def test_the_default_is_eight_seconds_and_the_menu_leads_there(staff_client, person):
    page = staff_client.get(PAGE)
    assert 'value="8"' in page.content.decode()
    home = staff_client.get(reverse("needs-you")).content.decode()
    assert f'href="{PAGE}"' in home


@pytest.mark.parametrize("seconds", [0, 1, 60])
def test_the_undo_window_is_kept(staff_client, person, seconds):
    assert "Saved." in chosen(staff_client, undo_seconds=seconds)
    assert undo.window_of(person("staff")) == seconds


@pytest.mark.parametrize("wrong", ["", "-1", "61", "x", "1.5", "9" * 40])
def test_any_other_window_is_refused_at_the_field(staff_client, person, wrong):
    response = staff_client.post(PAGE, {**FORM, "undo_seconds": wrong})
    assert response.status_code == 422
    assert "Give a number from 0 to 60." in words(response)
    assert undo.window_of(person("staff")) == 8


@pytest.mark.parametrize("name", ["language", "time_zone", "theme"])
def test_what_is_not_in_the_list_is_refused(staff_client, name):
    response = staff_client.post(PAGE, {**FORM, name: "no/such"})
    assert response.status_code == 422
    assert not Preference.objects.exists()


def test_it_is_ones_own(staff_client, client_of, person):
    chosen(staff_client, undo_seconds=30, theme="dark")
    other = client_of("manager").get(PAGE).content.decode()
    assert undo.window_of(person("manager")) == 8
    assert "data-theme" not in other


def test_the_language_wins_over_cookie_and_browser_on_the_next_page(staff_client):
    staff_client.cookies["desk_language"] = "en"
    page = chosen(staff_client, language="de")
    assert '<html lang="de"' in page
    staff_client.cookies["desk_language"] = "en"
    again = staff_client.get("/needs-you/", headers={"Accept-Language": "en"})
    assert '<html lang="de"' in again.content.decode()
    assert again["Content-Language"] == "de"


def test_signed_out_the_cookie_says_the_language(staff_client):
    chosen(staff_client, language="de")
    assert staff_client.cookies["desk_language"].value == "de"
    staff_client.post("/sign-out/")
    assert '<html lang="de"' in staff_client.get("/sign-in/").content.decode()
    assert '<html lang="en"' in Client().get("/sign-in/").content.decode()


def test_the_menu_of_languages_keeps_the_choice_with_the_person(staff_client, person):
    staff_client.post("/language/", {"language": "de"})
    fresh = Client()
    fresh.force_login(person("staff"))
    assert '<html lang="de"' in fresh.get(PAGE).content.decode()
    staff_client.post("/language/", {"language": "xx"})
    assert Preference.objects.get().language == "de"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_there_before_any_style(staff_client, theme):
    page = chosen(staff_client, theme=theme)
    assert f' data-theme="{theme}"' in page.split(">", 2)[1]
    assert f'<meta name="color-scheme" content="{theme}">' in page
    back = chosen(staff_client)
    assert "data-theme" not in back
    assert '<meta name="color-scheme" content="light dark">' in back


def test_single_keys_are_switched_off_in_one_place_and_the_help_says_so(staff_client):
    assert "data-letters" not in chosen(staff_client)
    page = chosen(staff_client, shortcuts="false")
    assert ' data-letters="off"' in page.split(">", 2)[1]
    assert "Single letters and digits are switched off." in page


def test_what_is_not_sent_stays(staff_client, person):
    chosen(staff_client, theme="dark", language="de", shortcuts="false")
    staff_client.post(PAGE, {"undo_seconds": "3"})
    kept = Preference.objects.get()
    assert (kept.theme, kept.language, kept.shortcuts) == ("dark", "de", False)
    assert kept.undo_seconds == 3


def test_the_zone_is_there_for_the_scripts(staff_client):
    assert ' data-my-zone="America/New_York"' in chosen(staff_client, time_zone="America/New_York")
    assert "data-my-zone" not in chosen(staff_client)


def test_what_changed_is_on_record_with_before_and_after(staff_client, person):
    chosen(staff_client, theme="dark", undo_seconds=8)
    event = AuditEvent.objects.get(action="preferences.changed")
    assert (event.person, event.details) == (person("staff"), {"fields": ["theme"]})
    assert (event.values.before, event.values.after) == ({"theme": ""}, {"theme": "dark"})
    chosen(staff_client, theme="dark")
    assert AuditEvent.objects.filter(action="preferences.changed").count() == 1


def test_a_page_that_only_looks_asks_nothing_more_for_it(
    staff_client, django_assert_max_num_queries
):
    chosen(staff_client, theme="dark", language="de")
    staff_client.get(PAGE)
    with django_assert_max_num_queries(6) as asked:
        staff_client.get(PAGE)
    assert "domain_preference" not in " ".join(query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize(
    ("mine", "told"),
    [
        ("America/New_York", ">For you: Tuesday 24 November, 04:00–04:30 (America/New_York)<"),
        ("Europe/Vienna", " hidden><"),
        ("", " hidden><"),
    ],
)
def test_another_clock_stands_beside_the_calendars_without_a_script(rf, person, mine, told):
    Preference.objects.create(person=person("staff"), time_zone=mine)
    request = rf.get("/")
    request.user = person("staff")
    starts_at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    values = {
        "request": request,
        "a": starts_at,
        "b": starts_at + timedelta(minutes=30),
        "z": ZoneInfo("Europe/Berlin"),
    }
    markup = Template("{% own_time a b z %}").render(Context(values))
    assert told in markup
    assert 'data-own-zone="Europe/Berlin"' in markup

"""The availability page over HTTP: page, parts, polls, searches and its empty states."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import gateway
from bookingapp.domain.models import Calendar, Organisation
from bookingapp.web.presenters import grid_cache
from tests.web.availability_world import Connect, World, ref, tag_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(organisation, monkeypatch):
    double = Connect()
    monkeypatch.setattr(gateway, "send", double.send)
    grid_cache.clear()
    return World(organisation, double)


@pytest.fixture
def staff(client, person, world):
    client.force_login(person("staff"))
    return client


def poll(staff, world, version, **query):
    from urllib.parse import unquote

    url = world.url("availability-changes", v=unquote(version), **query)
    return staff.get(url, headers={**HTMX, "HX-Target": "grid"})


def test_page_shows_the_grid_as_a_form_that_needs_no_script(staff, world):
    free = world.offer(9, capacity=3, booked=1)
    text = staff.get(world.url()).content.decode()
    assert f'name="slot" value="{ref(free)}"' in text
    assert re.search(r'<form class="availability__form" method="get" action="[^"]+"', text)
    assert f'<input type="hidden" name="calendar" value="{world.calendar.pk}">' in text
    assert "2 free" in text


def test_no_script_or_style_is_inline(staff, world):
    world.offer(9)
    text = staff.get(world.url()).content.decode()
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", text)


def test_address_without_anything_takes_the_first_of_everything(staff, world):
    text = staff.get(world.url().split("?")[0]).content.decode()
    assert '<option value="" ' not in text
    assert 'aria-current="true">Week' in text


def test_cell_press_answers_only_the_panel(staff, world):
    full = world.offer(9, booked=1)
    world.offer(10)
    response = staff.get(world.url(slot=ref(full)), headers={**HTMX, "HX-Target": "panel"})
    text = response.content.decode()
    assert "Full: 1 of 1 seats are taken." in text
    assert "slot-grid" not in text
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    "headers", [{}, {**HTMX, "HX-History-Restore-Request": "true"}, {**HTMX, "HX-Boosted": "true"}]
)
def test_history_restore_and_reload_get_the_whole_page_with_the_chosen_cell(staff, world, headers):
    full = world.offer(9, booked=1)
    text = staff.get(world.url(slot=ref(full)), headers=headers).content.decode()
    assert text.lstrip().startswith("<!doctype html>")
    assert f'aria-selected="true" data-slot="{ref(full)}"' in text
    assert "Full: 1 of 1" in text


def test_filter_change_answers_filters_grid_and_panel(staff, world):
    world.offer(9)
    response = staff.get(world.url(), headers={**HTMX, "HX-Target": "availability"})
    text = response.content.decode()
    assert text.lstrip().startswith("<title>Availability · ")
    assert '<div id="availability"' in text
    assert "<body" not in text
    assert 'id="grid"' in text
    assert 'id="panel"' in text


def test_warm_page_costs_no_query_and_no_call(staff, world, django_assert_max_num_queries):
    world.offer(9)
    staff.get(world.url())
    world.forget_connect()
    with django_assert_max_num_queries(2) as counted:
        staff.get(world.url(), headers={**HTMX, "HX-Target": "availability"})
    # The session is in the cache of the product, in a table here.
    own = [q["sql"] for q in counted.captured_queries if "django_session" not in q["sql"]]
    assert not own, own
    assert world.connect.calls == []


def test_unchanged_poll_is_empty_and_renders_nothing(staff, world, monkeypatch):
    world.offer(9)
    version = tag_of(staff.get(world.url()))
    from bookingapp.web.presenters import grid_markup

    monkeypatch.setattr(grid_markup, "table", None)
    response = poll(staff, world, version)
    assert (response.status_code, response.content) == (204, b"")
    assert response["Desk-As-Of"].startswith(str(timezone.now().year))


def test_changed_grid_comes_with_the_poll(staff, world, settings):
    taken = world.offer(9)
    version = tag_of(staff.get(world.url()))
    settings.AVAILABILITY_SOFT_AGE = 0
    world.connect.slots.clear()
    world.offer(9, booked=1)
    response = poll(staff, world, version, slot=ref(taken))
    text = response.content.decode()
    assert response.status_code == 200
    assert text.lstrip().startswith('<section id="grid"')
    assert f'aria-selected="true" data-slot="{ref(taken)}"' in text
    assert tag_of(response) != version


def test_poll_within_the_soft_age_asks_nobody(staff, world):
    version = tag_of(staff.get(world.url()))
    world.forget_connect()
    poll(staff, world, version)
    assert world.connect.calls == []


def test_refresh_by_hand_asks_again_but_not_twice_at_once(staff, world, monkeypatch):
    world.offer(9)
    version = tag_of(staff.get(world.url()))
    from bookingapp.web.views import availability

    ahead = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr(availability.timezone, "now", lambda: ahead)
    world.forget_connect()
    for _ in range(3):
        assert poll(staff, world, version, force="1").status_code == 204
    assert len(world.connect.calls) == 1


def test_connect_down_shows_the_last_grid_and_says_so(staff, world, settings):
    world.offer(9)
    version = tag_of(staff.get(world.url()))
    settings.AVAILABILITY_SOFT_AGE = 0
    world.connect.error = connect.Unreachable()
    text = poll(staff, world, version).content.decode()
    assert "Connect cannot be reached." in text
    assert "No answer since" in text
    assert "slot-grid" in text
    assert "data-stale" in text


def test_connect_down_from_the_start_has_no_grid_but_a_reason(staff, world):
    world.connect.error = connect.TokenRejected()
    text = staff.get(world.url()).content.decode()
    assert "Connect does not accept our token." in text
    assert "no earlier availability" in text
    assert "slot-grid" not in text


def test_slow_window_shows_itself_loading_and_asks_again(staff, world, settings, monkeypatch):
    from bookingapp.domain import availability

    monkeypatch.setattr(availability, "read", lambda *_a, **_k: None)
    text = staff.get(world.url()).content.decode()
    assert "data-loading" in text
    assert "<noscript>" in text
    assert poll(staff, world, "").status_code == 204


def test_first_free_slot_is_chosen_wherever_it_is(staff, world):
    world.offer(9, booked=1)
    free = world.offer(15, world.jana, days=2)
    response = staff.get(world.url("availability-first", pick="1"))
    assert response.status_code == 302
    assert f"slot={ref(free)}" in response["Location"]
    assert f"date={world.monday + timedelta(days=2)}" in response["Location"]


def test_next_free_day_begins_where_it_is_told_and_keeps_the_resource(staff, world):
    world.offer(9)
    world.offer(9, world.jana, days=1)
    later = world.offer(9, days=9)
    url = world.url(
        "availability-first",
        calendar=world.calendar.pk,
        type=world.talk.pk,
        resource=world.anna.pk,
        **{"from": (world.monday + timedelta(days=1)).isoformat()},
    )
    response = staff.get(url)
    assert later.starts_at.date().isoformat() in response["Location"]
    assert f"resource={world.anna.pk}" in response["Location"]


def test_no_free_slot_in_five_weeks_is_said_with_its_limits(staff, world):
    world.offer(9, booked=1)
    response = staff.get(world.url("availability-first"))
    assert "Nothing is free from" in response.content.decode()
    assert response["HX-Push-Url"].startswith(world.url().split("?")[0])


def test_search_that_could_not_look_everywhere_admits_it(staff, world):
    world.connect.error = connect.Unreachable()
    text = staff.get(world.url("availability-first")).content.decode()
    assert "Not every week could be seen" in text


@pytest.mark.parametrize("start", ["", "tomorrow", "0001-01-01", "9999-12-31"])
def test_search_survives_made_up_days(staff, world, start):
    assert staff.get(world.url("availability-first", **{"from": start})).status_code == 200


def test_past_slots_do_not_count_as_first(staff, world):
    world.offer(9, days=-14)
    assert staff.get(world.url("availability-first")).status_code == 200


def test_choice_is_remembered_in_a_cookie_and_written_once(staff, world):
    url = world.url(calendar=world.calendar.pk, type=world.talk.pk, view="day")
    first = staff.get(url)
    cookie = first.cookies["desk_availability"]
    assert cookie["httponly"]
    assert cookie["path"] == world.url().split("?")[0]
    assert "desk_availability" not in staff.get(url).cookies
    text = staff.get(world.url().split("?")[0]).content.decode()
    assert 'aria-current="true">Day' in text


@pytest.mark.parametrize("name", ["availability", "availability-changes", "availability-first"])
def test_strangers_see_nothing(client, person, world, name):
    client.force_login(person("stranger"))
    assert client.get(world.url(name)).status_code == 404
    client.logout()
    assert client.get(world.url(name)).status_code == 302


@pytest.mark.parametrize("name", ["availability", "availability-changes", "availability-first"])
def test_only_looking_is_allowed(staff, world, name):
    assert staff.post(world.url(name)).status_code == 405


def test_nothing_offered_leads_to_the_next_free_day(staff, world):
    text = staff.get(world.url()).content.decode()
    assert "Nothing is offered in these days" in text
    assert "/availability/first/" in text


def move_on(world, version):
    """As the catalogue's refresh does it."""
    world.organisation.catalogue_version = version
    world.organisation.save(update_fields=["catalogue_version"])


def test_no_calendar_no_type_and_no_zone_are_told_apart(staff, world):
    Calendar.objects.update(zone="")
    move_on(world, 2)
    assert "names no time zone" in staff.get(world.url()).content.decode()
    world.talk.resources.clear()
    world.calendar.resources.clear()
    world.calendar.resources.add(world.anna)
    world.talk.resources.add(world.jana)
    move_on(world, 3)
    assert "No appointment type in this calendar" in staff.get(world.url()).content.decode()
    Calendar.objects.update(gone_at=timezone.now())
    move_on(world, 4)
    assert "No calendar yet" in staff.get(world.url()).content.decode()


def test_organisation_without_a_token_says_so(staff, world):
    from bookingapp.domain.gateway import NoToken

    world.connect.error = NoToken(connect.Scope.READ)
    Organisation.objects.update(catalogue_at=None)
    assert "No API token yet" in staff.get(world.url()).content.decode()


def test_closed_cell_offers_somebody_else_and_the_next_time(staff, world):
    full = world.offer(9, booked=1)
    same = world.offer(9, world.jana)
    later = world.offer(11)
    text = staff.get(
        world.url(view="day", slot=ref(full, world.anna), calendar=world.calendar.pk),
        headers={**HTMX, "HX-Target": "panel"},
    ).content.decode()
    assert f"slot={ref(same, world.jana)}" in text
    assert f"slot={ref(later, world.anna)}" in text


def test_hostile_names_from_connect_do_not_break_out(staff, world):
    evil = '"><script>alert(1)</script>'
    Calendar.objects.update(name=evil)
    world.anna.name = evil
    world.anna.save()
    Organisation.objects.update(catalogue_version=2)
    full = world.offer(9, booked=1)
    for query in ({"view": "day"}, {"view": "day", "slot": ref(full, world.anna)}):
        assert "<script>alert" not in staff.get(world.url(**query)).content.decode()


def test_drawn_grids_are_kept_apart_by_what_they_show(staff, world):
    world.offer(9)
    world.offer(9, world.jana)
    anyone = staff.get(world.url()).content.decode()
    anna = staff.get(world.url(calendar=world.calendar.pk, resource=world.anna.pk)).content.decode()
    day = staff.get(world.url(view="day")).content.decode()
    staff.cookies["desk_language"] = "de"
    german = staff.get(world.url()).content.decode()
    assert "2 resources" in anyone
    assert "2 resources" not in anna
    assert 'data-view="day"' in day
    assert "Montag" in german


@pytest.mark.parametrize("name", ["availability", "availability-changes", "availability-first"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_break_no_page(staff, world, name, day):
    world.offer(9)
    query = {"date": day, "from": day, "slot": f"{day.replace('-', '')}T235959Z-0"}
    for view in ("day", "week"):
        url = world.url(name, **query, view=view)
        for headers in ({}, HTMX):
            assert staff.get(url, headers=headers).status_code in {200, 204, 302}

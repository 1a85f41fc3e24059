"""The catalogue: read from Connect, kept in rows, seen as one snapshot."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingapp import connect
from bookingapp.domain import catalogue, gateway, models
from bookingapp.domain.errors import NoToken
from tests.domain.catalogue_world import NOW, Told, organisation

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def told(monkeypatch):
    told = Told()
    monkeypatch.setattr(gateway, "send", told.send)
    return told


@pytest.fixture
def praxis(told):
    praxis = organisation()
    catalogue.refresh(praxis, now=NOW)
    return praxis


def names(items):
    return [item.name for item in items]


def blocker(**facts):
    facts = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=2), **facts}
    return connect.Blocker(id=facts.pop("id", "blk_1"), name=facts.pop("name", "Urlaub"), **facts)


# -- what a snapshot tells -----------------------------------------------------------------------


def test_everything_is_there_by_name(praxis):
    seen = catalogue.snapshot(praxis)
    assert names(seen.calendars) == ["Nord", "Süd"]
    assert names(seen.types) == ["Erstgespräch", "Probe"]
    assert sorted(names(seen.resources)) == ["Zoë", "Ärzte"]
    assert names(seen.pools) == ["Neu"]
    assert seen.is_known
    first = seen.types[0]
    assert (first.length_minutes, first.search_minutes) == (45, 15)
    assert seen.resource_by_connect_id("res_1").capacity == 3


def test_items_are_found_by_our_key_and_by_connects_id(praxis):
    seen = catalogue.snapshot(praxis)
    nord = seen.calendar_by_connect_id("cal_1")
    assert seen.calendar(nord.pk) is nord
    assert seen.calendar(10**9) is None
    assert seen.resource_by_connect_id("nobody") is None


def test_a_zone_nobody_knows_is_empty(praxis):
    seen = catalogue.snapshot(praxis)
    assert [calendar.zone for calendar in seen.calendars] == ["Europe/Berlin", ""]


def test_resources_are_those_of_the_calendar_that_do_the_type(praxis):
    seen = catalogue.snapshot(praxis)
    nord, south = seen.calendars
    first, probe = seen.types
    assert sorted(names(seen.resources_for(nord.pk, first.pk))) == ["Zoë", "Ärzte"]
    assert names(seen.resources_for(nord.pk, probe.pk)) == ["Zoë"]
    assert names(seen.resources_for(south.pk, first.pk)) == ["Ärzte"]
    assert names(seen.types_for(south.pk)) == ["Erstgespräch"]
    assert seen.resources_for(nord.pk, 10**9) == ()


def test_where_connect_tells_no_mapping_of_types_the_calendars_count(told, praxis):
    told["list_appointment_type_resource_mappings"] = ()
    catalogue.refresh(praxis, now=TOMORROW)
    seen = catalogue.snapshot(praxis)
    assert len(seen.resources_for(seen.calendars[0].pk, seen.types[1].pk)) == 2


def test_states_come_in_the_pools_order_with_the_one_for_new_leads(praxis):
    [pool] = catalogue.snapshot(praxis).pools
    assert names(pool.states) == ["Neu", "Kontaktiert"]
    assert pool.default_state.connect_id == "ls_1"


@pytest.mark.parametrize(("defaults", "chosen"), [((), None), (("ls_2", "ls_1"), "ls_2")])
def test_no_default_state_is_none_and_of_several_the_first_counts(told, defaults, chosen):
    states = tuple(
        connect.LeadState(id=one, name=one, default=one in defaults) for one in ("ls_2", "ls_1")
    )
    told["get_lead_pool"] = connect.LeadPool(id="tbl_1", lead_states=states)
    praxis = organisation()
    catalogue.refresh(praxis, now=NOW)
    [pool] = catalogue.snapshot(praxis).pools
    assert (pool.default_state and pool.default_state.connect_id) == chosen


def test_pools_listed_with_their_states_are_not_asked_for_one_by_one(told):
    told["list_lead_pools"] = (told["get_lead_pool"],)
    catalogue.refresh(organisation(), now=NOW)
    assert told.asked["get_lead_pool"] == 0


def test_a_pool_that_vanishes_meanwhile_stays_without_states(told):
    told["get_lead_pool"] = connect.Missing(status=404)
    praxis = organisation()
    catalogue.refresh(praxis, now=NOW)
    [pool] = catalogue.snapshot(praxis).pools
    assert (pool.states, pool.default_state) == ((), None)


def test_a_warm_snapshot_costs_no_query(praxis, django_assert_num_queries):
    first = catalogue.snapshot(praxis)
    with django_assert_num_queries(0):
        assert catalogue.snapshot(praxis) is first


def test_organisations_see_only_their_own(told, praxis):
    told["list_calendars"] = (connect.Calendar(id="cal_1", name="Other", zone="UTC"),)
    other = organisation("Other")
    catalogue.refresh(other, now=NOW)
    assert names(catalogue.snapshot(other).calendars) == ["Other"]
    assert names(catalogue.snapshot(praxis).calendars) == ["Nord", "Süd"]


# -- keeping it true -----------------------------------------------------------------------------


def test_refreshing_without_news_changes_the_time_and_no_version(praxis):
    version = praxis.catalogue_version
    catalogue.refresh(praxis, now=TOMORROW)
    assert (praxis.catalogue_version, praxis.catalogue_at) == (version, TOMORROW)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("list_calendars", (connect.Calendar(id="cal_1", name="Renamed", zone="UTC"),)),
        ("list_resource_calendar_mappings", ()),
        ("list_blockers", (blocker(),)),
        ("get_lead_pool", connect.LeadPool(id="tbl_1", name="Neu")),
    ],
)
def test_news_raise_the_version_so_that_everybody_reads_again(told, praxis, name, answer):
    before = catalogue.snapshot(praxis)
    told[name] = answer
    catalogue.refresh(praxis, now=TOMORROW)
    assert praxis.catalogue_version == before.version + 1
    assert catalogue.snapshot(praxis) != before
    assert (
        catalogue.snapshot(models.Organisation.objects.get(pk=praxis.pk)).version > before.version
    )


def test_what_connect_no_longer_lists_is_gone_but_kept_and_may_return(told, praxis):
    nord, _ = told["list_calendars"]
    key = catalogue.snapshot(praxis).calendar_by_connect_id("cal_2").pk
    told["list_calendars"] = (nord,)
    catalogue.refresh(praxis, now=TOMORROW)
    assert names(catalogue.snapshot(praxis).calendars) == ["Nord"]
    assert models.Calendar.objects.get(pk=key).gone_at == TOMORROW
    told["list_calendars"] = (nord, connect.Calendar(id="cal_2", name="Süd", zone="UTC"))
    catalogue.refresh(praxis, now=TOMORROW + timedelta(days=1))
    assert catalogue.snapshot(praxis).calendar(key).zone == "UTC"


def test_everything_gone_is_believed_kept_and_asked_about_again_soon(told, praxis):
    kept = told["list_calendars"]
    told["list_calendars"] = ()
    catalogue.refresh(praxis, now=TOMORROW)
    assert catalogue.snapshot(praxis).calendars == ()
    assert models.Calendar.objects.count() == 2
    told["list_calendars"] = kept
    assert catalogue.refresh_stale(now=TOMORROW + timedelta(minutes=5)) == 1
    assert len(models.Calendar.objects.filter(gone_at=None)) == 2


def test_a_refresh_that_fails_changes_nothing(told, praxis):
    before = catalogue.snapshot(praxis)
    told["list_calendars"] = ()
    told["list_appointment_type_resource_mappings"] = connect.GatewayFailed(status=502)
    with pytest.raises(connect.GatewayFailed):
        catalogue.refresh(praxis, now=TOMORROW)
    assert catalogue.snapshot(models.Organisation.objects.get(pk=praxis.pk)) == before


def test_an_answer_asked_for_earlier_does_not_undo_a_later_one(told, praxis):
    told["list_calendars"] = ()
    catalogue.refresh(praxis, now=NOW - timedelta(minutes=1))
    assert len(catalogue.snapshot(praxis).calendars) == 2


def test_the_daily_round_takes_the_stale_ones_and_outlives_a_failure(told, monkeypatch):
    never = organisation("Never")
    organisation("Fresh", catalogue_at=NOW - timedelta(hours=23))
    stale = organisation("Stale", catalogue_at=NOW - timedelta(hours=25))
    broken = organisation("Broken", catalogue_at=NOW - timedelta(hours=26))
    models.Calendar.objects.create(
        organisation=models.Organisation.objects.get(name="Fresh"), connect_id="cal_1"
    )

    def send(who, call, **how):
        if who == broken:
            raise NoToken(connect.Scope.READ)
        return told.send(who, call, **how)

    monkeypatch.setattr(gateway, "send", send)
    assert catalogue.refresh_stale(now=NOW) == 2
    refreshed = models.Organisation.objects.filter(catalogue_at=NOW)
    assert set(refreshed) == {never, stale}


# -- hostile answers -----------------------------------------------------------------------------


def test_outside_values_are_bounded(told):
    told["list_resources"] = (
        connect.Resource(id="res_1", name="Zo\0ë\n" + "ä" * 400, colour="x" * 90, capacity=2**62),
        connect.Resource(id="res_1", name="A second of the same id"),
        connect.Resource(id="x" * 201, name="Too long an id"),
        connect.Resource(id="res_2", name="\ud800", capacity=-1),
        connect.Resource(id="res_3", name=""),
    )
    praxis = organisation()
    catalogue.refresh(praxis, now=NOW)
    first, second, third = (
        models.Resource.objects.get(connect_id=one) for one in ("res_1", "res_2", "res_3")
    )
    assert models.Resource.objects.count() == 3
    assert (len(first.name), first.name[:5], len(first.colour)) == (300, "Zoë ä", 40)
    assert (first.capacity, second.capacity, second.name) == (1_000_000, None, "?")
    assert catalogue.snapshot(praxis).resource(third.pk).name == "res_3"


@pytest.mark.parametrize(
    ("unit", "length", "minutes"),
    [
        ("minutes", 45, 45),
        ("seconds", 2700, 45),
        ("seconds", 61, 2),
        ("minutes", 0, None),
        ("minutes", float("nan"), None),
        ("minutes", None, None),
    ],
)
def test_lengths_are_minutes_whatever_connects_unit(told, unit, length, minutes):
    told["list_appointment_types"] = (connect.AppointmentType(id="apt_1", booking_length=length),)
    praxis = organisation(settings={"length_unit": unit})
    catalogue.refresh(praxis, now=NOW)
    [kind] = catalogue.snapshot(praxis).types
    assert kind.length_minutes == minutes


def test_a_list_gone_wild_is_cut(told):
    told["list_resources"] = tuple(connect.Resource(id=f"res_{number}") for number in range(5_100))
    told["list_resource_calendar_mappings"] = told["list_appointment_type_resource_mappings"] = ()
    catalogue.refresh(organisation(), now=NOW)
    assert models.Resource.objects.count() == 5_000


def test_queries_do_not_grow_with_the_rows(told, praxis):
    def queries(now):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            catalogue.refresh(praxis, now=now)
        return len(seen)

    told["list_resources"] = tuple(connect.Resource(id=f"few_{n}") for n in range(3))
    few = queries(TOMORROW)
    told["list_resources"] = tuple(connect.Resource(id=f"many_{n}") for n in range(90))
    assert queries(TOMORROW + timedelta(days=1)) <= few


# -- blockers ------------------------------------------------------------------------------------


def blocked(praxis, *, calendar="cal_1", resource="res_1", hours=0.5):
    """The name of what closes half an hour, so many hours after the blocker begins."""
    seen = catalogue.snapshot(praxis)
    start = NOW + timedelta(hours=hours)
    found = seen.blocker_over(
        seen.calendar_by_connect_id(calendar).pk,
        seen.resource_by_connect_id(resource).pk if resource else None,
        start,
        start + timedelta(minutes=30),
    )
    return found and found.name


def refresh_with(told, *blockers):
    praxis = organisation()
    told["list_blockers"] = blockers
    catalogue.refresh(praxis, now=NOW)
    return praxis


def test_a_blocker_of_a_resource_closes_that_resource(told):
    praxis = refresh_with(told, blocker(calendar_id="cal_1", resource_id="res_1"))
    assert blocked(praxis) == "Urlaub"
    assert blocked(praxis, resource="res_2") is None
    assert blocked(praxis, resource=None) is None
    assert blocked(praxis, calendar="cal_2") is None


def test_a_blocker_of_a_calendar_closes_everybody_there(told):
    praxis = refresh_with(told, blocker(calendar_id="cal_1"))
    assert blocked(praxis) == blocked(praxis, resource="res_2") == "Urlaub"
    assert blocked(praxis, resource=None) == "Urlaub"
    assert blocked(praxis, calendar="cal_2") is None


def test_a_blocker_in_every_calendars_list_closes_all_of_them(told):
    praxis = refresh_with(told, blocker())
    assert blocked(praxis, calendar="cal_1") == blocked(praxis, calendar="cal_2") == "Urlaub"


@pytest.mark.parametrize(
    ("hours", "name"),
    [(-0.5, None), (-0.25, "Urlaub"), (1.5, "Urlaub"), (1.75, "Urlaub"), (2, None)],
)
def test_touching_counts_and_meeting_does_not(told, hours, name):
    praxis = refresh_with(told, blocker(calendar_id="cal_1"))
    assert blocked(praxis, hours=hours) == name


def test_blockers_that_say_nothing_useful_are_left_out(told):
    refresh_with(
        told,
        blocker(id="a", ends_at=None),
        blocker(id="b", starts_at=None),
        blocker(id="c", ends_at=NOW),
        blocker(id="d", resource_id="nobody we know"),
    )
    assert models.Blocker.objects.count() == 0


def test_without_blockers_there_is_still_a_catalogue(told):
    told["list_blockers"] = connect.Refused(status=400)
    praxis = organisation()
    catalogue.refresh(praxis, now=NOW)
    assert catalogue.snapshot(praxis).blockers == ()


# -- the first time ------------------------------------------------------------------------------


def test_an_organisation_never_read_is_read_when_first_looked_at(told):
    praxis = organisation()
    assert names(catalogue.snapshot(praxis, now=NOW).calendars) == ["Nord", "Süd"]
    assert praxis.catalogue_at == NOW


def test_when_that_fails_the_page_is_told_why_and_connect_is_not_asked_by_everybody(told):
    told["list_calendars"] = connect.Unreachable("down")
    praxis = organisation()
    seen = [catalogue.snapshot(praxis, now=NOW) for _ in range(5)]
    assert {(one.is_known, one.problem, one.calendars) for one in seen} == {
        (False, "not_reached", ())
    }
    assert told.asked["list_calendars"] == 1


@pytest.mark.django_db(transaction=True)
def test_many_vanished_ids_at_once_are_one_refresh(told):
    praxis = organisation()
    threads = [catalogue.refresh_soon(praxis, now=NOW) for _ in range(20)]
    started = [thread for thread in threads if thread]
    assert len(started) == 1
    started[0].join(20)
    assert told.asked["list_calendars"] == 1
    assert models.Organisation.objects.get(pk=praxis.pk).catalogue_at == NOW

"""Bulk moves from choosing leads to their result: what it sets off is said and meant first."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import batches, bulk_moves
from bookingapp.domain.models import AuditEvent, BulkMove, Lead, Write
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.pool_table_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import NOT_ALLOWED

pytestmark = pytest.mark.django_db
LATER = timedelta(seconds=60)


def push(world, *, after=LATER):
    bulk = BulkMove.objects.select_related("organisation", "person").get(pk=world.bulk.pk)
    return bulk_moves.push(bulk, now=timezone.now() + after)


def finish(world):
    for _ in range(9):
        push(world)
        world.run_all()


def test_the_bar_brings_the_chosen_leads_to_a_page_that_says_what_it_sets_off(manager, world):
    leads = world.leads(3)
    page = manager.get(world.place("pool-table")).content.decode()
    bar = next(form for form in forms(page, "/bulk/") if form.id == "bulk-form")
    asked = bar.fields | {"lead": [str(lead.pk) for lead in leads[:2]], "to": "warm"}
    told = words(manager.post(bar.action, asked | {"which": "chosen"}))
    assert "Move 2 leads to “Warm”?" in told
    assert "Fires 2 automation events at RocketLead" in told
    assert "Fresh : 2" in told or "Fresh: 2" in told
    assert not BulkMove.objects.exists()


def test_from_25_up_the_number_is_to_be_typed(manager, world):
    leads = world.leads(25)
    page = manager.get(world.place("bulk-ask", query="which=all&to=warm&sort=newest"))
    form = next(f for f in forms(page.content.decode(), "/bulk/") if "intent" in f.fields)
    assert form.fields["expected"] == "25"
    for typed in ("", "24", "lots"):
        wrong = manager.post(form.action, form.fields | {"typed": typed})
        assert (wrong.status_code, "Type 25 to go on" in words(wrong)) == (422, True)
    assert not BulkMove.objects.exists()
    assert manager.post(form.action, form.fields | {"typed": "25"}).status_code == 302
    assert world.bulk.rows.count() == len(leads)


def test_below_that_nothing_is_to_be_typed(manager, world):
    leads = world.leads(24)
    page = manager.get(world.place("bulk-ask", query="which=all&to=warm&sort=newest"))
    assert 'name="typed"' not in page.content.decode()
    assert world.asked(manager, leads, typed="").status_code == 302


def test_all_that_match_are_those_of_the_filter(manager, world):
    world.leads(3)
    world.leads(2, state="won")
    world.made("Anna Muster")
    for query, count in (("text=anna", 1), ("state=won", 2), ("sort=newest", 6)):
        page = manager.get(world.place("bulk-ask", query=f"which=all&to=warm&{query}"))
        assert f'name="expected" value="{count}"' in page.content.decode()


def test_when_the_number_has_changed_it_says_so_and_sends_nothing(manager, world):
    leads = world.leads(3)
    Lead.objects.filter(pk=leads[0].pk).update(state_connect_id="warm", board_state="warm")
    answer = world.asked(manager, leads)
    assert answer.status_code == 422
    told = words(answer)
    assert "The number of leads has changed meanwhile" in told
    assert "Move 2 leads to “Warm”?" in told
    assert "1 lead, there already" in told
    assert not BulkMove.objects.exists()


def test_twice_the_same_form_is_one_bulk_move(manager, world):
    leads, intent = world.leads(2), str(uuid.uuid4())
    first, second = (world.asked(manager, leads, intent=intent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert BulkMove.objects.count() == 1


def test_nothing_chosen_or_nowhere_to_go_is_no_bulk_move(manager, world):
    leads = world.leads(1)
    for fields in ({"lead": []}, {"to": ""}):
        answer = world.asked(manager, leads, **fields)
        assert (answer.status_code, "/table/" in answer["Location"]) == (302, True)
    assert world.asked(manager, leads, to="no-such").status_code == 422
    assert world.asked(manager, leads, intent="x").status_code == 422
    assert not BulkMove.objects.exists()


def test_leads_of_another_pool_or_organisation_are_not_among_them(manager, world, elsewhere):
    mine = world.leads(1)
    theirs = world.leads(1, pool=world.shut)
    Lead.objects.filter(pk=world.leads(1)[0].pk).update(organisation=elsewhere)
    asked = [*mine, *theirs, Lead.objects.get(organisation=elsewhere)]
    assert world.asked(manager, asked, expected="1", typed="1").status_code == 302
    assert list(world.bulk.rows.values_list("lead", flat=True)) == [mine[0].pk]


def test_staff_see_who_can(staff, world, person):
    leads = world.leads(1)
    person("manager")
    told = words(staff.get(world.place("pool-table")))
    assert "Many leads at once are moved by managers. Here that is: Kim" in told
    assert 'name="lead"' not in staff.get(world.place("pool-table")).content.decode()
    answer = world.asked(staff, leads)
    assert (answer.status_code, "by managers" in words(answer)) == (403, True)
    assert not BulkMove.objects.exists()


def test_in_the_undo_window_it_can_be_undone(manager, world):
    page = manager.get(world.asked(manager, world.leads(2))["Location"])
    assert "Nothing has been sent yet" in words(page)
    undo = next(form for form in forms(page.content.decode(), "/undo/"))
    assert push(world, after=timedelta(0)).opened == []
    answer = manager.post(undo.action, undo.fields, headers=HTMX)
    assert "Undone: nothing was sent" in words(answer)
    assert (push(world).opened, Write.objects.count(), world.connect.sent) == ([], 0, [])


def test_too_late_to_undo_is_said(manager, world):
    world.asked(manager, world.leads(2))
    push(world)
    answer = manager.post(world.place("bulk-undo", world.bulk.pk), headers=HTMX)
    assert "Too late to undo" in answer["HX-Trigger"]
    assert world.bulk.stopped_at is None


def test_progress_stop_and_resume(manager, world):
    count = batches.AT_ONCE + 3
    world.asked(manager, world.leads(count))
    push(world)
    world.run_all()
    detail = world.place("bulk-detail", world.bulk.pk)
    page = manager.get(detail)
    assert f"{batches.AT_ONCE} of {count} settled" in words(page)
    stop = next(form for form in forms(page.content.decode(), "/stop/"))
    assert "3 not begun" in words(manager.post(stop.action, stop.fields, headers=HTMX))
    assert push(world).opened == []
    page = manager.get(detail)
    assert "Resume: 3 leads are left" in words(page)
    resume = next(form for form in forms(page.content.decode(), "/resume/"))
    assert manager.post(resume.action, resume.fields).status_code == 302
    finish(world)
    told = words(manager.get(detail))
    assert "Finished" in told
    assert f"{count} are in their new state" in told


def test_what_a_stop_left_can_be_left(manager, world):
    world.asked(manager, world.leads(2))
    stop = world.place("bulk-stop", world.bulk.pk)
    manager.post(stop)
    told = words(manager.post(stop, {"rest": "1"}, headers=HTMX))
    assert "Finished" in told
    assert "2 not begun" in told
    assert push(world).opened == []


def test_what_went_wrong_is_named_with_its_reason(manager, world):
    leads = world.leads(3)
    world.asked(manager, leads)
    world.connect.answers = [None, NOT_ALLOWED]
    finish(world)
    page = manager.get(world.place("bulk-detail", world.bulk.pk))
    told = words(page)
    assert "2 are in their new state" in told
    assert "1 refused" in told
    assert "1 lead needs a look" in told
    assert "Not like that" in told
    assert "/needs-you/" in page.content.decode()


def test_nothing_is_sent_again_while_it_is_the_same(manager, world):
    page = manager.get(world.asked(manager, world.leads(2))["Location"]).content.decode()
    look = re.search(r'hx-get="([^"]*/bulk/[^"]*v=[^"]*)"', page).group(1)
    assert manager.get(look, headers=HTMX).status_code == 204
    push(world)
    assert manager.get(look, headers=HTMX).status_code == 200


def test_the_strip_shows_it_on_the_table_until_it_is_over(manager, staff, world):
    world.asked(manager, world.leads(2))
    told = words(manager.get(world.place("pool-table")))
    assert "2 leads to “Warm” Nothing has been sent yet" in told
    part = manager.get(world.place("bulk-strip"), headers=HTMX).content.decode()
    stamp = re.search(r"v=([0-9a-f]+)", part).group(1)
    assert manager.get(world.place("bulk-strip", query=f"v={stamp}")).status_code == 204
    finish(world)
    assert "bulk-strip__line" not in manager.get(world.place("bulk-strip")).content.decode()


def test_without_a_token_it_says_that_it_waits(manager, world, monkeypatch):
    from bookingapp.domain import gateway

    world.asked(manager, world.leads(2))
    BulkMove.objects.update(due_at=timezone.now())
    world.organisation.paused_reason = "no_token"
    world.organisation.save()
    monkeypatch.setattr(gateway, "has_token", lambda *_: False)
    told = words(manager.get(world.place("bulk-detail", world.bulk.pk)))
    assert "Paused: there is no token that may change leads" in told
    assert "goes on by itself" in told


def test_each_step_is_in_the_log(manager, world):
    world.asked(manager, world.leads(1))
    for name in ("bulk-stop", "bulk-stop", "bulk-resume", "bulk-undo"):
        manager.post(world.place(name, world.bulk.pk))
    told = AuditEvent.objects.filter(action__startswith="bulkmove").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "bulkmove.asked",
        "bulkmove.stopped",
        "bulkmove.resumed",
        "bulkmove.undone",
    ]


def test_somebody_elses_bulk_move_is_not_there(manager, world, elsewhere):
    world.asked(manager, world.leads(1))
    BulkMove.objects.update(organisation=elsewhere)
    assert manager.get(world.place("bulk-detail", world.bulk.pk)).status_code == 404
    for name in ("bulk-stop", "bulk-resume", "bulk-undo"):
        assert manager.post(world.place(name, world.bulk.pk)).status_code == 404


def test_the_sweep_begins_what_is_due_and_wakes_the_next(manager, world, monkeypatch):
    from bookingapp.tasks import batches as tasks

    woken, nudged = [], []
    # A slow machine must not make two moments of one.
    monkeypatch.setattr(batches, "SOON", LATER)
    monkeypatch.setattr(tasks, "wake_batch", lambda kind, pk, **_: woken.append((kind, pk)))
    monkeypatch.setattr(tasks, "wake_write", nudged.append)
    world.asked(manager, world.leads(batches.AT_ONCE + 1))
    tasks.sweep_batches()
    assert (woken, nudged) == ([], []), "the undo window lasts"
    BulkMove.objects.update(due_at=timezone.now())
    tasks.sweep_batches()
    assert (woken, len(nudged)) == ([("bulk_move", world.bulk.pk)], batches.AT_ONCE)
    tasks.push_batch("bulk_move", str(world.bulk.pk))
    assert len(woken) == 1, "of two wakings at once one goes on"

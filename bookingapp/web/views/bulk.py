"""Moving many leads at once: asking, how it goes, undoing, stopping and going on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookingapp.domain import access, batches, bulk_moves, bulk_progress
from bookingapp.domain.models import BulkMove
from bookingapp.tasks.batches import wake_batch
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import booking_row, bulk_words, lead_card
from bookingapp.web.views import booking_list, bulk_asking, bulk_strip, pool_here

PAGE = "bulk/page.html"
# Troubled leads named on the page; more are a number, and all are under "Needs you".
MOST_TROUBLED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def ask(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What it would do, for leads of an address or a form; with an ``intent`` it is asked for."""
    if not request.membership.is_at_least("manager"):
        pool_here.find(request, pk)
        people = access.managers_of(request.organisation)
        return render(request, "bulk/not-yours.html", {"people": people, "pk": pk}, status=403)
    wanted = bulk_asking.wanted(request, pk)
    if not (wanted.is_all or wanted.keys) or not wanted.to_state:
        messages.info(request, str(bulk_words.NOTHING_CHOSEN))
        return redirect(f"{wanted.desk.address('pool-table')}?{wanted.desk.query()}")
    if request.method == "POST" and "intent" in request.POST:
        return bulk_asking.ask(request, wanted)
    return bulk_asking.confirm(request, wanted)


@require_safe
@desk_view("staff")
def detail(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """How it goes and what came of it; 204 while ``v`` still says what is shown."""
    context = _context(request, _find(request, pk))
    if request.GET.get("v") == context["stamp"]:
        return HttpResponse(status=204)
    return htmx.render_part(request, PAGE, "bulk", context)


@require_POST
@desk_view("manager")
def undo(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Nothing was sent and nothing will be, or it is too late."""
    bulk = _find(request, pk)
    done = bulk_moves.undo(bulk, request.user, now=timezone.now())
    if done:
        return _answer(request, pk, bulk_words.UNDONE, kind="good")
    return _answer(request, pk, bulk_words.TOO_LATE, kind="warning")


@require_POST
@desk_view("manager")
def stop(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Begin nothing more; with ``rest``: never, what a stop left stays as it is."""
    bulk = _find(request, pk)
    if "rest" in request.POST:
        batches.give_up(bulk, request.user, now=timezone.now())
        return _answer(request, pk, bulk_words.GIVEN_UP)
    batches.stop(bulk, request.user, now=timezone.now())
    return _answer(request, pk, bulk_words.STOPPED)


@require_POST
@desk_view("manager")
def resume(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    batches.go_on(_find(request, pk), request.user, now=timezone.now())
    wake_batch("bulk_move", pk)
    return _answer(request, pk, bulk_words.GOES_ON)


def _answer(request: StaffRequest, pk: UUID, said: Any, *, kind: str = "info") -> HttpResponse:
    """The part that asked, with what happened; without a script the page says it."""
    if not htmx.wants_part(request):
        level = messages.WARNING if kind == "warning" else messages.INFO
        messages.add_message(request, level, str(said))
        return redirect("bulk-detail", slug=request.organisation.slug, pk=pk)
    bulk = _find(request, pk)
    if "strip" in request.POST:
        found = bulk_strip.of(request, bulk.pool_id)
        response = render(request, "bulk/strip.html", {"strip": found})
    else:
        response = htmx.render_part(request, PAGE, "bulk", _context(request, bulk))
    return htmx.toast(response, str(said), kind)


def _find(request: StaffRequest, pk: UUID) -> BulkMove:
    known = BulkMove.objects.filter(organisation=request.organisation, pk=pk)
    bulk = known.select_related("person", "pool").first()
    if bulk is None:
        raise Http404
    return bulk


def _context(request: StaffRequest, bulk: BulkMove) -> dict[str, Any]:
    names = bulk_strip.state_names(request.organisation)
    may_stop = request.membership.is_at_least("manager")
    line = bulk_strip.line(request, bulk, names, may_stop=may_stop)
    rows = bulk_progress.troubled(bulk)
    troubled = [
        bulk_words.trouble(row, lead_card.name_of(row.lead)[:120]) for row in rows[:MOST_TROUBLED]
    ]
    standing = line.standing
    left = max((bulk.due_at - timezone.now()).total_seconds(), 0) if bulk.due_at else 0
    told = (standing, troubled, line.headline, may_stop)
    return {
        "bulk": bulk,
        "line": line,
        "standing": standing,
        "progress": standing.progress,
        "parts": bulk_words.parts(standing),
        "troubled": troubled,
        "more": max(standing.troubled - len(troubled), 0),
        "who": booking_row.person_name(bulk.person),
        "seconds_left": round(left),
        "pool_pk": bulk.pool_id or 0,
        "may_stop": may_stop,
        "stamp": booking_list.stamp_of(*told),
    }

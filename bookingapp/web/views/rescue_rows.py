"""The rows of a rescue: how they stand, what the lead said, and another time for one of them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import settling
from bookingapp.domain.errors import SlotGone
from bookingapp.domain.models import Rescue, RescueRow
from bookingapp.domain.rescue import answering, listing, proposing, standing
from bookingapp.domain.slots import SlotRef
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import moments, rescue_choices, rescue_line, rescue_words
from bookingapp.web.presenters.reasons import Text
from bookingapp.web.views import rescue_context, settled

SAVED = "rescues/saved.html"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def rows(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: 204 while ``v`` says how all rows stand; else the progress, and the rows that are not as
    ``marks`` knows them. POST: fresh proposals for whoever has not been asked, and rows for what
    came in meanwhile.
    """
    rescue = rescue_context.find(request, pk)
    if request.method == "POST":
        return _propose(request, rescue)
    context = rescue_context.page(rescue, timezone.now())
    if request.GET.get("v") == context["stamp"]:
        return HttpResponse(status=204)
    if not htmx.wants_part(request):
        return redirect("rescue-detail", slug=request.organisation.slug, pk=pk)
    known = request.GET.get("marks", "")
    context["changed"] = rescue_context.changed_since(context["lines"], known)
    return htmx.render_part(request, rescue_context.PAGE, "progress", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def row(request: StaffRequest, pk: UUID, row: int) -> HttpResponseBase:
    """GET: the other times this row could have. POST: what the lead said, a note, another time."""
    rescue = rescue_context.find(request, pk)
    found = rescue_context.find_row(rescue, row)
    if request.method != "POST":
        return _row(request, rescue, found, choices="other" in request.GET)
    if "choice" in request.POST:
        return _choose(request, rescue, found)
    return _answer(request, rescue, found)


def _propose(request: StaffRequest, rescue: Rescue) -> HttpResponse:
    now = timezone.now()
    listing.add_rows(rescue, now=now)
    read = proposing.propose_all(rescue, now=now)
    note: Text = "" if read else rescue_words.NOTES["unread"]
    return rescue_context.answer(request, rescue, note=note, tone="warning")


def _answer(request: StaffRequest, rescue: Rescue, found: RescueRow) -> HttpResponse:
    now, given = timezone.now(), request.POST
    if "note" in given:
        answering.note(found, given["note"])
    if "answer" not in given:
        return _saved(request, rescue, found)
    try:
        answering.answer(found, given["answer"], now=now)
    except answering.NotNow:
        return _row(request, rescue, found, note="not_now", status=409)
    except answering.NoProposal:
        return _row(request, rescue, found, note="no_proposal", choices=True, status=422)
    return _row(request, rescue, found)


def _saved(request: StaffRequest, rescue: Rescue, found: RescueRow) -> HttpResponse:
    """Only the mark beside the note: whoever types on is not disturbed."""
    if not htmx.wants_part(request):
        return _back(request, rescue, found)
    return render(request, SAVED, {"line": _line(rescue, found), "is_saved": True})


def _choose(request: StaffRequest, rescue: Rescue, found: RescueRow) -> HttpResponse:
    now, chosen = timezone.now(), request.POST["choice"]
    try:
        if chosen == "fresh":
            proposing.propose_again(rescue, found, now=now)
            note = "" if found.slot else "nothing_free"
            return _row(request, rescue, found, note=note)
        _take(request, rescue, found, SlotRef.parse(chosen))
    except (SlotGone, ValueError):
        return _row(request, rescue, found, note="slot_gone", choices=True, status=409)
    except settling.NotYoursToSettle:
        return _row(request, rescue, found, note="not_yours", status=403)
    except (settling.AlreadySettled, answering.NotNow):
        return _row(request, rescue, found, note="not_now", status=409)
    return _row(request, rescue, found)


def _take(request: StaffRequest, rescue: Rescue, found: RescueRow, ref: SlotRef) -> None:
    now, write = timezone.now(), found.write
    stands = standing.standing_of(found, now)
    if stands == standing.Standing.ASKING and write is not None:
        if not settling.may_settle(write, request.membership, request.user):
            raise settling.NotYoursToSettle
        settled.wake_all(settling.choose(write, ref=ref, person=request.user, now=now))
    elif stands in standing.MAY_CHANGE:
        proposing.choose(rescue, found, ref, now=now)
    else:
        raise answering.NotNow


def _row(
    request: StaffRequest,
    rescue: Rescue,
    found: RescueRow,
    *,
    note: str = "",
    choices: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The row as it is now; without a script the whole page, or one with the choices."""
    fresh = rescue_context.find_row(rescue, found.pk)
    zone, now = moments.zone_of(rescue.calendar.zone), timezone.now()
    line = rescue_line.line(fresh, zone, now)
    if not choices and not note and not htmx.wants_part(request):
        return _back(request, rescue, fresh)
    offered = rescue_choices.of(rescue, fresh, line, now) if choices else None
    context = {
        "rescue": rescue,
        "line": line,
        "choices": offered,
        "note": rescue_words.NOTES.get(note, ""),
        "zone": zone.key,
        "modules": rescue_context.MODULES,
        "is_part": True,
    }
    return htmx.render_part(request, "rescues/row-page.html", "row", context, status=status)


def _line(rescue: Rescue, found: RescueRow) -> rescue_line.Line:
    return rescue_line.line(found, moments.zone_of(rescue.calendar.zone), timezone.now())


def _back(request: StaffRequest, rescue: Rescue, found: RescueRow) -> HttpResponse:
    place = {"slug": request.organisation.slug, "pk": rescue.pk}
    return redirect(f"{reverse('rescue-detail', kwargs=place)}#row-{found.pk}")

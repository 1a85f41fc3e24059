"""The open items of one bulk move as one card under "Needs you", and what is decided about all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from bookingapp.domain import bulk_trouble, catalogue, needs_you
from bookingapp.domain.bulk_trouble import AT_A_TIME, Part, Together
from bookingapp.domain.models import BulkMove
from bookingapp.domain.needs_you import Urgency
from bookingapp.web import htmx
from bookingapp.web.forms import lead_filter
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import moments, sentences
from bookingapp.web.presenters.trouble_ways import SEEN, Button
from bookingapp.web.views import settled

NOTED = "needs_you/bulk-noted.html"
CAUSES = {
    bulk_trouble.STUCK: ("bad", "bell"),
    bulk_trouble.PAUSED: ("warning", "key"),
    bulk_trouble.REFUSED: ("bad", "cross"),
    bulk_trouble.LATE: ("warning", "clock"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why so many of them wait."""

    count: int
    text: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class BulkCard:
    group: Together
    to_state: str
    causes: list[Cause]
    buttons: list[Button]
    asked_at: str
    is_bulk: bool = True

    @property
    def urgency(self) -> Urgency:
        return self.group.urgency

    @property
    def tone(self) -> str:
        return self.causes[0].tone


def cards(groups: Iterable[Together]) -> list[BulkCard]:
    """No question to the database but the catalogue kept at hand."""
    return [_card(group) for group in groups]


def among(singles: Iterable[Any], bulks: Iterable[BulkCard]) -> list[Any]:
    """The most urgent first; of the same urgency what is told one by one comes before."""
    return sorted([*singles, *bulks], key=lambda card: (card.urgency, isinstance(card, BulkCard)))


def stamp_of(groups: Iterable[Together]) -> list[tuple[str, int]]:
    return [(str(group.bulk.pk), group.stamp) for group in groups]


@require_POST
@desk_view("staff")
def settle(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """``action`` for all that wait of a bulk move: seen, again, close."""
    bulk = BulkMove.objects.filter(organisation=request.organisation, pk=pk).first()
    if bulk is None:
        raise Http404
    holder = bulk.handed_to_id or bulk.person_id
    if holder != request.user.pk and not request.membership.is_at_least("manager"):
        return settled.not_yours(request)
    text = _decided(request, bulk)
    if not text:
        return HttpResponse(status=422)
    needs_you.forget(request.user.pk)
    if not htmx.wants_part(request):
        messages.info(request, text)
        return redirect("needs-you")
    response = render(request, NOTED, {"bulk": bulk, "text": text})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _decided(request: StaffRequest, bulk: BulkMove) -> str:
    who, now = request.user, timezone.now()
    match request.POST.get("action"):
        case "seen":
            n = bulk_trouble.seen(bulk, now=now)
            return ngettext("{n} refusal was read.", "{n} refusals were read.", n).format(n=n)
        case "again":
            due = bulk_trouble.again(bulk, person=who, now=now)
            settled.wake_all(due)
            n = len(due)
            return ngettext("{n} lead is sent again.", "{n} leads are sent again.", n).format(n=n)
        case "close":
            n, freed = bulk_trouble.close(bulk, person=who, now=now)
            settled.wake_all(freed)
            return ngettext("{n} lead move closed.", "{n} lead moves closed.", n).format(n=n)
    return ""


def _card(group: Together) -> BulkCard:
    organisation = group.bulk.organisation
    pools = catalogue.snapshot(organisation).pools
    names = {state.connect_id: state.name for pool in pools for state in pool.states}
    zone = moments.zone_of(lead_filter.zone_of(organisation))
    return BulkCard(
        group=group,
        to_state=names.get(group.bulk.to_state, "") or gettext("not known here"),
        causes=[_cause(part) for part in group.parts],
        buttons=_buttons(group),
        asked_at=moments.dated(group.bulk.asked_at, zone),
    )


def _cause(part: Part) -> Cause:
    told = sentences.reason(part.reason, "move_lead")
    text = f"{told.happened} {told.can}".strip()
    if part.standing == bulk_trouble.LATE:
        text = gettext("On its way for long.")
    return Cause(part.count, text, *CAUSES[part.standing])


def _buttons(group: Together) -> list[Button]:
    stuck = group.standing(bulk_trouble.STUCK)
    waiting = stuck + group.standing(bulk_trouble.PAUSED)
    found = []
    if stuck:
        n = min(stuck, AT_A_TIME)
        text = ngettext("Send {n} again", "Send {n} again", n).format(n=n)
        found.append(("again", text, "send", "primary"))
    if waiting:
        n = min(waiting, AT_A_TIME)
        text = ngettext("Close {n}: send nothing", "Close {n}: send nothing", n).format(n=n)
        found.append(("close", text, "", "quiet"))
    if group.standing(bulk_trouble.REFUSED):
        found.append(("seen", str(SEEN), "check", "" if stuck else "primary"))
    return [
        Button(action, text, icon, look, str(number))
        for number, (action, text, icon, look) in enumerate(found, start=1)
    ]

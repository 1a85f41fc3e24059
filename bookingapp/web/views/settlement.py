"""What a person decides about a write that waits: one address for every kind and every button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from bookingapp.domain import needs_you, settling
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.models import Write
from bookingapp.domain.slots import SlotRef
from bookingapp.web import htmx
from bookingapp.web.forms.settlement import SettlementForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import sentences, trouble_ways
from bookingapp.web.views import elsewhere, settled, trouble

PAGE = "needs_you/page.html"
MODULES = (
    "js/choice-keys.js",
    "js/needs-you-keys.js",
    "js/needs-you-cards.js",
    "js/needs-you-live.js",
)
# Answers to the question that was shown: of no use once the write has moved on.
ABOUT_WHAT_WAS_SEEN = frozenset({"present", "absent"})


@require_POST
@desk_view("staff")
def settlement(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """What is true about a write (it is there, it is not), another time for it, close it, seen."""
    write = settling.find(request.organisation, pk)
    if write is None:
        raise Http404
    if not settling.may_settle(write, request.membership, request.user):
        return settled.not_yours(request)
    form = SettlementForm(request.POST)
    if not form.is_valid():
        return _answer(request, write, error=str(sentences.field("unreadable")), status=422)
    try:
        if form.cleaned_data["action"] == "elsewhere":
            return elsewhere.go(request, write)
        _settle(request, write, form.cleaned_data)
    except settling.AlreadySettled:
        return _answer(request, write, note=sentences.PANEL["already_settled"])
    except SlotGone:
        told = sentences.PANEL["not_offered"]
        return _answer(request, write, error=f"{told.happened} {told.can}", status=422)
    except Invalid as error:
        code = next(iter(error.fields.values()))
        return _answer(request, write, error=str(sentences.field(code)), status=422)
    return _answer(request, write, note=sentences.PANEL["settled"])


def _settle(request: StaffRequest, write: Write, given: dict[str, Any]) -> None:
    """Raises AlreadySettled, SlotGone or Invalid (codes by field)."""
    if given["action"] in ABOUT_WHAT_WAS_SEEN:
        was_seen = given["version"] in {None, write.version}
        if not was_seen or not trouble_ways.offers(write, given["action"]):
            raise settling.AlreadySettled
    if given["action"] == "seen":
        return settling.seen(write, now=timezone.now())
    return settled.wake_all(_decide(request, write, given))


def _decide(request: StaffRequest, write: Write, given: dict[str, Any]) -> Sequence[UUID]:
    who, now = request.user, timezone.now()
    match given["action"]:
        case "present":
            told = given["connect_id"].strip()
            return settling.is_there(write, connect_id=told, person=who, now=now)
        case "absent":
            return settling.is_not_there(write, person=who, now=now)
        case "choose":
            return settling.choose(write, ref=_ref(given["choice"]), person=who, now=now)
        case _:
            return settling.give_up(write, person=who, now=now)


def _ref(text: str) -> SlotRef:
    try:
        return SlotRef.parse(text)
    except ValueError:
        raise SlotGone from None


def _answer(
    request: StaffRequest,
    write: Write,
    *,
    note: sentences.Told | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    fresh = settling.find(request.organisation, write.pk)
    if fresh is None:
        raise Http404
    if not htmx.wants_part(request) and not error:
        return settled.back(request, fresh, note)
    # Whoever settles for somebody else sees their own count change, too.
    needs_you.forget(request.user.pk)
    card = trouble.card(fresh)
    context = {
        "cards": [card],
        "card": card,
        "note": note,
        "error": error,
        "modules": MODULES,
    }
    part = "card" if error else "noted"
    return htmx.render_part(request, PAGE, part, context, status=status)

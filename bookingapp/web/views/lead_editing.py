"""Changing what is known of a lead: a form that sends only what was changed in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bookingapp.domain import catalogue, journal, lead_edits, lead_schema, lead_values, settling
from bookingapp.domain.errors import Invalid
from bookingapp.domain.lead_edits import Conflict, Path
from bookingapp.domain.merge_patch import merged
from bookingapp.domain.models import Lead, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Kind
from bookingapp.web import htmx
from bookingapp.web.forms import lead_edit
from bookingapp.web.forms.lead_edit import Draft, LeadEdit, New
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import lead_words
from bookingapp.web.presenters.reasons import Told
from bookingapp.web.views import lead_form, lead_page, settled

PAGE, FORM = "leads/edit.html", "leads/form.html"
CONFLICT, UNREADABLE = 409, 422


@dataclass(frozen=True, slots=True)
class _Answer:
    """Why the form stands there again."""

    told: Told | None = None
    status: int = 200
    conflicts: tuple[Conflict, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("staff")
def edit(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """GET: the form, with ``again`` (a write that was refused) filled with what that wanted.
    POST: take it down; with ``more`` only another row for a new field.
    """
    lead = lead_page.found(request, pk)
    if not lead.connect_id:
        return _not_there(request, lead)
    if request.method != "POST":
        return _form(request, lead, _empty(request, lead, _again(request, lead)))
    try:
        form = _empty(request, lead, lead_edit.drafts_of(request.POST))
        intent = uuid.UUID(request.POST.get("intent", ""))
    except ValueError:
        return _form(request, lead, _empty(request, lead, []), _Answer(status=UNREADABLE))
    form.new = lead_edit.new_of(request.POST)
    is_good = form.read()
    if "more" in request.POST:
        form.new.append(New("", ""))
        return _form(request, lead, form)
    if not is_good:
        return _form(request, lead, form, _Answer(lead_words.MENDED, UNREADABLE))
    return _save(request, lead, form, intent)


@require_POST
@desk_view("staff")
def seen(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Somebody has read that the edit ``write`` was refused, and leaves it at that."""
    lead = lead_page.found(request, pk)
    write = _edit_of(lead, request.POST.get("write", ""))
    if write is None:
        raise Http404
    if not settling.may_settle(write, request.membership, request.user):
        return settled.not_yours(request)
    settling.seen(write, now=timezone.now())
    if htmx.wants_part(request):
        return lead_page.changed(request, lead)
    return redirect(lead_page.address(request, lead))


def _edit_of(lead: Lead, text: str) -> Write | None:
    try:
        return lead.writes.filter(pk=UUID(text), kind=Kind.EDIT_LEAD).first()
    except ValueError:
        return None


def _save(request: StaffRequest, lead: Lead, form: LeadEdit, intent: UUID) -> HttpResponse:
    now = timezone.now()
    try:
        write = lead_edits.ask(
            request.organisation,
            request.user,
            lead,
            form.changes(),
            intent=intent,
            now=now,
            seen=form.seen(),
        )
    except lead_edits.EditedMeanwhile as error:
        answer = _Answer(lead_words.EDITED, CONFLICT, tuple(error.conflicts))
        return _form(request, lead, form, answer)
    except journal.IntentReused:
        return _form(request, lead, form, _Answer(lead_words.REUSED, CONFLICT))
    except Invalid:
        return _not_there(request, lead)
    if write is not None:
        settled.wake_held(write)
    return _saved(request, lead, write)


def _saved(request: StaffRequest, lead: Lead, write: Write | None) -> HttpResponse:
    said = "" if write else str(lead_words.NOTHING_CHANGED)
    if htmx.wants_part(request):
        return lead_page.changed(request, lead, said=said, is_saved=True)
    if said:
        messages.info(request, said)
    return redirect(lead_page.address(request, lead))


def _form(
    request: StaffRequest, lead: Lead, form: LeadEdit, answer: _Answer | None = None
) -> HttpResponse:
    answer = answer or _Answer()
    known = lead_edits.present(lead)
    template = FORM if htmx.wants_part(request) else PAGE
    context: dict[str, Any] = {
        "lead": lead,
        "slug": request.organisation.slug,
        "rows": lead_form.rows(form, known, answer.conflicts, lead),
        "new": [lead_form.NewRow.of(one) for one in form.new or [New("", "")]],
        "keys": lead_form.free_keys(lead, known),
        "told": answer.told,
        "intent": uuid.uuid4(),
        "part": template == FORM,
        "is_again": request.method == "POST",
    }
    return lead_page.shown(request, template, context, status=answer.status)


def _empty(request: StaffRequest, lead: Lead, drafts: list[Draft]) -> LeadEdit:
    policy = policy_of(request.organisation.settings).of_pool(lead.pool)
    described = lead_schema.descriptors(lead.pool)
    types = catalogue.snapshot(request.organisation).types
    return LeadEdit(
        drafts=drafts,
        new=[],
        country=policy.country,
        described=lead_form.Described(described, policy),
        types=frozenset(kind.connect_id for kind in types),
        taken=frozenset(lead_edits.present(lead)["data"]),
    )


def _again(request: StaffRequest, lead: Lead) -> list[Draft]:
    """What a refused edit wanted, as if it had just been typed."""
    write = _edit_of(lead, request.GET.get("again", ""))
    if write is None:
        return []
    known, changes = lead_edits.present(lead), write.payload["changes"]
    paths = [path for path in lead_edits.paths_of(changes) if path[0] in lead_form.EDITABLE]
    return [_wanted(path, known, changes) for path in paths]


def _wanted(path: Path, known: dict[str, Any], changes: dict[str, Any]) -> Draft:
    seen, wanted = lead_edits.value_at(known, path), lead_edits.value_at(changes, path)
    if isinstance(seen, dict) and isinstance(wanted, dict):
        wanted = merged(seen, wanted)
    draft = Draft(path, seen, lead_values.typed(wanted), remove=wanted is None)
    draft.wanted = wanted
    return draft


def _not_there(request: StaffRequest, lead: Lead) -> HttpResponse:
    told = lead_words.NOT_THERE_YET
    if htmx.wants_part(request):
        return lead_page.changed(request, lead, said=str(told.happened))
    messages.warning(request, str(told.happened))
    return redirect(lead_page.address(request, lead))

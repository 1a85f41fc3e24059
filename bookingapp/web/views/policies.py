"""The admin's page of policies: read as a whole, changed a section at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookingapp.domain import policy_changes, rereading
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation
from bookingapp.domain.policy import Policy, policy_of
from bookingapp.domain.policy_book import DEFAULTS, SECTIONS, Section, section
from bookingapp.domain.policy_checks import problems
from bookingapp.tasks.catalogue import refresh_soon
from bookingapp.tasks.rereading import wake
from bookingapp.web.forms import lead_filter
from bookingapp.web.forms import policies as reading
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import lead_story, moments, policy_pools, policy_rows
from bookingapp.web.presenters.policy_names import Names
from bookingapp.web.presenters.policy_scene import Scene
from bookingapp.web.presenters.policy_words import SECTIONS as WORDS

PAGE = "policies/page.html"


@dataclass(frozen=True)
class Draft:
    """A section as somebody is changing it."""

    section: Section
    wanted: Mapping[str, Any]
    seen: Mapping[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)
    # Policy to what somebody else has saved meanwhile.
    theirs: Mapping[str, Any] = field(default_factory=dict)
    is_typed: bool = True


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def page(request: StaffRequest) -> HttpResponseBase:
    """GET: all of them, ``?section=`` open to be changed. POST: a section saved, or only edited."""
    # What another process has saved a moment ago is in here as well.
    organisation = Organisation.objects.get(pk=request.organisation.pk)
    asked = section(request.POST.get("section", "") or request.GET.get("section", ""))
    if request.method != "POST" or asked is None:
        return _shown(request, organisation, _fresh(organisation, asked) if asked else None)
    seen = reading.seen_in(request.POST, asked)
    draft = Draft(asked, reading.wanted_in(request.POST, asked, seen), seen)
    act = request.POST.get("act", "save")
    if act == "save":
        return _save(request, organisation, draft)
    what, _, name = act.partition(":")
    if what == "default" and name in asked.policies:
        return _back_to_default(request, organisation, draft, name)
    return _shown(request, organisation, _edited(organisation, draft, act))


def _save(request: StaffRequest, organisation: Organisation, draft: Draft) -> HttpResponseBase:
    refused = _try(request, organisation, draft, draft.wanted)
    if refused is not None:
        return _shown(request, organisation, refused, status=422)
    return _to_section(organisation, draft.section)


def _back_to_default(
    request: StaffRequest, organisation: Organisation, draft: Draft, name: str
) -> HttpResponseBase:
    """This one alone; what else is typed stays typed."""
    refused = _try(request, organisation, draft, {name: DEFAULTS[name]})
    if refused is not None:
        return _shown(request, organisation, refused, status=422)
    known = reading.with_default(name, dict(draft.wanted))
    seen = {**draft.seen, name: DEFAULTS[name]}
    if known == seen:
        return _to_section(organisation, draft.section)
    return _shown(request, organisation, Draft(draft.section, known, seen))


def _try(
    request: StaffRequest, organisation: Organisation, draft: Draft, wanted: Mapping[str, Any]
) -> Draft | None:
    """None when it is saved, else the draft with what is wrong."""
    try:
        changed = policy_changes.change(
            organisation, wanted, draft.seen, person=request.user, now=timezone.now()
        )
    except Invalid as error:
        return replace(draft, problems=error.fields)
    except policy_changes.ChangedMeanwhile as error:
        # Shown now: who saves once more has seen it.
        seen = {**draft.seen, **error.present}
        return replace(draft, seen=seen, theirs=error.present)
    if policy_changes.OF_CONTACTS & set(changed):
        wake(organisation.pk)
    if "length_unit" in changed:
        refresh_soon()
    return None


def _edited(organisation: Organisation, draft: Draft, act: str) -> Draft:
    """As typed and then pressed; what cannot be is said already now."""
    wanted = reading.changed_by(act, dict(draft.wanted))
    asked = {name: value for name, value in wanted.items() if value != draft.seen.get(name)}
    wrong = problems(organisation, asked, policy_of(organisation.settings))
    return replace(draft, wanted=wanted, problems=wrong)


def _fresh(organisation: Organisation, one: Section) -> Draft:
    known = policy_changes.present(organisation)
    values = {name: known[name] for name in one.policies}
    return Draft(one, values, values, is_typed=False)


def _to_section(organisation: Organisation, one: Section) -> HttpResponseBase:
    address = reverse("policies", kwargs={"slug": organisation.slug})
    # Said in the section, which is where the eye is: the page may be scrolled far down to it.
    return redirect(f"{address}?section={one.name}&saved=1#{one.name}")


def _shown(
    request: StaffRequest, organisation: Organisation, draft: Draft | None, *, status: int = 200
) -> HttpResponse:
    names, known = Names(organisation), policy_changes.present(organisation)
    run = rereading.of(organisation)
    context: dict[str, Any] = {
        "slug": organisation.slug,
        "sections": [_section(one, known, names) for one in SECTIONS],
        "open": draft.section.name if draft else "",
        "reread": run if run and run.ended_at is None else None,
    }
    if draft:
        context |= _open(request, organisation, draft, known, names)
    return render(request, PAGE, context, status=status)


def _section(one: Section, known: Mapping[str, Any], names: Names) -> dict[str, Any]:
    rows = [policy_rows.brief(name, known[name], names) for name in one.policies]
    title, about = WORDS[one.name]
    changed = sum(row.is_changed for row in rows)
    return {
        "name": one.name,
        "title": title,
        "about": about,
        "rows": rows,
        "changed": changed,
        "is_elsewhere": one.is_elsewhere,
    }


def _open(
    request: StaffRequest,
    organisation: Organisation,
    draft: Draft,
    known: Mapping[str, Any],
    names: Names,
) -> dict[str, Any]:
    """The form of the section that is being changed."""
    policy = _as_typed(organisation, draft)
    now, zone = timezone.now(), moments.zone_of(lead_filter.zone_of(organisation))
    scene = Scene(organisation, policy, names, now, zone, lead_story.name_of(request.user))
    rows = [
        policy_rows.full(
            name,
            draft.wanted[name],
            scene,
            stored=known[name],
            problem=draft.problems.get(name, ""),
            theirs=draft.theirs,
        )
        for name in draft.section.policies
    ]
    shown: dict[str, Any] = {
        "rows": rows,
        "seen": json.dumps(draft.seen, ensure_ascii=False),
        "is_typed": draft.is_typed,
        "is_saved": "saved" in request.GET,
        "has_problems": bool(draft.problems),
        "has_theirs": bool(draft.theirs),
    }
    if draft.section.name == "contacts":
        own = draft.wanted["pool_keys"]
        shown |= policy_pools.contacts(organisation, policy, names, own)
    return shown


def _as_typed(organisation: Organisation, draft: Draft) -> Policy:
    """The policies as they would be, without what cannot be."""
    possible = {k: v for k, v in draft.wanted.items() if k not in draft.problems}
    return policy_of({**organisation.settings, **possible})

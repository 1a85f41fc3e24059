"""Replacing a token step by step, with both live. Where it stands is read off the rows."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookingapp.domain import doctor, token_care, token_rotation
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Token
from bookingapp.domain.token_rotation import Rotation, Stage
from bookingapp.web.forms.tokens import TokenForm
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import token_finding, token_words
from bookingapp.web.views import token_pages
from bookingapp.web.views.tokens import tell_verdict

PAGE = "settings/tokens/rotation.html"
UNREADABLE, CONFLICT = 422, 409

Act = Callable[[StaffRequest, Rotation], HttpResponse]


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view("admin")
def page(request: StaffRequest, pk: int) -> HttpResponseBase:
    """``act`` of a POST is one of ACTS; anything else shows where it stands."""
    name = request.POST.get("act", "") if request.method == "POST" else ""
    if name == "add" and (answer := _moved(request, pk)):
        return answer
    rotation = token_rotation.of(token_pages.found(request, pk))
    act = ACTS.get(name)
    return act(request, rotation) if act else _shown(request, rotation)


def _moved(request: StaffRequest, pk: int) -> HttpResponse | None:
    """A new address forgets the old tokens, so there is nothing to replace any more: whoever pasted
    for the old address is told so on the page of all tokens.
    """
    here = request.organisation.connect_url
    form = TokenForm(request.POST, address=here)
    if form.address == here or _is_there(request, pk):
        return None
    form.full_clean()
    form.refuse(token_care.Moved(here))
    return token_pages.listing(request, form=form, status=UNREADABLE)


def _is_there(request: StaffRequest, pk: int) -> bool:
    return Token.objects.filter(organisation=request.organisation, pk=pk).exists()


def _add(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    if rotation.stage is not Stage.PASTE:
        return _here(request, rotation)
    form = TokenForm(request.POST, address=request.organisation.connect_url)
    if not form.is_valid():
        return _shown(request, rotation, form=form, status=UNREADABLE)
    try:
        pasted = form.pasted(replaces=rotation.old)
        added = token_care.add(
            request.organisation, pasted, person=request.user, now=timezone.now()
        )
    except Invalid as error:
        form.refuse(error)
        if not _is_there(request, rotation.old.pk):
            return token_pages.listing(request, form=form, status=UNREADABLE)
        return _shown(request, rotation, form=form, status=UNREADABLE)
    token_pages.wake(added.resumed)
    tell_verdict(request, gettext("The new token is added beside the old one."), added.finding)
    return _here(request, rotation)


def _check(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    finding = token_rotation.check(rotation, person=request.user)
    token_pages.wake(doctor.resume_if_possible(request.organisation, now=timezone.now()))
    now_at = token_rotation.of(token_pages.found(request, rotation.old.pk))
    found = token_finding.shown(finding) if finding else None
    return _shown(request, now_at, found=found)


def _switch(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    if rotation.lost and not request.POST.get("sure"):
        return _shown(request, rotation, asks=True, status=UNREADABLE)
    if not token_rotation.switch(rotation, person=request.user, now=timezone.now()):
        return _shown(request, rotation, status=CONFLICT)
    messages.success(request, gettext("The desk uses the new token now."))
    return _here(request, rotation)


def _back(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    resumed = token_care.use_again(rotation.old, person=request.user, now=timezone.now())
    token_pages.wake(resumed)
    messages.success(request, gettext("The old token is used again."))
    return _here(request, rotation)


def _drop(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    if rotation.stage is Stage.COMPARE and rotation.new:
        token_care.remove(rotation.new, person=request.user, now=timezone.now())
        messages.success(request, gettext("The new token is removed here."))
    return _here(request, rotation)


def _end(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    if rotation.stage is not Stage.REVOKE:
        return _here(request, rotation)
    said = token_rotation.end(rotation, person=request.user, now=timezone.now())
    if said != "revoked":
        return _shown(request, rotation, said=said, status=CONFLICT)
    messages.success(
        request, gettext("Connect rejects the old token, and our copy of it is deleted. Done.")
    )
    return redirect("token-list", slug=request.organisation.slug)


ACTS: dict[str, Act] = {
    "add": _add,
    "check": _check,
    "switch": _switch,
    "back": _back,
    "drop": _drop,
    "end": _end,
}


def _here(request: StaffRequest, rotation: Rotation) -> HttpResponse:
    return redirect("token-rotation", slug=request.organisation.slug, pk=rotation.old.pk)


def _shown(
    request: StaffRequest,
    rotation: Rotation,
    *,
    form: TokenForm | None = None,
    found: token_finding.Shown | None = None,
    said: str = "",
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    """``said``: what Connect says to the old one; ``asks``: whether losses are to be confirmed."""
    address, label = request.organisation.connect_url, rotation.old.label
    context = {
        "slug": request.organisation.slug,
        "rotation": rotation,
        "old": token_pages.card_of(request, rotation.old),
        "new": token_pages.card_of(request, rotation.new) if rotation.new else None,
        "console_scope": token_words.CONSOLE[rotation.old.scope],
        "lost": token_words.abilities(rotation.lost),
        "form": form or TokenForm(address=address, initial={"label": label}),
        "found": found,
        "said": said,
        "asks": asks,
    }
    return render(request, PAGE, context, status=status)

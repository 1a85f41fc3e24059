"""What the pages of tokens have in common: the list in context, one token, what follows an act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookingapp.domain import token_powers, token_states
from bookingapp.domain.doctor import Finding
from bookingapp.domain.models import Token, Write
from bookingapp.domain.policy import policy_of
from bookingapp.tasks.writes import wake_write
from bookingapp.web.forms import lead_filter
from bookingapp.web.forms.tokens import TokenForm
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import moments, token_card

LIST = "settings/tokens/list.html"


def listing(
    request: StaffRequest,
    *,
    form: TokenForm | None = None,
    findings: Iterable[Finding] = (),
    known: Token | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of all tokens. ``known``: the one that was pasted again."""
    rows = token_states.rows_of(request.organisation)
    context: dict[str, Any] = {
        "slug": request.organisation.slug,
        "cards": token_card.cards(rows, view_of(request), findings),
        "cans": token_card.cans(rows),
        "is_too_powerful": token_powers.is_too_powerful(token_states.powers(rows)),
        "form": form or TokenForm(address=request.organisation.connect_url),
        "known": known,
        "findings": bool(findings),
    }
    return render(request, LIST, context, status=status)


def view_of(request: StaffRequest) -> token_card.View:
    organisation = request.organisation
    return token_card.View(
        zone=moments.zone_of(lead_filter.zone_of(organisation)),
        now=timezone.now(),
        warn_days=policy_of(organisation.settings).expiry_warning_days,
    )


def card_of(request: StaffRequest, token: Token) -> token_card.Card:
    rows = token_states.rows_of(request.organisation)
    cards = token_card.cards(rows, view_of(request))
    return next(card for card in cards if card.row.pk == token.pk)


def found(request: StaffRequest, pk: int) -> Token:
    """The organisation's own; somebody else's is answered like none."""
    rows = Token.objects.select_related("organisation", "added_by")
    token = rows.filter(organisation=request.organisation, pk=pk).first()
    if token is None:
        raise Http404
    return token


def wake(resumed: Iterable[Write]) -> None:
    """What waited for a token goes on at once."""
    for write in resumed:
        wake_write(write.pk)

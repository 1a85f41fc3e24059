"""What was typed for a time that is gone, kept for the next one: law 6, with or without scripts.

Only for a while and only in this session: the next caller must not meet the last one's name.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from bookingapp.web.http import StaffRequest

KEY = "booking-draft"
SECONDS_KEPT = 15 * 60


def keep(
    request: StaffRequest, typed: Mapping[str, str], *, instead_of: UUID | None = None
) -> None:
    """``instead_of``: the write that waits for a choice, to be closed once the new one is asked."""
    request.session[KEY] = {
        "organisation": str(request.organisation.pk),
        "typed": dict(typed),
        "instead_of": str(instead_of) if instead_of else "",
        "until": time.time() + SECONDS_KEPT,
    }


def of(request: StaffRequest) -> dict[str, str] | None:
    """The fields kept for this organisation, or None."""
    draft = _draft(request)
    return dict(draft["typed"]) if draft else None  # type: ignore[call-overload]


def instead_of(request: StaffRequest) -> UUID | None:
    """The write that the next booking replaces."""
    draft = _draft(request)
    return UUID(str(draft["instead_of"])) if draft and draft["instead_of"] else None


def drop(request: StaffRequest) -> None:
    if KEY in request.session:
        del request.session[KEY]


def forget_all(is_meant: Callable[[str], bool]) -> None:
    """Drop the draft of every session whose words are meant: of a person who is erased."""
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        draft = row.get_decoded().get(KEY)
        if draft and is_meant(json.dumps(draft, ensure_ascii=False)):
            store = import_module(settings.SESSION_ENGINE).SessionStore(row.session_key)
            del store[KEY]
            store.save()


def _draft(request: StaffRequest) -> dict[str, object] | None:
    draft = request.session.get(KEY)
    if not isinstance(draft, dict) or draft.get("organisation") != str(request.organisation.pk):
        return None
    return draft if float(draft["until"]) > time.time() else None

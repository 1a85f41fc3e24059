"""Who looks after a write: who asked for it, or the colleague to whom it was handed on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bookingapp.domain.models import Write


def held_by(person: Any) -> Q:
    """The writes that are this person's to look after."""
    return Q(handed_to=person) | Q(handed_to=None, person=person)


def holder_id(write: Write) -> Any:
    """Whose it is; the journal names who asked all the same. Pure."""
    return write.handed_to_id or write.person_id


def is_held_by(write: Write, person: Any) -> bool:
    """Pure."""
    return bool(holder_id(write) == person.pk)

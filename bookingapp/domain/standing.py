"""Who somebody is and where they work, kept for a few seconds for pages that only look.

What changes anything asks the database itself: see ``fresh``. A role taken away, or a person
deactivated, is noticed at once by the process that did it and by every other one within
``KEPT_SECONDS``. Signing out does not come here: the session is looked up each time.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from bookingapp.domain import access, second_factor
from bookingapp.domain.access import Membership
from bookingapp.domain.models import Organisation, Preference, Role

KEPT_SECONDS = 5.0
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Standing:
    """An active person with their preference, the hash that their sessions must carry, and their
    places by name.
    """

    person: Any
    session_hash: str
    places: tuple[Membership, ...]
    until: float


class _Memory:
    """What this process knows, safe to use from any thread."""

    def __init__(self) -> None:
        self._known: dict[Any, Standing] = {}
        self._lock = threading.Lock()
        self.changes = 0

    def get(self, person_id: Any) -> Standing | None:
        known = self._known.get(person_id)
        return known if known is not None and known.until > time.monotonic() else None

    def put(self, person_id: Any, found: Standing, changes: int) -> None:
        """Not if there was a change since ``changes`` were counted: it may not be in ``found``."""
        with self._lock:
            if changes != self.changes:
                return
            self._known[person_id] = found
            if len(self._known) > MOST:
                del self._known[next(iter(self._known))]

    def clear(self) -> None:
        with self._lock:
            self.changes += 1
            self._known.clear()


_memory = _Memory()


def of(person_id: Any) -> Standing | None:
    """At most ``KEPT_SECONDS`` old; two queries when there is none. None: nobody, or not active."""
    known = _memory.get(person_id)
    if known is not None:
        return known
    changes = _memory.changes
    found = fresh(person_id)
    if found is not None:
        _memory.put(person_id, found, changes)
    return found


def fresh(person_id: Any) -> Standing | None:
    """From the database. The time counts from before the look, so that it is never kept longer."""
    until = time.monotonic() + KEPT_SECONDS
    people = get_user_model()._default_manager.select_related("preference")
    people = people.annotate(has_second_factor=second_factor.exists())
    person = people.filter(pk=person_id, is_active=True).first()
    if person is None:
        return None
    places = tuple(access.organisations_of(person))
    return Standing(person, person.get_session_auth_hash(), places, until)


def forget() -> None:
    """All of them: changes are rare, and an organisation is in many."""
    _memory.clear()


def watch() -> None:
    """Forget when a person, their second factor, a role or an organisation changes in here.

    ``QuerySet.update`` tells nobody: who uses it on one of these forgets by itself.
    """
    for model in (get_user_model(), second_factor.model(), Preference, Role, Organisation):
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid="standing")


def _changed(**_signal: Any) -> None:
    """At once, and again when it is committed: until then everybody else reads what was."""
    forget()
    transaction.on_commit(forget)

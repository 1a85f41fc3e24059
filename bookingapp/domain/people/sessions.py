"""Where somebody is signed in, and ending it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count


def counts(people: Iterable[Any], *, now: datetime) -> dict[Any, int]:
    """How many sessions each has open. One query."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = _model().objects.filter(user__in=[one.pk for one in people], session_key__in=alive)
    return dict(rows.values_list("user").annotate(n=Count("pk")))


def end_all(person: Any) -> None:
    """Once the transaction is committed; until then whoever looks would keep them in the cache.

    A session that is missed holds no more all the same: it carries the old password's hash, or
    the account is not active.
    """
    transaction.on_commit(lambda: _end_all(person))


def _end_all(person: Any) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = _model().objects.filter(user=person)
    for key in rows.values_list("session_key", flat=True):
        store.delete(key)
    rows.delete()


def _model() -> Any:
    """allauth's table of who is signed in where."""
    return apps.get_model("usersessions", "UserSession")

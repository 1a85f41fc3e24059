"""How a person last looked at a lead pool: its filter, folded columns, table columns and face."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bookingapp.domain.models import Organisation, PoolView

# Which pool was used last is kept no finer than this: looking costs no write each time.
USED_STEP = timedelta(seconds=5)


def remembered(person: Any, pool_pk: int | None) -> dict[str, Any]:
    """What is remembered, {} for nothing and for leads without a pool. One query."""
    if pool_pk is None:
        return {}
    view = PoolView.objects.filter(person=person, pool=pool_pk).first()
    return dict(view.settings) if view and isinstance(view.settings, dict) else {}


def remember(person: Any, pool_pk: int | None, *, now: datetime, **changed: Any) -> dict[str, Any]:
    """Keep ``changed`` beside what is remembered (``filter``, ``folded``, ``columns``, ``face``);
    returns all of it. Writes only what is news.
    """
    if pool_pk is None:
        return changed
    view = PoolView.objects.filter(person=person, pool=pool_pk).first()
    if view is None:
        view = PoolView(person=person, pool_id=pool_pk, used_at=now)
    settings = {**(view.settings if isinstance(view.settings, dict) else {}), **changed}
    if view.pk is None or settings != view.settings or now - view.used_at > USED_STEP:
        PoolView.objects.update_or_create(
            person=person, pool_id=pool_pk, defaults={"settings": settings, "used_at": now}
        )
    return settings


def last_used(person: Any, organisation: Organisation) -> PoolView | None:
    """Of the pools that Connect still has and are used, the one this person looked at last."""
    hidden = organisation.settings.get("hidden_pools", [])
    mine = PoolView.objects.filter(person=person, pool__organisation=organisation)
    mine = mine.exclude(pool__connect_id__in=hidden)
    return mine.filter(pool__gone_at=None).order_by("-used_at").first()

"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.connection import Connection

from bookingapp.domain.sealing import Unsealable
from bookingapp.domain.search_key import search_key

PROBE = "health"


@login_not_required
@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody."""
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 while pages can be served; cache and broker only make it worse, never impossible."""
    needed = {
        "database": database_answers(),
        "migrations": migrations_applied(),
        "keys": keys_open(),
    }
    helpful = {"cache": cache_answers(), "broker": broker_answers()}
    is_ready = all(needed.values())
    status = "ready" if is_ready and all(helpful.values()) else "degraded"
    body = {
        "status": status if is_ready else "unready",
        "checks": {name: "ok" if ok else "failed" for name, ok in (needed | helpful).items()},
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def migrations_applied() -> bool:
    """Once they are, they stay so for the life of this code: asked until the answer is yes."""
    if not _seen.get("migrations"):
        _seen["migrations"] = _no_plan()
    return _seen["migrations"]


_seen: dict[str, bool] = {}


def _no_plan() -> bool:
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def keys_open() -> bool:
    """Whether what is sealed can be read: with other TOKEN_KEYS nearly no page can be shown."""
    try:
        search_key()
    except (Error, Unsealable):
        return False
    return True


def cache_answers() -> bool:
    """The tolerant cache never raises: what was put there must come back."""
    cache.set(PROBE, PROBE, timeout=5)
    return bool(cache.get(PROBE) == PROBE)


def broker_answers() -> bool:
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    link = Connection(  # type: ignore[no-untyped-call]
        settings.CELERY_BROKER_URL, connect_timeout=1, transport_options=options
    )
    try:
        with link:
            link.ensure_connection(  # type: ignore[no-untyped-call]
                max_retries=1, interval_start=0, interval_step=0
            )
    except Exception:  # noqa: BLE001 - each broker's client raises a tree of its own
        return False
    return True

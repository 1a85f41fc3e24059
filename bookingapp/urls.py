"""Mounts the desk at the root, and names who answers errors."""

from __future__ import annotations

from bookingapp.web.urls import urlpatterns

handler400 = "bookingapp.web.views.errors.bad_request"
handler403 = "bookingapp.web.views.errors.forbidden"
handler404 = "bookingapp.web.views.errors.not_found"
handler429 = "bookingapp.web.views.errors.too_many"
handler500 = "bookingapp.web.views.errors.broken"

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

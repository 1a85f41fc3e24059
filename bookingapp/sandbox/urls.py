from __future__ import annotations

from django.urls import path

from bookingapp.sandbox.api.door import connect
from bookingapp.sandbox.control import api

CONTROL = "_sandbox/api/"

urlpatterns = [
    path("connect/<path:rest>", connect),
    path(CONTROL + "switches", api.switches),
    path(CONTROL + "faults", api.faults),
    path(CONTROL + "faults/<int:key>", api.fault),
    path(CONTROL + "calls", api.calls),
    path(CONTROL + "bookings", api.bookings),
    path(CONTROL + "bookings/<str:key>", api.booking),
    path(CONTROL + "leads", api.leads),
    path(CONTROL + "events", api.events),
    path(CONTROL + "deliveries", api.deliveries),
    path(CONTROL + "tokens", api.tokens),
    path(CONTROL + "tokens/<str:key>", api.token),
    path(CONTROL + "tokens/<str:key>/revoke", api.revocation),
    path(CONTROL + "tokens/<str:key>/restore", api.restoration),
    path(CONTROL + "judge", api.judge),
    path(CONTROL + "reset", api.reset),
    path(CONTROL + "form_submissions", api.form_submissions),
]

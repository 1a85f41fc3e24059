from __future__ import annotations

from django.urls import path

from bookingapp.sandbox.api.door import connect
from bookingapp.sandbox.control import api, page

handler404 = "bookingapp.sandbox.errors.not_found"
handler500 = "bookingapp.sandbox.errors.failed"
CONTROL = "_sandbox/api/"
PAGE = "_sandbox/page/"

urlpatterns = [
    path("connect/<path:rest>", connect),
    path("", page.page),
    path("_sandbox/style.css", page.style),
    path(PAGE + "switches", page.set_switches),
    path(PAGE + "switches/default", page.default_switches),
    path(PAGE + "faults/add", page.add_fault),
    path(PAGE + "faults/remove", page.remove_fault),
    path(PAGE + "faults/clear", page.clear_faults),
    path(PAGE + "calls/clear", page.clear_calls),
    path(PAGE + "tokens/revoke", page.revoke),
    path(PAGE + "tokens/restore", page.restore),
    path(PAGE + "reset", page.reset),
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

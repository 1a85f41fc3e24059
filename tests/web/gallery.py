"""One page with every component, for the eyes, for axe and for the narrowest phone."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from bookingapp.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django reads them
from bookingapp.web import look, words

SOURCE = Path(__file__).with_name("gallery.html").read_text()
STEPS = [
    {"tone": "good", "icon": "check", "title": "Asked for", "at": "14:30:02"},
    {"tone": "warning", "icon": "refresh", "title": "Slot taken", "text": "Next: Dr. Ben"},
    {
        "tone": "busy",
        "icon": "send",
        "title": "Sending",
        "now": True,
        "text": "Try 2 of 3",
    },
    {
        "tone": "bad",
        "icon": "bell",
        "title": "Needs you",
        "text": "Is it there?",
    },
    {"icon": "check", "title": "Booked", "ahead": True},
]
CELLS = [
    ("free", "7 free"),
    ("last", "1 left"),
    ("full", "8 / 8"),
    ("blocked", "Holiday"),
    ("past", "past"),
    ("closed", "closed"),
    ("none", ""),
]


def gallery(request):
    now = datetime.now(tz=UTC)
    context = {
        "now": now,
        "as_of": now - timedelta(seconds=42),
        "tones": ["info", "good", "warning", "bad"],
        "choices": [
            {"text": "Day", "url": "?view=day"},
            {"text": "Week", "url": "", "current": 1},
        ],
        "days": ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29"],
        "times": ["09:00", "09:40", "10:20", "11:00"],
        "cells": CELLS,
        "states": list(words.STATES),
        "steps": STEPS,
        "hues": range(12),
        "icons": list(look.ICONS),
    }
    return HttpResponse(engines["django"].from_string(SOURCE).render(context, request))


def status(_request, code):
    return HttpResponse("<p>part</p>", status=code)


def slow(_request):
    """Longer than slow.js waits before it says so."""
    time.sleep(1.2)  # the server's work, not a test waiting
    return HttpResponse("<p>done</p>")


def boom(_request):
    raise RuntimeError("the secret is otters")


@login_not_required
def forbidden(_request):
    raise PermissionDenied


urlpatterns = [
    path("gallery/boom/", login_not_required(boom)),
    path("gallery/forbidden/", forbidden),
    path("gallery/", gallery),
    path("gallery/status/<int:code>/", status),
    path("gallery/slow/", slow),
    path("", include("bookingapp.urls")),
]

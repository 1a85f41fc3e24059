"""The addresses of an organisation's settings, below ``/o/<slug>/settings/``: for admins."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bookingapp.web.views import privacy

privacy_urls: list[URLPattern | URLResolver] = [
    path("", privacy.page, name="privacy"),
    path("person/", privacy.person, name="privacy-person"),
    path("export/", privacy.export, name="privacy-export"),
    path("erase/", privacy.erase, name="privacy-erase"),
]

settings_urls: list[URLPattern | URLResolver] = [
    path("privacy/", include(privacy_urls)),
]

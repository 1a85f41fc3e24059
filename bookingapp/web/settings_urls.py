"""The addresses of an organisation's settings, below ``/o/<slug>/settings/``: for admins."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bookingapp.web.views import audit, privacy

privacy_urls: list[URLPattern | URLResolver] = [
    path("", privacy.page, name="privacy"),
    path("person/", privacy.person, name="privacy-person"),
    path("export/", privacy.export, name="privacy-export"),
    path("erase/", privacy.erase, name="privacy-erase"),
]

audit_urls: list[URLPattern | URLResolver] = [
    path("", audit.page, name="audit-log"),
    path("export.csv", audit.csv_file, name="audit-csv"),
    path("<int:pk>/", audit.event, name="audit-event"),
]

settings_urls: list[URLPattern | URLResolver] = [
    path("audit/", include(audit_urls)),
    path("privacy/", include(privacy_urls)),
]

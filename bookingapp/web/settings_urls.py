"""The addresses of an organisation's settings, below ``/o/<slug>/settings/``: for admins."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bookingapp.web.views import (
    audit,
    connection,
    former,
    organisation_page,
    people,
    person,
    policies,
    privacy,
    token_rotation,
    tokens,
)

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

token_urls: list[URLPattern | URLResolver] = [
    path("", tokens.page, name="token-list"),
    path("check/", tokens.check_all, name="token-check-all"),
    path("<int:pk>/check/", tokens.check, name="token-check"),
    path("<int:pk>/edit/", tokens.edit, name="token-edit"),
    path("<int:pk>/remove/", tokens.remove, name="token-remove"),
    path("<int:pk>/rotation/", token_rotation.page, name="token-rotation"),
]

connection_urls: list[URLPattern | URLResolver] = [
    path("", connection.page, name="connection"),
    path("check/", connection.check, name="connection-check"),
]

person_urls: list[URLPattern | URLResolver] = [
    path("", people.page, name="person-list"),
    path("invite/", people.invite, name="person-invite"),
    path("invitations/<uuid:pk>/revoke/", people.revoke, name="invitation-revoke"),
    path("<int:pk>/", person.detail, name="person-detail"),
    path("<int:pk>/role/", person.role, name="person-role"),
    path("<int:pk>/reset/", person.reset, name="person-reset"),
    path("<int:pk>/second-step/", person.drop_second_factor, name="person-second-step"),
    path("<int:pk>/unlock/", person.unlock, name="person-unlock"),
    path("<int:pk>/leave/", person.leave, name="person-leave"),
    path("<int:pk>/return/", person.bring_back, name="person-return"),
    path("<int:pk>/erase/", former.erase, name="person-erase"),
]

settings_urls: list[URLPattern | URLResolver] = [
    path("", organisation_page.page, name="settings"),
    path("tokens/", include(token_urls)),
    path("connection/", include(connection_urls)),
    path("audit/", include(audit_urls)),
    path("people/", include(person_urls)),
    path("policies/", policies.page, name="policies"),
    path("privacy/", include(privacy_urls)),
]

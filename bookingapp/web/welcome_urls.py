"""The addresses of the first run: for who has the setup code, then for the owner."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from bookingapp.web.views import welcome

welcome_urls: list[URLPattern | URLResolver] = [
    path("", welcome.account, name="welcome"),
    path("organisation/", welcome.organisation, name="welcome-organisation"),
    path("use/", welcome.use, name="welcome-use"),
    path("people/", welcome.people, name="welcome-people"),
    path("booking/", welcome.booking, name="welcome-booking"),
]

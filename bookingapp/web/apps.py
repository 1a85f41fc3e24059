"""App config, nothing else."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bookingapp.web"
    label = "web"

    def ready(self) -> None:
        from bookingapp.web import held, second_factor, sessions

        held.watch()
        second_factor.watch()
        sessions.watch()

"""App config, nothing else."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bookingapp.web"
    label = "web"

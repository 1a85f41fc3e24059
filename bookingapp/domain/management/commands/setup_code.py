"""``manage.py setup_code``: what the first admin types; nothing once somebody has an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bookingapp.domain import first_run


class Command(BaseCommand):
    help = "Print the setup code of an installation that nobody has claimed yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if first_run.is_empty():
            self.stdout.write(first_run.code())

"""``manage.py rotate_token_keys``: seal every token anew with the first of TOKEN_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bookingapp.domain import tokens


class Command(BaseCommand):
    help = "Encrypt every token anew with the first key in TOKEN_KEYS; the old keys may then go."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tokens.rotate_keys()} tokens sealed anew")

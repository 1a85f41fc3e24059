"""``manage.py rotate_token_keys``: seal everything anew with the first of TOKEN_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookingapp.domain import key_rotation


class Command(BaseCommand):
    help = (
        "Encrypt tokens, second factors, sessions and all personal values anew with the first key"
        " in TOKEN_KEYS, while the desk runs with all of them; the old keys may then go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = key_rotation.rotate()
        self.stdout.write(f"{done.tokens} tokens sealed anew")
        self.stdout.write(f"{done.factors} secrets of second factors sealed anew")
        self.stdout.write(f"{done.sessions} sessions sealed anew")
        self.stdout.write(f"{done.values} values sealed anew")
        if done.locked:
            raise CommandError(
                f"{done.locked} values are opened by none of TOKEN_KEYS: do not take a key away"
            )

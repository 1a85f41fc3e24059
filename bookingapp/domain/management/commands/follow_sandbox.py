"""``manage.py follow_sandbox OLD NEW``: the practice mode's sandbox has another address now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookingapp.domain import practice
from bookingapp.domain.errors import Invalid


class Command(BaseCommand):
    help = "Let the practice organisation follow its sandbox to another address on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", help="the address it had")
        parser.add_argument("new", help="the address it has")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = practice.follow(options["old"], options["new"])
        except Invalid as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{moved} organisations moved")

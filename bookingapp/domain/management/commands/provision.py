"""``manage.py provision FILE`` (or ``-``): organisations, tokens, people and roles from JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookingapp.domain import provisioning
from bookingapp.domain.errors import Invalid


class Command(BaseCommand):
    help = "Create or update organisations, tokens, people and roles from a JSON document."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="path of the document, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["file"]
        try:
            raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
            for line in provisioning.apply(provisioning.read(raw), now=timezone.now()):
                self.stdout.write(line)
        except OSError as error:
            raise CommandError(f"{source} cannot be read: {error}") from None
        except Invalid as error:
            raise CommandError("; ".join(f"{k}: {v}" for k, v in error.fields.items())) from None

"""``manage.py adopt_leads --organisation NAME FILE``: take leads known elsewhere into our mirror.

One JSON object a line, in the shape Connect answers leads in; Connect itself cannot be asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from bookingapp.domain import lead_mirror
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation


class Command(BaseCommand):
    help = "Make leads that exist at Connect known here: JSON lines in Connect's own shape."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="path of the JSON lines, or - for standard input")
        parser.add_argument("--organisation", required=True, help="its name")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(name=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"there is no organisation {options['organisation']!r}")
        with transaction.atomic():
            known, new = self._adopt(organisation, self._lines(options["file"]))
        self.stdout.write(f"{new} leads adopted, {known} already known")

    def _lines(self, source: str) -> Iterator[str]:
        if source == "-":
            yield from sys.stdin
            return
        with Path(source).open(encoding="utf-8") as lines:
            yield from lines

    def _adopt(self, organisation: Organisation, lines: Iterable[str]) -> tuple[int, int]:
        counted = [0, 0]
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                _, is_new = lead_mirror.adopt(organisation, json.loads(line), now=timezone.now())
            except (ValueError, Invalid) as error:
                raise CommandError(f"line {number}: {error}") from None
            counted[is_new] += 1
        return counted[0], counted[1]

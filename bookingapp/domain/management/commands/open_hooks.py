"""``manage.py open_hooks --organisation NAME``: a new secret for what RocketLead sends."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookingapp.domain.hooks import guide, secrets
from bookingapp.domain.hooks.telling import Event
from bookingapp.domain.models import Organisation


class Command(BaseCommand):
    help = (
        "Make a secret for inbound hooks and print, as JSON, the paths to send to and a body for"
        " the HTTP request node of a flow. The secret cannot be shown again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="NAME")
        parser.add_argument(
            "--instead", action="store_true", help="end all secrets there are at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(name=options["organisation"]).first()
        if organisation is None:
            raise CommandError("There is no organisation of this name")
        now = timezone.now()
        if options["instead"]:
            for old in secrets.live(organisation, now=now):
                secrets.end(organisation, old.pk, ends_at=now, person=None, now=now)
        place = f"/hooks/{organisation.slug}/{secrets.make(organisation, person=None, now=now)}"
        told = {
            "events": f"{place}/events",
            "forms": f"{place}/forms",
            "template": guide.template(organisation, Event.OTHER, "trigger"),
        }
        self.stdout.write(json.dumps(told))

"""``manage.py prove_email USERNAME ADDRESS``: by the operator's word this address is theirs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from bookingapp.domain.people import proofs


class Command(BaseCommand):
    help = "Give a person this email address and take it as proven, for sign-in by OpenID Connect."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name the person signs in with")
        parser.add_argument("address", help="the email address that is known to be theirs")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        username, address = options["username"], options["address"].strip()
        person = get_user_model()._default_manager.filter(username=username).first()
        if person is None:
            raise CommandError(f"nobody is called {username}")
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address} is no email address") from None
        person.email = address
        person.save(update_fields=["email"])
        if not proofs.prove(person, way=proofs.Way.OPERATOR, now=timezone.now()):
            raise CommandError(f"{address} is proven to be somebody else's")
        self.stdout.write(f"{address} is proven to be {username}'s")

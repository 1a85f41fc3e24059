"""Keeps the audit log from being changed; with ``--role`` grants what the running desk needs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from bookingapp.domain import audit_guard


class Command(BaseCommand):
    help = "Have the database refuse changes of the audit log. Run it as the owner of the tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--role", default="", help="PostgreSQL: the role as which the desk runs"
        )

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        try:
            with transaction.atomic():
                audit_guard.protect(connection)
                if role:
                    audit_guard.grant(connection, role)
        except audit_guard.CannotProtect as error:
            raise CommandError(str(error)) from None
        self.stdout.write("The audit log is only added to from here on.")
        if role:
            self.stdout.write(f"{role} may read it and add to it, and use all other tables.")

"""All rows of a world, ready to be put into the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import DateField, DateTimeField, JSONField, Model

from bookingapp.sandbox import ids
from bookingapp.sandbox.models import Organisation
from bookingapp.sandbox.seeding.bookings import Diary
from bookingapp.sandbox.seeding.people import People
from bookingapp.sandbox.seeding.plan import ORGANISATIONS, OrganisationPlan
from bookingapp.sandbox.seeding.planner import Planner
from bookingapp.sandbox.seeding.tokens import tokens


@dataclass(frozen=True)
class Rows:
    """The rows of one table as the database takes them; the first column is the id."""

    name: str
    table: str
    insert: str
    values: list[tuple[Any, ...]]


@lru_cache(maxsize=4)
def built(seed: int, today: date) -> tuple[Rows, ...]:
    """The world of that seed as seen on that day; kept, because tests go back to it often."""
    models = [model for plan in ORGANISATIONS for model in _organisation(seed, today, plan)]
    models.sort(key=lambda model: _ORDER.index(model._meta.model_name or ""))
    return tuple(_rows(kind, list(members)) for kind, members in groupby(models, key=type))


_ORDER = [
    "organisation", "token", "leadstate", "customfield", "leadpool", "poolstate", "lead",
    "calendar", "resource", "appointmenttype", "resourcecalendar", "typeresource",
    "resourceslot", "blocker", "booking",
]  # fmt: skip


def _organisation(seed: int, today: date, plan: OrganisationPlan) -> Iterator[Model]:
    organisation = Organisation(id=ids.seeded(seed, "organisation", plan.name), name=plan.name)
    planner = Planner(seed, today, organisation)
    planner.build(plan)
    people = People(seed, today, organisation)
    people.build(plan, [kind.id for kind in planner.types.values()])
    yield organisation
    yield from tokens(seed, organisation)
    yield from planner.rows()
    yield from people.rows()
    yield from Diary(planner, people.leads).bookings(plan)


def _rows(kind: type[Model], members: list[Any]) -> Rows:
    fields = kind._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
    table = connection.ops.quote_name(kind._meta.db_table)
    marks = ", ".join(["%s"] * len(fields))
    converted = [(field.attname, _conversion(field)) for field in fields]
    values = [
        tuple(convert(getattr(member, name)) for name, convert in converted) for member in members
    ]
    insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    return Rows(kind._meta.model_name or "", table, insert, values)


def _conversion(field: Any) -> Callable[[Any], Any]:
    """How a value goes into the table; Django's own way costs most of a second for all of them."""
    if isinstance(field, DateTimeField):
        return lambda moment: moment and moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(field, DateField | JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return lambda value: value

"""Lead pools, their states, custom fields and leads of one organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from bookingapp.sandbox import ids
from bookingapp.sandbox.models import (
    CustomField,
    Lead,
    LeadPool,
    LeadState,
    Organisation,
    PoolState,
)
from bookingapp.sandbox.seeding import names
from bookingapp.sandbox.seeding.plan import STATES, OrganisationPlan, PoolPlan

# The last one tries the escaping of whoever shows it.
NOTES = ("bitte nachmittags", "Rückruf erwünscht", "<b>wichtig</b>")


class People:
    """Builds the rows of an organisation's leads and everything they hang on."""

    def __init__(self, seed: int, today: date, organisation: Organisation) -> None:
        self.seed, self.today, self.organisation = seed, today, organisation
        self.random = Random(f"{seed}:{organisation.name}:leads")  # noqa: S311 - not a secret
        self.states = {name: self._state(name) for name in STATES}
        self.fields: list[CustomField] = []
        self.pools: list[tuple[LeadPool, PoolPlan]] = []
        self.pool_states: list[PoolState] = []
        self.leads: list[Lead] = []

    def build(self, plan: OrganisationPlan, type_ids: list[str]) -> None:
        for key, name in plan.fields:
            field = CustomField(id=self.id("field", key), organisation=self.organisation, key=key,
                name=name)  # fmt: skip
            self.fields.append(field)
        for pool in plan.pools:
            self._pool(pool)
        self.leads = [self._lead(number, type_ids) for number in range(plan.leads)]

    def rows(self) -> Iterator[Model]:
        yield from self.states.values()
        yield from self.fields
        yield from (pool for pool, _ in self.pools)
        yield from self.pool_states
        yield from self.leads

    def id(self, *parts: object) -> str:
        return ids.seeded(self.seed, self.organisation.name, *parts)

    def _state(self, name: str) -> LeadState:
        colour, category = STATES[name]
        return LeadState(id=self.id("state", name), organisation=self.organisation, name=name,
            colour=colour, category=category)  # fmt: skip

    def _pool(self, plan: PoolPlan) -> None:
        pool = LeadPool(id=self.id("pool", plan.name), organisation=self.organisation,
            name=plan.name)  # fmt: skip
        self.pools.append((pool, plan))
        for position, name in enumerate(plan.states):
            self.pool_states.append(
                PoolState(id=_number(self.id("ps", plan.name, name)), pool=pool,
                    state=self.states[name], position=position, is_default=name == plan.default)
            )  # fmt: skip

    def _lead(self, number: int, type_ids: list[str]) -> Lead:
        pool, plan = self.pools[number % len(self.pools)]
        # One in forty still holds a state that no pool shows any more.
        state = "Altbestand" if number % 40 == 39 else self.random.choice(plan.states)
        midnight = datetime.combine(self.today, time(8), UTC)
        created = midnight - timedelta(days=self.random.randrange(1, 400), minutes=number)
        follow_up = midnight + timedelta(days=self.random.randrange(-7, 21))
        return Lead(
            id=self.id("lead", number), organisation=self.organisation, pool=pool,
            state=self.states[state], data=self._data(number),
            custom_field_data=self._custom(), created_at=created,
            updated_at=created + timedelta(hours=self.random.randrange(0, 20)),
            interested_in=self.random.choice([None, None, *type_ids]),
            first_opened_at=self.random.choice([None, created + timedelta(minutes=9)]),
            follow_up_at=follow_up if self.random.random() < 0.2 else None,
        )  # fmt: skip

    def _data(self, number: int) -> dict[str, Any]:
        first, last = names.PEOPLE[number % len(names.PEOPLE)]
        if number >= len(names.PEOPLE):
            last = self.random.choice(names.PEOPLE)[1]
        data = {"firstName": first, "lastName": last, "email": names.email(first, last, number),
            "phone": names.phone(self.random)}  # fmt: skip
        if number % 11 == 7:
            data.pop("email")
        if number % 13 == 5:
            data.pop("phone")
        if number % 6 == 0:
            data["note"] = self.random.choice(NOTES)
        return data

    def _custom(self) -> dict[str, Any]:
        if self.random.random() < 0.5:
            return {}
        return {self.fields[2].id: self.random.choice(names.INSURANCES)}


def _number(seeded: str) -> int:
    return int(seeded[:8], 16)

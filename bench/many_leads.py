"""Fill the first organisation's first lead pool with many leads, as only a large one has them.

``python -m bench.many_leads NUMBER`` with a desk's environment prints one JSON object: the pool's
key, and texts that staff type on the way to some of the leads. Made from a fixed seed.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

FIRST = ("Anna", "Maria", "Peter", "Thomas", "Julia", "Jonas", "Lukas", "Jürgen", "Zoë", "Łucja")
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "schu", "ste", "wei", "mü", "har", "tel")
LAST = ("Müller", "Schmidt", "Weber", "Meyer")
# One first name in so many is one of ten: "anna" finds about 3,000 of 50,000.
COMMON = 2
AT_ONCE = 2_000
SAMPLES = 24


def people(number: int, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Name, phone and email of so many people; some names are many people's, most are rare."""
    for at in range(number):
        first = chance.choice(FIRST) if chance.randrange(COMMON * 10) < 12 else _made(chance, 2)
        last = chance.choice(LAST) if chance.random() < 0.05 else _made(chance, 3)
        phone = f"+49 1{chance.randrange(50, 79)} {chance.randrange(10**6, 10**7)}"
        yield f"{first} {last}", phone, f"{first[:1]}.{last}{at}@example.org".lower()


def typed(name: str, phone: str, email: str) -> list[str]:
    """What stands in the field on the way to one of them."""
    first, last = name.split()
    return [
        *(first[:1], first[:2], first[:4], first, f"{first} {last[:1]}", f"{first} {last[:3]}"),
        *(name, f"{last} {first}", last[:3], last, phone[-3:], phone[-5:], phone, email[:6], email),
    ]


def _made(chance: random.Random, parts: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=parts)).title()


def fill(number: int, now: datetime) -> dict[str, Any]:
    from bookingapp.domain.models import Lead, LeadPool, LeadTerm

    pool = LeadPool.objects.filter(organisation__name="Praxis Lindenhof").order_by("name")[0]
    states = list(pool.pool_states.values_list("state__connect_id", flat=True))
    chance, samples = random.Random(20261121), []
    found = list(people(number, chance))
    for start in range(0, number, AT_ONCE):
        made = [
            _lead(pool, chance.choice(states), person, now - timedelta(minutes=start + at))
            for at, person in enumerate(found[start : start + AT_ONCE])
        ]
        Lead.objects.bulk_create(made)
        LeadTerm.objects.bulk_create([term for lead in made for term in _terms(lead)])
    for person in chance.sample(found, SAMPLES):
        samples += typed(*person)
    return {"pool": pool.pk, "typed": samples}


def _lead(pool: Any, state: str, person: tuple[str, str, str], at: datetime) -> Any:
    from bookingapp.domain.lead_index import place_of
    from bookingapp.domain.models import Lead

    name, phone, email = person
    data = {"name": name, "phone": phone, "email": email, "note": "x" * 200}
    return Lead(
        organisation_id=pool.organisation_id, pool=pool, connect_id=f"many-{email}",
        state_connect_id=state, board_state=state, name=name,
        sort_name=place_of(pool.organisation_id, name),
        phone=phone, email=email, data=data, created_at=at, known_at=at,
    )  # fmt: skip


def _terms(lead: Any) -> Iterator[Any]:
    from bookingapp.domain.contact_fields import Contact, terms_of
    from bookingapp.domain.lead_index import code_of
    from bookingapp.domain.models import LeadTerm

    for term in terms_of(Contact(lead.name, lead.phone, lead.email), "DE"):
        code = code_of(lead.organisation_id, term)
        yield LeadTerm(organisation_id=lead.organisation_id, lead=lead, term=code)


if __name__ == "__main__":
    import django

    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    with transaction.atomic():
        told = fill(int(sys.argv[1]), timezone.now())
    if connection.vendor == "postgresql":
        # As its autovacuum would within a minute; SQLite has nothing of the kind.
        connection.cursor().execute("VACUUM ANALYZE")
    sys.stdout.write(json.dumps(told) + "\n")

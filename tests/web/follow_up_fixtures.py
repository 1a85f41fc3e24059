"""Fixtures for tests of the follow-up queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain.models import Lead
from tests.web.trouble_fixtures import staff, woken, world

DAY = timedelta(days=1)


@pytest.fixture
def queue(world):
    """Two that are due, one that waits for a first call; Anna is none of them."""
    now = timezone.now()
    due = [world.known(name, phone) for name, phone in (("Ada", "040 111"), ("Bo", "040 222"))]
    Lead.objects.update(first_opened_at=now - 9 * DAY)
    for lead in due:
        lead.refresh_from_db()
    new = world.known("Cem", "040 333", "cem@example.com")
    for number, lead in enumerate(due):
        lead.follow_up_at = now - (3 - number) * DAY
        lead.save()
    Lead.objects.filter(pk=new.pk).update(created_at=now - timedelta(minutes=7))
    Lead.objects.update(state_connect_id="fresh", board_state="fresh")
    return [*due, new]


__all__ = ["queue", "staff", "woken", "world"]

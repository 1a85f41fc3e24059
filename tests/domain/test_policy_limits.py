"""What can be stored as a setting can be read again: else nobody could work in the organisation."""

from datetime import UTC, datetime

import pytest

from bookingapp.domain import organisations
from bookingapp.domain.models import Calendar
from bookingapp.domain.policy import policy_of
from tests.domain import people_world as world

pytestmark = pytest.mark.django_db


def test_however_many_calendars_are_left_out():
    place = world.organisation()
    admin = world.person("ada", place, role="admin")
    rows = [Calendar(organisation=place, connect_id=f"cal_{n}") for n in range(601)]
    Calendar.objects.bulk_create(rows)
    first = Calendar.objects.order_by("pk").first()
    now = datetime(2026, 11, 21, tzinfo=UTC)
    organisations.use(place, calendars=[first.pk], pools=[], person=admin, now=now)
    place.refresh_from_db()
    assert len(policy_of(place.settings).hidden_calendars) == 600

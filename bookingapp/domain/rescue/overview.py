"""The rescues of an organisation, each with how far it has come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from bookingapp.domain.models import Organisation, Rescue, RescueRow
from bookingapp.domain.rescue.progress import Progress, progress_of
from bookingapp.domain.rescue.rows import loaded


@dataclass(frozen=True, slots=True)
class Summary:
    rescue: Rescue
    progress: Progress


def newest(organisation: Organisation, *, now: datetime, most: int) -> list[Summary]:
    """The latest first; three queries however many they are."""
    found = Rescue.objects.filter(organisation=organisation)
    rescues = list(found.select_related("calendar", "resource", "person")[:most])
    rows: defaultdict[object, list[RescueRow]] = defaultdict(list)
    for row in loaded(RescueRow.objects.filter(rescue__in=rescues)):
        rows[row.rescue_id].append(row)
    return [Summary(rescue, progress_of(rows[rescue.pk], now)) for rescue in rescues]

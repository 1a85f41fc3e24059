"""The steps of the first run as a list: where somebody is, and where they can go."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bookingapp.domain import first_run
from bookingapp.domain.models import Organisation


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    title: str
    url: str
    now: bool
    done: bool


def of(here: str, organisation: Organisation | None) -> list[Step]:
    """``url`` is empty for what cannot be gone to (yet, or any more)."""
    titles = {
        first_run.ACCOUNT: _("Your account"),
        first_run.ORGANISATION: _("Organisation"),
        first_run.USE: _("Calendars and lead pools"),
        first_run.PEOPLE: _("People"),
        first_run.BOOKING: _("Try a booking"),
    }
    at = first_run.STEPS.index(here)
    return [
        Step(
            number,
            titles[step],
            "" if step == here else _url(step, here, organisation),
            now=step == here,
            done=number <= at,
        )
        for number, step in enumerate(first_run.STEPS, start=1)
    ]


def _url(step: str, here: str, organisation: Organisation | None) -> str:
    if first_run.ACCOUNT in {step, here}:
        return ""
    if step != first_run.ORGANISATION and organisation is None:
        return ""
    return reverse(f"welcome-{step}")

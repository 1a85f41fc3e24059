"""The connection of an organisation in words, charts and a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext, pgettext

from bookingapp.domain.connection_health import Health
from bookingapp.domain.models import CallTally, LastAnswer
from bookingapp.web.presenters import connection_chart, connection_words, moments
from bookingapp.web.presenters.connection_chart import Chart
from bookingapp.web.presenters.connection_words import Fact

PER_HOUR = 12
MARKS = 4


@dataclass(frozen=True, slots=True)
class Hour:
    """A row of the table: sums of one hour."""

    begins: str
    calls: int
    refused: int
    failed: int
    held_back: int
    mean: str
    slowest: str


@dataclass(frozen=True, slots=True)
class Page:
    """``marks``: times below the charts, from the left to the right."""

    facts: list[Fact]
    charts: list[Chart]
    marks: list[str]
    hours: list[Hour]
    last: LastAnswer | None
    last_fact: Fact


def page(health: Health, zone: ZoneInfo, *, now: datetime) -> Page:
    pieces = health.pieces
    return Page(
        facts=[
            connection_words.connection(health, zone),
            connection_words.writes(health.paused_scope),
            connection_words.queue(health.queue, now),
        ],
        charts=[_calls(pieces), _errors(pieces), _latency(pieces)],
        marks=[moments.hour(at, zone) for at in _times(pieces)],
        hours=[_hour(part, zone) for part in _parts(pieces) if _is_worth(part)],
        last=health.last,
        last_fact=connection_words.last(health.last),
    )


def _calls(pieces: Sequence[CallTally]) -> Chart:
    good = [row.calls - _bad(row) for row in pieces]
    layers, most = connection_chart.stacked([("good", good), *_troubles(pieces)])
    total = sum(row.calls for row in pieces)
    headline = ngettext("{n} call", "{n} calls", total).format(n=total)
    summary = gettext("at most {n} in five minutes").format(n=most)
    top = gettext("{n} in 5 min").format(n=most)
    return Chart(gettext("Calls"), headline, summary, top, len(pieces), layers, total == 0)


def _errors(pieces: Sequence[CallTally]) -> Chart:
    series = _troubles(pieces)
    layers, most = connection_chart.stacked(series)
    refused, failed, held = (sum(values) for _kind, values in series)
    total = refused + failed + held
    headline = ngettext("{n} error", "{n} errors", total).format(n=total)
    summary = gettext(
        "{refused} refused, {failed} failed or not answered, {held} held back by the desk"
    ).format(refused=refused, failed=failed, held=held)
    top = gettext("{n} in 5 min").format(n=most)
    return Chart(gettext("Errors"), headline, summary, top, len(pieces), layers, total == 0)


def _latency(pieces: Sequence[CallTally]) -> Chart:
    series = [
        ("slowest", [row.slowest_milliseconds for row in pieces]),
        ("mean", [_mean([row]) for row in pieces]),
    ]
    layers, most = connection_chart.behind(series)
    mean = connection_words.duration(_mean(pieces))
    slowest = connection_words.duration(most)
    headline = gettext("{mean} on average").format(mean=mean) if most else gettext("no calls")
    summary = gettext("{slowest} at most").format(slowest=slowest)
    return Chart(gettext("Latency"), headline, summary, slowest, len(pieces), layers, most == 0)


def _troubles(pieces: Sequence[CallTally]) -> list[tuple[str, list[int]]]:
    return [
        ("refused", [row.refused + row.throttled for row in pieces]),
        ("bad", [row.failed + row.unreachable for row in pieces]),
        ("held", [row.held_back for row in pieces]),
    ]


def _bad(row: CallTally) -> int:
    return row.refused + row.throttled + row.failed + row.unreachable + row.held_back


def _mean(rows: Iterable[CallTally]) -> int:
    known = list(rows)
    sent = sum(row.calls - row.held_back for row in known)
    return round(sum(row.milliseconds for row in known) / sent) if sent else 0


def _times(pieces: Sequence[CallTally]) -> list[datetime]:
    step = len(pieces) // MARKS
    after = pieces[-1].began_at + timedelta(minutes=60 // PER_HOUR)
    return [pieces[at].began_at for at in range(0, len(pieces), step)] + [after]


def _parts(pieces: Sequence[CallTally]) -> list[Sequence[CallTally]]:
    """By hours, the newest first."""
    parts = [pieces[at : at + PER_HOUR] for at in range(0, len(pieces), PER_HOUR)]
    return parts[::-1]


def _is_worth(part: Sequence[CallTally]) -> bool:
    return any(row.calls for row in part)


def _hour(part: Sequence[CallTally], zone: ZoneInfo) -> Hour:
    begins, ends = part[0].began_at, part[-1].began_at + timedelta(minutes=60 // PER_HOUR)
    shape = pgettext("from hour to hour", "{start}–{end}")
    return Hour(
        begins=shape.format(start=moments.hour(begins, zone), end=moments.hour(ends, zone)),
        calls=sum(row.calls for row in part),
        refused=sum(row.refused + row.throttled for row in part),
        failed=sum(row.failed + row.unreachable for row in part),
        held_back=sum(row.held_back for row in part),
        mean=connection_words.duration(_mean(part)),
        slowest=connection_words.duration(max(row.slowest_milliseconds for row in part)),
    )

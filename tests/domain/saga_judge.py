"""What must be true of a lead whatever happened: judged by the sandbox's own bookings and rows."""

from bookingapp.domain import needs_you
from bookingapp.domain.models import Booking
from bookingapp.domain.states import TERMINAL, Reason, State


def at_rest(place, write):
    """Wrong things, in words; none when all is well or an open item says that it is not."""
    yield from _listed(place, write)
    if write.state in TERMINAL and write.reason != Reason.SECOND_ANSWER:
        yield from _consistent(place, write)
    else:
        yield from _honest(place, write)


def at_end(place, write):
    """After a person has settled what was left."""
    if write.state not in TERMINAL:
        yield f"still {write.state}/{write.reason} at {write.step}"
    elif write.reason not in {Reason.DECLINED, Reason.SECOND_ANSWER}:
        yield from _consistent(place, write)
    if write.result.get("why") != "declined" and write.state in TERMINAL:
        yield from _same_rows(place)


def standing(place):
    """Ids of the bookings that the lead has at the sandbox."""
    return {row["id"]: row for row in place.sandbox.bookings("connect") if place.is_ours(row)}


def rows(place):
    return list(Booking.objects.filter(lead=place.lead, gone_at=None))


def _listed(place, write):
    quiet = write.state in {State.DONE, State.UNDONE} and write.reason != Reason.SECOND_ANSWER
    listed = needs_you.writes(place.staff).filter(pk=write.pk).exists()
    if listed == quiet:
        yield f"{write.state}/{write.reason} listed: {listed}"


def _consistent(place, write):
    yield from {"reschedule": _moved, "cancel": _cancelled, "move_lead": _in_state}[write.kind](
        place, write
    )


def _moved(place, write):
    there = standing(place)
    if len(there) != 1:
        yield f"{write.state}/{write.reason}, but the lead has {len(there)} bookings"
        return
    yield from _same_rows(place)
    wanted = place.new if write.state == State.DONE else place.old
    known = rows(place)
    if known and known[0].starts_at != wanted[2].starts_at:
        yield f"{write.state}/{write.reason}, but the booking is at {known[0].starts_at}"
    if known and known[0].resource.connect_id != wanted[2].resource_id:
        yield f"{write.state}/{write.reason}, but the booking is with {known[0].resource}"
    place.booking.refresh_from_db()
    if write.state == State.DONE and place.booking.moved_to_id != known[0].pk:
        yield f"the old row names {place.booking.moved_to_id} as its new place"
    yield from _state_is(place, place.own)


def _cancelled(place, write):
    there = standing(place)
    if len(there) != (write.state != State.DONE):
        yield f"{write.state}/{write.reason}, but the lead has {len(there)} bookings"
    yield from _same_rows(place)
    if write.state == State.DONE:
        yield from _state_is(place, write.payload.get("mark", {}).get("to", place.own))


def _in_state(place, write):
    yield from _state_is(place, place.other if write.state == State.DONE else place.own)


def _state_is(place, wanted):
    there, here = place.lead_state(), place.known_lead().state_connect_id
    if there != wanted:
        yield "the lead has another state at the sandbox"
    if here != there:
        yield "our row has another state than the sandbox"


def _same_rows(place):
    there, here = set(standing(place)), {row.connect_id for row in rows(place)}
    if there != here:
        yield f"the sandbox has {len(there)}, our rows {len(here)}, {len(there & here)} the same"


def _honest(place, write):
    """What an open item says of the number of appointments is true."""
    count = len(standing(place))
    if write.reason == Reason.NO_APPOINTMENT and count:
        yield f"says no appointment, there are {count}"
    if write.reason == Reason.TWO_BOOKINGS and count != 2:
        yield f"says two bookings, there are {count}"
    if write.state == State.ASKING and count != 1:
        yield f"asking, there are {count}"


def nobody_else_hurt(place):
    verdict = place.sandbox.judge()
    if verdict["overbooked"]:
        yield f"overbooked: {verdict['overbooked']}"
    if verdict["duplicates"]:
        yield f"doubled: {verdict['duplicates']}"

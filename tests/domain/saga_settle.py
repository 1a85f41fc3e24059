"""A person looks at Connect and presses the button that is true, or gives up."""

from django.utils import timezone

from bookingapp.domain import pauses, settling
from bookingapp.domain.kinds import plan
from bookingapp.domain.models import Booking
from bookingapp.domain.slots import SlotRef
from bookingapp.domain.states import State
from tests.domain.saga_judge import standing


def settle(place, write, case):
    """Whether there was something to settle; it is settled then."""
    if write.state == State.WAITING:
        place.good_tokens()
        pauses.resume(write.organisation, now=timezone.now())
    elif write.state == State.ASKING:
        _choose(place, write, case)
    elif write.state == State.STUCK:
        _say(place, write, case)
    else:
        return False
    return True


def _who(place):
    return {"person": place.staff, "now": timezone.now()}


def _choose(place, write, case):
    offered = settling.alternatives(write)
    if not offered or case.seed % 2:
        settling.give_up(write, **_who(place))
        return
    slot = offered[0]
    resource = place.snapshot.resource_by_connect_id(slot.resource_id)
    place.new = (*place.new[:2], slot)
    settling.choose(write, ref=SlotRef(slot.starts_at, resource.pk), **_who(place))


def _say(place, write, case):
    if case.seed % 5 == 4:
        settling.give_up(write, **_who(place))
    elif write.step in {plan.BOOK, plan.PUT_BACK}:
        _say_of_slot(place, write, case)
    elif _is_so(place, write):
        settling.is_there(write, connect_id="", **_who(place))
    else:
        settling.is_not_there(write, **_who(place))


def _say_of_slot(place, write, case):
    known = set(Booking.objects.values_list("connect_id", flat=True))
    unknown = [key for key in standing(place) if key not in known]
    if unknown:
        settling.is_there(write, connect_id=unknown[0], **_who(place))
    elif write.reason == "no_appointment" and case.seed % 2:
        settling.give_up(write, **_who(place))
    else:
        if write.reason == "no_appointment":
            place.free_places()
        settling.is_not_there(write, **_who(place))


def _is_so(place, write):
    """What the step should bring about is so at the sandbox."""
    if write.step == plan.DELETE:
        return place.booking.connect_id not in standing(place)
    mark = write.payload.get("mark", {})
    targets = {plan.MARK: mark.get("to"), plan.LEAD_STATE: mark.get("to"),
               plan.RESTORE: mark.get("back")}  # fmt: skip
    return place.lead_state() == targets.get(write.step, write.payload.get("to"))

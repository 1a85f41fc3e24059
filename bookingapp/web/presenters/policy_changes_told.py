"""What moving and cancelling do under a policy: their steps, and the events they fire."""

from __future__ import annotations

from django.utils.translation import gettext

from bookingapp.domain import consequences
from bookingapp.domain.kinds import plan
from bookingapp.domain.models import Lead
from bookingapp.web.presenters import consequence
from bookingapp.web.presenters.policy_names import label
from bookingapp.web.presenters.policy_scene import Effect, Scene


def order(scene: Scene) -> Effect:
    """The steps as the journal takes them, and the events that they fire."""
    steps = _steps(scene)
    events = _reschedule_events(scene)
    return Effect(events, steps=steps)


def _steps(scene: Scene) -> tuple[str, ...]:
    policy, found = scene.policy, list[str]()
    ended: dict[str, str] = {}
    words = {
        plan.MARK: gettext("move the lead to “{state}”").format(
            state=label(scene.names.states, policy.transient_state)
        ),
        plan.BOOK: gettext("book the new slot"),
        plan.DELETE: gettext("delete the old booking"),
        plan.RESTORE: gettext("move the lead back to its own state"),
    }
    marks = bool(policy.transient_state)
    while step := plan.reschedule(policy.reschedule_order, marks=marks, ended=ended):
        found.append(words[step])
        ended[step] = plan.DONE
    return tuple(found)


def _reschedule_events(scene: Scene) -> str:
    made = scene.with_policy(transient_state=scene.policy.transient_state)
    line = consequence.line(consequences.of_reschedule(made, _lead()))
    return gettext("{line} Both orders fire as many; the flows see them in another order.").format(
        line=line
    )


def transient(scene: Scene) -> Effect | None:
    if not scene.policy.transient_state:
        return Effect(gettext("The lead keeps its state."))
    made = scene.with_policy(transient_state=scene.policy.transient_state)
    return Effect(consequence.line(consequences.of_reschedule(made, _lead())))


def cancel_state(scene: Scene) -> Effect:
    made = scene.with_policy(cancel_state=scene.policy.cancel_state)
    line = consequence.line(consequences.of_cancel(made, _lead()))
    if not scene.policy.cancel_state:
        return Effect(f"{gettext('The lead keeps its state.')} {line}")
    return Effect(line)


def _lead() -> Lead:
    """Some lead at Connect, in a state that no policy names."""
    return Lead(connect_id="entry", state_connect_id="\0")

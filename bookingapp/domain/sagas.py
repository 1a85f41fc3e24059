"""How far a write of several steps has come, for people to see. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bookingapp.domain.kinds import plan
from bookingapp.domain.kinds.finishing import ended_of
from bookingapp.domain.models import Write
from bookingapp.domain.states import TERMINAL, Kind

Standing = Literal["done", "now", "ahead", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step (see ``kinds.plan`` for the names) and how it stands."""

    step: str
    standing: Standing


def progress(write: Write) -> list[Progress]:
    """The steps of a reschedule or cancel in their order; nothing for kinds of one step."""
    ended = ended_of(write)
    is_over = write.state in TERMINAL
    found = []
    for step in _steps(write, ended):
        standing = _standing(step, write, ended)
        if standing != "ahead" or not is_over:
            found.append(Progress(step, standing))
    return found


def may_have_none(write: Write) -> bool:
    """Whether the lead of a reschedule may be without an appointment at this moment."""
    return write.kind == Kind.RESCHEDULE and plan.may_have_none(ended_of(write))


def _standing(step: str, write: Write, ended: dict[str, str]) -> Standing:
    if step in ended:
        return "done" if ended[step] == plan.DONE else "failed"
    return "now" if step == write.step and write.state not in TERMINAL else "ahead"


def _steps(write: Write, ended: dict[str, str]) -> list[str]:
    marks = "mark" in write.payload
    if write.kind == Kind.CANCEL:
        return [*([plan.LEAD_STATE] if marks else []), plan.DELETE]
    if write.kind != Kind.RESCHEDULE:
        return []
    order = plan.ORDERS[write.payload["order"]]
    back = [plan.PUT_BACK] if write.step == plan.PUT_BACK or plan.PUT_BACK in ended else []
    around = ([plan.MARK], [plan.RESTORE]) if marks else ([], [])
    return [*around[0], *order, *back, *around[1]]

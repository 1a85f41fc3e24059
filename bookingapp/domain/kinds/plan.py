"""Which step comes next in a write of several steps. Pure: what has ended goes in (design 4.3).

A lead is never left without an appointment: what was freed is taken again when the new slot is
refused, and a lead state set for the time of the change is set back last.
"""

from __future__ import annotations

from collections.abc import Mapping

MARK, BOOK, DELETE, PUT_BACK, RESTORE = "mark", "book", "delete", "put_back", "restore"
LEAD_STATE = "lead_state"

DONE, FAILED = "done", "failed"

BOOK_FIRST, DELETE_FIRST = "book_first", "delete_first"
ORDERS = {BOOK_FIRST: (BOOK, DELETE), DELETE_FIRST: (DELETE, BOOK)}


def reschedule(order: str, *, marks: bool, ended: Mapping[str, str]) -> str:
    """The next step of a reschedule, or "" when nothing is left to do."""
    if marks and MARK not in ended:
        return MARK
    if ended.get(MARK) == FAILED:
        return ""
    return _change(order, ended) or (RESTORE if marks and RESTORE not in ended else "")


def _change(order: str, ended: Mapping[str, str]) -> str:
    for step in ORDERS[order]:
        if step not in ended:
            return step
        if ended[step] == FAILED:
            return PUT_BACK if must_put_back(ended) else ""
    return ""


def must_put_back(ended: Mapping[str, str]) -> bool:
    """The old booking is deleted, the new one refused, and the old slot not yet tried again."""
    freed = ended.get(DELETE) == DONE and ended.get(BOOK) == FAILED
    return freed and PUT_BACK not in ended


def cancel(*, marks: bool, ended: Mapping[str, str]) -> str:
    """The next step of a cancel, or "": the lead's state first, and only then the delete."""
    if marks and LEAD_STATE not in ended:
        return LEAD_STATE
    if ended.get(LEAD_STATE) == FAILED:
        return ""
    return DELETE if DELETE not in ended else ""


def has_moved(ended: Mapping[str, str]) -> bool:
    return ended.get(BOOK) == DONE and ended.get(DELETE) == DONE


def may_have_none(ended: Mapping[str, str]) -> bool:
    """The old booking is deleted and nothing stands in its place as far as we know."""
    return ended.get(DELETE) == DONE and DONE not in {ended.get(BOOK), ended.get(PUT_BACK)}


def has_two(ended: Mapping[str, str]) -> bool:
    """The new booking stands and the old one is not deleted."""
    return ended.get(BOOK) == DONE and ended.get(DELETE) != DONE

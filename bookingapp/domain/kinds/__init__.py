"""The kinds of writes. Each is one file with the same four functions; see ``protocol``."""

from __future__ import annotations

from bookingapp.domain.kinds import book, cancel, create_lead, edit_lead, move_lead, reschedule
from bookingapp.domain.kinds.protocol import KindOfWrite
from bookingapp.domain.states import Kind

KINDS: dict[Kind, KindOfWrite] = {
    Kind.CREATE_LEAD: create_lead.CreateLead(),
    Kind.BOOK: book.Book(),
    Kind.RESCHEDULE: reschedule.Reschedule(),
    Kind.CANCEL: cancel.Cancel(),
    Kind.MOVE_LEAD: move_lead.MoveLead(),
    Kind.EDIT_LEAD: edit_lead.EditLead(),
}


def kind_of(name: str) -> KindOfWrite:
    return KINDS[Kind(name)]

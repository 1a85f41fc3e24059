"""The people of an organisation: inviting, roles, leaving and coming back, forgotten passwords.

Every change is made under the organisation's lock and on record with what was before and after.
"""

from bookingapp.domain.people.accounts import NewAccount
from bookingapp.domain.people.erasing import erase
from bookingapp.domain.people.errors import (
    AlreadyHere,
    HoldsOpenWrites,
    LastAdmin,
    NotAllowed,
    NotHere,
    Spent,
    StillHere,
    WorkedElsewhere,
    WorksElsewhere,
)
from bookingapp.domain.people.invitations import (
    DAYS_VALID,
    accept,
    find,
    for_letter,
    invite,
    join,
    revoke,
)
from bookingapp.domain.people.leaving import Left, bring_back, take_away
from bookingapp.domain.people.links import PREFIX
from bookingapp.domain.people.resetting import (
    HOURS_VALID,
    drop_second_factor,
    may_reset,
    reset,
    reset_link,
    why_not,
)
from bookingapp.domain.people.roles import change

__all__ = [
    "DAYS_VALID",
    "HOURS_VALID",
    "PREFIX",
    "AlreadyHere",
    "HoldsOpenWrites",
    "LastAdmin",
    "Left",
    "NewAccount",
    "NotAllowed",
    "NotHere",
    "Spent",
    "StillHere",
    "WorkedElsewhere",
    "WorksElsewhere",
    "accept",
    "bring_back",
    "change",
    "drop_second_factor",
    "erase",
    "find",
    "for_letter",
    "invite",
    "join",
    "may_reset",
    "reset",
    "reset_link",
    "revoke",
    "take_away",
    "why_not",
]

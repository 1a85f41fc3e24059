"""The people of an organisation: inviting, roles, leaving and coming back, forgotten passwords.

Every change is made under the organisation's lock and on record with what was before and after.
"""

from bookingapp.domain.people.accounts import NewAccount
from bookingapp.domain.people.errors import (
    AlreadyHere,
    LastAdmin,
    NotAllowed,
    NotHere,
    Spent,
    WorksElsewhere,
)
from bookingapp.domain.people.invitations import (
    DAYS_VALID,
    accept,
    find,
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
    "LastAdmin",
    "Left",
    "NewAccount",
    "NotAllowed",
    "NotHere",
    "Spent",
    "WorksElsewhere",
    "accept",
    "bring_back",
    "change",
    "drop_second_factor",
    "find",
    "invite",
    "join",
    "may_reset",
    "reset",
    "reset_link",
    "revoke",
    "take_away",
    "why_not",
]

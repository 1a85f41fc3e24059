"""The people of an organisation: inviting, roles, leaving and coming back, forgotten passwords.

Every change is made under the organisation's lock and on record with what was before and after.
"""

from bookingapp.domain.people.accounts import NewAccount
from bookingapp.domain.people.invitations import (
    DAYS_VALID,
    AlreadyHere,
    Spent,
    accept,
    find,
    invite,
    join,
    revoke,
)
from bookingapp.domain.people.links import PREFIX

__all__ = [
    "DAYS_VALID",
    "PREFIX",
    "AlreadyHere",
    "NewAccount",
    "Spent",
    "accept",
    "find",
    "invite",
    "join",
    "revoke",
]

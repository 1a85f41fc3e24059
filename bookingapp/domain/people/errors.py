"""Why a change of people is refused; each leaves everything as it was."""

from __future__ import annotations

from bookingapp.domain.errors import DomainError


class NotAllowed(DomainError):
    """Who asks is not (any more) an admin here, or would raise themselves."""

    code = "not_allowed"


class NotHere(DomainError):
    """The person does not work here (any more)."""

    code = "not_here"


class LastAdmin(DomainError):
    """Somebody must stay who can manage the people."""

    code = "last_admin"


class AlreadyHere(DomainError):
    """Who works here already keeps their role: only an admin changes it, on the page of people."""

    code = "already_here"


class Spent(DomainError):
    """There is no such link, or it was used, has expired, or was taken back: which, is not told."""

    code = "invitation_spent"


class WorksElsewhere(DomainError):
    """The person also works where who asks is no admin: who can reset is admin of all places."""

    code = "works_elsewhere"


class StillHere(DomainError):
    """The account is open, or has a role somewhere: leaving comes before erasing."""

    code = "still_here"


class WorkedElsewhere(DomainError):
    """The account has a past where who asks is no admin, or is an owner's and they are none."""

    code = "worked_elsewhere"


class HoldsOpenWrites(DomainError):
    """Something is still theirs to look after: that must end, or be handed on, first."""

    code = "holds_open_writes"

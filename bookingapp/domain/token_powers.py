"""What an organisation can do with its tokens, which token does it, what ends without one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bookingapp import connect


class Ability(StrEnum):
    """Something that the desk does at Connect, by the scope it takes (contract section 2)."""

    READ = "read"  # calendars, availability, lead pools
    BOOK = "book"
    LEADS = "leads"  # making and changing them
    CANCEL = "cancel"
    MOVE = "move"  # a new booking, and the old one deleted


NEEDED: dict[Ability, connect.Scope] = {
    Ability.READ: connect.Scope.READ,
    Ability.BOOK: connect.Scope.WRITE,
    Ability.LEADS: connect.Scope.WRITE,
    Ability.CANCEL: connect.Scope.ADMIN,
    Ability.MOVE: connect.Scope.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Power:
    """A token that may be used: its key and its scope ("" where it is not known)."""

    pk: int
    scope: str

    def covers(self, needed: connect.Scope) -> bool:
        """Whether it is known to."""
        return bool(self.scope) and connect.Scope(self.scope).covers(needed)


def abilities(powers: Iterable[Power]) -> list[Ability]:
    """What these tokens are known to be enough for."""
    known = list(powers)
    return [one for one, needed in NEEDED.items() if any(p.covers(needed) for p in known)]


def lost_without(powers: Iterable[Power], pk: int) -> list[Ability]:
    """What stops working when this one is gone and the others stay."""
    known = list(powers)
    left = abilities(power for power in known if power.pk != pk)
    return [one for one in abilities(known) if one not in left]


def lost_with_another(powers: Iterable[Power], pk: int, scope: str) -> list[Ability]:
    """What stops working when a token of ``scope`` takes the place of this one."""
    known = [power for power in powers if power.pk != pk]
    now = abilities([*known, *(power for power in powers if power.pk == pk)])
    then = abilities([*known, Power(-1, scope)])
    return [one for one in now if one not in then]


def uses(powers: Iterable[Power]) -> Mapping[int, list[Ability]]:
    """Which token the desk chooses for what now: by least power, as every call does."""
    known = [connect.TokenInfo(p.pk, connect.Scope(p.scope) if p.scope else None) for p in powers]
    found: dict[int, list[Ability]] = {}
    for ability, needed in NEEDED.items():
        chosen = connect.choose_token(known, needed)
        if chosen is not None:
            found.setdefault(chosen.id, []).append(ability)
    return found


def is_too_powerful(powers: Iterable[Power]) -> bool:
    """Whether a token that may delete is also what reads or books, for want of a smaller one."""
    known = list(powers)
    admins = {power.pk for power in known if power.scope == connect.Scope.ADMIN.value}
    small = (Ability.READ, Ability.BOOK)
    chosen = uses(known)
    return any(pk in admins and any(one in done for one in small) for pk, done in chosen.items())

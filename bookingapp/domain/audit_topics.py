"""The groups in which the audit log is read, by the codes of what was done. Pure."""

from __future__ import annotations

from enum import StrEnum

from bookingapp.domain.states import Reason


class Topic(StrEnum):
    SIGN_INS = "sign_ins"
    SETTINGS = "settings"
    PEOPLE = "people"
    TOKENS = "tokens"
    WRITES = "writes"
    SETTLEMENTS = "settlements"
    EXPORTS = "exports"
    IMPORTS = "imports"
    HOOKS = "hooks"
    PRIVACY = "privacy"


MOVED = "write.moved"
# A person's word about a write that had come to a stop.
SETTLED = frozenset({Reason.SETTLED_BY_PERSON, Reason.DECLINED, Reason.CHOSEN})
# By the first word of an action; what is not here is a setting.
_BY_WORD = {
    Topic.SIGN_INS: (
        *("sign-in", "sign-out", "session", "sessions", "password", "security", "mfa", "account"),
        *("second-factor", "second_factor", "totp", "passkey", "recovery", "openid", "confirm"),
    ),
    Topic.PEOPLE: ("person", "people", "role", "invitation"),
    Topic.TOKENS: ("token", "tokens", "writes"),
    Topic.WRITES: ("write", "bulkmove", "booking", "bookings", "rescue", "lead", "waiting"),
    Topic.IMPORTS: ("leadimport",),
    Topic.HOOKS: ("hook", "hooks"),
    Topic.PRIVACY: ("privacy", "erasure", "retention"),
}
_TOPICS = {word: topic for topic, words in _BY_WORD.items() for word in words}
# Of several things that an event names, the one it is found by.
_ABOUT = ("write", "lead", "booking", "batch", "rescue", "mark")


def topic_of(action: str) -> Topic:
    """The group of anything but a move of a write."""
    if action.endswith("exported"):
        return Topic.EXPORTS
    return _TOPICS.get(action.partition(".")[0], Topic.SETTINGS)


def topic_of_move(reason: str, *, by_person: bool) -> Topic:
    return Topic.SETTLEMENTS if by_person and reason in SETTLED else Topic.WRITES


def about(details: dict[str, object]) -> str:
    """The id by which an event is found that names a lead, a booking or a batch; or ""."""
    named = (details.get(name) for name in _ABOUT)
    return next((str(one)[:64] for one in named if one), "")

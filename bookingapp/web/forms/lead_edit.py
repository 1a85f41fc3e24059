"""The form of a lead's fields: only what was changed in it is asked for, against what it showed.

Row ``n`` has ``f<n>`` (path and what was shown, as JSON), ``v<n>`` (what is typed), ``x<n>``
(remove it) and, where two people changed it, ``c<n>`` (whose shall count). New fields are ``k<n>``
and ``w<n>``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bookingapp.domain import lead_check, lead_values
from bookingapp.domain.lead_check import Problem
from bookingapp.domain.lead_edits import KEYED, Path
from bookingapp.domain.lead_schema import LONGEST_KEY, Descriptor
from bookingapp.domain.merge_patch import between
from bookingapp.web.presenters import lead_sheet

INTEREST = "interested_in_appointment_type_id"
MOST_NEW = 20
MINE, THEIRS = "mine", "theirs"


@dataclass
class Draft:
    """One row as it came back. ``wanted`` is ``seen`` itself where nothing was changed."""

    path: Path
    seen: Any
    text: str
    remove: bool = False
    is_contested: bool = False
    choice: str = ""
    wanted: Any = None
    problem: Problem | None = None

    @property
    def is_changed(self) -> bool:
        return self.remove or self.problem is not None or self.wanted is not self.seen


@dataclass
class New:
    """A field that is to be added; both texts empty is none."""

    key: str
    text: str
    problem: Problem | None = None

    @property
    def is_asked(self) -> bool:
        return bool(self.key.strip() or self.text.strip())


@dataclass
class LeadEdit:
    """What was typed. ``described``: what is known of a key; ``types``: Connect's ids offered."""

    drafts: list[Draft]
    new: list[New]
    country: str
    described: Mapping[Path, Descriptor] = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    # Keys of data that the lead has.
    taken: frozenset[str] = frozenset()

    def read(self) -> bool:
        """Make values of all that was typed; False where something must be mended."""
        for draft in self.drafts:
            self._read(draft)
        for one in self.new:
            one.problem = self._check_new(one) if one.is_asked else None
        problems = [draft.problem for draft in self.drafts] + [one.problem for one in self.new]
        return not any(problems)

    @property
    def changed(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.is_changed]

    def changes(self) -> dict[str, Any]:
        """The merge patch, by our names: only what was changed."""
        made: dict[str, Any] = {}
        for draft in self.changed:
            member, key = draft.path
            if member in KEYED:
                made.setdefault(member, {})[key] = _patch(draft.seen, draft.wanted)
            else:
                made[member] = draft.wanted
        for one in self.new:
            if one.is_asked:
                made.setdefault(lead_sheet.DATA, {})[one.key.strip()] = self._value_of(one)
        return made

    def seen(self) -> dict[Path, Any]:
        """What the form showed where something was changed; of a new key: nothing."""
        told = {draft.path: draft.seen for draft in self.changed}
        new: dict[Path, Any] = {(lead_sheet.DATA, one.key.strip()): None for one in self.new}
        return new | told

    def _read(self, draft: Draft) -> None:
        draft.wanted, draft.problem = draft.seen, None
        if draft.is_contested and draft.choice == THEIRS:
            return
        try:
            draft.wanted = self._wanted(draft)
        except lead_values.Unreadable as error:
            draft.problem = Problem(error.code)
            return
        if draft.is_contested and draft.choice != MINE:
            draft.problem = Problem("choose")
        elif draft.wanted is not draft.seen:
            draft.problem = self._check(draft)

    def _wanted(self, draft: Draft) -> Any:
        if draft.remove:
            return None
        about = self.described.get(draft.path, Descriptor(draft.path[1]))
        shape = lead_values.shape_of(draft.seen, otherwise=about.shape)
        return lead_values.read(draft.text, shape, draft.seen)

    def _check(self, draft: Draft) -> Problem | None:
        if draft.path[0] == INTEREST:
            known = draft.wanted is None or draft.wanted in self.types
            return None if known else Problem("type")
        about = self.described.get(draft.path, Descriptor(draft.path[1]))
        return lead_check.problem(about, draft.wanted, country=self.country)

    def _check_new(self, one: New) -> Problem | None:
        key = one.key.strip()
        if not key:
            return Problem("key_missing")
        if len(key) > LONGEST_KEY:
            return Problem("key_long")
        if key in self.taken or sum(other.key.strip() == key for other in self.new) > 1:
            return Problem("key_taken")
        if not one.text.strip():
            return Problem("value_missing")
        try:
            value = self._value_of(one)
        except lead_values.Unreadable as error:
            return Problem(error.code)
        about = self.described.get((lead_sheet.DATA, key), Descriptor(key))
        return lead_check.problem(about, value, country=self.country)

    def _value_of(self, one: New) -> Any:
        about = self.described.get((lead_sheet.DATA, one.key.strip()), Descriptor(one.key))
        return lead_values.read(one.text, about.shape, None)


def drafts_of(post: Mapping[str, str]) -> list[Draft]:
    """The rows of a form. Raises ValueError for one that no page of ours has made."""
    found = []
    for at in range(lead_sheet.MOST + 2):
        carried = post.get(f"f{at}")
        if carried is None:
            continue
        member, key, seen = _carried(carried)
        draft = Draft((member, key), seen, post.get(f"v{at}", lead_values.typed(seen)))
        draft.remove, draft.choice = f"x{at}" in post, post.get(f"c{at}", "")
        draft.is_contested = f"t{at}" in post
        found.append(draft)
    return found


def new_of(post: Mapping[str, str]) -> list[New]:
    rows = [at for at in range(MOST_NEW) if f"k{at}" in post]
    clean = {at: post[f"k{at}"].replace("\0", "") for at in rows}
    return [New(clean[at], post.get(f"w{at}", "").replace("\0", "")) for at in rows]


def _carried(text: str) -> tuple[str, str, Any]:
    try:
        member, key, seen = json.loads(text)
    except (TypeError, RecursionError):
        raise ValueError("not a row") from None
    if not isinstance(key, str) or (member not in KEYED and (member, key) != (INTEREST, "")):
        raise ValueError("not a field")
    return member, key, seen


def _patch(before: Any, wanted: Any) -> Any:
    both = isinstance(before, dict) and isinstance(wanted, dict)
    return between(before, wanted) if both else wanted

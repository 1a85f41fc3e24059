"""The rows of a lead's form: what is there now, and over it what somebody is typing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bookingapp.domain import catalogue, lead_edits, lead_schema, lead_values
from bookingapp.domain.lead_edits import Conflict, Path
from bookingapp.domain.lead_schema import Descriptor
from bookingapp.domain.models import Lead, Organisation
from bookingapp.domain.policy import Policy, policy_of
from bookingapp.domain.states import Kind, State
from bookingapp.web.forms import lead_filter
from bookingapp.web.forms.lead_edit import INTEREST, Draft, LeadEdit, New
from bookingapp.web.presenters import lead_changes, lead_sheet, lead_story, lead_words, moments
from bookingapp.web.presenters.lead_sheet import Field

EDITABLE = (*lead_edits.KEYED, INTEREST)


class Described(Mapping[Path, Descriptor]):
    """What is known of any key, whether or not Connect says something of it."""

    def __init__(self, described: Mapping[str, Descriptor], policy: Policy) -> None:
        self.by_key, self.policy = described, policy

    def __getitem__(self, path: Path) -> Descriptor:
        return lead_sheet.named(path, self.by_key, self.policy)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, tuple)

    def __iter__(self) -> Iterator[Path]:
        return ((lead_sheet.DATA, key) for key in self.by_key)

    def __len__(self) -> int:
        return len(self.by_key)


@dataclass(frozen=True, slots=True)
class Row:
    """``at`` numbers its inputs; ``carried`` is what the form shows, as a browser brings it back.
    ``theirs`` is what somebody else made of it meanwhile.
    """

    at: int
    field: Field
    carried: str
    text: str
    widget: str
    problem: str = ""
    remove: bool = False
    is_contested: bool = False
    theirs: str = ""
    by: str = ""
    choice: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewRow:
    """A field that is to be added; ``said`` is what is wrong with it."""

    key: str
    text: str
    said: str = ""

    @classmethod
    def of(cls, one: New) -> NewRow:
        return cls(one.key, one.text, lead_words.problem(one.problem) if one.problem else "")


def rows(
    form: LeadEdit,
    known: Mapping[str, Any],
    conflicts: Sequence[Conflict],
    lead: Lead,
) -> list[Row]:
    """``known`` is the lead as lead_edits.present gives it."""
    policy = policy_of(lead.organisation.settings).of_pool(lead.pool)
    described = form.described.by_key if isinstance(form.described, Described) else {}
    fields = lead_sheet.fields(known, described, policy)
    fields += _typed_only(form, fields, described, policy)
    interest = Descriptor("", label=gettext("Interested in"))
    fields.append(Field((INTEREST, ""), interest, known[INTEREST], is_there=False))
    typed = {draft.path: draft for draft in form.changed}
    clashes = {one.path: one for one in conflicts}
    maker = _Maker(typed, clashes, lead)
    return [row for at, field in enumerate(fields) if (row := maker.row(at, field))]


def free_keys(lead: Lead, known: Mapping[str, Any]) -> list[str]:
    """Keys that the pool knows and the lead does not have, to be suggested."""
    described = lead_schema.descriptors(lead.pool)
    has = known[lead_sheet.DATA]
    return [key for key, one in described.items() if key not in has and one.is_hidden][:50]


def _typed_only(
    form: LeadEdit, fields: list[Field], described: Mapping[str, Descriptor], policy: Policy
) -> list[Field]:
    """Fields that somebody removed while another one was typing in them."""
    shown = {field.path for field in fields}
    missing = [draft.path for draft in form.changed if draft.path not in shown]
    return [
        Field(path, lead_sheet.named(path, described, policy), None, is_there=False)
        for path in missing
        if path[0] in lead_edits.KEYED
    ]


@dataclass(frozen=True, slots=True)
class _Maker:
    typed: Mapping[Path, Draft]
    clashes: Mapping[Path, Conflict]
    lead: Lead

    @property
    def organisation(self) -> Organisation:
        return self.lead.organisation

    def row(self, at: int, field: Field) -> Row | None:
        """None for what cannot be changed here."""
        fresh = field.typed
        if fresh is None:
            return None
        draft, clash = self.typed.get(field.path), self.clashes.get(field.path)
        if draft is None:
            return self._plain(at, field, fresh)
        seen = clash.now if clash else draft.seen
        contested = bool(clash) or draft.is_contested
        return Row(
            at,
            field,
            lead_sheet.as_carried(field.path, seen),
            draft.text,
            self._widget(field, draft.text),
            problem=self._problem(draft, clash),
            remove=draft.remove,
            is_contested=contested,
            theirs=self._said(field.path, seen) if contested else "",
            by=self._who(clash) if clash else "",
            choice="" if clash else draft.choice,
            options=self._options(field, draft.text),
        )

    def _plain(self, at: int, field: Field, fresh: str) -> Row:
        carried = lead_sheet.as_carried(field.path, field.value)
        options = self._options(field, fresh)
        return Row(at, field, carried, fresh, self._widget(field, fresh), options=options)

    def _who(self, clash: Conflict) -> str:
        """Who changed it: what is on its way, else the newest edit of ours that has arrived."""
        if clash.write is not None:
            return lead_story.name_of(clash.write.person)
        edits = self.lead.writes.filter(kind=Kind.EDIT_LEAD, state=State.DONE)
        newest = edits.select_related("person").order_by("-created_at")[:20]
        of_field = (
            one for one in newest if clash.path in lead_edits.paths_of(one.payload["changes"])
        )
        write = next(of_field, None)
        return lead_story.name_of(write.person) if write else ""

    def _problem(self, draft: Draft, clash: Conflict | None) -> str:
        if clash is not None or draft.problem is None:
            return ""
        return lead_words.problem(draft.problem)

    def _widget(self, field: Field, text: str) -> str:
        return "select" if field.path[0] == INTEREST else lead_sheet.widget_of(field, text)

    def _options(self, field: Field, chosen: str) -> tuple[tuple[str, str], ...]:
        if field.path[0] == INTEREST:
            types = catalogue.snapshot(self.organisation).types
            found = {kind.connect_id: kind.name or kind.connect_id for kind in types}
            # What it has stays to be chosen, even if nobody knows it any more.
            for text in filter(None, (chosen, lead_values.typed(field.value))):
                found.setdefault(text, gettext("not known here"))
            return tuple(found.items())
        if field.shape == lead_values.TRUTH:
            return (("true", gettext("yes")), ("false", gettext("no")))
        return ()

    def _said(self, path: Path, value: Any) -> str:
        snapshot = catalogue.snapshot(self.organisation)
        names = {kind.connect_id: kind.name for kind in snapshot.types}
        zone = moments.zone_of(lead_filter.zone_of(self.organisation))
        return lead_changes.said(value, path, zone, names)

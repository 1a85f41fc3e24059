"""What admins do with tokens: add, correct, set aside, take back, remove. Each is audited."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from bookingapp.domain import audit, doctor, token_expiry, token_shape, tokens
from bookingapp.domain.doctor import Finding
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Organisation, Token, Write
from bookingapp.domain.token_probe import Answer

LONGEST_LABEL = 100


class Known(Invalid):
    """The same secret is here already, as ``token``."""

    def __init__(self, token: Token) -> None:
        super().__init__({"secret": "known"})
        self.token = token


class Moved(Invalid):
    """The organisation is at ``address`` now, not where the page said that the token would go."""

    def __init__(self, address: str) -> None:
        super().__init__({"secret": "moved"})
        self.address = address


@dataclass(frozen=True, slots=True)
class Added:
    """``resumed``: writes that waited for such a token and go on."""

    token: Token
    finding: Finding
    resumed: list[Write]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the form says. ``secret`` as it was pasted; never shown, kept or printed. ``made_for``:
    the address of Connect that the page showed; a token is for that and no other.
    """

    secret: str
    label: str
    expires_on: date | None = None
    replaces: Token | None = None
    made_for: str = field(kw_only=True)

    def __repr__(self) -> str:
        return "<Pasted>"


@sensitive_variables()
def add(organisation: Organisation, pasted: Pasted, *, person: Any, now: datetime) -> Added:
    """Ask Connect about it first: what it rejects is not kept. Where Connect cannot be asked, the
    token is kept unchecked. Raises Known, Moved, or Invalid with codes for the fields; then
    nothing is kept, and after Moved the token was not sent to the new address either.
    """
    organisation = Organisation.objects.get(pk=organisation.pk)
    _expect_at(organisation, pasted)
    secret = _checked(pasted, today=now.date())
    known = tokens.find(organisation, secret)
    if known:
        raise Known(known)
    taken = doctor.probe(organisation, secret)
    if taken[-1].answer is Answer.REJECTED:
        raise Invalid({"secret": "rejected"})
    token = _stored(organisation, secret, pasted, person=person, now=now)
    finding = Finding(token, doctor.noted(token, taken, person=person), taken)
    token_expiry.forget(organisation)
    return Added(token, finding, doctor.resume_if_possible(organisation, now=now))


@sensitive_variables()
@transaction.atomic
def _stored(
    organisation: Organisation, secret: str, pasted: Pasted, *, person: Any, now: datetime
) -> Token:
    # Whoever changes the address holds this row, too: its tokens are forgotten before or after.
    here = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    _expect_at(here, pasted)
    token, _is_new = tokens.store(
        organisation,
        secret=secret,
        label=pasted.label.strip(),
        person=person,
        expires_on=pasted.expires_on,
        replaces=pasted.replaces,
    )
    _record("token.added", token, person=person, now=now, after=_shown(token))
    return token


def _expect_at(organisation: Organisation, pasted: Pasted) -> None:
    if organisation.connect_url != pasted.made_for:
        raise Moved(organisation.connect_url)


@transaction.atomic
def change(
    token: Token, *, label: str, expires_on: date | None, person: Any, now: datetime
) -> None:
    """Its label and its last day. Raises Invalid."""
    if problem := _label_problem(label):
        raise Invalid({"label": problem})
    before = _shown(token)
    token.label, token.expires_on = label.strip(), expires_on
    token.save(update_fields=["label", "expires_on"])
    token_expiry.forget(token.organisation)
    if before != _shown(token):
        _record("token.changed", token, person=person, now=now, before=before, after=_shown(token))


@transaction.atomic
def set_aside(token: Token, *, person: Any, now: datetime) -> None:
    """No call uses it any more; it stays as a way back."""
    if Token.objects.filter(pk=token.pk, retired_at=None).update(retired_at=now):
        _record("token.retired", token, person=person, now=now)
    token_expiry.forget(token.organisation)


def use_again(token: Token, *, person: Any, now: datetime) -> list[Write]:
    """Calls may choose it again; returns the writes that go on by that."""
    with transaction.atomic():
        aside = Token.objects.filter(pk=token.pk).exclude(retired_at=None)
        if aside.update(retired_at=None):
            _record("token.restored", token, person=person, now=now)
    token_expiry.forget(token.organisation)
    return doctor.resume_if_possible(token.organisation, now=now)


@transaction.atomic
def remove(token: Token, *, person: Any, now: datetime, reason: str = "asked") -> None:
    """Our copy is gone for good; at Connect the token stays what it is. ``reason``: "asked", or
    "revoked" when Connect was seen to reject it.
    """
    _record("token.removed", token, person=person, now=now, before=_shown(token), reason=reason)
    organisation = token.organisation
    # Overwritten first: a deleted row may stay readable in the file.
    Token.objects.filter(pk=token.pk).update(sealed=bytes(len(bytes(token.sealed))))
    Token.objects.filter(pk=token.pk).delete()
    token_expiry.forget(organisation)


def _checked(pasted: Pasted, *, today: date) -> str:
    problems: dict[str, str] = {}
    if problem := _label_problem(pasted.label):
        problems["label"] = problem
    if pasted.expires_on and pasted.expires_on < today:
        problems["expires_on"] = "past"
    secret = ""
    try:
        secret = token_shape.cleaned(pasted.secret)
    except Invalid as error:
        problems |= error.fields
    if problems:
        raise Invalid(problems)
    return secret


def _label_problem(label: str) -> str:
    if not label.strip():
        return "required"
    if token_shape.PREFIX in label.lower():
        # The wrong field: it would be shown and logged.
        return "secret"
    return "too_long" if len(label.strip()) > LONGEST_LABEL else ""


def _shown(token: Token) -> dict[str, Any]:
    until = str(token.expires_on) if token.expires_on else ""
    return {"label": token.label, "expires_on": until}


def _record(
    action: str,
    token: Token,
    *,
    person: Any,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    audit.record(
        action,
        at=now,
        organisation=token.organisation,
        person=person,
        details=tokens.facts_of(token) | facts,
        before=before,
        after=after,
    )

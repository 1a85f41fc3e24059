"""What the doctor tried and what that says, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import problems
from bookingapp.domain.doctor import Finding
from bookingapp.domain.token_probe import Answer, Step
from bookingapp.web.presenters import token_words
from bookingapp.web.presenters.sentences import Text

TRIED: dict[str, Text] = {
    "read": _("Asked for the lead pools"),
    "write": _("Asked to change a lead that does not exist"),
    "admin": _("Asked to delete an appointment that does not exist"),
}
PASSED: dict[str, Text] = {
    "read": _("They came: it may read."),
    "write": _("Connect looked for it: it may change things. Nothing was changed."),
    "admin": _("Connect looked for it: it may delete. Nothing was deleted."),
}
TOO_NARROW: dict[str, Text] = {
    "read": _("Not allowed: it may not even read."),
    "write": _("Not allowed: it may only read."),
    "admin": _("Not allowed: it may not delete."),
}
UNCLEAR: dict[str, Text] = {
    problems.NOT_REACHED: _("Connect was not reached."),
    problems.ADDRESS_CLOSED: _("The address of Connect leads where this desk may not go."),
    problems.CONNECT_FAILED: _("Connect answered that it failed."),
    problems.SLOW_DOWN: _("Connect asks to slow down. Try again in a moment."),
    problems.VANISHED: _("Something answered that is not Connect. Is its address right?"),
    problems.UNREADABLE: _("The answer could not be read. Is the address of Connect right?"),
}
_ICONS = {
    Answer.PASSED: ("good", "check"),
    Answer.TOO_NARROW: ("quiet", "blocked"),
    Answer.REJECTED: ("bad", "cross"),
    Answer.UNCLEAR: ("warning", "question"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step as components/steps.html shows it."""

    title: str
    text: str
    at: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    tone: str
    text: Text
    steps: list[Line]


def shown(finding: Finding) -> Shown:
    tone, text = token_words.VERDICTS[finding.verdict]
    return Shown(tone, text, [line(step) for step in finding.steps])


def line(step: Step) -> Line:
    tone, icon = _ICONS[step.answer]
    scope = step.scope.value
    answered = gettext("answered {status}").format(status=step.status) if step.status else ""
    return Line(str(TRIED[scope]), str(_said(step)), answered, tone, icon)


def _said(step: Step) -> Text:
    scope = step.scope.value
    match step.answer:
        case Answer.PASSED:
            return PASSED[scope]
        case Answer.TOO_NARROW:
            return TOO_NARROW[scope]
        case Answer.REJECTED:
            return _("Not accepted: it was revoked, has expired, or is not whole.")
    return UNCLEAR.get(step.problem, _("The answer says nothing about the token."))

"""Invitations by e-mail: sent by the web process at once, because their secret is kept nowhere."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import gettext

from bookingapp.mail import Mail

# Seconds: for one step of the talk with the server, and for all letters of one form.
STEP_TIMEOUT = 5
TOTAL = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One invitation by ``link``, which opens it for whoever has it."""

    to: str
    organisation: str
    by: str
    link: str = field(repr=False)


def can_send() -> bool:
    return settings.MAIL is not None


def send(letters: Iterable[Letter]) -> list[bool]:
    """Which of them the server took. Never raises: the links are shown on the page anyway."""
    wanted = list(letters)
    taken = [False] * len(wanted)
    mail: Mail | None = settings.MAIL
    if mail is None or not wanted:
        return taken
    until = time.monotonic() + TOTAL
    try:
        with _connected(mail) as server:
            for number, letter in enumerate(wanted):
                taken[number] = time.monotonic() < until and _send(server, mail, letter)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("letters not sent", error=type(error).__name__)
    return taken


def _connected(mail: Mail) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=STEP_TIMEOUT, context=trust
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=STEP_TIMEOUT)
    try:
        if mail.security == "starttls":
            server.starttls(context=trust)
        if mail.user:
            server.login(mail.user, mail.password)
    except BaseException:
        server.close()
        raise
    return server


def _send(server: smtplib.SMTP, mail: Mail, letter: Letter) -> bool:
    try:
        server.send_message(_message(mail, letter))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as error:
        log.warning("letter refused", error=type(error).__name__)
        server.rset()
        return False
    return True


def _message(mail: Mail, letter: Letter) -> EmailMessage:
    """Raises ValueError for an address that cannot stand in a header."""
    words: dict[str, Any] = {
        "organisation": _line(letter.organisation),
        "by": _line(letter.by),
        "link": letter.link,
    }
    message = EmailMessage()
    message["Subject"] = gettext("Invitation to the booking desk of {organisation}").format(**words)
    message["From"] = mail.sender
    message["To"] = Address(addr_spec=letter.to)
    message["Auto-Submitted"] = "auto-generated"
    body = gettext(
        "{by} invites you to the booking desk of {organisation}.\n\n"
        "Open this link to begin. It works once, for seven days, for whoever has it: "
        "do not pass it on.\n\n{link}\n\n"
        "If you did not expect this, there is nothing to do."
    )
    message.set_content(body.format(**words))
    return message


def _line(text: str) -> str:
    """Names may come from outside: one line of them, and not too long."""
    return " ".join(text.split())[:120]

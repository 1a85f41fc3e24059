"""Accounts: made by who was invited, under the rules for names and passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from bookingapp.domain.errors import Invalid

# No @ in it: with one it could not be told from somebody's e-mail address at sign-in.
USERNAME = re.compile(r"[\w.+-]{2,150}")
LONGEST_NAME, LONGEST_EMAIL, LONGEST_PASSWORD = 150, 254, 4096


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody typed who was invited."""

    username: str
    password: str = field(repr=False)
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def check(wanted: NewAccount) -> None:
    """Raises Invalid: per field a code; ``password`` may hold several, joined by spaces."""
    problems = _of_names(wanted)
    if codes := password_problems(wanted.password, _draft(wanted)):
        problems["password"] = " ".join(codes)
    if problems:
        raise Invalid(problems)


def password_problems(password: str, person: Any) -> list[str]:
    """The rules that ``password`` breaks, as Django's codes; empty when it is good."""
    if len(password) > LONGEST_PASSWORD:
        return ["password_too_long"]
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [one.code or "invalid" for one in error.error_list]
    return []


def make(wanted: NewAccount) -> Any:
    """Inside a transaction, after :func:`check`. Raises Invalid when the name was just taken."""
    person = _draft(wanted)
    person.set_password(wanted.password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise Invalid({"username": "taken"}) from None
    return person


def _draft(wanted: NewAccount) -> Any:
    return get_user_model()(
        username=wanted.username.strip(),
        first_name=wanted.first_name.strip(),
        last_name=wanted.last_name.strip(),
        email=wanted.email.strip(),
    )


def _of_names(wanted: NewAccount) -> dict[str, str]:
    username, email = wanted.username.strip(), wanted.email.strip()
    people = get_user_model()._default_manager
    problems: dict[str, str] = {}
    if not USERNAME.fullmatch(username):
        problems["username"] = "invalid" if username else "required"
    elif people.filter(username__iexact=username).exists():
        problems["username"] = "taken"
    if max(len(wanted.first_name.strip()), len(wanted.last_name.strip())) > LONGEST_NAME:
        problems["name"] = "too_long"
    elif "\x00" in wanted.first_name + wanted.last_name:
        # No database takes it.
        problems["name"] = "invalid"
    if email and not _is_email(email):
        problems["email"] = "invalid"
    elif email and people.filter(email__iexact=email).exists():
        # Who signs in with an address must be one person.
        problems["email"] = "taken"
    return problems


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_EMAIL

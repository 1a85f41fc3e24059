"""Tokens as admins keep them: shapes, powers, states, expiry; nothing ever shows a secret."""

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from bookingapp.domain import token_care, token_expiry, token_powers, token_shape, tokens
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import AuditEvent, Organisation, Token
from bookingapp.domain.token_care import Pasted
from bookingapp.domain.token_powers import Ability, Power
from bookingapp.domain.token_states import Standing, standing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "rocketlead_live_" + "5ec7e7" * 10


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "required"),
        ("  \n ", "required"),
        (f'"{SECRET}"', "quotes"),
        (f"{SECRET[:30]} {SECRET[30:]}", "blank_inside"),
        (f"{SECRET[:30]}\n{SECRET[30:]}", "blank_inside"),
        (f"{SECRET}\u200b", "blank_inside"),
        (f"{SECRET[:24]}…", "shortened"),
        (f"{SECRET[:24]}...", "shortened"),
        ("rocketlead_live_schlüssel", "other_letters"),
        ("sk_live_123456", "prefix"),
        ("rocketlead_", "prefix"),
        (SECRET * 10, "too_long"),
    ],
)
def test_what_is_no_token_is_refused_with_its_reason(pasted, code):
    with pytest.raises(Invalid) as refused:
        token_shape.cleaned(pasted)
    assert refused.value.fields == {"secret": code}
    assert "5ec7e7" not in str(refused.value)


@pytest.mark.parametrize(
    "pasted",
    [SECRET, f"  {SECRET}\n", f"Bearer {SECRET}", f"bearer  {SECRET}",
     f"Authorization: Bearer {SECRET}"],
)  # fmt: skip
def test_what_stands_around_a_token_is_taken_off(pasted):
    assert token_shape.cleaned(pasted) == SECRET


THREE = [Power(1, "admin"), Power(2, "write"), Power(3, "read")]


def test_three_tokens_share_the_work_by_least_power():
    assert token_powers.uses(THREE) == {
        3: [Ability.READ],
        2: [Ability.BOOK, Ability.LEADS],
        1: [Ability.CANCEL, Ability.MOVE],
    }
    assert not token_powers.is_too_powerful(THREE)


@pytest.mark.parametrize(
    ("powers", "pk", "lost"),
    [
        (THREE, 3, []),
        (THREE, 2, []),
        (THREE, 1, ["cancel", "move"]),
        (THREE[1:], 2, ["book", "leads"]),
        ([Power(1, "admin")], 1, list(Ability)),
        ([Power(1, "")], 1, []),
        ([Power(1, "read"), Power(2, "")], 1, ["read"]),
    ],
)
def test_what_stops_without_a_token_is_what_no_other_can(powers, pk, lost):
    assert token_powers.lost_without(powers, pk) == lost


def test_one_token_for_everything_is_advised_against():
    assert token_powers.is_too_powerful([Power(1, "admin")])
    assert token_powers.is_too_powerful([Power(1, "admin"), Power(2, "read")])
    assert not token_powers.is_too_powerful([Power(1, "admin"), Power(2, "write")])
    assert not token_powers.is_too_powerful([Power(1, "write")])


@pytest.fixture
def praxis(db):
    return Organisation.objects.create(name="Praxis", slug="praxis", connect_url="http://c.example")


def kept(praxis, *, secret=SECRET, scope="write", **more):
    token, _ = tokens.store(praxis, secret=secret, label="Booking", **more)
    Token.objects.filter(pk=token.pk).update(scope=scope)
    return Token.objects.get(pk=token.pk)


def test_a_token_whose_keys_are_lost_says_so_and_can_be_pasted_again(praxis, settings):
    token = kept(praxis)
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    assert standing(token) == Standing.SEALED
    again, is_new = tokens.store(praxis, secret=SECRET, label="Booking")
    assert (again.pk, is_new, standing(again)) == (token.pk, True, Standing.GOOD)


def test_nothing_of_a_secret_is_printed_or_audited(praxis):
    token = kept(praxis)
    pasted = Pasted(SECRET, "Booking", made_for=praxis.connect_url)
    token_care.change(token, label="Books", expires_on=date(2026, 12, 1), person=None, now=NOW)
    token_care.set_aside(token, person=None, now=NOW)
    token_care.remove(token, person=None, now=NOW)
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == [
        "token.changed",
        "token.retired",
        "token.removed",
    ]
    told = [repr(token), repr(pasted), str(pasted), *(str(vars(one)) for one in events)]
    told += [
        str(one.values.before) + str(one.values.after) for one in events if hasattr(one, "values")
    ]
    assert "5ec7e7" not in " ".join(told).replace(token.last_four, "")
    assert events[0].values.after == {"label": "Books", "expires_on": "2026-12-01"}


def test_a_secret_in_the_field_of_the_name_is_not_kept(praxis):
    pasted = Pasted("", SECRET, date(2026, 11, 20), made_for=praxis.connect_url)
    with pytest.raises(Invalid) as refused:
        token_care.add(praxis, pasted, person=None, now=NOW)
    assert refused.value.fields == {"secret": "required", "label": "secret", "expires_on": "past"}


@pytest.mark.parametrize(
    ("days", "warned"), [(0, True), (14, True), (15, False), (-1, False), (None, False)]
)
def test_admins_are_warned_within_the_days_of_the_policy(praxis, days, warned):
    day = None if days is None else NOW.date() + timedelta(days=days)
    kept(praxis, expires_on=day)
    found = token_expiry.warning(praxis, today=NOW.date())
    assert found == (("Booking", days) if warned else None)


def test_a_rejected_or_retired_token_is_no_warning(praxis):
    soon = NOW.date() + timedelta(days=3)
    token = kept(praxis, expires_on=soon)
    assert token_expiry.expiring(praxis, today=NOW.date()) == [token]
    Token.objects.update(rejected_at=NOW)
    assert token_expiry.expiring(praxis, today=NOW.date()) == []
    Token.objects.update(rejected_at=None, retired_at=NOW)
    assert token_expiry.expiring(praxis, today=NOW.date()) == []


def test_an_expiry_is_audited_once_for_each_date(praxis):
    token = kept(praxis, expires_on=NOW.date() + timedelta(days=3))
    assert [token_expiry.note_expiring(now=NOW) for _ in range(3)] == [1, 0, 0]
    Token.objects.filter(pk=token.pk).update(expires_on=NOW.date() + timedelta(days=4))
    assert token_expiry.note_expiring(now=NOW) == 1
    assert AuditEvent.objects.filter(action="token.expiring").count() == 2

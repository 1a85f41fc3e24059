"""Least power: the narrowest token that will do."""

import itertools

import pytest

from bookingapp.connect import Scope, TokenInfo, choose_token

READ, WRITE, ADMIN = Scope.READ, Scope.WRITE, Scope.ADMIN
TOKENS = [TokenInfo("a", ADMIN), TokenInfo("?", None), TokenInfo("w", WRITE), TokenInfo("r", READ)]


@pytest.mark.parametrize(
    ("needed", "ids"), [(READ, "rwa?"), (WRITE, "wa?"), (ADMIN, "a?")], ids=str
)
def test_tokens_are_used_from_the_narrowest_to_the_unknown(needed, ids):
    for order in itertools.permutations(TOKENS):
        left, used = list(order), ""
        while (token := choose_token(left, needed)) is not None:
            used += token.id
            left.remove(token)
        assert used == ids


def test_first_of_equals_is_chosen():
    assert choose_token([TokenInfo(1, READ), TokenInfo(2, READ)], READ).id == 1


def test_nothing_covers_is_none():
    assert choose_token([TokenInfo(1, READ)], WRITE) is None
    assert choose_token([], READ) is None


def test_each_scope_covers_those_before_it():
    covers = {(a, b) for a in Scope for b in Scope if a.covers(b)}
    assert covers == {
        (READ, READ),
        (WRITE, READ),
        (WRITE, WRITE),
        (ADMIN, READ),
        (ADMIN, WRITE),
        (ADMIN, ADMIN),
    }
    assert [scope.value for scope in Scope] == ["read", "write", "admin"]


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("get", READ),
        ("HEAD", READ),
        ("OPTIONS", READ),
        ("POST", WRITE),
        ("PATCH", WRITE),
        ("PUT", WRITE),
        ("DELETE", ADMIN),
        ("BREW", ADMIN),
    ],
)
def test_method_decides_the_scope(method, scope):
    assert Scope.for_method(method) is scope

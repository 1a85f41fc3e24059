"""RFC 7396: its own table over HTTP, and its laws for any JSON."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bookingapp.sandbox.merge import merged

# Appendix A of the RFC: target, patch, result.
TABLE = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
SCALARS = some.none() | some.booleans() | some.integers(-9, 9) | some.text(max_size=3)
JSON = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from("abc"), inner)
    ),
    max_leaves=8,
)
OBJECTS = some.dictionaries(some.sampled_from("abc"), JSON)


@pytest.mark.parametrize(("target", "patch", "result"), TABLE)
def test_table_of_the_rfc_over_http(box, target, patch, result):
    lead = box.lead({"it": target, "beside": "untouched"})
    reply = box.write.patch(f"table_entries/{lead['id']}", json={"data": {"it": patch}})
    assert reply.json()["data"] == {"it": result, "beside": "untouched"}


def test_null_removes_the_whole_member(box):
    lead = box.lead({"it": {"a": 1}})
    reply = box.write.patch(f"table_entries/{lead['id']}", json={"data": {"it": None}})
    assert reply.json()["data"] == {}


def by_the_rfc(target, patch):
    """The pseudo-code of section 2, word for word, on copies."""
    if isinstance(patch, dict):
        target = deepcopy(target) if isinstance(target, dict) else {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = by_the_rfc(target.get(name), value)
        return target
    return patch


@settings(max_examples=60, deadline=None)
@given(target=JSON, patch=JSON)
def test_any_json_merges_as_the_rfc_says_and_changes_no_argument(target, patch):
    before = deepcopy((target, patch))
    assert merged(target, patch) == by_the_rfc(target, patch)
    assert (target, patch) == before


@settings(max_examples=60, deadline=None)
@given(target=OBJECTS, patch=OBJECTS)
def test_patch_applied_twice_is_applied_once(target, patch):
    once = merged(target, patch)
    assert merged(once, patch) == once
    assert {key for key, value in patch.items() if value is None} & set(once) == set()
    assert set(target) - set(patch) <= set(once)

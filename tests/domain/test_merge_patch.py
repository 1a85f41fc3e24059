"""Merge patches against RFC 7396: its own table of examples, and laws over random documents."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bookingapp.domain.merge_patch import between, merged
from bookingapp.sandbox import merge as sandbox

# RFC 7396, appendix A: original, patch, result.
EXAMPLES = [
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
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]

# Few keys, so that documents meet; text of every script, numbers, true, false.
KEYS = some.sampled_from(["a", "b", "ключ", "", "אב", "🙂"])
PLAIN = some.one_of(
    some.text(max_size=5), some.integers(-5, 5), some.booleans(), some.sampled_from([0.0, 1.0, 2.5])
)


def documents(*more):
    parts = some.recursive(
        some.one_of(PLAIN, *more),
        lambda inner: some.one_of(
            some.lists(inner, max_size=3), some.dictionaries(KEYS, inner, max_size=4)
        ),
        max_leaves=8,
    )
    return some.dictionaries(KEYS, parts, max_size=4)


WITHOUT_NULLS = documents()
ANY = documents(some.none())
many = settings(max_examples=80, deadline=None)


def same(one, other):
    """Equal as JSON: 1, 1.0 and true are three values."""
    return repr(sorted_deep(one)) == repr(sorted_deep(other))


def sorted_deep(value):
    if isinstance(value, dict):
        return {key: sorted_deep(value[key]) for key in sorted(value)}
    return [sorted_deep(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("original", "patch", "result"), EXAMPLES)
@pytest.mark.parametrize("merge", [merged, sandbox.merged])
def test_the_examples_of_the_rfc_come_out_as_its_table_says(merge, original, patch, result):
    assert same(merge(original, patch), result)


@many
@given(ANY, ANY)
def test_the_sandbox_and_we_make_the_same_of_a_patch(original, patch):
    assert same(merged(original, patch), sandbox.merged(original, patch))


@many
@given(WITHOUT_NULLS, WITHOUT_NULLS)
def test_the_patch_between_two_makes_the_second_of_the_first(old, new):
    assert same(merged(old, between(old, new)), new)


@many
@given(ANY)
def test_there_is_nothing_between_a_document_and_itself(document):
    assert between(document, document) == {}


@many
@given(ANY, ANY)
def test_a_patch_twice_is_the_patch_once(original, patch):
    once = merged(original, patch)
    assert same(merged(once, patch), once)


@many
@given(ANY, ANY)
def test_neither_document_is_touched(original, patch):
    before = repr((original, patch))
    merged(original, patch)
    between(original, patch)
    assert repr((original, patch)) == before


@many
@given(WITHOUT_NULLS, WITHOUT_NULLS)
def test_no_part_of_the_patch_can_be_left_out(old, new):
    patch = between(old, new)
    for smaller in without_one_leaf(patch):
        assert not same(merged(old, smaller), new)


@many
@given(ANY, ANY)
def test_a_patch_names_nothing_that_stays(old, new):
    for path, value in leaves(between(old, new)):
        assert value is None or not same(at(old, path), value)


def leaves(patch, path=()):
    for key, value in patch.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def without_one_leaf(patch):
    for key, value in patch.items():
        rest = {name: part for name, part in patch.items() if name != key}
        yield rest
        if isinstance(value, dict):
            yield from ({**rest, key: smaller} for smaller in without_one_leaf(value))


def at(document, path):
    for key in path:
        if not isinstance(document, dict) or key not in document:
            return ...
        document = document[key]
    return document

"""What a pool's keys mean, from hostile answers; and what is refused by it, from typed values."""

import pytest

from bookingapp.domain import lead_check, lead_schema, lead_values
from bookingapp.domain.lead_schema import Descriptor
from bookingapp.domain.models import LeadPool, Organisation

GOOD = {"friendlyName": "Telefon", "type": "string", "frequency": 3, "lastSeen": "2026-11-01",
    "isDeprecated": False, "specialType": "phone", "hidden": False, "description": "mit Vorwahl",
    "validation": {"pattern": "^[0-9+ ]+$", "required": True, "min": 4, "max": 20}}  # fmt: skip


# -- descriptors ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [None, [], "text", 7, {"": GOOD}, {"key": None}, {"key": []}, {"k" * 201: GOOD}, {7: GOOD}],
)
def test_nonsense_teaches_nothing(told):
    assert lead_schema.cleaned(told) == {}


def test_a_descriptor_keeps_what_is_understood_and_nothing_else():
    hostile = {
        "friendlyName": "x" * 5000, "type": ["string"], "specialType": 7, "hidden": "yes",
        "description": "a\0b\ud800", "isDeprecated": True, "extra": {"deep": []},
        "validation": {"pattern": "a" * 301, "required": "yes", "min": True, "max": float("inf")},
    }  # fmt: skip
    kept = lead_schema.cleaned({"key": hostile})["key"]
    assert kept == {"friendlyName": "x" * 200, "description": "ab?", "isDeprecated": True}


def test_what_is_kept_is_bounded():
    assert len(lead_schema.cleaned({f"key{n}": GOOD for n in range(2000)})) == lead_schema.MOST_KEYS


@pytest.mark.django_db
def test_a_pool_learns_key_by_key_and_forgets_nothing():
    organisation = Organisation.objects.create(name="A", slug="a", connect_url="https://a.example")
    pool = LeadPool.objects.create(organisation=organisation, connect_id="tbl", name="Pool")
    lead_schema.learn(organisation, "tbl", {"phone": GOOD})
    lead_schema.learn(organisation, "tbl", {"email": {"specialType": "email"}})
    lead_schema.learn(organisation, "tbl", "garbage")
    lead_schema.learn(organisation, "nobody", {"other": GOOD})
    pool.refresh_from_db()
    known = lead_schema.descriptors(pool)
    assert known["phone"] == Descriptor(
        "phone",
        "Telefon",
        "string",
        "phone",
        "mit Vorwahl",
        "^[0-9+ ]+$",
        True,
        False,
        False,
        4,
        20,
    )
    assert known["email"].special == "email"
    assert set(known) == {"phone", "email"}


# -- values -----------------------------------------------------------------------------------


def code(value, **about):
    found = lead_check.problem(Descriptor("key", **about), value, country="DE")
    return found and found.code


@pytest.mark.parametrize(
    ("about", "value", "expected"),
    [
        ({"special": "phone"}, "040 5551234", None),
        ({"special": "phone"}, "+49 40 5551234", None),
        ({"special": "phone"}, "12", "phone"),
        ({"special": "phone"}, "call me", "phone"),
        ({"special": "email"}, "a@b.de", None),
        ({"special": "email"}, "a@b", "email"),
        ({"special": "email"}, "a b@c.de", "email"),
        ({"special": "date"}, "2026-02-28", None),
        ({"special": "date"}, "2026-02-30", "date"),
        ({"special": "date"}, "28.02.2026", None),
        ({"special": "date"}, "2026-02-28T10:00:00Z", None),
        ({"special": "date"}, "soon", "date"),
        ({"special": "url"}, "https://example.com/a?b=c", None),
        ({"special": "url"}, "example.com", None),
        ({"special": "url"}, "no page", "url"),
        ({"special": "currency"}, "1.234,50 €", None),
        ({"special": "currency"}, "€ 12", None),
        ({"special": "currency"}, "a lot", "amount"),
        ({"special": "percentage"}, "12,5 %", None),
        ({"special": "percentage"}, "half", "amount"),
        ({"special": "lastName"}, "Ng", None),
        ({"special": "never heard of"}, "anything", None),
        ({"is_required": True}, "", "required"),
        ({"is_required": True}, None, "required"),
        ({}, None, None),
        ({"pattern": r"^\d+$"}, "12a", "pattern"),
        ({"pattern": r"(?=x)"}, "anything", None),
        ({"type": "number", "least": 3}, 2, "least"),
        ({"type": "number", "most": 3}, 4, "most"),
        ({"least": 3}, "ab", "least"),
        # Whether its length or its number is meant is not said: one reading that fits is enough.
        ({"least": 3}, "12", None),
        ({"most": 3}, "12345", "most"),
        ({"most": 3}, ["a", "b"], None),
        ({"most": 1}, True, None),
    ],
)
def test_only_what_every_reading_refuses_is_refused(about, value, expected):
    assert code(value, **about) == expected


@pytest.mark.parametrize(
    ("text", "shape", "before", "value"),
    [
        ("new", "text", "old", "new"),
        ("", "text", "old", None),
        ("a\r\nb", "text", "a\nb", "a\nb"),
        ("a\r\nc", "text", "a\nb", "a\nc"),
        ("12", "number", 7, 12),
        ("1,5", "number", 7, 1.5),
        ("", "number", 7, None),
        ("false", "truth", True, False),
        ("", "truth", True, None),
        ('{"a": [1, null]}', "nested", {"a": []}, {"a": [1, None]}),
        ("[1, 2]", "nested", [1], [1, 2]),
        ("", "nested", [1], None),
        ("", "text", None, None),
    ],
)
def test_a_typed_value_stays_what_it_is(text, shape, before, value):
    read = lead_values.read(text, shape, before)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nb\rc",
        "",
        "🙂",
        "\u202e",
        "x" * 10_000,
        7,
        1.5,
        True,
        False,
        None,
        [],
        {},
        {"a": {"b": [1, None, {"c": None}]}},
        [None],
        {"a": None},
    ],
)
def test_what_nobody_touched_comes_back_as_the_very_same(value):
    shown = lead_values.typed(value)
    # A browser brings its own line ends.
    for text in {shown, shown.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")}:
        assert lead_values.read(text, lead_values.shape_of(value), value) is value


@pytest.mark.parametrize(
    ("text", "shape", "before", "expected"),
    [
        ("twelve", "number", 7, "number"),
        ("1e999", "number", 7, "number"),
        ("9" * 30, "number", 7, "number"),
        ("nan", "number", 7, "number"),
        ("maybe", "truth", True, "truth"),
        ("{", "nested", {}, "json"),
        ("NaN", "nested", {}, "json"),
        ('["\\u0000"]', "nested", [], "json"),
        ('["\\ud800"]', "nested", [], "json"),
        ("[" * 9000, "nested", [], "json"),
        ("null", "nested", {"a": 1}, "null"),
        ('{"a": null}', "nested", {}, "null"),
        ('{"a": {"b": null}}', "nested", [1], "null"),
        ("x" * 20_001, "text", "old", "too_long"),
    ],
)
def test_what_cannot_be_a_value_says_why(text, shape, before, expected):
    with pytest.raises(lead_values.Unreadable) as raised:
        lead_values.read(text, shape, before)
    assert raised.value.code == expected


def test_what_is_nested_too_deep_is_not_typed_out():
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(lead_values.Unreadable):
        lead_values.typed(deep)

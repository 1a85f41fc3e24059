"""What columns are taken for, and what a row says of a lead."""

from datetime import UTC, datetime

import pytest

from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.errors import Invalid
from bookingapp.domain.imports import guessing, reading, targets
from bookingapp.domain.imports.reading import Known
from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.lead_schema import Descriptor
from bookingapp.domain.policy import Policy

POLICY = Policy(phone_keys=("Rufnr.", "phone"), custom_field_names={"cf-1": "Krankenkasse"})
SCHEMA = {
    "quelle": {"friendlyName": "Woher kennen Sie uns?"},
    "mail2": {"specialType": "email", "friendlyName": "Private Mail"},
}
KNOWN = Known(
    types={"zahnreinigung": "apt-1", "APT-1": "apt-1"},
    states={"neu": "ls-1"},
    zone="Europe/Berlin",
)


def wrong_in(call):
    """What is invalid of it, by field."""
    try:
        call()
    except Invalid as error:
        return error.fields
    return {}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Name", "name"),
        ("Vollständiger Name", "name"),
        ("Vorname", "first_name"),
        ("LAST_NAME", "last_name"),
        ("Telefon-Nr.", "phone"),
        ("Handy", "phone"),
        ("Rufnr", "phone"),
        ("E-Mail-Adresse", "email"),
        ("Private mail", "email"),
        ("Terminart", "interest"),
        ("Lead ID", "connect_id"),
        ("Wiedervorlage", "follow_up"),
        ("Status", "state"),
        ("Erstellt am", "created"),
        ("Quelle", "data:quelle"),
        ("Woher kennen Sie uns", "data:quelle"),
        ("krankenkasse", "custom:cf-1"),
        ("cf-1", "custom:cf-1"),
        ("Schuhgröße", None),
        ("#4", None),
        ("", None),
    ],
)
def test_a_header_is_taken_for(header, target):
    assert guessing.guess([header], POLICY, SCHEMA).get("0") == target


def test_the_first_of_two_alike_gets_it():
    assert guessing.guess(["Telefon", "Handy"], POLICY, {}) == {"0": "phone"}


def test_a_schema_of_any_shape_is_survived():
    assert guessing.guess(["Name"], POLICY, {"x": None, "": 3, "y": {"friendlyName": 7}})


def test_the_same_headers_are_known_again_whatever_their_case():
    one = guessing.digest_of(["Name", "E-Mail"])
    assert one == guessing.digest_of(["NAME ", "e-mail"])
    assert (
        len({one, guessing.digest_of(["E-Mail", "Name"]), guessing.digest_of(["NameE-Mail"])}) == 3
    )


@pytest.mark.parametrize(
    ("columns", "how", "wrong"),
    [
        ({"0": "name", "1": "phone"}, "create", {}),
        ({"0": "first_name", "1": "email"}, "create", {}),
        ({"1": "phone"}, "create", {"columns": "no_name"}),
        ({"0": "name", "1": "data:x"}, "create", {"columns": "no_way"}),
        ({"0": "name", "1": "phone", "2": "phone"}, "create", {"2": "twice"}),
        ({"0": "name", "1": "phone", "2": "follow_up"}, "create", {"2": "only_adopted"}),
        ({"0": "name", "1": "phone", "2": "state"}, "adopt", {"columns": "no_id"}),
        ({"0": "connect_id"}, "adopt", {}),
        ({"0": "name", "1": "phone", "9": "email"}, "create", {"9": "unknown"}),
        ({"0": "name", "1": "phone", "x": "email"}, "create", {"x": "unknown"}),
        ({"0": "name", "1": "phone", "2": "data:"}, "create", {"2": "unknown"}),
        ({"0": "name", "1": "phone", "2": "tableId"}, "create", {"2": "unknown"}),
    ],
)
def test_what_goes_together(columns, how, wrong):
    assert wrong_in(lambda: targets.check(Plan(columns), how, width=3)) == wrong


def read(cells, columns, how="create", width=None):
    plan = Plan({str(at): target for at, target in enumerate(columns)})
    return reading.read(cells, plan, how, KNOWN, width=width or len(columns))


def test_a_row_says():
    columns = ["first_name", "last_name", "phone", "email", "interest", "data:quelle", "custom:c1"]
    cells = ["Anna", "Müller", "0171 234567", "", "ZAHNREINIGUNG", "Messe", "AOK"]
    found = read(cells, columns)
    assert found.contact == Contact("Anna Müller", "0171 234567", "")
    assert (found.first_name, found.last_name) == ("Anna", "Müller")
    assert found.interested_in == "apt-1"
    assert (found.data, found.custom_field_data) == ({"quelle": "Messe"}, {"c1": "AOK"})


def test_a_whole_name_counts_more_than_its_parts():
    found = read(
        ["Anna M.", "Anna", "Müller", "01711"], ["name", "first_name", "last_name", "phone"]
    )
    assert found.contact.name == "Anna M."


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (["", "0171 2", ""], {"name": "required"}),
        (["Anna", "", ""], {"phone": "phone_or_email"}),
        (["Anna"], {"phone": "phone_or_email"}),
        (["Anna", "12", ""], {"phone": "phone"}),
        (["Anna", "0171 2", "nobody"], {"email": "email"}),
        (["A" * 301, "0171 2", ""], {"name": "too_long"}),
        (["Anna", "0" * 81, "x" * 330 + "@a.de"], {"phone": "too_long", "email": "too_long"}),
        (["Anna", "0171 2", "", "", "more"], {"row": "too_many_cells"}),
        (["Anna", "0171 2", "", "Fußpflege"], {"interest": "unknown"}),
    ],
)
def test_what_is_wrong_is_named_at_its_field(cells, wrong):
    with pytest.raises(Invalid) as error:
        read(cells, ["name", "phone", "email", "interest"])
    assert error.value.fields == wrong


def test_what_the_lead_pool_asks_of_its_keys_is_asked_of_new_leads_only():
    about = {
        "alter": Descriptor("alter", special="date"),
        "seit": Descriptor("seit", is_required=True),
    }
    known = Known(fields=about)
    plan = Plan({"0": "name", "1": "phone", "2": "data:alter", "3": "data:seit", "4": "connect_id"})

    def reads(how):
        return reading.read(["Anna", "0171 2", "4000", ""], plan, how, known, width=5)

    assert wrong_in(lambda: reads("create")) == {"data:alter": "date", "data:seit": "required"}
    assert wrong_in(lambda: reads("adopt")) == {"connect_id": "required"}


def test_who_is_taken_over_needs_only_an_id():
    found = read(["le-1", "", "NEU"], ["connect_id", "name", "state"], "adopt")
    assert (found.connect_id, found.state) == ("le-1", "ls-1")
    with pytest.raises(Invalid) as error:
        read(["", "Anna", "Alt"], ["connect_id", "name", "state"], "adopt")
    assert error.value.fields == {"connect_id": "required", "state": "unknown"}


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-21T10:00:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T10:00:00.5+05:45", datetime(2026, 11, 21, 4, 15, 0, 500_000, tzinfo=UTC)),
        ("2026-11-21", datetime(2026, 11, 20, 23, tzinfo=UTC)),
        ("21.7.2026", datetime(2026, 7, 20, 22, tzinfo=UTC)),
        ("21.11.2026 09:30", datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
        ("11/21/2026", None),
        ("0001-01-01", None),
        ("tomorrow", None),
    ],
)
def test_days_and_times(text, instant):
    def found():
        return read(["le-1", text], ["connect_id", "follow_up"], "adopt").follow_up_at

    if instant is None:
        assert wrong_in(found) == {"follow_up": "day"}
    else:
        assert found() == instant


def test_the_parts_of_the_contact_keep_their_keys():
    plan = Plan({"0": "name", "1": "phone", "2": "email"})
    keys = guessing.keys_of(["Name", "Rufnr.", "Post"], plan, POLICY)
    assert (keys["name"], keys["phone"], keys["email"]) == ("Name", "Rufnr.", "email")

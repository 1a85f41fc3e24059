"""The form of a lead's fields: only what was changed is sent, and nobody's change is lost."""

import html
import json
import re
import uuid

import pytest
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import lead_mirror
from bookingapp.domain.models import Lead, LeadPool, Role, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db

DATA = {
    "name": "Anna Muster",
    "phone": "+49 40 5551234",
    "lines": "first\r\nsecond",
    "age": 41,
    "insured": True,
    "address": {"city": "Kiel", "street": {"name": "Weg", "no": 1}},
    "tags": ["a", None],
    "nothing": None,
}


@pytest.fixture
def lead(world):
    told = {"id": "L1", "tableId": "pool", "data": DATA, "customFieldData": {"c-1": "x"}}
    made = lead_mirror.adopt(world.organisation, told, now=timezone.now())[0]
    return Lead.objects.get(pk=made.pk)


LINES = re.compile(r'<textarea[^>]* name="(v\d+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)


class Form:
    """The form as a browser has it: rows by key, sent back as they came but for what is typed."""

    def __init__(self, client, world, lead, **query):
        self.client, self.address = client, world.address("lead-edit", lead.pk)
        self.read(client.get(self.address, query))

    def read(self, response):
        found = next(f for f in forms(response.content.decode(), "/edit/"))
        self.fields = {name: value for name, value in found.fields.items() if name != "more"}
        # A browser leaves out the first line end, and has its own.
        for name, text in LINES.findall(response.content.decode()):
            self.fields[name] = html.unescape(text).replace("\r\n", "\n").replace("\n", "\r\n")
        return response

    def number(self, key):
        for name, value in self.fields.items():
            if name.startswith("f") and json.loads(value)[1] == key:
                return name[1:]
        raise AssertionError(f"no row for {key}")

    def send(self, typed=None, *, part=False, **more):
        own = {f"v{self.number(key)}": text for key, text in (typed or {}).items()}
        fields = self.fields | own | more
        return self.client.post(self.address, fields, headers=HTMX if part else {})

    def take(self, key, whose):
        return {f"c{self.number(key)}": whose}


@pytest.fixture
def form(staff, world, lead):
    return Form(staff, world, lead)


def edits():
    return Write.objects.filter(kind=Kind.EDIT_LEAD).order_by("created_at")


def changes():
    return edits().last().payload["changes"]


# -- only what changed ------------------------------------------------------------------------


def test_what_nobody_touched_is_not_sent(form):
    response = form.send()
    assert response.status_code == 302
    assert edits().count() == 0


@pytest.mark.parametrize(
    ("typed", "patch"),
    [
        ({"name": "Anna Neu"}, {"name": "Anna Neu"}),
        ({"lines": "first\r\nthird"}, {"lines": "first\nthird"}),
        ({"age": "42"}, {"age": 42}),
        ({"insured": "false"}, {"insured": False}),
        ({"insured": ""}, {"insured": None}),
        ({"name": ""}, {"name": None}),
        ({"tags": '["a", null, "b"]'}, {"tags": ["a", None, "b"]}),
        (
            {"address": '{"city": "Ulm", "street": {"name": "Weg", "no": 1}}'},
            {"address": {"city": "Ulm"}},
        ),
        (
            {"address": '{"city": "Kiel", "street": {"no": 1}}'},
            {"address": {"street": {"name": None}}},
        ),
        ({"nothing": "something"}, {"nothing": "something"}),
    ],
)
def test_the_patch_names_what_was_changed_and_nothing_else(form, world, lead, typed, patch):
    assert form.send(typed).status_code == 302
    assert changes() == {"data": patch}
    assert world.run(edits().get()).state == "done"
    assert world.connect.sent[-1]["data"] == patch


def test_one_form_sent_ten_times_is_one_write(form):
    for _ in range(10):
        assert form.send({"name": "Anna Neu"}).status_code == 302
    assert edits().count() == 1


def test_a_form_that_was_used_already_says_so_and_keeps_what_was_typed(form):
    form.send({"name": "Anna Neu"})
    response = form.send({"name": "Anna Anders"})
    assert response.status_code == 409
    assert "This form was already used." in words(response)
    form.read(response)
    assert form.fields[f"v{form.number('name')}"] == "Anna Anders"


def test_a_key_is_added_removed_and_set(form):
    removed = {f"x{form.number('nothing')}": "on", f"x{form.number('tags')}": "on"}
    form.send({"c-1": "y"}, k0="new key <b>", w0="its value", **removed)
    assert changes() == {
        "data": {"nothing": None, "tags": None, "new key <b>": "its value"},
        "custom_field_data": {"c-1": "y"},
    }


def test_one_more_row_keeps_what_was_typed(form):
    response = form.send({"name": "Anna Neu"}, k0="one", w0="1", more="1")
    form.read(response)
    assert form.fields[f"v{form.number('name')}"] == "Anna Neu"
    assert (form.fields["k0"], form.fields["w0"], form.fields["k1"]) == ("one", "1", "")
    assert edits().count() == 0
    form.send(k1="two", w1="2")
    assert changes() == {"data": {"name": "Anna Neu", "one": "1", "two": "2"}}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"k0": "name", "w0": "x"}, "there already"),
        ({"k0": "", "w0": "x"}, "Give the field a name."),
        ({"k0": "new", "w0": ""}, "Give it a value"),
        ({"k0": "k" * 300, "w0": "x"}, "too long"),
        ({"k0": "new", "w0": "x", "k1": "new", "w1": "y"}, "there already"),
    ],
)
def test_a_new_key_that_cannot_be_is_refused_at_its_row(form, new, said):
    response = form.send({"age": "42"}, **new)
    assert response.status_code == 422
    assert said in words(response)
    form.read(response)
    assert form.fields[f"v{form.number('age')}"] == "42"
    assert edits().count() == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"age": "old"}, "A number is kept here."),
        ({"address": "{"}, "not valid JSON"),
        ({"address": '{"city": null}'}, "Null means “remove”"),
        ({"phone": "soon"}, "not a complete phone number"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(form, typed, said):
    response = form.send(typed, part=True)
    assert response.status_code == 422
    assert said in words(response)
    assert 'aria-invalid="true"' in response.content.decode()
    assert edits().count() == 0


@pytest.mark.parametrize("broken", [{"intent": "x"}, {"f0": "{"}, {"f0": "[1, 2, 3]"}, {"f0": "7"},
    {"f0": '["first_opened_at", "", null]'}])  # fmt: skip
def test_a_form_that_is_not_ours_changes_nothing(form, broken):
    assert form.send({"name": "Anna Neu"}, **broken).status_code == 422
    assert edits().count() == 0


# -- the pool's schema ------------------------------------------------------------------------


@pytest.fixture
def schema(lead):
    LeadPool.objects.filter(pk=lead.pool_id).update(
        schema={
            "name": {"friendlyName": "Vor- und Nachname", "validation": {"required": True}},
            "plz": {"friendlyName": "PLZ", "validation": {"pattern": r"^\d{5}$"}},
            "old": {"isDeprecated": True},
            "born": {"specialType": "date"},
            "age": {"type": "number", "validation": {"min": 18}},
            "evil": {"validation": {"pattern": "(a+)+$"}},
        }
    )


@pytest.mark.usefixtures("schema")
def test_the_schema_names_checks_and_offers_fields(staff, world, lead):
    form = Form(staff, world, lead)
    response = form.send({"name": "", "plz": "123", "born": "2026-02-30", "age": "7"}, part=True)
    said = words(response)
    for text in ("Vor- und Nachname", "needs this field", "not look as the lead pool", "not a day",
                 "At least 18."):  # fmt: skip
        assert text in said
    with pytest.raises(AssertionError):
        form.number("old")
    form.send({"plz": "24103", "evil": "a" * 2000 + "!"})
    assert changes()["data"]["plz"] == "24103"


@pytest.mark.usefixtures("schema")
def test_what_was_wrong_before_keeps_nobody_from_changing_something_else(staff, world, lead):
    Lead.objects.filter(pk=lead.pk).update(data=DATA | {"plz": "wrong", "age": 3})
    form = Form(staff, world, lead)
    form.send({"name": "Anna Neu"})
    assert changes() == {"data": {"name": "Anna Neu"}}


def test_a_booking_teaches_the_pool_its_schema(world):
    told = {"plz": {"friendlyName": "PLZ", "type": "string", "validation": {"required": True}}}
    plain = world.connect._booking
    world.connect._booking = lambda body: connect.Booking(
        **{name: getattr(plain(body), name) for name in ("id", "starts_at", "ends_at", "lead_id")},
        table_id="pool",
        schema_fields=told,
    )
    booking = world.booked()
    assert LeadPool.objects.get(connect_id="pool").schema == told
    assert "schema_fields" not in {name for name, value in booking.told.items() if value}


# -- two people -------------------------------------------------------------------------------


@pytest.fixture
def manager(client_of):
    return client_of("manager")


def test_fields_of_two_people_are_both_kept(form, manager, world, lead):
    other = Form(manager, world, lead)
    form.send({"name": "Anna Neu"})
    assert other.send({"phone": "+49 40 999888"}).status_code == 302
    assert [write.payload["changes"] for write in edits()] == [
        {"data": {"name": "Anna Neu"}},
        {"data": {"phone": "+49 40 999888"}},
    ]


@pytest.mark.parametrize("arrived", [False, True])
def test_the_same_field_shows_both_values_and_keeps_all_that_was_typed(
    form, manager, world, lead, arrived
):
    other = Form(manager, world, lead)
    form.send({"name": "Anna Neu"})
    if arrived:
        world.run(edits().get())
    response = other.send({"name": "Anna Anders", "age": "42"}, k0="new", w0="kept", part=True)
    assert response.status_code == 409
    said = words(response)
    assert "Somebody else changed the same fields meanwhile." in said
    assert "Kim changed this meanwhile" in said
    assert "Take theirs: Anna Neu" in said
    assert edits().count() == 1
    other.read(response)
    assert other.fields[f"v{other.number('name')}"] == "Anna Anders"
    assert other.fields[f"v{other.number('age')}"] == "42"
    assert other.fields["w0"] == "kept"


def clash(form, manager, world, lead):
    other = Form(manager, world, lead)
    form.send({"name": "Anna Neu"})
    other.read(other.send({"name": "Anna Anders", "age": "42"}, part=True))
    return other


def test_without_a_choice_nothing_is_sent(form, manager, world, lead):
    other = clash(form, manager, world, lead)
    response = other.send()
    assert response.status_code == 422
    assert "Choose which of the two shall count." in words(response)
    assert edits().count() == 1


@pytest.mark.parametrize(
    ("whose", "patch"),
    [("theirs", {"age": 42}), ("mine", {"name": "Anna Anders", "age": 42})],
)
def test_the_person_chooses_which_of_the_two_counts(form, manager, world, lead, whose, patch):
    other = clash(form, manager, world, lead)
    assert other.send(**other.take("name", whose)).status_code == 302
    assert changes() == {"data": patch}


def test_a_third_change_is_asked_about_again(form, manager, world, lead, staff):
    other = clash(form, manager, world, lead)
    Form(staff, world, lead).send({"name": "Anna Dritte"})
    response = other.send(part=True, **other.take("name", "mine"))
    assert response.status_code == 409
    assert "Take theirs: Anna Dritte" in words(response)


def test_a_field_that_somebody_removed_is_asked_about(form, manager, world, lead):
    other = Form(manager, world, lead)
    form.send({"name": ""})
    response = other.send({"name": "Anna Anders"}, part=True)
    assert response.status_code == 409
    assert "Take theirs: removed" in words(response)
    other.read(response)
    other.send(**other.take("name", "mine"))
    assert changes() == {"data": {"name": "Anna Anders"}}


# -- on its way, and refused ------------------------------------------------------------------


def test_what_is_on_its_way_is_shown_as_pending(form, staff, world, lead):
    response = form.send({"name": "Anna Neu"}, part=True)
    markup = response.content.decode()
    assert "Anna Neu" in words(response)
    assert "data-pending" in markup
    assert "every 2s" in markup
    assert Lead.objects.get(pk=lead.pk).name == "Anna Muster"
    world.run(edits().get())
    after = staff.get(world.address("lead-detail", lead.pk), {"part": "data"}, headers=HTMX)
    assert "data-pending" not in after.content.decode()
    assert "every 2s" not in after.content.decode()


def test_a_part_that_is_still_true_is_not_sent_again(staff, world, lead):
    address = world.address("lead-detail", lead.pk)
    markup = staff.get(address, {"part": "data"}, headers=HTMX).content.decode()
    stamp = markup.split("part=data&v=")[1].split('"')[0]
    again = {"part": "data", "v": stamp}
    assert staff.get(address, again, headers=HTMX).status_code == 204
    staff.post(world.address("lead-note", lead.pk), {"note": "new"})
    assert staff.get(address, again, headers=HTMX).status_code == 200


@pytest.fixture
def refused(form, world):
    form.send({"name": "Anna Neu"})
    world.connect.answers = [connect.Refused("no such name", status=400)]
    assert world.run(edits().get()).state == "refused"
    return edits().get()


def test_a_refused_edit_says_why_at_its_field_and_can_be_mended(refused, staff, world, lead):
    response = staff.get(world.address("lead-detail", lead.pk))
    said = words(response)
    assert "Could not be set to “Anna Neu”." in said
    assert "no such name" in said
    assert "Anna Muster" in said
    again = Form(staff, world, lead, again=str(refused.pk))
    assert again.fields[f"v{again.number('name')}"] == "Anna Neu"
    again.send({"name": "Anna Neuer"})
    assert changes() == {"data": {"name": "Anna Neuer"}}


def test_a_refused_edit_can_be_left_at_that_by_who_asked_for_it(
    refused, staff, client_of, person, world, lead
):
    address, fields = world.address("lead-seen", lead.pk), {"write": str(refused.pk)}
    colleague = person("nobody-yet", username="colleague")
    Role.objects.create(person=colleague, organisation=world.organisation, name="staff")
    other = type(staff)()
    other.force_login(colleague)
    assert other.post(address, fields).status_code == 403
    assert staff.post(address, fields).status_code == 302
    assert "Could not be set" not in words(staff.get(world.address("lead-detail", lead.pk)))
    for wrong in ("", "x", str(uuid.uuid4())):
        assert staff.post(address, {"write": wrong}).status_code == 404


def test_a_lead_that_connect_does_not_have_has_no_form(staff, world, lead):
    Lead.objects.filter(pk=lead.pk).update(connect_id="")
    response = staff.get(world.address("lead-edit", lead.pk))
    assert response.status_code == 302
    assert response["Location"] == world.address("lead-detail", lead.pk)


def test_what_it_is_interested_in_is_a_choice(form, world, lead):
    name = form.number("")
    form.send(**{f"v{name}": world.talk.connect_id})
    assert changes() == {"interested_in_appointment_type_id": world.talk.connect_id}
    response = form.send(**{f"v{name}": "nonsense", "intent": str(uuid.uuid4())})
    assert response.status_code == 422

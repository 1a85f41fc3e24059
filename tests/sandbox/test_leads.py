"""Creating and patching leads (contract section 5.2)."""

import pytest

from tests.sandbox.box import instant

MEMBERS = {
    "id", "tableId", "organizationId", "leadStateId", "archived", "createdAt", "updatedAt",
    "data", "customFieldData", "firstOpenedAt", "followUpDate", "interestedInAppointmentTypeId",
}  # fmt: skip


def patch(box, lead, **body):
    return box.write.patch(f"table_entries/{lead['id']}", json=body)


def custom_field(box):
    """The id of a custom field, learnt from a lead that has one."""
    return next(key for one in box.get("leads") for key in one["customFieldData"]
        if one["organisation"].startswith("Praxis"))  # fmt: skip


def test_created_lead_has_every_member(box):
    lead = box.lead({"firstName": "Nguyễn", "phone": " +49-30-123 "})
    assert set(lead) == MEMBERS
    assert lead["data"] == {"firstName": "Nguyễn", "phone": " +49-30-123 "}
    assert (lead["archived"], lead["customFieldData"], lead["followUpDate"]) == (False, {}, None)
    assert instant(lead["createdAt"]) == instant(lead["updatedAt"])
    (kept,) = [one for one in box.get("leads") if one["id"] == lead["id"]]
    assert (kept["data"], kept["tableId"]) == (lead["data"], lead["tableId"])


@pytest.mark.parametrize("missing", ["tableId", "leadStateId", "data"])
def test_missing_member_is_named(box, missing):
    pool = box.pool()
    body = {"tableId": pool["id"], "leadStateId": pool["leadStates"][0]["id"], "data": {}}
    del body[missing]
    reply = box.write.post("table_entries/", json=body)
    message = f"Validation failed: {missing} is required"
    assert (reply.status_code, reply.json()) == (400, {"statusCode": 400, "message": message})


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("tableId", "nowhere", 404), ("tableId", 7, 400), ("leadStateId", "nowhere", 404),
        ("data", "text", 400), ("data", None, 400), ("customFieldData", {"nowhere": "x"}, 400),
        ("customFieldData", [], 400), ("interestedInAppointmentTypeId", "nowhere", 404),
        ("interestedInAppointmentTypeId", None, 201),
    ],
)  # fmt: skip
def test_values_that_will_not_do(box, name, value, status):
    pool = box.pool()
    body = {"tableId": pool["id"], "leadStateId": pool["leadStates"][0]["id"], "data": {}}
    before = len(box.get("leads"))
    assert box.write.post("table_entries/", json=body | {name: value}).status_code == status
    assert len(box.get("leads")) == before + (status == 201)


def test_create_is_not_idempotent(box):
    assert box.lead({"email": "a@example.org"})["id"] != box.lead({"email": "a@example.org"})["id"]


def test_custom_fields_are_kept_and_cleared(box):
    field = custom_field(box)
    lead = box.lead(customFieldData={field: "AOK"})
    assert lead["customFieldData"] == {field: "AOK"}
    assert patch(box, lead, customFieldData={field: None}).json()["customFieldData"] == {}
    reply = patch(box, lead, customFieldData={"nowhere": None})
    assert (reply.status_code, "nowhere" in reply.json()["message"]) == (400, True)


def test_patch_sets_and_deletes_together(box):
    lead = box.lead({"a": "1", "b": "2", "c": {"d": "3", "e": "4"}})
    states = [state["id"] for state in box.pool()["leadStates"]]
    patched = patch(
        box, lead, data={"a": None, "b": "9", "c": {"d": None, "f": "5"}}, leadStateId=states[1],
        firstOpenedAt="2026-11-23T10:00:00+01:00", followUpDate="2026-12-01T08:00:00.123Z",
    ).json()  # fmt: skip
    assert patched["data"] == {"b": "9", "c": {"e": "4", "f": "5"}}
    assert (patched["leadStateId"], patched["firstOpenedAt"]) == (states[1], "2026-11-23T09:00:00Z")
    cleared = patch(box, lead, firstOpenedAt=None, followUpDate=None).json()
    assert (cleared["firstOpenedAt"], cleared["followUpDate"]) == (None, None)
    assert cleared["data"] == patched["data"]


@pytest.mark.parametrize(
    "body",
    [
        {"leadStateId": None}, {"followUpDate": "tomorrow"}, {"followUpDate": 7},
        {"firstOpenedAt": "2026-11-23T10:00:00"}, {"data": 1}, {"customFieldData": "x"},
    ],
)  # fmt: skip
def test_patch_that_will_not_do_changes_nothing(box, body):
    lead = box.lead({"a": "1"})
    assert patch(box, lead, **({"data": {"a": "2"}} | body)).status_code == 400
    kept = next(one for one in box.get("leads") if one["id"] == lead["id"])
    assert kept["data"] == {"a": "1"}


def test_pool_and_archive_cannot_be_patched(box):
    lead = box.lead()
    other = box.ids["tables", "Empfehlungen"]
    patched = patch(box, lead, tableId=other, archived=True).json()
    assert (patched["tableId"], patched["archived"]) == (lead["tableId"], False)


def test_leads_cannot_be_read_back(box):
    lead = box.lead()
    for path in ("table_entries/", f"table_entries/{lead['id']}"):
        assert box.read.get(path).status_code == 404


def test_events_two_on_create_one_on_a_real_change_of_state(box):
    lead = box.lead()
    states = [state["id"] for state in box.pool()["leadStates"]]
    assert [one["event"] for one in box.get("events")] == [
        "table.entry.added", "table.entry.leadState.changed"]  # fmt: skip
    patch(box, lead, data={"a": "1"})
    patch(box, lead, leadStateId=states[0])
    assert len(box.get("events")) == 2
    patch(box, lead, leadStateId=states[1])
    last = box.get("events")[-1]
    assert (last["event"], last["leadId"]) == ("table.entry.leadState.changed", lead["id"])
    assert last["apiTokenId"]

"""The sandbox as a process: its commands, its second start, its end, and the same world again."""

import json
import signal

import httpx
import pytest

from tests.sandbox.box import MAIN, OTHER, Process, output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("told")


@pytest.fixture(scope="module")
def provisioned(folder):
    return json.loads(output("provisioning", folder, "--url", "http://127.0.0.1:1"))


@pytest.fixture(scope="module")
def leads(folder, provisioned):
    """All leads of the seeded world, in two processes made: the second found it there."""
    return output("leads", folder)


def test_same_seed_is_the_same_world_in_another_process(leads, box):
    told = {lead["id"]: lead["data"] for lead in map(json.loads, leads.splitlines())}
    assert told == {lead["id"]: lead["data"] for lead in box.get("leads")}


def test_provisioning_is_what_the_product_reads(provisioned, running_box):
    assert [one["name"] for one in provisioned["organisations"]] == [MAIN, OTHER]
    for one in provisioned["organisations"]:
        assert [token["label"] for token in one["tokens"]] == ["read", "write", "admin"]
        assert (one["connect_url"], one["settings"]) == ("http://127.0.0.1:1", {})
        for token in one["tokens"]:
            assert token["secret"] == running_box.secrets[one["name"], token["label"]]
    assert provisioned["people"] == [
        {"username": role, "password": f"{role}-demo-2026", "email": f"{role}@example.org",
            "roles": {MAIN: role, OTHER: role}}
        for role in ("staff", "manager", "admin")
    ]  # fmt: skip


def test_leads_are_told_in_connects_shape(leads):
    leads = [json.loads(line) for line in leads.splitlines()]
    assert len(leads) == 240
    assert len({lead["organizationId"] for lead in leads}) == 2
    assert {"id", "tableId", "leadStateId", "data", "createdAt"} <= set(leads[0])
    names = " ".join(" ".join(map(str, lead["data"].values())) for lead in leads)
    assert all(letter in names for letter in ("ü", "ß", "ć", "ễ", "ö", "श्रेष्ठ"))
    phones = [lead["data"]["phone"] for lead in leads if "phone" in lead["data"]]
    assert any(phone.startswith("+49") and phone[1:].isdigit() for phone in phones)
    assert any("/" in phone or "(" in phone for phone in phones)


def test_data_and_switches_outlive_every_kind_of_end(tmp_path, running_box):
    secret = running_box.secrets[MAIN, "write"]
    first = Process(tmp_path)
    assert first.first_line == f"Sandbox on {first.url}/\n"
    patched = httpx.patch(f"{first.url}/_sandbox/api/switches", json={"post.status": "200"})
    assert patched.status_code == 200
    made = {new_lead(first, secret)}
    with httpx.Client(base_url=first.url) as kept_open:
        assert kept_open.get("/connect/tables/").status_code == 401
        first.child.send_signal(signal.SIGINT)
        assert first.child.wait(timeout=10) == 0

    second = Process(tmp_path)
    switches = httpx.get(f"{second.url}/_sandbox/api/switches").json()
    assert switches["post.status"] == "200"
    made |= {new_lead(second, secret) for _ in range(5)}
    second.child.kill()
    second.child.wait()
    assert made < lead_ids(tmp_path)

    assert output("seed", tmp_path, "--fresh").startswith("Sandbox: seed 7 on 2026-11-23")
    assert not made & lead_ids(tmp_path)


def new_lead(process, secret):
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=f"{process.url}/connect/", headers=headers, timeout=30) as client:
        pool = client.get("tables/").json()[0]
        body = {"tableId": pool["id"], "leadStateId": pool["leadStates"][0]["id"], "data": {}}
        return client.post("table_entries/", json=body).json()["id"]


def lead_ids(folder):
    return {json.loads(line)["id"] for line in output("leads", folder).splitlines()}

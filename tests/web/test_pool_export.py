"""The leads of a pool as a file."""

import csv
import io

import pytest

from bookingapp.domain.models import AuditEvent, Lead
from tests.web.pool_table_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


def lines(response):
    assert response.streaming
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_it_has_the_columns_the_filter_and_the_order_of_the_table(manager, world):
    world.leads(3, data={"city": "Kiel"})
    world.leads(2, state="won")
    manager.post(world.place("pool-table"), {"column": ["state", "data:city", "phone"]})
    found = lines(manager.get(world.place("pool-csv", query="state=fresh&by=-name")))
    assert found == [
        ["Name", "State", "Phone", "city"],
        ["Lead 002", "Fresh", "'+49405550002", "Kiel"],
        ["Lead 001", "Fresh", "'+49405550001", "Kiel"],
        ["Lead 000", "Fresh", "'+49405550000", "Kiel"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_text_of_a_lead_becomes_a_formula(manager, world, text):
    world.leads(1, data={"x": text, text: "y"})
    Lead.objects.update(name=text)
    manager.post(world.place("pool-table"), {"column": ["data:x", f"data:{text}"]})
    head, row = lines(manager.get(world.place("pool-csv")))
    assert (row[0], sorted(row[1:])) == (f"'{text}", sorted([f"'{text}", "y"]))
    assert f"'{text}" in head


def test_it_is_noted_without_what_was_searched_for(manager, world):
    world.leads(2)
    world.made("Anna Muster")
    assert len(lines(manager.get(world.place("pool-csv", query="text=anna")))) == 2
    (noted,) = AuditEvent.objects.filter(action="leads.exported")
    assert (noted.details["count"], noted.details["filter"]["text"]) == (1, "…")
    assert "anna" not in str(noted.details).casefold()


def test_more_than_one_chunk_is_read_in_pieces(manager, world, monkeypatch):
    from bookingapp.domain import pool_table

    monkeypatch.setattr(pool_table, "CHUNK_ROWS", 4)
    world.leads(11)
    assert len(lines(manager.get(world.place("pool-csv")))) == 12


def test_staff_get_no_file(staff, world):
    assert staff.get(world.place("pool-csv")).status_code == 403
    assert not AuditEvent.objects.filter(action="leads.exported").exists()

"""Lead pools: ``tables`` on the wire (contract section 5.1)."""

from __future__ import annotations

from functools import partial

from bookingapp.connect.calls import Call
from bookingapp.connect.paths import item
from bookingapp.connect.types.catalogue import LeadPool
from bookingapp.connect.wire import read_list, read_one

TABLES = "/connect/tables/"


def list_lead_pools() -> Call[tuple[LeadPool, ...]]:
    """All pools; whether they carry their lead states is not documented."""
    return Call("list_lead_pools", "GET", TABLES, partial(read_list, LeadPool))


def get_lead_pool(lead_pool_id: str) -> Call[LeadPool]:
    """One pool with its lead states."""
    path = item(TABLES, lead_pool_id)
    return Call("get_lead_pool", "GET", path, partial(read_one, LeadPool))

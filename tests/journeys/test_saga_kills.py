"""Reschedules, cancels and lead moves, killed at every point of every step with every fault.

The cases are generated (tests/domain/saga_cases.py). This runs a covering selection: each fault
and each point of death at each step, over all ways by turns, and a sample of everything with
everything. ``DESK_FULL_PROOF=pairs`` runs each fault and each point at every step of every way
(some 4,000 cases), ``DESK_FULL_PROOF=all`` everything with everything (some 50,000); both take
``DESK_PROOF_SHARE="2/8"`` for the second eighth.
"""

import os
from collections import Counter

import pytest

from tests.domain import saga_cases
from tests.support.prover import Prover

pytestmark = pytest.mark.processes

SHARES = 6
FULL = os.environ.get("DESK_FULL_PROOF", "")
SEED = int(os.environ.get("SAGA_SEED", "20261121"))


@pytest.fixture(scope="module")
def prover(_sandbox_process, _template, tmp_path_factory):
    _sandbox_process.ensure_running()
    folder = tmp_path_factory.mktemp("prover")
    made = Prover(folder, _sandbox_process, like=_template.migrated)
    yield made
    made.stop()


def carried_out(prover, cases):
    """(case, verdict); fails with all that went wrong, so that one run tells everything."""
    told = list(prover.prove(cases))
    wrong = [f"{case}: {verdict}" for case, verdict in told if verdict["problems"]]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(told)} cases went wrong:", *wrong])
    return told


def test_the_selection_covers_each_fault_and_each_point_at_each_step():
    chosen = saga_cases.covering(seed=SEED)
    steps = {step for _, _, step in saga_cases.places()}
    assert {(case.step, case.fault) for case in chosen} >= {
        (step, fault) for step in steps for fault, _ in saga_cases.faults_at(step)
    }
    assert {(case.step, case.point) for case in chosen} >= {
        (step, point) for step in steps for point in saga_cases.POINTS
    }
    assert {(case.way, case.marks, case.step) for case in chosen} == set(saga_cases.places())


@pytest.mark.skipif(bool(FULL), reason="the full proof holds these cases too")
@pytest.mark.parametrize("share", range(SHARES))
def test_one_booking_or_an_open_item_that_says_so(prover, share):
    chosen = saga_cases.covering(seed=SEED)[share::SHARES]
    told = carried_out(prover, chosen)
    deadly = [verdict for case, verdict in told if case.point]
    # Points that a fault keeps out of reach are few.
    assert sum(bool(verdict["died"]) for verdict in deadly) > len(deadly) / 2
    met = Counter(verdict["met"] for case, verdict in told if case.fault)
    assert met[True] > met[False] * 5


@pytest.mark.skipif(not FULL, reason="DESK_FULL_PROOF is not set")
def test_everything_with_everything(prover):
    number, _, of = os.environ.get("DESK_PROOF_SHARE", "1/1").partition("/")
    cases = saga_cases.full() if FULL == "all" else saga_cases.pairs(seed=SEED)
    carried_out(prover, list(cases)[int(number) - 1 :: int(of)])

"""Two hands on one booking at the same moment, on both databases: one write, and one is told."""

import json
import subprocess
import sys

import pytest

from tests.support.prover import environment

pytestmark = pytest.mark.processes
ROUNDS = 8
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=DATABASES)
def brought(request, _sandbox_process, _template, tmp_path_factory):
    """``brought["tabs"]``: what each round brought."""
    _sandbox_process.ensure_running()
    postgres = request.param == "postgres" and request.getfixturevalue("postgres")
    place = {"database_url": postgres.new_database()} if postgres else {"like": _template.migrated}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.domain.saga_together"),
            *(str(_sandbox_process.folder), str(_sandbox_process.port), str(ROUNDS)),
        ],
        env=environment(tmp_path_factory.mktemp("desk"), **place, CONNECT_TOTAL="5"),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_two_tabs_are_one_change_and_the_other_is_told_which(brought):
    rounds = brought["tabs"]
    assert len(rounds) == ROUNDS
    for told in rounds:
        assert sorted(word for word, _ in told) == ["told", "write"]
        assert len({write for _, write in told}) == 1


def test_undone_at_the_last_moment_or_sent_but_never_both(brought):
    rounds = brought["undo"]
    assert len(rounds) == ROUNDS
    for told in rounds:
        ends = {True: ("undone", 0), False: ("done", 1)}
        assert (told["state"], told["deletes"]) == ends[told["undone"]]

"""Two hands on one booking at the same moment, on both databases: one write, and one is told."""

import json
import subprocess
import sys

import pytest

from tests.support.prover import environment

pytestmark = pytest.mark.processes
ROUNDS = 8
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def rounds_of(request, sandbox, tmp_path):
    """``rounds_of("tabs")``: what each round brought."""
    postgres = request.param == "postgres" and request.getfixturevalue("postgres")
    url = postgres.new_database() if postgres else ""

    def play(what):
        where = [str(sandbox.folder), str(sandbox.port), str(ROUNDS), what]
        done = subprocess.run(
            [sys.executable, "-m", "tests.domain.saga_together", *where],
            env=environment(tmp_path / "desk", database_url=url, CONNECT_TOTAL="5"),
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    return play


def test_two_tabs_are_one_change_and_the_other_is_told_which(rounds_of):
    rounds = rounds_of("tabs")
    assert len(rounds) == ROUNDS
    for told in rounds:
        assert sorted(word for word, _ in told) == ["told", "write"]
        assert len({write for _, write in told}) == 1


def test_undone_at_the_last_moment_or_sent_but_never_both(rounds_of):
    rounds = rounds_of("undo")
    assert len(rounds) == ROUNDS
    for told in rounds:
        ends = {True: ("undone", 0), False: ("done", 1)}
        assert (told["state"], told["deletes"]) == ends[told["undone"]]

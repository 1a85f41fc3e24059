"""One sandbox process for all tests of a worker, put back before each of them."""

import pytest

from tests.sandbox.box import Box, Process


@pytest.fixture(scope="session")
def running_box(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("box"))
    yield Box(process)
    assert process.stop() == 0


@pytest.fixture
def box(running_box):
    running_box.reset()
    return running_box

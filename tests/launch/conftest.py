import shutil

import pytest

from tests.launch.launcher import Launcher


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """A demo that was started once, in an empty folder, and stopped: nothing of it runs."""
    launcher = Launcher(tmp_path_factory.mktemp("demo") / "data").start()
    launcher.code = launcher.stop()
    yield launcher
    launcher.end()


@pytest.fixture
def make_copy(first_start, tmp_path):
    """``make_copy("one")``: the same data in another folder, with ports of its own; not started."""
    copies = []

    def copy(name="copy", **ports):
        shutil.copytree(first_start.data_dir, tmp_path / name)
        copies.append(Launcher(tmp_path / name, **ports))
        return copies[-1]

    yield copy
    for one in copies:
        one.end()

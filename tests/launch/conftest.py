import json
import shutil

import pytest

from tests.launch.launcher import Launcher
from tests.support.once import once, run_folder


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """A demo that was started once, in an empty folder, and stopped: nothing of it runs."""
    folder = once(run_folder(tmp_path_factory), "demo", _start_and_stop)
    told = json.loads((folder / "told.json").read_text())
    launcher = Launcher(folder / "data", port=told["port"])
    launcher.code = told["code"]
    return launcher


def _start_and_stop(folder):
    folder.mkdir()
    launcher = Launcher(folder / "data")
    try:
        code = launcher.start().stop()
    finally:
        launcher.end()
    (folder / "told.json").write_text(json.dumps({"port": launcher.port, "code": code}))


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

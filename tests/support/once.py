"""What is made once per run of the suite, by whichever of its processes needs it first."""

import contextlib
import fcntl
import os


def run_folder(tmp_path_factory):
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextlib.contextmanager
def alone(folder, name):
    """Only one process at a time is inside for the same folder and name; the others wait."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(folder, name, make):
    """``folder/name``, filled by ``make(path)`` unless another process did so before us."""
    made, done = folder / name, folder / f"{name}.done"
    with alone(folder, name):
        if not done.exists():
            make(made)
            done.touch()
    return made

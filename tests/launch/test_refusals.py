"""What cannot work is said in one sentence, before anything starts."""

import socket

import pytest

from tests.launch.launcher import Launcher

pytestmark = pytest.mark.processes


@pytest.fixture
def busy_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        yield line.getsockname()[1]


@pytest.mark.parametrize("variable", ["PORT", "SANDBOX_PORT"])
def test_busy_port_names_the_variable(tmp_path, busy_port, variable):
    launcher = Launcher(tmp_path / "data", **{variable.lower(): busy_port})
    code, words = launcher.run("demo")
    assert code == 1
    assert words.count("\n") == 1
    assert f"Port {busy_port} is in use" in words
    assert f"{variable}=" in words
    assert launcher.processes() == []


@pytest.mark.parametrize("wrong", ["80a", "0", "70000", "-1"])
def test_wrong_port_names_the_variable(tmp_path, wrong):
    code, words = Launcher(tmp_path / "data", port=wrong).run("run")
    assert (code, words.count("\n")) == (1, 1)
    assert "PORT must be a whole number" in words


def test_reset_forgets_the_demo_and_nothing_else(make_copy):
    copy = make_copy()
    (copy.data_dir / "desk.sqlite3").write_text("real data")
    code, words = copy.run("reset")
    assert code == 0, words
    assert not copy.folder.exists()
    assert (copy.data_dir / "desk.sqlite3").read_text() == "real data"


def test_reset_leaves_a_folder_alone_that_no_demo_made(tmp_path):
    launcher = Launcher(tmp_path / "data")
    launcher.folder.mkdir(parents=True)
    (launcher.folder / "precious").touch()
    assert launcher.run("reset")[0] == 1
    assert (launcher.folder / "precious").exists()


def test_demo_refuses_a_database_with_organisations(first_start, make_copy):
    launcher = make_copy()
    (launcher.folder / "seeded").unlink()
    launcher.more = {"DATABASE_URL": f"sqlite:///{first_start.folder / 'desk.sqlite3'}"}
    code, words = launcher.run("demo")
    assert code == 1
    assert "DATABASE_URL names a database that already holds organisations" in words
    assert launcher.processes() == []

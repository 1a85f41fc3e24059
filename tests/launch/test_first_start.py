"""What the launcher does for an installation that nobody has claimed, and for practising."""

import json
import sqlite3

import pytest

from bookingapp.launch import claiming, options, practice
from bookingapp.launch.say import Stop

WORLD = {
    "organisations": [
        {
            "name": "Praxis",
            "tokens": [{"secret": "w", "label": "write"}, {"secret": "r", "label": "read"}],
        }
    ]
}


@pytest.fixture
def asked(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "SETUP_CODE", "SETUP_CODE_FILE", "PRACTICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return lambda: options.read(demo=False)


def database(folder, *people):
    with sqlite3.connect(folder / "desk.sqlite3") as line:
        line.execute("CREATE TABLE auth_user (username TEXT)")
        line.executemany("INSERT INTO auth_user VALUES (?)", [(one,) for one in people])
    line.close()


def test_who_starts_an_empty_installation_is_told_address_and_code(asked, tmp_path, capsys):
    database(tmp_path)
    claiming.tell(asked())
    told = capsys.readouterr().out
    assert f"/welcome/   setup code {(tmp_path / 'setup_code').read_text()}" in told
    assert (tmp_path / "setup_code").stat().st_mode & 0o077 == 0


def test_a_code_that_was_set_is_not_printed(asked, tmp_path, capsys, monkeypatch):
    database(tmp_path)
    monkeypatch.setenv("SETUP_CODE", "open-sesame")
    claiming.tell(asked())
    told = capsys.readouterr().out
    assert "the one you set" in told
    assert "open-sesame" not in told


def test_nothing_is_told_once_somebody_has_an_account(asked, tmp_path, capsys):
    database(tmp_path, "owner")
    claiming.tell(asked())
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "setup_code").exists()


@pytest.mark.parametrize(
    ("variables", "on"),
    [
        ({}, True),
        ({"PRACTICE": "off"}, False),
        ({"DATABASE_URL": "postgresql://db/desk"}, False),
        ({"DATABASE_URL": "postgresql://db/desk", "PRACTICE": "on"}, True),
    ],
)
def test_practice_is_on_where_all_state_is_embedded(asked, monkeypatch, variables, on):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert asked().practice is on
    assert ("PRACTICE_FILE" in options.child_environment(asked())) is on
    assert options.read(demo=True).practice is False


def test_practice_is_on_or_off(asked, monkeypatch):
    monkeypatch.setenv("PRACTICE", "perhaps")
    with pytest.raises(Stop, match="PRACTICE"):
        asked()


@pytest.fixture
def commands(monkeypatch):
    """What was run, with the sandbox's answers in its place."""
    done = []

    def run(command, _environment, **_):
        done.append(command[3])
        return json.dumps(WORLD) if command[3] == "provisioning" else '{"id": "l1"}\n\n'

    monkeypatch.setattr(practice, "run", run)
    monkeypatch.setattr(practice, "manage", lambda _environment, *words: done.append(words))
    return done


def test_the_note_is_written_once_and_followed_when_the_sandbox_moves(asked, commands, monkeypatch):
    practice.prepare(asked(), {})
    practice.prepare(asked(), {})
    assert commands == ["provisioning", "leads"]
    note = json.loads(practice.note(asked()).read_text())
    assert (note["name"], note["leads"]) == ("Practice", ['{"id": "l1"}'])
    assert [token["label"] for token in note["tokens"]] == ["read", "write"]
    assert practice.note(asked()).stat().st_mode & 0o077 == 0

    old = asked().sandbox_address
    monkeypatch.setenv("SANDBOX_PORT", "8123")
    practice.prepare(asked(), {})
    assert commands[-1] == ("follow_sandbox", old, "http://127.0.0.1:8123")
    assert json.loads(practice.note(asked()).read_text())["connect_url"] == "http://127.0.0.1:8123"


def test_without_its_sandbox_the_desk_starts_all_the_same(asked, monkeypatch, capsys):
    def fails(*_, **__):
        raise Stop("no sandbox")

    monkeypatch.setattr(practice, "run", fails)
    practice.prepare(asked(), {})
    assert "There is no practice mode this time: no sandbox" in capsys.readouterr().out
    assert not practice.note(asked()).exists()

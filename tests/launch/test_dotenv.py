import pytest

from bookingapp.launch.dotenv import DotenvError, load, parse


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("export A = 1  # why", "1"),
        ('A="1 # kept"  # why', "1 # kept"),
        ("A='$HOME'", "$HOME"),
        ("A=postgresql://u:p#w@h/d", "postgresql://u:p#w@h/d"),
        ("A=", ""),
        ("A=# nothing", ""),
    ],
)
def test_value_is_what_was_meant(line, value):
    assert parse(f"\n# a comment\n{line}\n") == {"A": value}


@pytest.mark.parametrize("line", ["PORT 8000", "1A=2", 'A="open', 'A="a" b', "=x"])
def test_bad_line_is_named(line):
    with pytest.raises(DotenvError, match=r"\.env, line 2"):
        parse(f"A=1\n{line}")


def test_environment_wins(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DESK_A=file\nDESK_B=file\n")
    monkeypatch.setenv("DESK_A", "real")
    monkeypatch.delenv("DESK_B", raising=False)
    load(tmp_path / ".env")
    import os

    assert (os.environ["DESK_A"], os.environ.pop("DESK_B")) == ("real", "file")


def test_no_file_is_fine(tmp_path):
    load(tmp_path / ".env")

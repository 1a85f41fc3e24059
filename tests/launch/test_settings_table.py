"""docs/settings.md names every variable that is read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = re.compile(
    r"(?:text|number|whole|_?switch|words|networks|_secret|_whole|environ\.get)\(\s*\"([A-Z][A-Z0-9_]+)\""
)
DOCUMENTED = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|", re.MULTILINE)
# Between our own processes, or everybody's.
NOT_SETTINGS = {"WORKER_READY_FILE", "MAKELEVEL", "PATH"}


def _read():
    files = [ROOT / "bookingapp" / name for name in ("settings.py", "environment.py")]
    files += [*(ROOT / "bookingapp" / "launch").glob("*.py"), *(ROOT / "scripts").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(READERS.findall(text)) - NOT_SETTINGS


def _documented():
    return DOCUMENTED.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))


def test_table_names_what_is_read_and_nothing_else():
    assert set(_documented()) == _read()


def test_table_names_each_once():
    assert len(_documented()) == len(set(_documented()))


def test_example_file_names_only_documented_variables():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^# ([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)
    assert named
    assert set(named) <= set(_documented())

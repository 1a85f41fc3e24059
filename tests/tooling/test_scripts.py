"""The checks find what they are for, and say nothing about a tree that is in order."""

import runpy
import sys
from pathlib import Path

import polib
import pytest

from bookingapp.launch.messages import compile_all

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch):
    """``script("locks")``: the globals of scripts/locks.py; functions see changes made to them."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delitem(sys.modules, "say", raising=False)
    return lambda name: runpy.run_path(str(ROOT / "scripts" / f"{name}.py"))


def test_lock_files_are_in_step(script):
    assert script("locks")["findings"]() == []


def test_unlocked_package_is_found(script, tmp_path):
    for path in (ROOT / "requirements").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "runtime.in").open("a") as file:
        file.write("A_New.Package[extra]>=1\n")
    locks = script("locks")
    locks["findings"].__globals__["FOLDER"] = tmp_path
    assert locks["findings"]() == ["runtime.txt lacks a-new-package: run make lock"]


def test_no_committed_file_names_a_registry(script):
    assert script("hosts")["findings"]() == []


def test_registry_host_is_recognised(script):
    pattern = script("hosts")["PATTERN"]
    assert pattern.search("https://files.python" + "hosted.org/x.whl")
    assert pattern.search("--extra-index" + "-url https://x")


def test_long_file_is_found(script, tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "long.js").write_text("x\n" * 121)
    (tmp_path / "static" / "short.js").write_text("x\n" * 120)
    sizes = script("sizes")
    sizes["too_long"].__globals__["ROOT"] = tmp_path
    assert sizes["too_long"]() == ["static/long.js: 121 lines, at most 120"]


def test_this_python_is_among_those_found(script):
    assert sys.version_info[:2] in script("pythons")["find"]()


def test_message_catalogue_is_compiled_once(tmp_path):
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Booked"\nmsgstr "Gebucht"\n',
        encoding="utf-8",
    )
    assert compile_all(tmp_path) == 1
    assert compile_all(tmp_path) == 0
    made = polib.mofile(str(source.with_suffix(".mo")))
    assert made.find("Booked").msgstr == "Gebucht"

"""The secrets of an embedded installation: one for everybody, on the disk before it is used."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bookingapp import keys


def test_a_key_is_made_once_and_for_us_alone(tmp_path):
    first = keys.token_key(tmp_path)
    assert keys.token_key(tmp_path) == first
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_starters_at_the_same_time_agree_though_their_process_ids_are_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _number: keys.token_key(tmp_path), range(8)))
    assert len(found) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_draft_that_a_power_cut_left_is_in_nobodys_way(tmp_path):
    (tmp_path / f"token_key.{os.getpid()}").touch()
    assert keys.token_key(tmp_path)


def test_a_full_disk_leaves_nothing_and_the_next_start_makes_the_key(tmp_path, monkeypatch):
    def full(_number):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as crowded:
        crowded.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="space"):
            keys.token_key(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert keys.token_key(tmp_path)


def test_file_and_folder_are_on_the_disk_before_the_key_is_used(tmp_path, monkeypatch):
    done = []

    def sync(number):
        done.append(Path(f"/proc/self/fd/{number}").readlink())

    monkeypatch.setattr(os, "fsync", sync)
    keys.token_key(tmp_path)
    file, folder = done
    assert file.parent == folder == tmp_path

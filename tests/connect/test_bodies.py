"""Bodies are collected within a limit that a packed one cannot get around."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp.connect.bodies import Body, GarbledError, TooLargeError


def collect(raw, encoding="", limit=1000, step=7):
    body = Body(encoding, limit)
    for at in range(0, len(raw), step):
        body.add(raw[at : at + step])
    return body.whole()


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "identity", "GZip ", "x-gzip"]),
    st.integers(1, 50),
)
def test_what_was_sent_arrives(content, encoding, step):
    sent = gzip.compress(content) if "gzip" in encoding.lower() else content
    assert collect(sent, encoding, step=step) == content


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_limit_is_for_what_comes_out(encoding):
    def pack(content):
        return gzip.compress(content) if encoding else content

    assert len(collect(pack(b"x" * 1000), encoding)) == 1000
    with pytest.raises(TooLargeError, match="more than 1000 bytes"):
        collect(pack(b"x" * 1001), encoding)


def test_bomb_is_never_unpacked_whole():
    bomb = gzip.compress(b"0" * 50_000_000)
    body = Body("gzip", 1000)
    with pytest.raises(TooLargeError):
        body.add(bomb)
    assert len(body.so_far()) == 0


@pytest.mark.parametrize(
    "raw", [b"not gzip at all", gzip.compress(b"x" * 99)[:-9]], ids=["no packing", "cut off"]
)
def test_damage_is_noticed(raw):
    with pytest.raises(GarbledError):
        collect(raw, "gzip")


def test_empty_body_needs_no_packing():
    assert collect(b"", "gzip") == b""


def test_encoding_nobody_asked_for_is_refused():
    with pytest.raises(GarbledError, match="br was not asked for"):
        Body("br", 10)

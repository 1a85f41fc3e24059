"""A page in kept pieces is the same page, and no secret in it is ever compressed."""

import gzip
import re
import secrets

import pytest

from bookingapp.web import pieces

MARKUP = "<p>" + "grün " * 4000 + pieces.gap("token") + "</p>" + pieces.gap("inner") + "<b>end</b>"


def fill(**filling):
    return list(pieces.filled(pieces.cut(MARKUP), filling))


@pytest.mark.parametrize("inner", ["", "<i>ä</i>", "x" * 65535])
def test_gzip_opens_to_the_plain_page(inner):
    found = fill(token="t0k3n", inner=inner)
    expected = MARKUP.replace(pieces.gap("token"), "t0k3n").replace(pieces.gap("inner"), inner)
    assert pieces.plain(iter(found)).decode() == expected
    assert gzip.decompress(pieces.gzipped(iter(found))).decode() == expected


def test_pieces_fill_gaps_whose_own_gaps_are_filled_too():
    inner = pieces.cut(f"<td>{pieces.gap('age')}</td>")
    found = fill(token="", inner=inner, age="3 s ago")
    assert pieces.plain(iter(found)).decode().endswith("<td>3 s ago</td><b>end</b>")
    assert gzip.decompress(pieces.gzipped(iter(found))) == pieces.plain(iter(found))


def test_a_guess_beside_the_secret_makes_the_answer_no_shorter():
    """The length must not tell whether a guess in the page is the secret in the gap (BREACH)."""
    token = secrets.token_hex(32)
    sizes = {
        len(pieces.gzipped(iter(fill(token=token, inner=guess))))
        for guess in (token, secrets.token_hex(32))
    }
    assert len(sizes) == 1
    assert token.encode() in pieces.gzipped(iter(fill(token=token, inner="")))


def test_an_unknown_gap_and_too_much_for_one_are_refused():
    with pytest.raises(KeyError):
        fill(token="t")
    with pytest.raises(ValueError, match="too much"):
        fill(token="t", inner="x" * 65536)


def test_escaped_text_cannot_make_a_gap():
    from django.utils.html import escape

    assert not re.search(pieces.GAP, escape(pieces.gap("token")))

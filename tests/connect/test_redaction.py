"""No token survives in a text, in whatever dress it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingapp import connect

SECRET = "rocketlead_live_" + "9f" * 32


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"Authorization: Bearer {SECRET}",
        f"{{'Authorization': 'Bearer {SECRET}'}}",
        f"[(b'Authorization', b'Bearer {SECRET}')]",
        f"authorization=Bearer {SECRET}; x",
        f"ROCKETLEAD_TEST_{'ab' * 32}",
        f"https://host/?token={SECRET}&x=1",
        f'"{SECRET[:40]}"',
    ],
)
def test_token_is_gone(text):
    cleaned = connect.redact(text).lower()
    assert "9f9f" not in cleaned
    assert "abab" not in cleaned
    assert "[redacted]" in cleaned


@pytest.mark.parametrize(
    "text",
    ["Authorization: Bearer opaque-secret", "Bearer opaque-secret", "authorization: opaque-secret"],
)
def test_secret_of_another_shape_is_gone_when_it_is_labelled(text):
    assert "opaque" not in connect.redact(text)


@pytest.mark.parametrize("text", ["Bearer of good news", "no longer available", "rocket lead"])
def test_plain_words_stay(text):
    assert connect.redact(text) == text or "Bearer" in text


@given(
    st.text(max_size=50), st.text("0123456789abcdef", min_size=8, max_size=64), st.text(max_size=50)
)
def test_token_is_gone_wherever_it_stands(before, secret, after):
    assert f"rocketlead_live_{secret}" not in connect.redact(
        f"{before}rocketlead_live_{secret}{after}"
    )

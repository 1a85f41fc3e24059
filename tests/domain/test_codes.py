"""Codes of words: found by how they begin, ordered where that is wanted, and not to be read."""

from hypothesis import given
from hypothesis import strategies as st

from bookingapp.domain import codes

KEY, OTHER = b"k" * 32, b"o" * 32
TEXTS = st.text(max_size=20)


def word(text, key=KEY, scope="a"):
    return codes.word(key, scope, text)


@given(TEXTS, TEXTS)
def test_a_code_begins_with_the_codes_of_what_its_word_begins_with_and_no_other(one, other):
    begins = one.encode().startswith(other.encode())
    assert word(one).startswith(word(other)) == begins


@given(TEXTS, TEXTS)
def test_what_begins_with_a_word_lies_between_its_code_and_the_next(one, more):
    code = word(one)
    end = codes.after(code)
    assert code <= word(one + more)
    assert end is None or word(one + more) < end


def test_beyond_the_last_code_is_nothing():
    assert codes.after(b"\xff\xff") is None
    assert codes.after(b"a\xff") == b"b"


def test_nothing_of_the_order_of_words_is_left():
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert sorted(letters, key=word) != list(letters)
    assert len({word(one) for one in letters}) == len(letters)


def test_other_keys_and_other_organisations_have_other_codes():
    assert len({word("anna"), word("anna", OTHER), word("anna", KEY, "b")}) == 3
    assert b"anna" not in word("anna")


@given(TEXTS, TEXTS)
def test_places_are_in_the_order_of_the_names(one, other):
    cut = [text.encode()[: codes.ORDERED_BYTES] for text in (one, other)]
    places = [codes.place(KEY, "a", text) for text in (one, other)]
    assert (places[0] < places[1]) == (cut[0] < cut[1])
    assert (places[0] == places[1]) == (cut[0] == cut[1])


def test_equal_letters_after_other_beginnings_take_other_steps():
    one, other = codes.place(KEY, "a", "aa"), codes.place(KEY, "a", "ba")
    assert one[2:] != other[2:]

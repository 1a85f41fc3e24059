"""Finding people by what staff type while somebody is on the phone."""

import pytest

from bookingapp.domain.contact_fields import (
    Contact,
    contact_of,
    data_of,
    exact_terms,
    queries_of,
    terms_of,
)
from bookingapp.domain.policy import Policy

ANNA = Contact(
    name="Anna-Lena Müller-Łukasz", phone="+49 (0)170 / 123 45 67", email="Anna@Example.org"
)


def found(text, contact=ANNA):
    terms = terms_of(contact, "DE")
    return all(any(term.startswith(one) for term in terms) for one in queries_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "anna",
        "ANNA",
        "lena",
        "müller",
        "muller",
        "mueller",
        "łukasz",
        "lukasz",
        "mull ann",
        "luk lena",
        "4567",
        "345 67",
        "0170 1234567",
        "+49 170 1234567",
        "0049 170 1234567",
        "1701234567",
        "anna@example",
        "example",
        "anna 4567",
        "4567 lena",
        "anna anna@example",
        "+49 (0)170 1234567",
        "a an ann anna müller lukasz lena",
    ],
)
def test_typing_finds_her(text):
    assert found(text)


@pytest.mark.parametrize(
    "text", ["berta", "1234", "04567", "anna berta", "anna@other", "anna 1234"]
)
def test_typing_something_else_does_not(text):
    assert not found(text)


@pytest.mark.parametrize("name", ["अनिता श्रेष्ठ", "Nguyễn Thị Ánh", "Żółć", "李小龍", "Ойбек"])
def test_every_script_can_be_typed_back(name):
    assert found(name.split()[0], Contact(name=name))


def test_the_policy_says_where_fields_live():
    policy = Policy()
    contact = contact_of({"vorname": "Jörg", "nachname": "Weiß"}, {"phone": 4930123}, policy)
    assert contact == Contact(name="Jörg Weiß", phone="4930123")


@pytest.mark.parametrize("value", [None, {}, [], True, "", "  ", {"a": 1}])
def test_odd_values_are_no_name(value):
    wanted = "True" if value is True else ""
    assert contact_of({"name": value}, {}, Policy()).name in {wanted, ""}


def test_a_new_lead_is_written_where_the_policy_says():
    policy = Policy(name_keys=("fullName",), phone_keys=("mobile",), email_keys=())
    assert data_of(Contact("A", "1234", "a@b.c"), policy) == {"fullName": "A", "mobile": "1234"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "'; --",
        "%",
        "_",
        "\x00",
        "\u202e",
        "*?[",
        "()",
        "\ud800".encode(errors="replace").decode(),
    ],
)
def test_signs_alone_ask_for_nothing_or_nobody(text):
    assert not queries_of(text) or not found(text)


def test_hostile_text_asks_for_little():
    asked = queries_of("x" * 5_000 + " " + " ".join(map(str, range(1_000))))
    assert len(asked) <= 6
    assert max(len(one) for some in asked for one in some) <= 200


def test_of_too_many_words_the_number_and_email_stay():
    name = " ".join(f"{number}aaaa" for number in range(100))
    contact = Contact(name, "+49 170 1234567", "zz@zz.example")
    assert exact_terms(contact, "DE") <= terms_of(contact, "DE")
    assert found("4567", contact)
    assert found("0aaaa", contact)


def test_terms_stay_bounded():
    terms = terms_of(Contact(name="x" * 10_000 + " " + " ".join(map(str, range(500)))), "DE")
    assert len(terms) <= 40
    assert max(map(len, terms)) <= 120

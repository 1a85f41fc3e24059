"""The German catalogue: nothing missing, nothing left over, nothing lost inside a sentence."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))
# Which argument is what: the name of the call → places of context, singular and plural.
CALLS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], (None, 0, None)),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (None, 0, 1)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], (0, 1, None)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], (0, 1, 2)),
}
TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(_|n?p?gettext)\(\s*({TEXT}(?:\s*,\s*{TEXT})*)", re.DOTALL)


def in_python():
    for path in (ROOT / "bookingapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and called(node) in CALLS:
                values = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                yield path, named(called(node), values)


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def in_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        for call, arguments in IN_TEMPLATE.findall(templatize(path.read_text())):
            values = ast.literal_eval(f"[{arguments}]")
            yield path, named(call, values)


def named(call, values):
    """(context, singular, plural) of a call, missing ones empty."""
    return tuple(
        values[place] if place is not None and place < len(values) else "" for place in CALLS[call]
    )


SENTENCES = {entry: path for path, entry in [*in_python(), *in_templates()] if entry[1]}
KNOWN = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural): entry for entry in CATALOGUE}


def test_the_search_finds_sentences_of_both_kinds():
    assert ("", "Sign in", "") in SENTENCES
    assert ("", "{n} day ago", "{n} days ago") in SENTENCES
    assert ("", "%(n)s open item", "%(n)s open items") in SENTENCES


def test_every_sentence_has_its_german():
    missing = {sentence for sentence in SENTENCES if not translated(sentence)}
    assert missing == set()


def translated(sentence):
    entry = KNOWN.get(sentence)
    return entry is not None and entry.translated() and not entry.obsolete


def test_nothing_is_left_over():
    assert [entry for entry in KNOWN if entry not in SENTENCES] == []


def placeholders(text):
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|<\w+>|</\w+>", text))


def test_every_value_of_a_sentence_is_in_its_german():
    """All in one test: the catalogue has more sentences than the rest of the suite has tests."""
    assert [entry.msgid for entry in CATALOGUE if not says_the_same(entry)] == []


def says_the_same(entry):
    pairs, forms = [(entry.msgid, entry.msgstr)], entry.msgstr_plural
    if entry.msgid_plural:
        pairs = [(entry.msgid, forms[0]), (entry.msgid_plural, forms[1])]
    same = all(placeholders(text) == placeholders(said) for said, text in pairs if text)
    return same and len(forms) == (2 if entry.msgid_plural else 0)


def test_nobody_is_addressed_by_the_first_name():
    texts = [t for e in CATALOGUE for t in (e.msgstr, *e.msgstr_plural.values())]
    assert [text for text in texts if re.search(r"\b(du|dein\w*|dir|dich)\b", text, re.I)] == []


def test_plurals_are_german_plurals():
    with translation.override("de"):
        told = [
            translation.ngettext("{n} day ago", "{n} days ago", n).format(n=n) for n in (0, 1, 2)
        ]
    assert told == ["vor 0 Tagen", "vor 1 Tag", "vor 2 Tagen"]


@pytest.mark.django_db
def test_a_page_in_german_has_no_english_left(client):
    client.post("/language/", {"language": "de"})
    page = client.get("/sign-in/").content.decode()
    assert "<h1>Anmelden</h1>" in page
    assert "Name oder E-Mail" in page
    wrong = client.post("/sign-in/", {"login": "x", "password": "y"}).content.decode()
    assert "gehören nicht zusammen" in wrong

"""Everything a desk has written down, as somebody sees it who gets hold of it; and a search in it.

Sealed values are left out of what words are looked for in: they are random letters. Longer texts
are looked for in every byte of every file.
"""

import base64
import re

SEALED = re.compile(r"s1:[A-Za-z0-9+/=]+")
# Django's own, the same everywhere.
WORDLESS = {"django_content_type", "auth_permission", "django_migrations", "sqlite_sequence"}
# What is in these is the organisation's, and may use the same words as a person's name.
CATALOGUE = (*("organisation", "resource", "calendar", "appointmenttype", "leadpool", "leadstate"),)
SHORTEST_WORD, SHORTEST_TEXT = 5, 9
HEAD = 8


class Found(list):
    """What was found where, as pairs."""


def rows(desk):
    """Table and row for every row there is."""
    query = (
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        if desk.database_url
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    for table in sorted(row["name"] for row in desk.raw(query)):
        if table not in WORDLESS:
            yield from ((table, row) for row in desk.raw(f'SELECT * FROM "{table}"'))


def files(desk):
    """Every file of the data folder but the keys themselves: database, queue, logs."""
    for path in sorted(desk.folder.rglob("*")):
        if path.is_file() and path.name not in {"secret_key", "token_key"}:
            yield str(path.relative_to(desk.folder)), path.read_bytes()


def search(desk, words, texts):
    """``words`` in rows, ``texts`` in rows and files, these also as they look in base64."""
    usual = _catalogue(desk)
    words = {word for word in words if len(word) >= SHORTEST_WORD} - usual
    texts = {text for text in texts if len(text) >= SHORTEST_TEXT}
    assert len(texts) > len(words) / 10 > 1, "nothing to look for"
    found = Found()
    heads = _by_head(texts)
    for table, row in rows(desk):
        for column, value in row.items():
            told = SEALED.sub("", _text(value))
            found += ((f"{table}.{column}", one) for one in words & set(re.findall(r"\w+", told)))
            found += ((f"{table}.{column}", one) for one in _in(told, heads))
    shapes = _by_head({shape for text in texts for shape in _bytes(text)})
    for name, content in files(desk):
        found += ((name, one) for one in _in(content, shapes))
    return found


def _by_head(texts):
    """What begins alike, by its beginning: so that a place is looked at once for all of them."""
    heads = {}
    for one in texts:
        heads.setdefault(one[:HEAD], []).append(one)
    return heads


def _in(content, by_head):
    for place in range(len(content) - HEAD + 1):
        for one in by_head.get(content[place : place + HEAD], ()):
            if content.startswith(one, place):
                yield one


def _text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def _bytes(text):
    plain = text.encode()
    yield plain
    yield text.encode("unicode_escape")
    for before in range(3):
        # Without what depends on its neighbours.
        yield base64.b64encode(b"x" * before + plain)[4 if before else 0 :].rstrip(b"=")[:-1]


def _catalogue(desk):
    told = " ".join(str(desk.raw(f"SELECT * FROM domain_{table}")) for table in CATALOGUE)
    return set(re.findall(r"\w+", told + str(desk.raw("SELECT * FROM auth_user"))))

"""The text of an uploaded file, whichever program wrote it. Pure."""

from __future__ import annotations

import codecs

from bookingapp.domain.errors import DomainError

# The longer marks first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
# Tabs and line ends mean something; no other control character belongs into a name.
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], None)
_LOOKED_AT = 4000


class Unreadable(DomainError):
    """The file cannot be used at all; ``facts`` are for the sentence about it."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def text_of(content: bytes) -> str:
    """The text without control characters. Raises Unreadable: empty, workbook, not_text."""
    if not content.strip(b"\x00\r\n\t "):
        raise Unreadable("empty")
    if content.startswith(_WORKBOOKS):
        raise Unreadable("workbook")
    if content.startswith(_NOT_TEXT):
        raise Unreadable("not_text")
    text = _decoded(content)
    start = text[:_LOOKED_AT]
    if sum(ord(char) in _CONTROLS for char in start) * 5 > len(start):
        raise Unreadable("not_text")
    return text.translate(_CONTROLS)


def _decoded(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    if name := _wide(content):
        return content.decode(name, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # What office programs on Windows write; every byte means something in it.
        return content.decode("cp1252", errors="replace")


def _wide(content: bytes) -> str:
    """UTF-16 without its mark: in Western text every second byte is zero."""
    start = content[:_LOOKED_AT]
    half = len(start) // 2
    if half and start[1::2].count(0) > half * 0.4 and not start[::2].count(0):
        return "utf-16-le"
    if half and start[::2].count(0) > half * 0.4 and not start[1::2].count(0):
        return "utf-16-be"
    return ""

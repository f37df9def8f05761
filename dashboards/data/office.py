"""Shared parts of office files: archives without packing times, valid XML text."""

from __future__ import annotations

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
LONGEST_PROPERTY = 250  # a document property holds 255 characters


def settled(content: bytes) -> bytes:
    """The same archive with one fixed time for every entry, so that bytes repeat."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            # an OpenDocument file gives its type in its first entry, uncompressed
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(entry, packed.read(name))
    return out.getvalue()


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and _is_character(letter)))


def short(text: str) -> str:
    """The text, cut to the length of a document property."""
    return clean(text)[:LONGEST_PROPERTY]


def _is_character(letter: str) -> bool:
    return not ("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff")

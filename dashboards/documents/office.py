"""What files of office programs have in common: an archive without the time of packing, text that XML can hold."""

from __future__ import annotations

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
LONGEST_PROPERTY = 250  # a document property holds 255 characters


def settled(content: bytes) -> bytes:
    """The same archive with every entry packed at the same moment: written twice, it is the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            # an OpenDocument file tells its kind in its first entry, as it is
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(entry, packed.read(name))
    return out.getvalue()


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and _is_character(letter)))


def short(text: str) -> str:
    """As much as a document property holds."""
    return clean(text)[:LONGEST_PROPERTY]


def _is_character(letter: str) -> bool:
    return not ("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff")

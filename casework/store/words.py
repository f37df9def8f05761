"""Words that people type, in stored form: one line, without characters that cannot be seen or printed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from casework.store.refusal import Refused

UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")  # control characters, halves of a character, private and unassigned ones
UNSEEN = (*UNPRINTABLE, "Cf")
BREAKING = (*UNSEEN, "Zl", "Zp")  # and what ends a line
# of a cell; the last four are the full-width forms, which a spreadsheet set up for East Asia reads alike
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def one_line(text: str) -> str:
    """The words with single blanks. Raises Refused for a character that no document can print."""
    words = " ".join(str(text).split())
    _without(words, UNPRINTABLE, "Take it out: no document can print it.")
    return words


def neutralised(value: Any) -> Any:
    """The value, with an apostrophe before text that starts like a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def escaped(text: str) -> str:
    """The text with a code in place of each character that cannot be seen, ends a line or turns the writing."""
    return "".join(
        sign.encode("unicode_escape", "surrogatepass").decode() if unicodedata.category(sign) in BREAKING else sign
        for sign in text
    )


def plain_name(text: str) -> str:
    """A name in one spelling, whatever case, blanks and forms of its letters.

    Raises Refused for an invisible character, and for letters of two scripts: with them one person could pass for
    another.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
    _without(name, UNSEEN, "Type the name again.")
    scripts = {unicodedata.name(sign, "OTHER").split()[0] for sign in name if sign.isalpha()}
    if len(scripts) > 1:
        raise Refused(f"A name is written in one script; saw letters of {' and '.join(sorted(scripts)).lower()}.")
    return name


def shown_name(name: str) -> str:
    """A stored name as people write it: Jane Smith, O'Neill, McDonald. What is no name, as an e-mail, stays."""
    if re.search(r"[@\d_.]", name):
        return name
    return re.sub(r"(^|[\s'’-])(mc(?=\w))?(\w)", lambda at: at[1] + (at[2] or "").capitalize() + at[3].upper(), name)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names have the same parts, in any order and with any punctuation between them."""
    return sorted(re.findall(r"\w+", one)) == sorted(re.findall(r"\w+", other))


def _without(words: str, categories: tuple[str, ...], advice: str) -> None:
    strange = next((sign for sign in words if unicodedata.category(sign) in categories), None)
    if strange is not None:
        place = words.index(strange) + 1
        raise Refused(f"Expected readable characters; saw U+{ord(strange):04X} at place {place}. {advice}")

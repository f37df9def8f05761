"""What the search finds: pages, measures, standards and terms by their words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 12  # results shown
_TERM = re.compile(r'^<a id="([\w-]+)"></a>\*\*(.+?)\.?\*\* (.+)$', re.MULTILINE)
_STANDARD = re.compile(r'^<a id="([A-Z]{3}-\d{2}[A-Z-]*)"></a>\n#### \1 (.+)$', re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind, name, what it says, and the address that it leads to."""

    kind: str
    name: str
    words: str
    address: str

    @property
    def is_documentation(self) -> bool:
        """Whether it is in the documentation, which opens beside the pages."""
        return self.address.startswith("docs/")


def find(entries: Iterable[Entry], asked: str) -> list[Entry]:
    """The entries with words that begin with each word asked for, those with more of them in the name first.

    Where none has every word, those with most of them, if that is half of them or more.
    """
    wanted = _words(asked)
    counted = [(entry, len(wanted) - len(missing(entry, asked))) for entry in entries]
    most = max((count for _, count in counted), default=0)
    if not most or 2 * most < len(wanted):
        return []
    found = [entry for entry, count in counted if count == most]
    return sorted(found, key=lambda entry: (len(_lacking(wanted, entry.name)), len(entry.name)))


def missing(entry: Entry, asked: str) -> list[str]:
    """The words asked for that an entry does not have."""
    return _lacking(_words(asked), f"{entry.name} {entry.words}")


def _lacking(wanted: list[str], text: str) -> list[str]:
    held = _words(text)
    return [one for one in wanted if not any(word.startswith(one) for word in held)]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text.casefold().replace("’", "'"))


def terms(glossary: str) -> list[Entry]:
    """The terms of docs/glossary.md."""
    found = _TERM.findall(glossary)
    return [Entry("Term", name, _plain(words), f"docs/glossary.html#{mark}") for mark, name, words in found]


def standards(page: str) -> list[Entry]:
    """The recording standards of docs/standards.md."""
    found = _STANDARD.findall(page)
    return [Entry("Standard", f"{code} {title}", "", f"docs/standards.html#{code}") for code, title in found]


def _plain(markdown: str) -> str:
    return re.sub(r"\[([^\[\]]+)\]\([^()]*\)", r"\1", markdown).replace("`", "").replace("**", "")

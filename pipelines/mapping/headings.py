"""What the heading of a column in a wide export says: whose it is, which field, and of which repeated group.

`Suspect 2 DOB` is the birth date of the second suspect. The words come from `field_synonyms`: spellings bring a heading
to usual words, and headers say what a heading means as a whole.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from assets.reference import list_path
from pipelines.mapping.words import words

Tokens = tuple[str, ...]

PEOPLE = ("victim", "suspect", "party")  # party: a row a person, whose part in the crime is a column
REPEATED = (*PEOPLE, "outcome")  # what may be there several times in a row
NONE = "none"
_LONGEST = 4  # words of a spelling
_EMPTY = frozenset(("of", "the", "a", "an", "is", "was", "has", "for", "g", "fk", "data", "info", "column", "field"))
_NICHE = re.compile(r"(?<=[a-z\d])(TZV\d[GI]?|G)?(_L)?$")  # what Niche adds to the names of columns for their type
_POSSESSIVE = re.compile(r"(?<=\w)['’][a-z]\b")
# words that say less than others what a column is
_LIGHT = {
    "crime": 0.25, "investigation": 0.35, "occurrence": 0.35, "record": 0.25, "at": 0.15, "on": 0.15, "police": 0.2,
    "current": 0.4, "primary": 0.2, "principal": 0.2, "main": 0.3, "full": 0.4, "number": 0.45, "reference": 0.45,
    "id": 0.45, "key": 0.45, "code": 0.45, "date": 0.45, "type": 0.5, "flag": 0.45, "description": 0.45,
    "party": 0.7, "text": 0.4, "class": 0.8, "ho": 0.6, "by": 0.6, "to": 0.6, "level": 0.4, "status": 0.9,
}  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What a heading may mean: whose column it is (`suspect`), and its field (`sex`); the field is '' for none."""

    kind: str
    field: str


@dataclass(frozen=True)
class Heading:
    """A heading in usual words, and the number of its group (0: none)."""

    tokens: Tokens
    group: int = 0


@cache
def usual(text: str) -> Tokens:
    """The usual words of a heading, without empty ones: `Susp. DOB` -> suspect, dob."""
    rest, found = words(_POSSESSIVE.sub("", _NICHE.sub("", text))), list[str]()
    rest = tuple(map(_spelt, rest))
    while rest:
        length = next((n for n in range(min(_LONGEST, len(rest)), 0, -1) if rest[:n] in _spellings()), 0)
        found += _spellings()[rest[:length]] if length else rest[:1]
        rest = rest[length or 1 :]
    dated = ["date" if word in ("time", "datetime") else word for word in found]
    kept = [word for n, word in enumerate(dated) if word not in _EMPTY and word not in dated[:n]]
    return tuple(kept) or tuple(dated)


@cache
def _spelt(word: str) -> str:
    """The word, or the known one that it is a slip of the pen for: commited."""
    if len(word) < 6 or word in _vocabulary():
        return word
    return next(iter(difflib.get_close_matches(word, _vocabulary(), n=1, cutoff=0.9)), word)


@cache
def _vocabulary() -> frozenset[str]:
    """Every word of the known spellings and headers."""
    return frozenset(w for kind, word, _ in _rows() if kind in ("spelling", "header") for w in words(word))


@cache
def _spellings() -> dict[Tokens, Tokens]:
    return {words(word): words(meaning) for kind, word, meaning in _rows() if kind == "spelling"}


@cache
def _meanings() -> tuple[tuple[frozenset[str], Meaning], ...]:
    """Every known header in usual words, with what it means; those of people once for each part in a crime."""
    found: dict[tuple[frozenset[str], Meaning], None] = {}
    for kind, word, meaning in _rows():
        if kind != "header":
            continue
        whose, _, name = meaning.partition(".")
        tokens = frozenset(usual(word))
        if whose == "person":
            for part in PEOPLE:
                found[tokens | {part}, Meaning(part, name)] = None
            found[tokens, Meaning("party", name)] = None
        else:
            found[tokens, Meaning(whose, name)] = None
    return tuple(found)


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    with open(list_path("field_synonyms"), encoding="utf-8", newline="") as stream:
        return tuple((row["applies_to"], row["word"], row["meaning"]) for row in csv.DictReader(stream))


def headings(labels: Iterable[str]) -> dict[str, Heading]:
    """Each heading in usual words, with the number of its group.

    A number is that of a group behind a word for people or outcomes, or if another heading differs by its number alone.
    """
    found = {label: usual(label) for label in labels}
    without = {label: tuple(word for word in tokens if not _is_number(word)) for label, tokens in found.items()}
    alike: dict[Tokens, set[str]] = {}
    for label, tokens in found.items():
        alike.setdefault(without[label], set()).update(filter(_is_number, tokens))
    return {label: _heading(tokens, without[label], len(alike[without[label]]) > 1) for label, tokens in found.items()}


def _heading(tokens: Tokens, without: Tokens, is_repeated: bool) -> Heading:
    for word, before in zip(tokens[1:], tokens, strict=False):
        if _is_number(word) and (before in REPEATED or (is_repeated and set(without) & set(REPEATED))):
            return Heading(without, int(word))
    return Heading(tokens)


def _is_number(word: str) -> bool:
    return re.fullmatch("[1-9]", word) is not None


def meanings(heading: Heading, context: frozenset[str] = frozenset()) -> Iterator[tuple[Meaning, float]]:
    """What a heading may mean, each meaning once with its likeness from 0 to 1, the likest first.

    `context`: words that the file's name adds to every heading.
    """
    said = frozenset(heading.tokens)
    best: dict[Meaning, float] = {}
    for header, meaning in _meanings():
        alike = _likeness(said, header)
        if context and context & header:
            alike = max(alike, 0.97 * _likeness(said | context, header))
        if alike > max(0.4, best.get(meaning, 0.0)):
            best[meaning] = alike
    yield from sorted(best.items(), key=lambda pair: -pair[1])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    shared = sum(_weight(word) for word in one & other)
    return 2 * shared / (sum(map(_weight, one)) + sum(map(_weight, other))) if shared else 0.0


def _weight(word: str) -> float:
    return _LIGHT.get(word, 1.0)

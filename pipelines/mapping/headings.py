"""What the heading of a column in a wide export says: whose it is, which field, and of which repeated group.

`Suspect 2 DOB` is the birth date of the second suspect. The words come from `field_synonyms`: spellings bring a heading
to usual words, and headers say what a heading means as a whole.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from pipelines.mapping.abbreviations import read_words
from pipelines.mapping.words import LONGEST, Words, synonyms, words

PARTS = ("victim", "suspect")
PEOPLE = (*PARTS, "party")  # party: a row a person, whose part in the crime is a column
REPEATED = (*PEOPLE, "outcome")  # what may be there several times in a row
# the fields that say that a file is of crimes
TELLING = frozenset(("recorded_ts", "reported_ts", "ho_code", "class_code", "offence_from_ts", "mo_text", "status"))
SURE = 0.78  # a column from here on is mapped without a question
NONE = "none"
_EMPTY = frozenset(("of", "the", "a", "an", "is", "was", "has", "for", "g", "fk", "data", "info", "column", "field",
                    "utc", "gmt", "bst"))
_OF_ANYTHING = frozenset(("id", "key", "number", "reference"))  # alone they say nothing
_NICHE = re.compile(r"(?<=[a-z\d])(TZV\d[GI]?|G)?(_L)?$")  # what Niche adds to the names of columns for their type
_START = re.compile(r"[A-Za-z]+\d*[_. ]|[A-Z](?=[A-Z][a-z])|[a-z]{1,4}(?=[A-Z])")  # what a vendor puts before names
_LETTER = re.compile(r"([VvSs])(?=\d|[_ .]|[A-Z][a-z])")  # V and S at the start of a heading
_LETTERS = {"V": "victim", "S": "suspect"}
_INITIALS = re.compile(r"\b([A-Za-z][.]){2,}")  # O.I.C.
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


OFFICER = Meaning("crime", "oic_id")


@dataclass(frozen=True)
class Heading:
    """A heading in usual words, and the number of its group (0: none).

    `others` are what its abbreviations may mean as well, each with how likely it is, from 0 to 1.
    """

    tokens: Words
    group: int = 0
    others: tuple[tuple[Words, float], ...] = ()


def usual(text: str) -> Words:
    """The usual words of a heading, without empty ones: `Susp. DOB` -> suspect, dob."""
    return next(iter(_readings(text)))


@cache
def _readings(text: str) -> Mapping[Words, float]:
    """A heading in usual words, each way to read its abbreviations with how likely it is, the likeliest first."""
    text = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), text)
    parts = tuple(map(_spelt, words(_POSSESSIVE.sub("", _NICHE.sub("", text)))))
    found: dict[Words, float] = {}
    for said, quality in read_words(parts, _vocabulary()).items():
        for spelt in _in_usual_words(said):
            dated = ["date" if word in ("time", "datetime") else word for word in spelt]
            kept = [word for n, word in enumerate(dated) if word not in _EMPTY and word not in dated[:n]]
            found.setdefault(tuple(kept) or tuple(dated), quality)
    return found


def _in_usual_words(rest: Words) -> Iterator[Words]:
    """Every way to put usual words for those of a heading; `inv` is an investigation or an involvement."""
    if not rest:
        yield ()
        return
    length = next((n for n in range(min(LONGEST, len(rest)), 0, -1) if rest[:n] in _spellings()), 0)
    for head in _spellings()[rest[:length]] if length else (rest[:1],):
        for tail in _in_usual_words(rest[length or 1 :]):
            yield (*head, *tail)


@cache
def _spelt(word: str) -> str:
    """The word, or the known one that it is a slip of the pen for: commited."""
    if len(word) < 6 or word in _vocabulary():
        return word
    return next(iter(difflib.get_close_matches(word, _vocabulary(), n=1, cutoff=0.9)), word)


@cache
def _vocabulary() -> frozenset[str]:
    """Every word of the known spellings and headers."""
    return _EMPTY | {word for said in (*synonyms("spelling"), *synonyms("header")) for word in said}


@cache
def _spellings() -> dict[Words, tuple[Words, ...]]:
    return {said: tuple(map(words, meant)) for said, meant in synonyms("spelling").items()}


@cache
def _meanings() -> Mapping[str, tuple[tuple[frozenset[str], Meaning], ...]]:
    """Word -> every known header that has it in usual words, with what it means; those of people for each part."""
    found: dict[str, dict[tuple[frozenset[str], Meaning], None]] = {}
    for said, meaning in ((said, meaning) for said, meant in synonyms("header").items() for meaning in meant):
        whose, _, name = meaning.partition(".")
        tokens = frozenset(usual(" ".join(said)))
        of_each = [(tokens | {part}, Meaning(part, name)) for part in PEOPLE] + [(tokens, Meaning("party", name))]
        for pair in of_each if whose == "person" else [(tokens, Meaning(whose, name))]:
            for token in pair[0]:
                found.setdefault(token, {})[pair] = None
    return {token: tuple(every) for token, every in found.items()}


def headings(labels: Iterable[str]) -> dict[str, Heading]:
    """Each heading in usual words, with the number of its group.

    A number is that of a group behind a word for people or outcomes, or if another heading differs by its number alone.
    What all headings begin with says little: each is read with and without it.
    """
    labels = list(labels)
    found = {label: _each_way(label, text, labels) for label, text in _with_people(labels).items()}
    first = {label: next(iter(read)) for label, read in found.items()}
    without = {label: _without_numbers(tokens) for label, tokens in first.items()}
    alike: dict[Words, set[str]] = {}
    for label, tokens in first.items():
        alike.setdefault(without[label], set()).update(filter(_is_number, tokens))
    return {label: _heading(read, len(alike[without[label]]) > 1) for label, read in found.items()}


def _with_people(labels: Sequence[str]) -> dict[str, str]:
    """Each heading with the word for V and S, where several headings begin with either: V1Sex, S_AGE."""
    letters = [found[1].upper() for label in labels if (found := _LETTER.match(label))]
    if min(letters.count("V"), letters.count("S")) < 2:
        return {label: label for label in labels}
    return {label: _LETTER.sub(lambda sign: f"{_LETTERS[sign[1].upper()]} ", label) for label in labels}


def _each_way(label: str, text: str, labels: Sequence[str]) -> Mapping[Words, float]:
    """Every way to read a heading, also without what most headings of the file begin with."""
    found = dict(_readings(text))
    for prefix in _prefixes(tuple(labels)):
        if not label.startswith(prefix) or len(label) < len(prefix) + 2:
            break
        own = {
            tokens: quality * 0.98
            for tokens, quality in _readings(text[len(prefix) :]).items()
            if not set(tokens) <= _OF_ANYTHING
        }
        says_something = not words(prefix) or any(token in _meanings() for token in usual(prefix))
        found = {**found, **own} if says_something or not own else own
    return found


@cache
def _prefixes(labels: tuple[str, ...]) -> tuple[str, ...]:
    """What most headings begin with: that of the vendor, then that of the table behind it."""
    first = _prefix(labels)
    if not first:
        return ()
    rest = tuple(label[len(first) :] for label in labels if label.startswith(first))
    return (first, *(first + more for more in _prefixes(rest)))


@cache
def _prefix(labels: tuple[str, ...]) -> str:
    """What most headings begin with: a word of the vendor, or letters before words that are run together."""
    starts = [found[0] for label in labels if (found := _START.match(label))]
    common = max(starts, key=starts.count, default="")
    if starts.count(common) >= max(3, 0.6 * len(labels)) and not set(usual(common)) & set(PARTS):
        return common
    same = takewhile(lambda column: len(set(column)) == 1, zip(*labels, strict=False))
    letters = "".join(column[0] for column in same) if len(labels) > 5 else ""
    is_run_together = all(label.isalnum() and label.isupper() for label in labels)
    return letters if is_run_together and 0 < len(letters) < 5 else ""


def _without_numbers(tokens: Words) -> Words:
    return tuple(word for word in tokens if not _is_number(word))


def _heading(read: Mapping[Words, float], is_repeated: bool) -> Heading:
    (tokens, _), *rest = read.items()
    without = _without_numbers(tokens)
    for word, before in zip(tokens[1:], tokens, strict=False):
        if _is_number(word) and (before in REPEATED or (is_repeated and set(without) & set(REPEATED))):
            others = tuple((_without_numbers(other), quality) for other, quality in rest)
            return Heading(without, int(word), others)
    return Heading(tokens, 0, tuple(rest))


def _is_number(word: str) -> bool:
    return re.fullmatch("0?[1-9]", word) is not None


def meanings(heading: Heading, context: frozenset[str] = frozenset()) -> Iterator[tuple[Meaning, float]]:
    """What a heading may mean, each meaning once with its likeness from 0 to 1, the likest first.

    `context`: words that the file's name adds to every heading.
    """
    best: dict[Meaning, float] = {}
    for tokens, quality in ((heading.tokens, 1.0), *heading.others):
        said = frozenset(tokens)
        for header, meaning in {pair for word in said | context for pair in _meanings().get(word, ())}:
            alike = _likeness(said, header)
            if context and context & header:
                alike = max(alike, 0.97 * _likeness(said | context, header))
            if alike * quality > max(0.4, best.get(meaning, 0.0)):
                best[meaning] = alike * quality
    yield from sorted(best.items(), key=lambda pair: (-pair[1], pair[0].kind, pair[0].field))


def table_told_by(labels: Iterable[str]) -> str:
    """The table that a file of another record system seems to be by its headings alone; '' if they say too little."""
    best = [next(meanings(heading), (Meaning(NONE, ""), 0.0)) for heading in headings(labels).values()]
    said = {(meaning.kind, meaning.field) for meaning, alike in best if alike >= SURE}
    if len({name for kind, name in said if kind == "crime"} & TELLING) > 2:
        return "crime"
    of_people = {"role", "sex", "person_key", "relationship"} & {name for kind, name in said if kind in PEOPLE}
    of_crimes = ("crime", "crime_id") in said
    return "outcome" if ("outcome", "code") in said and of_crimes else "party_role" if of_people and of_crimes else ""


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    # sums are the same in whatever order a set gives its words
    shared, every = (math.fsum(_LIGHT.get(word, 1.0) for word in said) for said in (one & other, (*one, *other)))
    return 2 * shared / every if shared else 0.0

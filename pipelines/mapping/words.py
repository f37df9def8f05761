"""How alike two names are, and what a value may be: the arithmetic of `stra map`.

Names fall into words (`OccurrenceId`, `OCCURRENCE_ID`, `Occurrence Id`); words into meanings by
`assets/reference/crimes/field_synonyms.csv`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

from assets.readers.extract.values import OUTCOME_CODE, code_sets, outcome_labels
from assets.reference import list_rows
from pipelines.mapping.abbreviations import read_words

Words = tuple[str, ...]

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
LONGEST = 4  # words of a phrase
# words that separate fields less than others do, and words that separate none
_LIGHT = {"id", "key", "ts", "code", "text", "flag", "n", "ref", "type", "by", "raw", "label", "rationale", "reason"}
_EMPTY = {"g", "is", "of", "the", "to", "at", "in", "for", "a", "tbl", "vw", "record", "report", "details", "value"}
# days and times as the reader of dates reads them
DATE = r"(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/. ](\d\d?|[A-Za-z]{3,9})[-/. ]\d{4}|[12]\d{3}[01]\d[0-3]\d)"
CLOCK = r"\d\d?:\d\d(:\d\d([.]\d+)?)?( ?[AaPp][Mm])?( ?(Z|z|[+-]\d\d:?\d\d))?"
MOMENT = rf"{DATE}([ T]+|, ?){CLOCK}|[2-7]\d{{4}}[.]\d+"
DAY = rf"{DATE}|[2-7]\d{{4}}"
# code sets of so few words that one cut short can only be one of them: VIC, SUSP, CLSD
CUT_SHORT = frozenset(("role", "crime_status", "risk_grade"))
_MIDNIGHT = "[ T]00:00.*"
# a day in any of the forms that people write, which no text, reference or code is
_DAY = re.compile(
    r"(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/. ](\d\d?|[A-Za-z]{3,9})[-/. ](\d{4}|\d\d(?=[ T,]+\d\d?[:.])))([ T,].*)?"
)
_KINDS: dict[str, Callable[[str], object]] = {
    "ts": re.compile(MOMENT).fullmatch,
    "date": re.compile(rf"({DAY})({_MIDNIGHT})?").fullmatch,
    "month": re.compile(rf"\d{{4}}-\d\d|\d\d?/\d{{4}}|({DAY})({_MIDNIGHT})?").fullmatch,
    "bool": re.compile("(?i)true|t|yes|y|1|1[.]0|false|f|no|n|0|0[.]0").fullmatch,
    "int": re.compile(r"-?\d+([.]0+)?").fullmatch,
    "num": re.compile(r"-?\d+([.]\d+)?").fullmatch,
    "ho": re.compile(r"0*\d{1,3}/0*\d{1,3}").fullmatch,
    "outcome": lambda value: re.fullmatch(OUTCOME_CODE, value.upper()) or value.lower() in outcome_labels(),
}


@dataclass(frozen=True, eq=False)
class Column:
    """The first values of a column, and its different ones; none is empty.

    Different values are listed as far as a code set may go. `filled` is the share of rows with a value. `marks` are the
    smallest hashes of the different values of a column that may hold keys: two columns share those of equal values.
    """

    sample: tuple[str, ...]
    different: tuple[str, ...]
    filled: float = 1.0
    marks: tuple[int, ...] = ()
    is_unique: bool = False
    comes_back: bool = False  # a value that is a key is in several rows
    doubted: tuple[tuple[str, int, bool], ...] = ()  # values that may be no keys: rows, and whether it is a placeholder


@cache
def words(name: str) -> Words:
    """`HOCodeRaw` -> ho, code, raw."""
    return tuple(word.lower() for word in _WORD.findall(name))


@cache
def synonyms(applies_to: str = "name") -> dict[Words, tuple[str, ...]]:
    """Words of record systems -> their meanings: our words, or the code of a set."""
    found: dict[Words, tuple[str, ...]] = {}
    for row in list_rows("field_synonyms"):
        if row["applies_to"] == applies_to:
            found[words(row["word"])] = (*found.get(words(row["word"]), ()), row["meaning"])
    return found


@cache
def _meanings(name: str) -> tuple[tuple[Words, ...], ...]:
    """The name cut into phrases, the longest known first, with their meanings.

    Each phrase is among its own meanings.
    """
    rest, cut = words(name), []
    while rest:
        length = next((n for n in range(LONGEST, 0, -1) if _singular(rest[:n]) in synonyms()), 1)
        meant = tuple(words(meaning) for meaning in synonyms().get(_singular(rest[:length]), ()))
        cut.append((*meant, rest[:length]))
        rest = rest[length:]
    return tuple(cut)


def _singular(phrase: Words) -> Words:
    """The phrase as it is where it is known so, else without the s of several."""
    if phrase in synonyms() or not phrase or not phrase[-1].endswith("s"):
        return phrase
    return (*phrase[:-1], phrase[-1].removesuffix("s"))


@cache
def likeness(theirs: str, ours: str, table: str) -> float:
    """0 to 1: how much of one name the other says.

    Words of the table's own name weigh little.
    """
    wanted, own = words(ours), set(words(table)) if ours != table else set()
    said: list[str] = []
    for meanings in _meanings(theirs):
        said += max(meanings, key=lambda m: sum(_weight(w, own) * (1 if _near(w, wanted) else -0.3) for w in m))
    total = sum(_weight(w, own) for w in wanted) + sum(_weight(w, own, is_theirs=True) for w in said)
    shared = sum(_weight(w, own) * _near(w, tuple(said)) for w in wanted)
    shared += sum(_weight(w, own, is_theirs=True) * _near(w, wanted) for w in said)
    return max(shared / total if total else 0.0, 0.95 if "".join(words(theirs)) == "".join(wanted) else 0.0)


def _weight(word: str, own: Collection[str], is_theirs: bool = False) -> float:
    if is_theirs and word in _EMPTY:
        return 0.05
    if word in own:
        return 0.3
    return 0.4 if word in _LIGHT else 1.0


@cache
def _near(word: str, others: Words) -> float:
    return max((_alike(word, other) for other in others), default=0.0)


@cache
def _alike(one: str, other: str) -> float:
    if one == other or (len(one) > 3 and one + "s" == other) or (len(other) > 3 and other + "s" == one):
        return 1.0
    ratio = difflib.SequenceMatcher(None, one, other).ratio() if min(len(one), len(other)) > 3 else 0.0
    return 0.8 if ratio >= 0.8 else 0.0


def is_readable(kind: str, value: str) -> bool:
    """True where a field of this kind can hold the value."""
    if kind.startswith("set:"):
        return code_of(kind.removeprefix("set:"), value) is not None
    return bool(_KINDS[kind](value)) if kind in _KINDS else True


@cache
def fit(kind: str, column: Column) -> float:
    """0 to 1: do the values look like this kind of field?"""
    kind, values = kind.removesuffix("?"), column.sample
    if not values:
        return 0.8
    if kind.startswith("set:") or kind in _KINDS:
        readable = {value: is_readable(kind, value) for value in set(values)}
        known = sum(readable[value] for value in values) / len(values)
        return (0.5 + known / 2 if known else 0.3) if kind.startswith("set:") else known
    if kind == "key" and len(set(values)) < len(values):
        return 0.1
    days = sum(1 for value in values if _DAY.fullmatch(value)) / len(values)
    truths = set(map(str.lower, values)) <= {"true", "false"}
    return 1.0 - 0.85 * days - (0.4 if truths else 0.0)


@cache
def code_of(code_set: str, value: str) -> str | None:
    """Our code for theirs: the same words, or a listed synonym; None if in doubt."""
    said = words(value)
    same = [code for code in code_sets()[code_set] if sorted(words(code)) == sorted(said)]
    listed = same if len(same) == 1 else synonyms(code_set).get(said, ())
    if not listed and code_set in CUT_SHORT and len(said) == 1:
        known = {word: code for code in code_sets()[code_set] for word in words(code)}
        known |= {word[0]: codes[0] for word, codes in synonyms(code_set).items() if len(word) == 1}
        listed = tuple({known[word] for (word,) in read_words(said, known) if word in known})
    if not listed and len(parts := re.split(r" ?/ ?", value)) > 1:  # Victim/Aggrieved
        listed = tuple({code_of(code_set, part) or "" for part in parts})
    return listed[0] or None if len(listed) == 1 else None

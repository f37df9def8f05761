"""What the values of a column look like: moments, ages, sexes, codes, references, names, texts.

Each kind says what share of a column's values it can be. A heading alone is never enough to map a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from assets.readers.extract.keys import plain_words
from assets.readers.extract.values import OUTCOME_CODE, code_sets, outcome_labels
from assets.reference import list_rows
from pipelines.mapping.offences import class_of, class_of_code
from pipelines.mapping.words import CLOCK, DAY, MOMENT, Column, code_of

MOST_CODES = 100  # different values of a column of codes
_MIDNIGHT = re.compile(r"(.*?(?<![ T]))[ T]+0?0:00(:00)?([.]0+)?( ?(Z|[+-]\d\d:?\d\d))?")
_TRUE = frozenset(("true", "t", "yes", "y", "1", "1.0"))
_FALSE = frozenset(("false", "f", "no", "n", "0", "0.0"))
_SEXES = frozenset((
    "m", "f", "u", "x", "nk", "male", "female", "unknown", "other", "unspecified", "indeterminate", "not known",
    "not stated", "not recorded", "non binary", "non-binary", "prefer not to say",
))  # fmt: skip
_OUTCOME = r"(?:ho|home office)? ?(?:outcome|type|oc|hoc)? ?(?:code|type|no\.?)? ?:? ?"
_NO_WORD = re.compile(r"[^A-Za-z]")

# a day with a year of two digits, of which a reader does not know the century
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
SHORT_YEAR = re.compile(rf"{_DAY}[-/. ]({_DAY}|[A-Za-z]{{3,9}})[-/. ]\d\d(?!\d)(?!/)")

Test = Callable[[str], object]


def _any(pattern: str, flags: int = 0) -> Test:
    return re.compile(pattern, flags).fullmatch


def _is_between(low: float, high: float) -> Test:
    def test(text: str) -> bool:
        return re.fullmatch(r"-?\d{1,2}[.,]\d+", text) is not None and low <= float(text.replace(",", ".")) <= high

    return test


@cache
def outcome_of(text: str) -> str | None:
    """The outcome code in a text such as `Outcome 16`, `16 - Evidential difficulties` or a label; None if it has none.

    A text whose number and label contradict each other has none.
    """
    said = " ".join(text.split())
    if SHORT_YEAR.match(said):
        return None  # 01-JUN-25 is a day, and no outcome 1
    label = outcome_labels().get(said.lower())
    found = re.fullmatch(rf"{_OUTCOME}({OUTCOME_CODE}|[123]A)(?: ?[-–:.)] ?(\S.*))?", said, re.I)
    if found is None:
        return label
    code = re.sub(r"^0+(?=\d)", "", found[1].upper())
    meant = outcome_labels().get((found[2] or "").lower())
    return code if meant in (None, code) and label in (None, code) else None


TESTS: Mapping[str, Test] = {
    "moment": _any(MOMENT),
    "day": _any(DAY),
    "month": _any(r"\d{4}-\d\d|\d\d?/\d{4}|(19|20)\d\d(0[1-9]|1[0-2])"),
    "short_year": SHORT_YEAR.match,
    "clock": _any(CLOCK),
    "truth": lambda text: text.lower() in _TRUE | _FALSE,
    "age": lambda text: re.fullmatch(r"\d{1,3}([.]0)?", text) is not None and float(text) <= 120,
    "whole": _any(r"-?\d+([.]0+)?"),
    "force": lambda text: re.fullmatch(r"[EW]\d{8}", text) is not None or force_of(text) is not None,
    "sex": lambda text: text.lower() in _SEXES,
    "ho": _any(r"0*\d{1,3}/0*\d{1,3}"),
    "ho_5": lambda text: re.fullmatch(r"\d{5}", text) is not None and class_of_code(slashed(text)) not in (None, ""),
    "class": _any(r"0*\d{1,3}[A-Za-z]{0,2}( ?[-–:] ?[^\d\W].*)?"),
    "self_defined": _any(r"([WMABO][1-9]|N[1-9S]?|NS|W[0-9])( ?[-:].*)?|(White|Mixed|Asian|Black|Other)\b.*", re.I),
    "observed": _any(r"IC ?\d.*|(White|Dark) ?-? ?(North|South).*", re.I),
    "latitude": _is_between(49, 61),
    "longitude": _is_between(-9, 3),
    "lsoa": _any(r"[EW]01\d{6}"),
    "sector": _any(r"[A-Z]{1,2}\d[A-Z\d]? ?\d", re.I),
    "postcode": _any(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.I),
    "criterion": _any(r"C[1-5]\b.*", re.I),
    "name": _any(r"[^\W\d_][^\d_@/]{0,60}"),
    "ho_known": lambda text: class_of_code(slashed(text)),
    "title": lambda text: class_of(text) is not None,
    "outcome": lambda text: outcome_of(text) is not None,
    "words": lambda text: len(_NO_WORD.sub("", text)) >= 4,
    "email": _any(r"[^\s@]+@[^\s@.]+([.][^\s@.]+)+"),
    "phone": _any(r"[+(]?\d[\d ()-]{8,15}"),
    "reference": lambda text: len(text) <= 40 and re.search(r"\d", text) is not None,
    "collar": lambda text: len(text) <= 40 and re.fullmatch(r"[\w /.()'-]+", text) is not None,
}


def slashed(text: str) -> str:
    """A Home Office code of five digits as class and sub-class: 00865 is 008/65."""
    return f"{text[:3]}/{text[3:]}" if re.fullmatch(r"\d{5}", text) else text


@cache
def share(column: Column, test: str) -> float:
    """The share of a column's values that are of a kind; 0 if it has none."""
    answers = {value: bool(TESTS[test](value)) for value in set(column.sample)}
    return sum(map(answers.__getitem__, column.sample)) / len(column.sample) if column.sample else 0.0


@cache
def known_share(column: Column, code_set: str) -> float:
    """The share of a column's values whose meaning in a code set is known."""
    if len(column.different) > MOST_CODES:
        return 0.0  # texts or references
    known = {value: code_of(code_set, value) is not None for value in set(column.sample)}
    nothing = plain_words(code_sets()["placeholder_key"])
    said = [v for v in column.sample if known[v] or not plain_words([v]) <= nothing]
    return sum(known[value] for value in said) / len(said) if said else 0.0


@cache
def is_of_days(column: Column) -> bool:
    """Whether a column has days, or moments that are all midnight."""
    midnights = [_MIDNIGHT.fullmatch(value) is not None for value in column.sample]
    return bool(column.sample) and (share(column, "day") > 0.95 or all(midnights))


@cache
def _forces() -> dict[str, str]:
    return {row["name_key"]: row["force_code"] for row in list_rows("force_names")}


def force_of(name: str) -> str | None:
    """The code of a force by its name; None if the name is unknown."""
    return _forces().get(" ".join(name.lower().split()))


@cache
def forces() -> dict[str, str]:
    """Name -> code of the forces that can have figures, in the order of their names."""
    rows = [row for row in list_rows("forces") if row["force_type"].endswith("territorial")]
    return {row["force_name"]: row["force_code"] for row in sorted(rows, key=lambda row: row["force_name"])}


def is_true(text: str) -> bool | None:
    """Whether a text says yes; None if it says neither yes nor no."""
    return True if text.lower() in _TRUE else False if text.lower() in _FALSE else None


def day_in(text: str) -> str:
    """The day in a text as YYYY-MM-DD; '' if it has none, or does not show whether the day or the month comes first."""
    if (found := _DAY_IN.search(text)) is None:
        return ""
    year, month, day, one, two, last = found.groups()
    if last is not None:
        one, two = sorted((one, two), key=int)  # only one of them can be the day
        year, month, day = last, one, two if int(two) > 12 or one == two else "0"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


_DAY_IN = re.compile(
    r"(?<!\d)(?:(20\d\d)[-_. ]?(\d\d)[-_. ]?(\d\d)(?!\d)|(\d\d?)[-_./ ](\d\d?)[-_./ ](20\d\d)(?!\d))"
)


def safe_examples(column: Column, count: int = 3) -> tuple[str, ...]:
    """Values that can hardly be of one person: codes, dates, numbers, and words that many rows have."""
    if any(share(column, kind) > 0.5 for kind in ("phone", "email", "postcode")):
        return ()
    codes = column.different if len(column.different) <= 30 else ()
    often = [v for v in codes if len(v) <= 40 and column.sample.count(v) >= 5]
    plain = [v for v in column.sample if not re.search(r"[^\W\d_]{4}", v) and len(v) <= 40]
    return tuple(dict.fromkeys([*often, *plain]))[:count]

"""What the headings, states and days of a published plan mean."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
_MONTH = "|".join((*MONTHS, "sept", *(name[:3] for name in MONTHS)))
_YEAR = r"\d{4}|\d{2}"
_DAYS = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b(?: 00:00:00)?"),
    re.compile(r"\b(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})\.?,? (?P<y>{_YEAR})\b"),
)
_MONTH_AND_YEAR = re.compile(rf"\b({_MONTH})\.? ({_YEAR})\b")
_NUMBER = re.compile(
    r"(?:recommendation|recomendation|rec|r)?[\s.:#-]*+(?:(?:no|number)[\s.:#]*+)?"
    r"(?P<number>\d{1,3})(?:\.(?P<part>\d{1,2}))?(?:\s?\((?P<in_marks>[a-z])\)|(?P<letter>[a-z]))?(?![\w(])[.:)]?"
)


@dataclass(frozen=True)
class Words:
    """The words of the list `plan_words`: heading -> column, and state -> status of the register."""

    columns: tuple[tuple[str, str], ...]
    states: Mapping[str, str]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> Words:
        """The words of the list's rows."""
        held = list(rows)
        columns = tuple((row["word"], row["means"]) for row in held if row["kind"] == "column")
        return cls(columns, {row["word"]: row["means"] for row in held if row["kind"] == "status"})

    def column(self, heading: str) -> str:
        """What a heading means; "" where it is not in the list."""
        said = plain(heading)
        return next((means for word, means in self.columns if word == said or fnmatchcase(said, word)), "")

    def state(self, said: str) -> str:
        """The status that a word means; "" where it is not in the list."""
        return self.states.get(plain(said), "")


@dataclass(frozen=True)
class When:
    """The date in a heading: its words, the day if it names one, and its place in time."""

    words: str = ""
    day: str = ""
    order: tuple[int, int, int] = (0, 0, 0)


def plain(heading: str) -> str:
    """A heading for comparison: in lower case, without dates, marks and runs of blanks."""
    text = _lower(heading)
    for pattern in (*_DAYS, _MONTH_AND_YEAR):
        text = pattern.sub(" ", text)
    return " ".join(re.sub(r"[^\w ]+", " ", text.replace("’", "").replace("'", "")).split())


def when(heading: str) -> When:
    """The date that a heading has, which is the date of what is below it."""
    text = _lower(heading)
    found = _found_day(text)
    if found:
        return When(found[1].isoformat(), found[1].isoformat(), (found[1].year, found[1].month, found[1].day))
    month = _MONTH_AND_YEAR.search(text)
    if month is None:
        return When()
    number, year = _month(month[1]), _year(month[2])
    return When(f"{MONTHS[number - 1].capitalize()} {year}", "", (year, number, 0))


def day(said: str) -> str:
    """A day that is all that is said, but for "by" before it: 2025-03-27; "" for anything else."""
    text = _lower(said).removeprefix("by ").strip(" .")
    found = _found_day(text)
    return found[1].isoformat() if found and found[0] == text else ""


def day_at_start(said: str) -> str:
    """The day of a text that begins with "By" and a day; "" for another text."""
    text = _lower(said)
    found = _found_day(text)
    return found[1].isoformat() if found and text.startswith(f"by {found[0]}") else ""


def number_of(said: str) -> str:
    """The number of a recommendation in one spelling: 7, 7.1 or 7a; "" where it is none, or more than one."""
    found = _NUMBER.fullmatch(_lower(said))
    return _spelt(found) if found else ""


def number_at_start(said: str) -> tuple[str, str]:
    """The number with a part, such as 7.1, that a text begins with, and the rest; ("", text) without one."""
    found = _NUMBER.match(_lower(said))
    if not found or not (found["part"] or found["letter"] or found["in_marks"]):
        return "", said
    return _spelt(found), _visible(said)[found.end() :].strip(" -–—:.")


def _spelt(found: re.Match[str]) -> str:
    part = f".{int(found['part'])}" if found["part"] and int(found["part"]) else ""
    return f"{int(found['number'])}{part}{found['letter'] or found['in_marks'] or ''}"


def _visible(text: str) -> str:
    """A text with single blanks, without characters that nobody sees."""
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) != "Cf").split())


def _lower(text: str) -> str:
    return _visible(text).lower()


def _found_day(text: str) -> tuple[str, dt.date] | None:
    """The first day in a text, in its own words too; None without one that the calendar has."""
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            try:
                return found[0], dt.date(_year(found["y"]), _month(found["m"]), int(found["d"]))
            except ValueError:
                continue
    return None


def _month(said: str) -> int:
    if said.isdecimal():
        return int(said)
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(said[:3]))


def _year(said: str) -> int:
    return int(said) + (2000 if len(said) == 2 else 0)

"""A wide export read as several tables: a row a crime with its people and outcomes, or a row a person.

Headings and values together say what a column is. If they do not, or if two columns or two meanings are about as good,
the column is left open for a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pipelines.mapping.headings import NONE, OFFICER, PARTS, PEOPLE, SURE, TELLING, Meaning, headings, meanings, usual
from pipelines.mapping.offers import of_this_file, offers_of, tells_of_people
from pipelines.mapping.sheets import Sheet
from pipelines.mapping.values import is_of_days, known_share, share
from pipelines.mapping.wide_columns import NO_MEANING, OPEN, SHORT_YEARS, TABLE_OF, ColumnGuess, Wide
from pipelines.mapping.wide_tables import tables_of

LIKELY = 0.5  # a column below this is neither proposed nor asked about
CLOSE = 0.07  # two answers that differ by less are as good
CONTEXTS = frozenset(("outcome", "risk", "custody", "incident"))  # words of a file's name that its headings leave out


def read_wide(sheet: Sheet, keys: Mapping[str, Meaning] = MappingProxyType({})) -> Wide:
    """What each column of a file is, and which tables they make; no table if the file is no wide export.

    `keys` are columns that joins with other files show to be keys.
    """
    found = Wide(sheet, {label: ColumnGuess(label, heading) for label, heading in headings(sheet.columns).items()})
    context = frozenset(usual(sheet.stem)) & CONTEXTS
    context |= {"assessment"} if "risk" in context else frozenset()
    offers = {
        label: list(offers_of(sheet.columns[label], guess.heading, context).items())
        for label, guess in found.columns.items()
    }
    found.has_role = any(
        meaning == Meaning("party", "role")
        and score >= LIKELY
        and (known_share(sheet.columns[label], "role") > 0.8 or "role" in found.columns[label].heading.tokens)
        for label, offer in offers.items()
        for meaning, score in offer
    )
    parts = [part for part in PARTS if part in usual(sheet.stem)]
    found.whose = parts[0] if len(parts) == 1 else ""
    is_of_people = tells_of_people(offers)
    best = [offer[0][0] for offer in offers.values() if offer]
    found.is_of_incidents = sum(m.kind == "incident" for m in best) > 2 and Meaning("crime", "crime_id") not in best
    offers = {
        label: of_this_file(offer, found.columns[label].heading, found, is_of_people) for label, offer in offers.items()
    }
    _settle_keys(offers, keys)
    _pair_clocks(found, offers)
    _assign(found, offers)
    _settle_company(found)
    _settle_flags(found)
    _settle_ethnicity(found)
    _settle_relationship(found)
    _settle_sequence(found)
    _settle_person(found, offers)
    _settle_taken(found)
    _ask_places(found)
    for guess in found.columns.values():
        if not guess.is_sure and guess.meaning != OPEN:
            if guess.score < LIKELY or all(meaning.kind == NONE for meaning in guess.options):
                guess.settle(NO_MEANING, score=SURE)
            else:
                guess.ask(*guess.options)
    _ask_keys(found, offers)
    _ask_short_years(found)
    found.tables = list(tables_of(found))
    return found


def _settle_keys(offers: dict[str, list[tuple[Meaning, float]]], keys: Mapping[str, Meaning]) -> None:
    """Give a key that joins show to its column alone; what else seems to be it may be the reference beside it."""
    is_of_staff = OFFICER in keys.values() and Meaning("crime", "crime_id") not in keys.values()
    for label, meaning in keys.items():
        own = [m for m, _ in offers[label] if m.field == meaning.field and m.kind in PEOPLE]
        meaning = own[0] if own else meaning
        for other, offer in offers.items():
            is_reference = meaning.field == "crime_id" and offer[:1] and offer[0][0] == meaning
            beside = [(Meaning("crime", "crime_ref"), offer[0][1])] if is_reference else []
            free = {m: score for m, score in offer if m != meaning}
            if is_of_staff:
                free = {Meaning("investigator", "collar") if "collar" in m.field else m: free[m] for m in free}
            offers[other] = [*beside, *free.items()]
        offers[label] = [(meaning, 1.0)]


def answered(found: Wide, answers: Mapping[str, Meaning | None]) -> Wide:
    """The export once a person has said what columns are; None: no field, or still open."""
    for label, meaning in answers.items():
        if meaning is not None:
            found.columns[label].settle(meaning, score=1.0)
    found.tables = list(tables_of(found))
    return found


def _settle_company(found: Wide) -> None:
    """Of two tables that a column may be of, the one that other columns of the file are of."""
    sure = {c.meaning.kind for c in found.columns.values() if c.is_sure}
    for guess in found.columns.values():
        kinds = {m.kind for m in guess.options} if guess.meaning != OPEN else set()
        if len(kinds) > 1 and kinds <= set(TABLE_OF) and len(kinds & sure) == 1:
            guess.settle(*(m for m in guess.options if m.kind in sure))


def _settle_sequence(found: Wide) -> None:
    """Of two columns for the outcome's code, one that counts from 1 is its sequence."""
    code = Meaning("outcome", "code")
    either = [c for c in found.columns.values() if code in (c.meaning, *c.rivals)]
    counting = [c for c in either if found.sheet.columns[c.label].different in _COUNTS]
    if len(either) - len(counting) == 1 and counting and found.find("outcome", "seq") is None:
        for guess in either:
            guess.settle(Meaning("outcome", "seq") if guess in counting else code, score=max(guess.score, SURE))
    elif counting and len(counting) == len(either):  # nothing says whether these are codes or a count
        for guess in counting:
            guess.ask(code, Meaning("outcome", "seq"))


_COUNTS = tuple(tuple(map(str, range(1, n))) for n in range(2, 9))


def _ask_places(found: Wide) -> None:
    """Have a person say whether a column is the district of crimes, and whether a team can take its officer's place."""
    if any(c.meaning.field == "recorded_ts" for c in found.columns.values()):
        for guess in found.of("area"):
            if guess.score >= LIKELY:
                guess.ask(guess.meaning, note="is it the district of the crime?")
        unit = found.find("investigator", "unit")
        if unit is not None and found.find("crime", "oic_id") is None:
            note = "no column says who the officer in the case is: the team would take the officer's place"
            unit.ask(unit.meaning, note=note)


def _ask_keys(found: Wide, offers: Mapping[str, list[tuple[Meaning, float]]]) -> None:
    """Ask what columns of keys are that nothing is known of: the number of each row, or the officer of crimes."""
    kinds = {(meaning.kind, meaning.field) for c in found.columns.values() for meaning in c.options}
    keys = {label: column for label, column in found.sheet.columns.items() if column.marks}
    free = [c for c in map(found.columns.__getitem__, keys) if c.is_free]
    unknown = [c for c in free if not c.rivals and (not offers[c.label] or offers[c.label][0][0].kind != NONE)]
    own = [c for c in unknown if keys[c.label].is_unique and keys[c.label].filled == 1]
    asked: list[tuple[list[ColumnGuess], Meaning, str]] = []
    if not {("crime", "crime_id"), ("crime", "crime_ref")} & kinds:
        asked = [(free[:3] if found.needs_crime else [], Meaning("crime", "crime_id"), NO_NUMBER)]
    elif sum(kind == "crime" and name in TELLING for kind, name in kinds) > 1:
        others = [c for c in unknown if c not in own]
        asked = [(own, Meaning("crime", "crime_ref"), EACH_ROW), (others, OFFICER, MANY_CRIMES)]
    elif ("outcome", "code") in kinds:
        key = Meaning("outcome", "outcome_id")
        own += [c for c in free if c.rivals == (key,) and keys[c.label].is_unique and keys[c.label].filled == 1]
        if len(own) == 1:
            _name_key(own[0], key, "the only column that is different in every row")
    for columns, meaning, note in asked:
        for guess in columns if (meaning.kind, meaning.field) not in kinds else ():
            guess.ask(meaning, *guess.rivals, note=note, score=0.0)


NO_NUMBER = "no column is known to be the crime's number, without which no row can be loaded"
EACH_ROW = "its values are different in every row"
MANY_CRIMES = "its values are keys that several crimes have"


def _ask_short_years(found: Wide) -> None:
    """Have columns of days with years of two digits asked about as such: they are read where a person says so."""
    for label, guess in found.columns.items():
        if guess.rivals and share(found.sheet.columns[label], "short_year") > 0.95:
            guess.note = SHORT_YEARS


def _settle_person(found: Wide, offers: Mapping[str, list[tuple[Meaning, float]]]) -> None:
    """In a file of roles, the only key that is not spoken for is that of people."""
    person = Meaning("party", "person_key")
    if found.has_role and found.find("crime", "crime_id") is not None and found.find("party", "person_key") is None:
        free = [
            guess for label, guess in found.columns.items()
            if found.sheet.columns[label].marks and not (guess.is_sure and guess.score >= SURE)
            and share(found.sheet.columns[label], "month") < LIKELY
            and not any(score >= LIKELY and m != person and m.kind != NONE for m, score in offers[label])
        ]  # fmt: skip
        # what is different in every row may be the number of the row
        free = [guess for guess in free if found.sheet.columns[guess.label].comes_back] or free
        if len(free) == 1 and any(m == person and score >= LIKELY for m, score in offers[free[0].label]):
            _name_key(free[0], person)
        elif len(free) == 1:
            free[0].ask(person, note="the only key in the row that is not spoken for")
    for part in PARTS:
        own = [c for c in found.columns.values() if part in (*c.heading.tokens, found.whose)]
        for group in {c.group for c in own}:
            key, known = Meaning(part, "person_key"), found.find(part, "person_key", group)
            keys = [c for c in own if c.group == group and found.sheet.columns[c.label].marks and not c.is_sure]
            if len(keys) == 1 and known in (None, keys[0]) and keys[0].meaning in (OPEN, key):
                _name_key(keys[0], key)


def _name_key(guess: ColumnGuess, meaning: Meaning, note: str = "the only key of the person in the row") -> None:
    guess.settle(meaning, note=note, score=0.8)


def _settle_taken(found: Wide) -> None:
    """Of what a column may be, what no other column of the file is beyond doubt."""
    taken = {(c.meaning, c.group): c.label for c in found.columns.values() if c.is_sure and c.score >= SURE}
    for guess in found.columns.values():
        free = [m for m in guess.options if taken.get((m, guess.group), guess.label) == guess.label]
        if len(free) == 1 and len(guess.options) > 1 and guess.score >= SURE:
            guess.settle(free[0])


def _settle_flags(found: Wide) -> None:
    """In a file of flags alone, when and by whom a row was recorded is said of the flag."""
    if "flag" in found.fields("flags") and found.fields("crime") <= _BESIDE_FLAGS:
        for guess in found.of("crime"):
            if guess.meaning.field in ("mo_text", "class_label"):
                guess.settle(NO_MEANING)
            elif guess.meaning.field in _OF_FLAGS:
                guess.meaning = Meaning("flags", _OF_FLAGS[guess.meaning.field])


_BESIDE_FLAGS = {"crime_id", "crime_ref", "recorded_ts", "recording_collar", "mo_text", "class_label"}
_OF_FLAGS = {"recorded_ts": "set_ts", "recording_collar": "set_by"}


def _settle_ethnicity(found: Wide) -> None:
    """Ethnicity is self-defined if its codes are those of self-definition; what an officer saw is no field."""
    for guess in found.columns.values():
        options = {m.field for m in guess.options}
        if guess.meaning == OPEN or options == {"ethnicity_self"} or not options <= _ETHNICITIES:
            continue
        column = found.sheet.columns[guess.label]
        own = Meaning(guess.meaning.kind, "ethnicity_self")
        if guess.meaning.field == "observed" or share(column, "observed") > 0.5:
            guess.settle(NO_MEANING, note="ethnicity as an officer saw it, which is no field")
        elif any(re.match(r"[A-Z]\d", value) for value in column.sample) and share(column, "self_defined") > 0.9:
            guess.settle(own)
        else:
            guess.ask(own, note="self-defined, or as an officer saw it?")


_ETHNICITIES = {"ethnicity", "observed", "ethnicity_self"}


def _settle_relationship(found: Wide) -> None:
    """A relationship without a number is that of the first suspect; of the victim if no suspect is in the row."""
    suspects = {c.group for c in found.of("suspect") if c.meaning.field != "relationship"}
    for guess in found.of("suspect"):
        if guess.group not in suspects:
            groups = suspects or set(found.groups("victim"))
            guess.meaning = Meaning("suspect" if suspects else "victim", "relationship")
            guess.heading = replace(guess.heading, group=min(groups, default=0))


def _pair_clocks(found: Wide, offers: Mapping[str, list[tuple[Meaning, float]]]) -> None:
    """Join columns of times to the columns of their days."""
    columns = found.sheet.columns
    days = [label for label in columns if is_of_days(columns[label])]
    for label, guess in found.columns.items():
        if columns[label].sample and share(columns[label], "clock") > 0.95:
            same = [day for day in days if found.columns[day].heading == guess.heading]
            likest = {meaning for meaning, _ in list(meanings(guess.heading))[:1]}
            same = same or [day for day in days if likest & {meaning for meaning, _ in offers[day][:1]}]
            guess.is_clock = True
            if len(same) == 1:
                found.columns[same[0]].clock = label


def _assign(found: Wide, offers: Mapping[str, list[tuple[Meaning, float]]]) -> None:
    """Give each column the likeliest meaning, and each meaning one column; leave open what is about as likely."""
    taken: dict[tuple[Meaning, int], str] = {}
    queue = sorted(
        ((score, meaning, label) for label, offer in offers.items() for meaning, score in offer if score >= LIKELY),
        key=lambda one: (-one[0], list(found.columns).index(one[2])),
    )
    for score, meaning, label in queue:
        guess = found.columns[label]
        if guess.meaning != OPEN or guess.is_clock:
            continue
        best = offers[label][0][1]
        place = (meaning, guess.group)
        if meaning.kind != NONE and place in taken:
            other = found.columns[taken[place]]
            if meaning == Meaning("crime", "crime_id") and best == score:
                _second_key(found, other, guess, score)
            elif score >= other.score - CLOSE and best == score:
                other.rivals = (*other.rivals, meaning)
                guess.rivals = (*guess.rivals, meaning)
            elif best == score:
                guess.settle(NO_MEANING, note=f"{other.label} is rather that", score=1.0)
            continue
        if score < best * 0.9 or guess.rivals:
            continue
        guess.meaning, guess.score = meaning, score
        if meaning.kind != NONE:
            taken[place] = label
        guess.rivals = tuple(
            other for other, its in offers[label] if other != meaning and its > score - CLOSE and its >= LIKELY
            and (other, guess.group) not in taken
        )  # fmt: skip
    for label, guess in found.columns.items():
        if guess.clock:
            clock = found.columns[guess.clock]
            clock.meaning, clock.score, clock.rivals = guess.meaning, guess.score, guess.rivals
        elif guess.is_clock and guess.meaning == OPEN:
            guess.meaning, guess.score = NO_MEANING, SURE
        elif not guess.options and offers[label] and offers[label][0][0].kind != NONE:
            guess.rivals = tuple(m for m, score in offers[label][:3] if score >= LIKELY and m.kind != NONE)


def _second_key(found: Wide, first: ColumnGuess, second: ColumnGuess, score: float) -> None:
    """Of two columns for a crime's key, the id is the key and the number its reference."""
    ids = [guess for guess in (first, second) if {"id", "key"} & set(guess.heading.tokens)]
    if len(ids) != 1:
        second.rivals = (Meaning("crime", "crime_id"),)
        return
    reference = second if ids[0] is first else first
    ids[0].meaning, ids[0].score = Meaning("crime", "crime_id"), score
    reference.meaning, reference.score = Meaning("crime", "crime_ref"), score

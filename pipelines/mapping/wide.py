"""A wide export read as several tables: a row a crime with its people and outcomes, or a row a person.

Headings and values together say what a column is. If they do not, or if two columns or two meanings are about as good,
the column is left open for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from assets.raw import extract_tables
from assets.readers.extract.identities import FIELDS as IDENTITY_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from pipelines.mapping import values
from pipelines.mapping.guess import BY_CODE, BY_TITLE, FieldGuess, Sheet, TableGuess, fields_of
from pipelines.mapping.headings import NONE, Heading, Meaning, headings, meanings, usual
from pipelines.mapping.offences import class_of
from pipelines.mapping.values import is_of_days, known_share, outcome_share, share
from pipelines.mapping.words import Column

SURE = 0.78  # a column from here on is mapped without a question
SURE_OF_NONE = 0.6  # a column from here on is left out without a question
LIKELY = 0.5  # a column below this is not proposed
CLOSE = 0.07  # two answers that differ by less are as good
TOLD_BY_VALUES = 0.6  # the score of a column whose values are unmistakable though its heading is unknown
PARTS = ("victim", "suspect")
CONTEXTS = frozenset(("outcome", "risk", "custody", "incident"))  # words of a file's name that its headings leave out
NAMES = frozenset(IDENTITY_FIELDS) - {"person_key", "sex", "date_of_birth"}
TABLE_OF = {
    "crime": "crime", "outcome": "outcome", "incident": "incident", "risk": "risk_assessment", "removal": "removal",
    "referral": "referral", "contact": "victim_contact", "custody": "custody", "investigator": "investigator",
    "plan": "risk_plan", "cps": "cps_submission", "bail": "bail", "review": "review", "allocation": "allocation",
    "included": "included_classification",
}  # fmt: skip
PERSON_FIELDS = {"sex": "sex", "ethnicity_self": "ethnicity_self", "dob": "birth_ym", "birth_ym": "birth_ym",
                 "pncid_hash": "pncid_hash", "dod": "dod"}  # fmt: skip
ROLE_FIELDS = frozenset(extract_tables()["party_role"]) - {"crime_id", "person_key"}
# what the values of a field must look like: tests of `values`, any of them
LOOKS = {
    "crime_id": "reference", "incident_id": "reference", "person_key": "reference", "custody_id": "reference",
    "ra_id": "reference", "age_at_offence": "age", "age_at_disposal": "age", "sex": "sex", "dob": "day moment",
    "birth_ym": "day moment", "dod": "day moment", "ho_code": "ho ho_5", "ho_code_raw": "ho ho_5",
    "alt_ho_code": "ho ho_5",
    "crime_related": "truth", "da_flag": "truth", "review_due": "day moment", "next_due": "day moment",
    "class_code": "class", "ho_main": "whole", "ho_sub": "whole", "lat": "latitude", "lon": "longitude",
    "lsoa21": "lsoa", "postcode_sector": "sector", "ethnicity_self": "self_defined", "observed": "observed",
    "coc_count": "whole", "pip_level": "whole", "seq": "whole", "named": "truth", "s1_1a": "truth",
    "course_of_conduct": "truth", "vcop_enhanced": "truth", "dmm_flag": "truth", "is_current": "truth",
    "professional_judgement": "truth", "consent": "truth", "removal_code": "criterion", "forename": "name",
    "surname": "name", "middle_name": "name", "full_name": "name", "alias": "name", "postcode": "postcode",
    "phone": "phone", "email": "email", "class_label": "words", "mo_text": "words", "location_type": "words",
    "recording_collar": "collar", "supervising_collar": "collar", "oic_id": "collar",
}  # fmt: skip
SETS = {
    "status": "crime_status", "role": "role", "relationship": "relationship", "victim_support": "victim_support",
    "grade": "risk_grade", "tool": "risk_tool", "stage": "risk_stage", "channel": "channel",
}  # fmt: skip
# fields whose values no other column has
UNMISTAKABLE = ("ho ho_5", "lsoa", "latitude", "longitude", "sex", "email", "criterion")


@dataclass
class ColumnGuess:
    """What a column is taken for; `meaning` is None if it is left open, `rivals` what it may be as well."""

    label: str
    heading: Heading
    meaning: Meaning | None = None
    score: float = 0.0
    rivals: tuple[Meaning, ...] = ()
    clock: str = ""  # the column with the times of these days
    is_clock: bool = False
    note: str = ""

    @property
    def group(self) -> int:
        """The number of its group of columns."""
        return self.heading.group

    @property
    def is_sure(self) -> bool:
        """Whether it is mapped, or left out, without a question."""
        limit = SURE_OF_NONE if self.meaning is not None and self.meaning.kind == NONE else SURE
        return self.meaning is not None and self.score >= limit and not self.rivals


@dataclass
class Wide:
    """A wide export: its columns, and the tables that they make."""

    sheet: Sheet
    columns: dict[str, ColumnGuess]
    has_role: bool = False
    tables: list[TableGuess] = field(default_factory=list)

    def find(self, kind: str, name: str, group: int = 0) -> ColumnGuess | None:
        """The column that is taken for a field."""
        for column in self.columns.values():
            if column.meaning == Meaning(kind, name) and column.group == group and not column.is_clock:
                return column
        return None


def read_wide(sheet: Sheet) -> Wide:
    """What each column of a file is, and which tables they make; no table if the file is no wide export."""
    found = Wide(sheet, {label: ColumnGuess(label, heading) for label, heading in headings(sheet.columns).items()})
    context = frozenset(usual(sheet.stem)) & CONTEXTS
    context |= {"assessment"} if "risk" in context else frozenset()
    offers = {
        label: list(_offers(sheet.columns[label], guess.heading, context)) for label, guess in found.columns.items()
    }
    found.has_role = any(
        meaning == Meaning("party", "role") and score >= LIKELY and known_share(sheet.columns[label], "role") > 0.8
        for label, offer in offers.items()
        for meaning, score in offer
    )
    whose = _whose(sheet.stem)
    is_of_people = _is_of_people(offers)
    offers = {
        label: _of_this_file(offer, found.columns[label].heading, found, whose, is_of_people)
        for label, offer in offers.items()
    }
    _pair_clocks(found, offers)
    _assign(found, offers)
    _settle_company(found)
    _settle_flags(found)
    _settle_ethnicity(found)
    _settle_relationship(found)
    for guess in found.columns.values():
        if not guess.is_sure and guess.meaning is not None:
            guess.rivals = tuple(dict.fromkeys((guess.meaning, *guess.rivals)))
            guess.meaning = None
    found.tables = list(_tables(found))
    return found


def answered(found: Wide, answers: Mapping[str, Meaning | None]) -> Wide:
    """The export once a person has said what columns are; None: no field, or still open."""
    for label, meaning in answers.items():
        guess = found.columns[label]
        if meaning is not None:
            guess.meaning, guess.score, guess.rivals = meaning, 1.0, ()
    found.tables = list(_tables(found))
    return found


def _settle_company(found: Wide) -> None:
    """Of two tables that a column may be of, the one that other columns of the file are of."""
    sure = [c.meaning.kind for c in found.columns.values() if c.meaning is not None and c.is_sure]
    for guess in found.columns.values():
        options = [guess.meaning, *guess.rivals] if guess.meaning is not None else []
        kinds = {m.kind for m in options if m is not None}
        known = [m for m in options if m is not None and sure.count(m.kind) > 1]
        if len(kinds) > 1 and kinds <= set(TABLE_OF) and len({m.kind for m in known}) == 1:
            guess.meaning, guess.rivals = known[0], tuple(known[1:])


def _settle_flags(found: Wide) -> None:
    """In a file of flags alone, when and by whom a row was recorded is said of the flag."""
    meanings_ = {c.meaning for c in found.columns.values()}
    of_crime = {m.field for m in meanings_ if m is not None and m.kind == "crime"}
    if Meaning("flags", "flag") in meanings_ and of_crime <= _BESIDE_FLAGS:
        for guess in found.columns.values():
            if guess.meaning is not None and guess.meaning.field in ("mo_text", "class_label"):
                guess.meaning, guess.rivals = Meaning(NONE, ""), ()
            if guess.meaning is not None and guess.meaning.kind == "crime" and guess.meaning.field in _OF_FLAGS:
                guess.meaning = Meaning("flags", _OF_FLAGS[guess.meaning.field])


_BESIDE_FLAGS = {"crime_id", "crime_ref", "recorded_ts", "recording_collar", "mo_text", "class_label"}
_OF_FLAGS = {"recorded_ts": "set_ts", "recording_collar": "set_by"}


def _settle_ethnicity(found: Wide) -> None:
    """Ethnicity is self-defined if its codes are those of self-definition; what an officer saw is no field."""
    for guess in found.columns.values():
        if guess.meaning is None or guess.meaning.field not in ("ethnicity", "observed"):
            continue
        column = found.sheet.columns[guess.label]
        own = Meaning(guess.meaning.kind, "ethnicity_self")
        if guess.meaning.field == "observed" or share(column, "observed") > 0.5:
            guess.meaning, guess.rivals = Meaning(NONE, ""), ()
            guess.note = "ethnicity as an officer saw it, which is no field"
        elif any(re.match(r"[A-Z]\d", value) for value in column.sample) and share(column, "self_defined") > 0.9:
            guess.meaning = own
        else:
            guess.meaning, guess.rivals = None, (own,)
            guess.note = "self-defined, or as an officer saw it?"


def _settle_relationship(found: Wide) -> None:
    """A relationship without a number is that of the first suspect; of the victim if no suspect is in the row."""
    suspects = {c.group for c in found.columns.values() if c.meaning is not None and c.meaning.kind == "suspect"
                and c.meaning.field != "relationship"}  # fmt: skip
    for guess in found.columns.values():
        if guess.meaning == Meaning("suspect", "relationship") and guess.group not in suspects:
            if suspects:
                guess.heading = replace(guess.heading, group=min(suspects))
            else:
                guess.meaning = Meaning("victim", "relationship")
                others = (c for c in found.columns.values() if c.meaning is not None and c is not guess)
                groups = {c.group for c in others if c.meaning is not None and c.meaning.kind == "victim"}
                guess.heading = replace(guess.heading, group=min(groups, default=0))


def _whose(stem: str) -> str:
    """Whose columns a file has by its name: victims.csv."""
    parts = [part for part in PARTS if part in usual(stem)]
    return parts[0] if len(parts) == 1 else ""


def _offers(column: Column, heading: Heading, context: frozenset[str]) -> Iterator[tuple[Meaning, float]]:
    """What a column may be, with how likely it is."""
    seen = set()
    for meaning, alike in meanings(heading, context):
        fits = fit(meaning, column)
        score = alike * (0.35 + 0.65 * fits)
        if fits > 0.95 and _is_unmistakable(meaning, column) and (alike > 0.6 or _is_near(meaning, heading)):
            score = max(score, 0.85)
        if context and (
            meaning.kind == NONE or (meaning.field == "crime_id" and set(heading.tokens) <= _KEYS - {"whole"})
        ):
            score *= 0.85  # what is no field elsewhere, or the crime's, may be of what the file is of
        seen.add(meaning)
        yield meaning, score
    for meaning in (Meaning("crime", "ho_code"), Meaning("crime", "lsoa21"), Meaning("outcome", "code")):
        if meaning not in seen and fit(meaning, column) > 0.95 and _is_unmistakable(meaning, column):
            yield meaning, 0.85 if _is_near(meaning, heading) else TOLD_BY_VALUES


def _is_near(meaning: Meaning, heading: Heading) -> bool:
    """Whether a heading may well be of a field whose values are unmistakable."""
    return bool(_NEAR.get(meaning.field, frozenset()) & set(heading.tokens))


_NEAR = {
    "ho_code": frozenset(["offence", "crime", "ho", "class", "occurrence"]), "removal_code": frozenset(("cancelled",)),
    "lsoa21": frozenset(("location", "area")), "code": frozenset(("outcome",)),
}  # fmt: skip


@cache
def share_of_titles(column: Column) -> float:
    """The share of a column's values that are titles of known offences."""
    known = {value: class_of(value) is not None for value in set(column.sample)}
    return sum(known[value] for value in column.sample) / len(column.sample) if column.sample else 0.0


def _is_unmistakable(meaning: Meaning, column: Column) -> bool:
    if meaning == Meaning("crime", "class_label"):
        return share_of_titles(column) > 0.5
    if meaning == Meaning("outcome", "code"):
        return share(column, "words") > 0.5
    if meaning.field in SETS:
        return len(column.different) > 1
    return LOOKS.get(meaning.field) in UNMISTAKABLE


def fit(meaning: Meaning, column: Column) -> float:
    """0 to 1: do the values look like this field? 0.8 for a column without values."""
    name = meaning.field
    if not column.sample or meaning.kind == NONE:
        return 0.8 if meaning.kind != NONE else 1.0
    if meaning.kind == "flag":
        return share(column, "truth")
    if name.endswith("_ts") or name == "ts":
        return max(share(column, "moment"), share(column, "day"))
    if meaning == Meaning("outcome", "code"):
        return outcome_share(column) * (0.5 if share(column, "truth") == 1 and len(column.different) < 3 else 1.0)
    if name == "force_code":
        return max(share(column, "force"), 0.5)
    if name in ("class_label", "location_type") and share_of_titles(column) > 0.5:
        return 1.0 if name == "class_label" else 0.2
    if name == "class_label" and share_of_titles(column) == 0:
        return 0.75 * share(column, "words")
    if name == "class_label" and known_share(column, "role") > 0.8:
        return 0.2
    if meaning.kind == "flags" and name == "flag":
        return known_share(column, "flag")
    if name in ("avi_text", "no_crime_rationale") and share(column, "criterion") > 0.9:
        return 0.2
    if name in SETS:
        known = known_share(column, SETS[name])
        has_codes = len(column.different) <= 40 and not is_of_days(column) and share(column, "whole") < 0.5
        return max(known, 0.5 if has_codes and name != "role" else 0.0)
    if name in LOOKS:
        looks = max(share(column, test) for test in LOOKS[name].split())
        is_constant = name == "crime_id" and len(column.sample) > 5 and len(column.different) < 3
        return looks * (0.3 if (is_of_days(column) and "day" not in LOOKS[name]) or is_constant else 1.0)
    return 0.2 if is_of_days(column) else 0.6 if share(column, "truth") > 0.95 and len(column.sample) > 5 else 1.0


_OF_ANYTHING = frozenset(("person_key", "first_added_ts", "eliminated_ts", "role", "named"))
_KEYS = frozenset(("id", "key", "number", "reference", "left", "right", "whole"))


def _is_of_people(offers: Mapping[str, list[tuple[Meaning, float]]]) -> bool:
    """Whether a file has people and says nothing of crimes."""
    sure = {meaning for offer in offers.values() for meaning, score in offer if score >= SURE}
    of_crimes = {"recorded_ts", "reported_ts", "offence_from_ts", "ho_code", "class_code", "mo_text", "status"}
    has_crimes = any(meaning.kind in ("crime", "outcome") and meaning.field in of_crimes | {"code"} for meaning in sure)
    return not has_crimes and any(m.kind == "party" and m.field in ("surname", "forename", "dob", "sex") for m in sure)


def _of_this_file(
    offers: Iterable[tuple[Meaning, float]], heading: Heading, found: Wide, whose: str, is_of_people: bool
) -> list[tuple[Meaning, float]]:
    """The offers that this file leaves, a column of people having the part that the file says, the best first."""
    kept: dict[Meaning, float] = {}
    for meaning, score in offers:
        if meaning.field == "relationship" and found.has_role:
            meaning = Meaning("party", "relationship")
        elif meaning.field == "relationship" and meaning.kind in PARTS:
            meaning = Meaning("suspect", "relationship")  # it is between the two, in whatever order they are named
        elif meaning.kind == "party" and whose:
            meaning = Meaning(whose, meaning.field)
        elif meaning.kind == "party" and meaning.field == "relationship" and not found.has_role:
            meaning = Meaning("suspect", "relationship")
        elif meaning.kind == "party" and meaning.field == "victim_support" and not found.has_role:
            meaning = Meaning("victim", "victim_support")
        elif meaning.kind == "party" and not found.has_role and not is_of_people:
            if meaning.field in _OF_ANYTHING and "party" not in heading.tokens:
                continue  # said of no one, it is more likely of the crime
            if meaning.field == "pncid":
                meaning = Meaning("suspect", "pncid")
            else:
                for part in PARTS:
                    kept[Meaning(part, meaning.field)] = max(score, kept.get(Meaning(part, meaning.field), 0.0))
                continue
        elif meaning == Meaning("crime", "crime_id") and is_of_people and set(heading.tokens) <= _KEYS:
            continue
        if meaning.field == "role" and meaning.kind in PARTS:
            continue
        kept[meaning] = max(score, kept.get(meaning, 0.0))
    return sorted(kept.items(), key=lambda offer: -offer[1])


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
        if guess.meaning is not None or guess.is_clock:
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
                guess.meaning, guess.score = Meaning(NONE, ""), 1.0
                guess.note = f"{other.label} is rather that"
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
        elif guess.is_clock and guess.meaning is None:
            guess.meaning, guess.score = Meaning(NONE, ""), SURE
        elif guess.meaning is None and not guess.rivals and offers[label] and offers[label][0][0].kind != NONE:
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


def _tables(found: Wide) -> Iterator[TableGuess]:
    """The tables that the columns make, group by group."""
    key = found.find("crime", "crime_id") or found.find("crime", "crime_ref")
    crime = key.label if key is not None else ""
    yield from _incident(found)
    if crime:
        yield from _crime(found, crime)
        yield from _outcomes(found, crime)
        yield from _flags(found, crime)
        yield from _others(found, crime)
    for part in (*PARTS, "party"):
        for group in sorted(
            {c.group for c in found.columns.values() if c.meaning is not None and c.meaning.kind == part}
        ):
            yield from _people(found, crime, part, group)


def _block(found: Wide, table: str, group: str, fields: Mapping[str, FieldGuess], only_if: Iterable[str]) -> TableGuess:
    """A table of the file with the fields that are known, every other field open."""
    given = {name: fields.get(name, FieldGuess()) for name in fields_of(table)}
    scores = [guess.score for guess in given.values() if guess.label is not None]
    score = sum(scores) / len(scores) if scores else 0.0
    return TableGuess(found.sheet, table, score, given, only_if=tuple(dict.fromkeys(only_if)), group=group)


def _field(guess: ColumnGuess | None) -> FieldGuess:
    """The field that a column is."""
    return FieldGuess() if guess is None else FieldGuess(guess.label, guess.score, note=guess.note)


# a day without a time: what is written for the time, and why
DAYS = {
    "recorded_ts": ("12:00", "the column has days alone: noon is written for the time"),
    "offence_from_ts": ("00:00", "the column has days alone: their first minute is written for the time"),
    "offence_to_ts": ("00:00", "the column has days alone: their first minute is written for the time"),
    "outcome_ts": ("23:59", "the column has days alone: their last minute is written for the time"),
    "removal_ts": ("23:59", "the column has days alone: their last minute is written for the time"),
}
NO_HOURS = "the column has days alone, which cannot say how many hours passed; give times, or write"


def _moment(found: Wide, guess: ColumnGuess, name: str) -> FieldGuess:
    """A field of moments: with the column of its times, or with what is written for a time; open if hours matter."""
    its = _field(guess)
    if guess.clock:
        return FieldGuess(f"=[{guess.label}] [{guess.clock}]", its.score, note=its.note)
    if not is_of_days(found.sheet.columns[guess.label]):
        return its
    if name in DAYS:
        time, why = DAYS[name]
        return FieldGuess(f"=[{guess.label}] {time}", its.score, note=why)
    return FieldGuess(rivals=(f"=[{guess.label}] 12:00",), note=f"{NO_HOURS} the line as it is here")


def _fields(found: Wide, kind: str, group: int = 0) -> dict[str, FieldGuess]:
    """The fields of a kind of columns."""
    fields = {}
    for guess in found.columns.values():
        if guess.meaning is not None and guess.meaning.kind == kind and guess.group == group and not guess.is_clock:
            name = guess.meaning.field
            fields[name] = _moment(found, guess, name) if name.endswith("_ts") or name == "ts" else _field(guess)
    return fields


def _made(text: str, note: str) -> FieldGuess:
    return FieldGuess(text, 1.0, note=note)


def _crime(found: Wide, crime: str) -> Iterator[TableGuess]:
    fields = _fields(found, "crime")
    main, part = fields.pop("ho_main", FieldGuess()), fields.pop("ho_sub", FieldGuess())
    if main.label and part.label and "ho_code" not in fields:
        fields["ho_code"] = FieldGuess(
            f"=[{main.label}]/[{part.label}]", min(main.score, part.score), note="class and sub-class"
        )
    whole = fields.get("ho_code", FieldGuess())
    label = fields.get("class_label", FieldGuess())
    has_class = fields.get("class_code", FieldGuess()).label is not None
    if whole.label and not has_class:
        fields["class_code"] = FieldGuess(whole.label, whole.score, note=BY_CODE)
    elif label.label and not has_class:
        titles = found.sheet.columns[label.label].different
        if any(class_of(title) for title in titles):
            fields["class_code"] = FieldGuess(label.label, label.score, note=BY_TITLE)
    for name in ("crime_id", "crime_ref"):
        if name not in fields:
            fields[name] = FieldGuess(crime, 1.0, note="the number is the key" if name == "crime_id" else "")
    if (
        "recorded_ts" in fields
        and fields["recorded_ts"].note.startswith("the column has days")
        and "reported_ts" in fields
    ):
        reported = fields["reported_ts"]
        if reported.label is not None:
            fields["reported_ts"] = FieldGuess(
                rivals=(reported.label,), note="recorded_ts has days alone: with it, hours would be wrong"
            )
    key = found.sheet.columns[crime]
    only_if = [crime] if key.filled < 1 else []  # some rows are of no crime
    telling = {"recorded_ts", "reported_ts", "ho_code", "class_code", "status", "mo_text", "offence_from_ts"} & set(
        fields
    )
    if len(telling) > 1:
        yield _block(found, "crime", "", fields, only_if)


def _outcomes(found: Wide, crime: str) -> Iterator[TableGuess]:
    groups = sorted({c.group for c in found.columns.values() if c.meaning is not None and c.meaning.kind == "outcome"})
    for number, group in enumerate(groups, start=1):
        fields = _fields(found, "outcome", group)
        raw = fields.get("code_raw", FieldGuess())
        if "code" not in fields and raw.label and outcome_share(found.sheet.columns[raw.label]) > 0.5:
            fields["code"] = FieldGuess(raw.label, raw.score, note="the outcome by its label")
        code = fields.get("code", FieldGuess()).label
        if code is None:
            continue
        if not raw.label:
            fields["code_raw"] = fields["code"]
        fields["outcome_id"] = _made(f"=[{crime}]/outcome {number}", "the export has no key of outcomes")
        fields["crime_id"] = FieldGuess(crime, 1.0)
        fields["seq"] = fields.get("seq") or _made(f"={number}", "")
        if len(groups) == 1 and "is_current" not in fields:
            fields["is_current"] = _made("=true", "the only outcome in the row")
        yield _block(found, "outcome", f"outcome {group}" if group else "outcome", fields, [code])


def _flags(found: Wide, crime: str) -> Iterator[TableGuess]:
    listed = _fields(found, "flags")
    if "flag" in listed:
        yield _block(
            found, "crime_flag", "flags", listed | {"crime_id": FieldGuess(crime, 1.0)}, _own(found, "flags")[:1]
        )
    for guess in found.columns.values():
        if guess.meaning is not None and guess.meaning.kind == "flag":
            fields = {"crime_id": FieldGuess(crime, 1.0), "flag": _field(guess)}
            block = _block(found, "crime_flag", f"flag {guess.meaning.field}", fields, [guess.label])
            said = {text: values.is_true(text) for text in found.sheet.columns[guess.label].different}
            block.values["flag"] = {
                text: None if truth is None else guess.meaning.field if truth else "" for text, truth in said.items()
            }
            yield block


def _incident(found: Wide) -> Iterator[TableGuess]:
    key, fields = found.find("crime", "incident_id"), _fields(found, "incident")
    if key is not None and fields:
        yield _block(found, "incident", "incident", fields | {"incident_id": _field(key)}, [key.label])


def _own(found: Wide, kind: str) -> list[str]:
    """The columns of a kind, which say whether there is a row of its table."""
    return [
        c.label for c in found.columns.values() if c.meaning is not None and c.meaning.kind == kind and not c.is_clock
    ]


def _others(found: Wide, crime: str) -> Iterator[TableGuess]:
    """The tables with at most one row for each row of the export."""
    for kind, table in TABLE_OF.items():
        fields = _fields(found, kind)
        if kind in ("crime", "outcome", "incident") or not fields:
            continue
        needed, own = extract_tables()[table], _own(found, kind)
        if "crime_id" in needed:
            fields["crime_id"] = FieldGuess(crime, 1.0)
        if kind == "investigator":
            oic = found.find("crime", "oic_id")
            if oic is None:
                continue
            fields["person_id"], own = _field(oic), [oic.label]
        elif kind == "allocation" and found.find("crime", "oic_id") is not None:
            fields["investigator_id"] = _field(found.find("crime", "oic_id"))
        for name, kind_ in needed.items():  # keys, and references to the rows beside
            if kind_ in ("key", "ref") and name not in fields:
                its = found.find(*_KEY_OF[name]) if name in _KEY_OF else None
                made = f"=[{crime}]/{_CALLED.get(name, table.replace('_', ' '))}"
                fields[name] = (
                    _field(its) if its is not None else _made(made, "the export has no key of its own for it")
                )
        if kind == "risk":
            grade = fields.get("grade", FieldGuess()).label
            own = [grade] if grade else own
            headed = {token for c in found.columns.values() if c.label in own for token in c.heading.tokens}
            tool = next((tool for tool in ("dash", "dara") if tool in headed), "")
            if tool and "tool" not in fields:
                fields["tool"] = _made(f"={tool.upper()}", "named in the heading")
        yield _block(found, table, kind, fields, own)


_KEY_OF = {"ra_id": ("risk", "ra_id"), "custody_id": ("custody", "custody_id")}
_CALLED = {"ra_id": "risk assessment", "custody_id": "custody"}


def _people(found: Wide, crime: str, part: str, group: int) -> Iterator[TableGuess]:
    """The tables of one person in each row: the part in the crime, what is known of the person, and the name."""
    fields = _fields(found, part, group)
    columns = [
        c for c in found.columns.values() if c.meaning is not None and c.meaning.kind == part and c.group == group
    ]
    key = fields.get("person_key")
    names = [c.label for c in columns if c.meaning is not None and c.meaning.field in NAMES and c.is_sure]
    if part == "party" and not found.has_role and (crime or key is None):
        return  # nothing says whether these are victims or suspects
    what = f"{part} {group or 1}"
    made = f"=[{crime}]/{'party [#]' if part == 'party' else what}"
    if key is None:
        if not crime:
            return
        key = _made(made, "the export has no key of people: it is another person in every crime")
    keyed = [key.label] if key.label is not None and not key.label.startswith("=") else []
    telling = [
        c.label
        for c in columns
        if c.meaning is not None and c.meaning.field in ("dob", "age_at_offence", "sex", "birth_ym")
    ]
    only_if = [] if part == "party" else keyed or names or telling or [c.label for c in columns]
    if crime:
        role = {name: guess for name, guess in fields.items() if name in ROLE_FIELDS}
        role |= {"crime_id": FieldGuess(crime, 1.0), "person_key": key}
        if part != "party":
            role["role"] = _made(f"={part}", "")
        if "named" not in role and names and only_if == names:
            role["named"] = _made("=true", "a name is in the row")
        elif "named" not in role and part != "victim":
            role["named"] = FieldGuess(
                rivals=("=true",), note="say it only if every suspect is identified"
            )
        yield _block(found, "party_role", what, role, only_if)
    person = {PERSON_FIELDS[name]: guess for name, guess in fields.items() if name in PERSON_FIELDS}
    if person:
        yield _block(found, "person", what, person | {"person_key": key}, only_if)
    if names:
        named = {name: guess for name, guess in fields.items() if name in NAMES}
        named |= {"person_key": key}
        named |= {ours: fields[name] for name, ours in (("sex", "sex"), ("dob", "date_of_birth")) if name in fields}
        yield _block(found, IDENTITIES, what, named, names)

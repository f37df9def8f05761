"""Levels of agreement between two records, in words and as SQL, and the blocking rules.

The first level that holds counts. `usual` is the expected share of two records of one person in a level before training
(known noise, medium). Training moves it, see linkage/model.
"""

from __future__ import annotations

from dataclasses import dataclass

GENERATION_YEARS = 12  # parents and children of one name are further apart, clerical errors seldom are


@dataclass(frozen=True)
class Level:
    """One level of agreement of a comparison.

    `term` names the column whose common values count less. `is_neutral` carries no weight of its own. `rarest` is the
    least share among strangers that is believed, however few a sample shows.
    """

    words: str
    sql: str
    usual: float
    term: str = ""
    is_neutral: bool = False
    rarest: float = 1e-5


@dataclass(frozen=True)
class Comparison:
    """One kind of evidence; where a value is missing on either side (`is_missing`), it gives no evidence."""

    name: str
    is_missing: str
    levels: tuple[Level, ...]

    def number(self, words: str) -> int:
        """The scorer's number of a level: 0 for the last, -1 for missing."""
        return len(self.levels) - 1 - [level.words for level in self.levels].index(words)

    def words(self, number: int) -> str:
        """The level behind the scorer's number, in words."""
        return "missing" if number < 0 else self.levels[len(self.levels) - 1 - number].words


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _lacks(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def edits(column: str, most: int) -> str:
    """No more than `most` edits. Lengths rule most pairs out, which is quicker; for one edit also halves: one stays."""
    half = f"(least(length({column}_l), length({column}_r)) - 1) // 2"
    kept = " or ".join(f"{end}({column}_l, {half}) = {end}({column}_r, {half})" for end in ("left", "right"))
    likely = f"abs(length({column}_l) - length({column}_r)) <= {most} and ({kept if most == 1 else 'true'})"
    return f"({likely} and damerau_levenshtein({column}_l, {column}_r) <= {most})"


def like(column: str, least: float) -> str:
    """At least `least` alike, from 0 to 1. Given a lower limit, the function stops early."""
    return f"jaro_winkler_similarity({column}_l, {column}_r, {least - 0.01:.2f}) >= {least}"


_SWAPPED = "forename_l = surname_r and surname_l = forename_r"
_SOUNDS_SWAPPED = (
    "forename_sound_l = surname_sound_r and surname_sound_l = forename_sound_r"
    " and length(forename_sound_l) >= 3 and length(surname_sound_l) >= 3"
)
_LONG_ENOUGH = "length(forename_l) >= 3 and length(forename_r) >= 3"
_WITHIN = " or ".join(
    f"{call}(forename_{one}, forename_{two})"
    for call in ("starts_with", "ends_with")
    for one, two in (("l", "r"), ("r", "l"))
)
_BOTH_JANUARY = "is_first_january_l and is_first_january_r"
_PARTS_AGREE = " + ".join(
    f"cast({part}(birth_date_l) = {part}(birth_date_r) as integer)" for part in ("year", "month", "day")
)
_DAYS = "abs(birth_date_l - birth_date_r)"

FORENAME = Comparison(
    "forename",
    _lacks("forename"),
    (
        Level("the same initial on both", _same("forename") + " and length(forename_l) = 1", 0.005),
        # both at once: names go together (Mohammed and Khan), and each alone would count the rarity twice
        Level("same, and the surname", _same("full_name"), 0.75, "full_name"),
        Level("same", _same("forename"), 0.105, "forename"),
        Level("forename and surname swapped", f"({_SWAPPED}) or ({_SOUNDS_SWAPPED})", 0.01),
        Level("short or other form of one name", "list_has_any(forename_groups_l, forename_groups_r)", 0.05),
        Level(
            "one letter differs or sounds alike",
            f"{_LONG_ENOUGH} and (({edits('forename', 1)} and greatest(length(forename_l), length(forename_r)) >= 4)"
            " or (forename_sound_l = forename_sound_r and length(forename_sound_l) >= 3)"
            f" or {edits('full_forename', 1)}) and not (forename_is_common_l and forename_is_common_r)",
            0.03,
        ),
        Level("one name begins or ends the other", f"{_LONG_ENOUGH} and ({_WITHIN})", 0.01),
        Level(
            "the other's middle name or alias",
            "list_contains(other_forenames_r, forename_l) or list_contains(other_forenames_l, forename_r)",
            0.01,
        ),
        Level(
            "initial only",
            "least(length(forename_l), length(forename_r)) = 1 and (left(forename_l, 1) = left(forename_r, 1)"
            " or initial_l = initial_r)",
            0.01,
        ),
        Level(
            "alike",
            f"{_LONG_ENOUGH} and ({like('forename', 0.9)} or (not (forename_is_common_l and forename_is_common_r)"
            f" and (({edits('forename', 2)} and least(length(forename_l), length(forename_r)) >= 4)"
            f" or (left(forename_l, 1) = left(forename_r, 1) and {like('forename', 0.7)}))))",
            0.01,
        ),
        Level("different", "ELSE", 0.01),
    ),
)
SURNAME = Comparison(  # shares among the pairs whose surname is not counted with the forename
    "surname",
    _lacks("surname"),
    (
        Level(
            "counted with the forename", f"({_same('full_name')}) or ({_SWAPPED}) or ({_SOUNDS_SWAPPED})", 0.01,
            is_neutral=True,
        ),
        Level("same", _same("surname"), 0.5, "surname"),
        Level("one part or an alias the same", "list_has_any(surname_parts_l, surname_parts_r)", 0.07),
        Level(
            "one letter differs or sounds alike",
            f"({edits('surname', 1)} and greatest(length(surname_l), length(surname_r)) >= 4)"
            " or (surname_sound_l = surname_sound_r and length(surname_sound_l) >= 3)",
            0.13,
        ),
        Level("alike", like("surname", 0.88), 0.04),
        Level("different", "ELSE", 0.25),
    ),
)  # fmt: skip
BIRTH = Comparison(
    "date_of_birth",
    _lacks("birth_date"),
    (
        Level("same", f"birth_date_l = birth_date_r and not ({_BOTH_JANUARY})", 0.89),
        Level("same, a 1 January", f"birth_date_l = birth_date_r and {_BOTH_JANUARY}", 0.02, rarest=2e-4),
        Level(
            "day and month swapped",
            "year(birth_date_l) = year(birth_date_r) and month(birth_date_l) = day(birth_date_r)"
            " and day(birth_date_l) = month(birth_date_r)",
            0.01,
        ),
        Level("same year, one is a 1 January", f"{_same('birth_year')} and (is_first_january_l <> is_first_january_r)",
            0.005),
        Level("one digit differs", f"not ({_BOTH_JANUARY}) and hamming(birth_digits_l, birth_digits_r) = 1", 0.02),
        Level("one part differs", f"not ({_BOTH_JANUARY}) and {_PARTS_AGREE} >= 2", 0.01),
        Level(
            "a month, a year or ten years off",
            f"not ({_BOTH_JANUARY}) and ({_DAYS} <= 31 or {_DAYS} between 363 and 368"
            f" or {_DAYS} between 3649 and 3656)",
            0.02,
        ),
        Level("different", f"{_DAYS} <= {GENERATION_YEARS * 365}", 0.015),
        Level("a generation apart", "ELSE", 0.01),
    ),
)  # fmt: skip
MIDDLE = Comparison(
    "middle_name",
    _lacks("middle_name"),
    (
        Level(
            "initial only",
            "left(middle_name_l, 1) = left(middle_name_r, 1)"
            " and least(length(middle_name_l), length(middle_name_r)) = 1",
            0.04,
        ),
        Level("same", _same("middle_name"), 0.85, "middle_name"),
        Level("alike", like("middle_name", 0.88), 0.04),
        Level("different", "ELSE", 0.07),
    ),
)
SEX = Comparison(
    "sex", _lacks("sex"), (Level("same", _same("sex"), 0.99), Level("different", "ELSE", 0.01))
)  # fmt: skip
POSTCODE = Comparison(
    "postcode",
    _lacks("postcode"),
    (
        Level("same", _same("postcode"), 0.58, "postcode"),
        Level("one character differs", f"{edits('postcode', 1)} and {_same('district')}", 0.02),
        Level("same district", _same("district"), 0.12, "district"),
        Level("different", "ELSE", 0.28),
    ),
)
PHONE = Comparison(
    "phone",
    _lacks("phone"),
    (
        Level("same", _same("phone"), 0.6, "phone"),
        Level("one digit differs", edits("phone", 1), 0.03, rarest=1e-3),
        Level("different", "ELSE", 0.37),
    ),
)
EMAIL = Comparison(
    "email",
    _lacks("email"),
    (
        Level("same", _same("email"), 0.7, "email"),
        Level("one or two letters differ", f"{_same('email_figures')} and {edits('email', 2)}", 0.08),
        # the name, which is counted already, and other figures: many people's addresses are made that way
        Level("made of the same name", f"{like('email', 0.9)}", 0.02, is_neutral=True),
        Level("different", "ELSE", 0.2),
    ),
)
PNCID = Comparison(
    "pncid",
    _lacks("pncid"),
    (
        Level("same", _same("pncid"), 0.93, "pncid"),
        Level("one or two characters differ", edits("pncid", 2), 0.04),
        Level("different, both with a right check letter", "pncid_is_valid_l and pncid_is_valid_r", 0.01),
        Level("different", "ELSE", 0.02),
    ),
)
COMPARISONS = (FORENAME, SURNAME, BIRTH, MIDDLE, SEX, POSTCODE, PHONE, EMAIL, PNCID)

# each rule: columns that must be equal; a pair found by any rule is compared
BLOCKING = (
    ("birth_date", "surname_key"), ("birth_date", "initial"), ("birth_year", "name_key"), ("birth_day", "name_key"),
    ("district_block", "name_key"), ("postcode_block", "initial"), ("postcode_block", "surname_key"),
    ("postcode_block", "birth_date"), ("phone_block", "initial"), ("phone_block", "surname_key"),
    ("phone_block", "birth_date"), ("email_block",), ("pncid_block",),
)  # fmt: skip
# for each rule, what the others must be trained without
TRAINING = (("birth_date", "sex"),)

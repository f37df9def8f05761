"""What a column of a wide export may be, by its heading and its values, with how likely each answer is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipelines.mapping.headings import NONE, PARTS, SURE, Heading, Meaning, meanings
from pipelines.mapping.offences import CLASSES
from pipelines.mapping.values import is_of_days, known_share, outcome_of, share
from pipelines.mapping.wide_columns import Wide
from pipelines.mapping.words import Column

FEW = 12  # different values of a column whose codes can be asked
TOLD_BY_VALUES = 0.6  # the score of a column whose values are unmistakable though its heading is unknown
# what the values of a field must look like: tests of `values`, any of them
LOOKS = {
    "crime_id": "reference", "incident_id": "reference", "person_key": "reference", "custody_id": "reference",
    "ra_id": "reference", "age_at_offence": "age", "age_at_disposal": "age", "sex": "sex", "dob": "day moment",
    "birth_ym": "day moment month", "dod": "day moment", "ho_code": "ho ho_5", "ho_code_raw": "ho ho_5",
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


def offers_of(column: Column, heading: Heading, context: frozenset[str]) -> dict[Meaning, float]:
    """What a column may be, with how likely it is."""
    offers: dict[Meaning, float] = {}
    if _has_moments(column) and "date" not in heading.tokens:  # the values say what the heading leaves out
        dated = ((*heading.tokens, "date"), 0.97)
        heading = replace(heading, others=(*heading.others, dated))
    names_force = any("force" in tokens for tokens, _ in ((heading.tokens, 1.0), *heading.others))
    for meaning, alike in meanings(heading, context):
        fits = fit(meaning, column)
        score = alike * (0.35 + 0.65 * fits)
        is_near = _is_near(meaning, heading)
        if fits > 0.95 and (
            (_is_unmistakable(meaning, column) and (alike > 0.6 or is_near))
            or (meaning == Meaning("outcome", "code") and is_near and _are_outcomes(column))
        ):
            score = max(score, 0.85)
        if context and (
            meaning.kind == NONE or (meaning.field == "crime_id" and set(heading.tokens) <= _KEYS - {"whole"})
        ):
            score *= 0.85  # what is no field elsewhere, or the crime's, may be of what the file is of
        if meaning.field == "force_code" and share(column, "force") < 0.5 and not names_force:
            score *= 0.8
        offers[meaning] = score
    own = offers.get(Meaning("crime", "ho_code"), 0.0)
    is_other = any(LOOKS.get(m.field) == "ho ho_5" and score > max(own, TOLD_BY_VALUES) for m, score in offers.items())
    for meaning in TOLD:
        is_code = meaning.field == "ho_code" and not is_other and share(column, "ho_known") > 0.5
        is_code |= meaning.field == "class_code"
        if fit(meaning, column) > 0.95 and _is_unmistakable(meaning, column):
            is_told = _is_near(meaning, heading) or (meaning.field == "role" and share(column, "words") == 1)
            told = 0.95 if is_code else 0.85 if is_told else TOLD_BY_VALUES
            offers[meaning] = max(told, offers.get(meaning, 0.0))
    return offers


# what values can say without a heading
TOLD = (
    Meaning("crime", "ho_code"), Meaning("crime", "class_code"), Meaning("crime", "lsoa21"), Meaning("crime", "status"),
    Meaning("outcome", "code"), Meaning("party", "role"), Meaning("party", "relationship"), Meaning("risk", "grade"),
)  # fmt: skip


def _has_moments(column: Column) -> bool:
    return max(share(column, kind) for kind in ("moment", "day", "short_year")) > 0.95


def _is_near(meaning: Meaning, heading: Heading) -> bool:
    """Whether a heading may well be of a field whose values are unmistakable."""
    return bool(_NEAR.get(meaning.field, frozenset()) & set(heading.tokens))


_NEAR = {
    "ho_code": frozenset(["offence", "crime", "ho", "class", "occurrence"]), "removal_code": frozenset(("cancelled",)),
    "lsoa21": frozenset(("location", "area")), "code": frozenset(("outcome",)),
}  # fmt: skip


def _is_unmistakable(meaning: Meaning, column: Column) -> bool:
    if meaning.field == "class_code":
        codes = (re.split(r"[ :–-]", value.lstrip("0"))[0] for value in column.sample)
        return sum(code.upper() in CLASSES for code in codes) > len(column.sample) / 4
    if meaning == Meaning("crime", "class_label"):
        return share(column, "title") > 0.5
    if meaning == Meaning("outcome", "code"):
        return share(column, "words") > 0.5
    if meaning.field in SETS:
        return len(column.different) > 1
    return LOOKS.get(meaning.field) in UNMISTAKABLE


def _are_outcomes(column: Column) -> bool:
    """Whether numbers are codes of outcomes, and not a count."""
    codes = {outcome_of(value) for value in column.different}
    return len(codes) > 3 and not codes <= set("12345678")


def fit(meaning: Meaning, column: Column) -> float:
    """0 to 1: do the values look like this field? 0.8 for a column without values."""
    name = meaning.field
    if not column.sample or meaning.kind == NONE:
        return 0.8 if meaning.kind != NONE else 1.0
    if meaning.kind == "flag":
        return share(column, "truth")
    if name.endswith("_ts") or name == "ts":
        return max(share(column, "moment"), share(column, "day"), 0.6 * share(column, "short_year"))
    if share(column, "short_year") > 0.95:
        return 0.0  # days, whatever the heading may be
    if meaning == Meaning("outcome", "code"):
        return share(column, "outcome") * (0.5 if share(column, "truth") == 1 and len(column.different) < 3 else 1.0)
    if name == "force_code":  # names and numbers that nobody knows are asked
        return max(share(column, "force"), 0.9 if len(column.different) <= FEW and not is_of_days(column) else 0.3)
    if name in ("class_label", "location_type") and share(column, "title") > 0.5:
        return 1.0 if name == "class_label" else 0.2
    if name == "class_label" and share(column, "title") == 0:
        return 0.75 * share(column, "words")
    if name == "class_label" and known_share(column, "role") > 0.8:
        return 0.2
    if meaning.kind == "flags" and name == "flag":
        are_codes = 1 < len(column.different) <= 2 * FEW and not _has_moments(column)
        return max(known_share(column, "flag"), 0.75 if are_codes and share(column, "truth") < 1 else 0.0)
    if (name == "code_raw" and column.is_unique) or (name == "graded" and column.marks):
        return 0.2  # keys
    if name in ("avi_text", "no_crime_rationale") and share(column, "criterion") > 0.9:
        return 0.2
    if name in SETS:
        known = known_share(column, SETS[name])
        has_codes = len(column.different) <= 40 and not is_of_days(column) and share(column, "whole") < 0.5
        if name == "status" and has_codes and 1 < len(column.different) <= FEW:
            return max(known, 0.75)  # its codes are often letters, which can be asked
        return max(known, 0.5 if has_codes and len(column.different) > 1 else 0.0)
    if name in LOOKS:
        looks = max(share(column, test) for test in LOOKS[name].split())
        is_constant = name == "crime_id" and len(column.sample) > 5 and len(column.different) < 3
        return looks * (0.3 if (is_of_days(column) and "day" not in LOOKS[name]) or is_constant else 1.0)
    return 0.2 if is_of_days(column) else 0.6 if share(column, "truth") > 0.95 and len(column.sample) > 5 else 1.0


_OF_ANYTHING = frozenset(("person_key", "first_added_ts", "eliminated_ts", "role", "named"))
_PART_OF = {"relationship": "suspect", "victim_support": "victim"}  # of fields that only one of the parts has
_OF_OFFICERS = frozenset(("oic_id", "recording_collar", "supervising_collar"))
_OF_INCIDENTS = {
    Meaning("flag", "da"): Meaning("incident", "da_flag"),
    Meaning("crime", "force_code"): Meaning("incident", "force_code"),
    Meaning("outcome", "outcome_ts"): Meaning("incident", "closed_ts"),
}
_KEYS = frozenset(("id", "key", "number", "reference", "left", "right", "whole"))


def tells_of_people(offers: Mapping[str, list[tuple[Meaning, float]]]) -> bool:
    """Whether a file has people and says nothing of crimes."""
    sure = {meaning for offer in offers.values() for meaning, score in offer if score >= SURE}
    of_crimes = {"recorded_ts", "reported_ts", "offence_from_ts", "ho_code", "class_code", "mo_text", "status"}
    has_crimes = any(meaning.kind in ("crime", "outcome") and meaning.field in of_crimes | {"code"} for meaning in sure)
    return not has_crimes and any(m.kind == "party" and m.field in ("surname", "forename", "dob", "sex") for m in sure)


def of_this_file(
    offers: Iterable[tuple[Meaning, float]], heading: Heading, found: Wide, is_of_people: bool
) -> list[tuple[Meaning, float]]:
    """The offers that this file leaves, a column of people having the part that the file says, the best first."""
    kept: dict[Meaning, float] = {}
    whose = found.whose
    for meaning, score in offers:
        if found.has_role and meaning.kind in PARTS and meaning.field != "person_key":
            meaning = Meaning("party", meaning.field)  # the role says whose row it is
        elif meaning.field == "relationship" and meaning.kind in PARTS:
            meaning = Meaning("suspect", "relationship")  # it is between the two, in whatever order they are named
        elif whose and (meaning.kind == "party" or (meaning.kind in PARTS and meaning.kind not in heading.tokens)):
            meaning = Meaning(whose, meaning.field)
        elif meaning.kind == "party" and meaning.field in _PART_OF and not found.has_role:
            meaning = Meaning(_PART_OF[meaning.field], meaning.field)
        elif meaning.kind == "party" and not found.has_role and not is_of_people:
            if meaning.field in _OF_ANYTHING and "party" not in heading.tokens:
                continue  # said of no one, it is more likely of the crime
            if meaning.field == "pncid":
                meaning = Meaning("suspect", "pncid")
            else:
                for part in PARTS:
                    kept[Meaning(part, meaning.field)] = max(score, kept.get(Meaning(part, meaning.field), 0.0))
                continue
        elif is_of_people and (
            meaning.field in _OF_OFFICERS or (meaning == Meaning("crime", "crime_id") and set(heading.tokens) <= _KEYS)
        ):
            continue
        if meaning.field == "role" and meaning.kind in PARTS:
            continue
        if meaning.kind == "incident" and not found.is_of_incidents and "party" in heading.tokens:
            score *= 0.85
        if found.is_of_incidents:
            meaning = _OF_INCIDENTS.get(meaning, meaning)
        kept[meaning] = max(score, kept.get(meaning, 0.0))
    return sorted(kept.items(), key=lambda offer: -offer[1])

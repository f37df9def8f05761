"""Codes and labels of the invented force, after recording-standards 2.1, 3.1, 7.1 and 7.2.

HO codes that 2.1 does not list (assault, damage, rape) are as forces commonly write them; a rule that needs them looked
up is not evaluable for them (6.0.9).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample.synth.clock import Bools, Ints

FORCE = "E23000013"  # STR-16 accepts real ONS codes alone; the name says that the force is invented
NEIGHBOUR = "E23000012"

# ho_code, class_code, label, invented CJS code, name of its text
OFFENCES: tuple[tuple[str, str, str, str, str], ...] = (
    ("195/12", "8Q", "Stalking", "ZQ97002", "stalking"),
    ("8/65", "8Q", "Stalking", "ZQ97004", "stalking"),
    ("8/66", "8Q", "Stalking", "ZQ97005", "stalking"),
    ("195/94", "8L", "Harassment", "ZQ97001", "harassment"),
    ("8/30", "8L", "Harassment", "ZQ97003", "harassment"),
    ("8/31", "8L", "Harassment", "ZQ97006", "order"),
    ("125/68", "8L", "Harassment", "ZQ01042", "harassment"),
    ("8/56", "8M", "Racially or religiously aggravated harassment", "ZQ98032", "aggravated"),
    ("8/58", "8M", "Racially or religiously aggravated harassment", "ZQ98033", "aggravated"),
    ("8/72", "8R", "Malicious communications", "ZQ88001", "communication"),
    ("8/67", "8U", "Controlling or coercive behaviour", "ZQ15076", "coercion"),
    ("3/1", "3B", "Threats to kill", "ZQ61016", "threat"),
    ("125/9", "9A", "Public fear, alarm or distress", "ZQ86004", "disorder"),
    ("125/11", "9A", "Public fear, alarm or distress", "ZQ86005", "disorder"),
    ("125/12", "9A", "Public fear, alarm or distress", "ZQ86006", "disorder"),
    ("8/55", "9B", "Racially or religiously aggravated public fear, alarm or distress", "ZQ98031", "aggravated"),
    ("66/38", "66", "Other offences against the State or public order", "ZQ97007", "order"),
    ("66/39", "66", "Other offences against the State or public order", "ZQ96042", "order"),
    ("105/1", "105A", "Assault without injury", "ZQ88039", "assault"),
    ("8/6", "8N", "Assault with injury", "ZQ61047", "assault"),
    ("8/1", "8N", "Assault with injury", "ZQ61020", "assault"),
    ("5/1", "5D", "Assault with intent to cause serious harm", "ZQ61018", "assault"),
    ("58/3", "58C", "Criminal damage to a vehicle", "COML958", "damage"),
    ("58/1", "58A", "Criminal damage to a dwelling", "COML957", "damage"),
    ("19/8", "19C", "Rape of a female aged 16 and over", "ZQ03001", "sexual"),
    ("8/71", "8R", "Malicious communications", "ZQ15033", "communication"),
    # the class of the counting rules is not established (recording-standards 2.1): invented
    ("8/74", "66", "Other offences against the State or public order", "ZQ19001", "order"),
    ("68/19", "66", "Other offences against the State or public order", "ZQ21039", "order"),
)
HO = {offence[0]: place for place, offence in enumerate(OFFENCES)}
STALKING_AND_HARASSMENT = ("8L", "8M", "8Q", "8R", "8U")
SUMMARY_ONLY = ("195/12", "195/94", "125/68", "125/9", "125/11", "125/12", "105/1")  # OUT-07
SERIOUS_STALKING = ("8/65", "8/66", "8/58")  # s.4A and its aggravated form
ORDER_BREACH = ("8/31", "66/38", "66/39", "8/74", "68/19")

RELATIONSHIPS = (
    "spouse", "ex_spouse", "civil_partner", "ex_civil_partner", "partner", "ex_partner", "date_casual", "family",
    "acquaintance", "neighbour", "colleague", "ex_colleague", "professional_client", "stranger", "online_only",
    "public_figure", "unknown",
)  # fmt: skip
REL = {name: place for place, name in enumerate(RELATIONSHIPS)}
FORMER = ("ex_spouse", "ex_civil_partner", "ex_partner")
CURRENT = ("spouse", "civil_partner", "partner")
DOMESTIC = (*FORMER, *CURRENT, "family")  # 6.0.4
DISTANT = ("stranger", "online_only")  # a suspect of these may stay unidentified

KIND_OF_REL = {
    **dict.fromkeys(FORMER, "former"), **dict.fromkeys(CURRENT, "current"), "family": "family",
    **dict.fromkeys(DISTANT, "distant"),
}  # fmt: skip

OUTCOMES = (
    "0", "1", "1A", "2", "2A", "3", "3A", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
    "18", "19", "20", "21", "22", "23", "4A",
)  # fmt: skip
OUT = {code: place for place, code in enumerate(OUTCOMES)}
NO_FURTHER_ACTION = ("10", "14", "15", "16", "17", "18", "20", "21", "22")
CHARGES = ("1", "1A")
LABELS = {  # as record systems write them; the reader knows each
    "1": "Charge/Summons", "15": "Named Suspect Identified: Victim Supports Police Action But Evidential Difficulties",
    "16": "Named Suspect Identified: Evidential Difficulties - Victim Does Not Support Police Action",
    "14": "Evidential Difficulties Victim Based - Named Suspect Not Identified",
    "21": "Named Suspect - Further Investigation Not In Public Interest", "20": "Other Agency Delegations",
    "22": "Diversionary, Educational Or Intervention Activity Undertaken",
}  # fmt: skip
ALTERNATE = {"8/65": "195/12", "8/66": "195/12", "8/30": "195/94", "125/9": "125/12", "125/11": "125/12"}

GRADES = ("standard", "medium", "high")
CHANNELS = ("101", "999", "online", "front_counter", "officer", "third_party", "partner_agency")
UNITS = tuple(f"Invented Unit {letter}" for letter in "ABCDEFGHJKLMNP")


def is_in(codes: tuple[str, ...], ho: Ints) -> Bools:
    """Whether each offence is one of these HO codes."""
    return np.isin(ho, [HO[code] for code in codes])


def of_class(classes: tuple[str, ...], ho: Ints) -> Bools:
    """Whether each offence is of one of these classes."""
    return np.isin(ho, [place for place, offence in enumerate(OFFENCES) if offence[1] in classes])


def related(names: tuple[str, ...], rel: Ints) -> Bools:
    """Whether each relationship is one of these."""
    return np.isin(rel, [REL[name] for name in names])


def as_text(codes: tuple[str, ...], places: Ints) -> NDArray[np.str_]:
    """Codes by index."""
    return np.array(codes)[places]

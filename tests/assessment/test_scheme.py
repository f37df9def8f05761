"""Changes of the scoring scheme: accepted after their effect was seen, each the next version."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from test_overrides import tampered

from casework.assessment import scheme
from casework.assessment.scheme import Change
from casework.store.refusal import Refused
from casework.upkeep import checks

CHANGE = Change("weight", "harm/physical", 1.0, 1.5, "Invented reason", {"ranks": {"T1": [2, 1]}})


def accept(engine: Engine, change: Change = CHANGE, seen: int = 1) -> int:
    return scheme.accept(engine, change, "Invented Lead", seen_version=seen)


def test_a_change_makes_the_next_version_and_its_value_counts(engine: Engine) -> None:
    assert (scheme.version(engine), scheme.changes(engine)) == (1, [])
    assert accept(engine) == 2
    assert accept(engine, replace(CHANGE, old_value=1.5, new_value=2), seen=2) == 3
    assert accept(engine, replace(CHANGE, subject="cut_point", key="physical/3", old_value=0.05, new_value=0), 3) == 4
    assert scheme.version(engine) == 4
    assert [(c["subject"], c["key"], c["new_value"]) for c in scheme.changes(engine)] == [
        ("cut_point", "physical/3", 0.0), ("weight", "harm/physical", 2.0), ("weight", "harm/physical", 1.5)
    ]  # fmt: skip
    newest = scheme.changes(engine)[0]
    assert (newest["scheme_version"], newest["accepted_by"]) == (4, "invented lead")
    assert scheme.changes(engine)[2]["effect"] == {"ranks": {"T1": [2, 1]}}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"subject": "words"}, "subject of the list"),
        ({"key": " "}, "Expected a key"),
        ({"reason": ""}, "Say why"),
        ({"new_value": -0.5}, "of 0 or more"),
        ({"new_value": float("nan")}, "of 0 or more"),
        ({"new_value": 1.0}, "nothing would change"),
        ({"effect": {}}, "look at what would move"),
    ],
)
def test_what_is_not_whole_is_refused(engine: Engine, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        accept(engine, replace(CHANGE, **given))
    assert scheme.version(engine) == 1


def test_what_was_shown_for_another_version_is_not_accepted(engine: Engine) -> None:
    accept(engine)
    with pytest.raises(Refused, match="version 2 now, but its effect was shown for version 1"):
        accept(engine, replace(CHANGE, key="harm/financial"))
    with pytest.raises(Refused, match=r"harm/physical is 1\.5 now, not 1"):
        accept(engine, replace(CHANGE, new_value=3), seen=2)
    assert len(scheme.changes(engine)) == 1


def test_it_is_only_added_to_and_tampering_is_named(engine: Engine, tmp_path: Path) -> None:
    accept(engine)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
        con.exec_driver_sql("update scheme_changes set new_value = 8")
    tampered(tmp_path, "update scheme_changes set new_value = 8")
    fault = "The log of changes to the scheme: no. 1 (weight, harm/physical) was changed after it was written"
    assert checks.faults(tmp_path) == [fault]

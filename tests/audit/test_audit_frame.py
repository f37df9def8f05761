"""Which stratum does a record belong to? Worked examples of metrics.audit_frame (recording-standards 5.3)."""

from typing import Any

import pytest
from worked import Row, made

MOMENTS = [{"as_of_at": "2026-06-30T21:00:00Z"}]
CRIME: Row = {
    "crime_ref": "C1",
    "incident_ref": "I1",
    "class_code": "8Q",
    "ho_code": "195/12",
    "recorded_at": "2026-03-10T10:00:00Z",
    "is_cancelled": False,
    "is_transferred": False,
    "is_stalking_or_harassment": True,
    "outcome_code": "16",
    "unit_name": "North",
}
INCIDENT: Row = {"incident_ref": "I9", "created_at": "2026-03-31T23:30:00Z", "closed_at": "2026-04-02T10:00:00Z"}
SIGNAL: Row = {"record_type": "crime", "record_ref": "C1", "four_score": 3, "phrases": "fixated: obsessed"}


def event(ref: str, at: str, kind: str = "crime", through: str = "C1") -> Row:
    return {"pair_ref": "P", "record_type": kind, "record_ref": ref, "event_at": at, "crime_ref": through}


def frame(**given: Any) -> list[Row]:
    return made("metrics.audit_frame", core_extract_moments=MOMENTS, **given)


def stratum_of(crime: Row, **given: Any) -> str | None:
    rows = frame(core_crimes=[CRIME | crime], **given)
    return next((r["stratum"] for r in rows if r["unit_type"] == "crime"), None)


@pytest.mark.parametrize(
    ("crime", "stratum"),
    [
        ({}, "A"),
        ({"class_code": "8L", "ho_code": "195/94"}, "B"),
        ({"class_code": "8L", "ho_code": "8/31"}, "D"),
        ({"class_code": "66", "ho_code": "66/38"}, "D"),
        ({"class_code": "66", "ho_code": "8/74"}, "D"),
        ({"class_code": None, "ho_code": "68/19"}, "D"),
        ({"class_code": "8L", "ho_code": "8/29"}, "B"),  # of an injunction: no order of a criminal or family court
        ({"is_cancelled": True, "removed_at": "2026-05-01T10:00:00Z"}, "F"),
        ({"class_code": "8L", "is_cancelled": True, "removed_at": "2026-05-01T10:00:00Z"}, "F"),
        ({"is_transferred": True}, None),
        ({"class_code": "8R", "ho_code": "8/72"}, None),  # no signal, no repeat pair
        ({"class_code": "3B", "is_cancelled": True, "removed_at": "2026-05-01T10:00:00Z"}, None),
    ],
)
def test_a_crime_stands_in_one_stratum(crime: Row, stratum: str | None) -> None:
    assert stratum_of(crime) == stratum


@pytest.mark.parametrize("class_code", ["8R", "9A", "3B", "58B"])
def test_another_class_with_a_signal_or_a_repeat_pair_is_in_c(class_code: str) -> None:
    other = {"class_code": class_code, "ho_code": "1/1"}
    assert stratum_of(other, core_text_signals=[SIGNAL]) == "C"
    assert stratum_of(other, core_text_signals=[SIGNAL | {"four_score": 2}]) is None
    here = event("C1", "2026-03-09T10:00:00Z")
    assert stratum_of(other, core_pair_events=[here, event("C0", "2025-01-01T10:00:00Z", through="C0")]) == "C"
    # its own incident is no repeat, nor is what lies more than 24 months back or after it
    own = event("I1", "2026-03-09T09:00:00Z", "incident")
    old = event("C0", "2024-03-01T10:00:00Z", through="C0")
    later = event("C2", "2026-04-01T10:00:00Z", through="C2")
    assert stratum_of(other, core_pair_events=[here, own, old, later]) is None


def test_a_breach_of_a_stalking_protection_order_is_in_d_whatever_its_class() -> None:
    breach = {"order_ref": "O1", "crime_ref": "C1"}
    given = {"core_order_breaches": [breach], "core_orders": [{"order_ref": "O1", "order_type": "spo_full"}]}
    assert stratum_of({}, **given) == "D"
    given["core_orders"] = [{"order_ref": "O1", "order_type": "nmo"}]
    assert stratum_of({}, **given) == "A"


def test_stalking_made_harassment_is_in_g_in_the_month_of_the_change() -> None:
    crime = CRIME | {"class_code": "8L", "ho_code": "195/94"}
    history = [
        {"crime_ref": "C1", "sequence_number": 1, "class_code": "8Q", "changed_at": "2026-03-10T10:00:00Z"},
        {"crime_ref": "C1", "sequence_number": 2, "class_code": "8L", "changed_at": "2026-05-10T10:00:00Z"},
    ]
    [row] = frame(core_crimes=[crime], core_classification_changes=history)[:1]
    assert (row["stratum"], str(row["month"])) == ("G", "2026-05-01")
    [row] = frame(core_crimes=[crime], core_classification_changes=history[:1])[:1]
    assert row["stratum"] == "G"  # the history holds only what it was before
    back = [
        *history,
        {"crime_ref": "C1", "sequence_number": 3, "class_code": "8Q", "changed_at": "2026-05-11T10:00:00Z"},
    ]
    assert stratum_of({}, core_classification_changes=back) == "A"


def test_a_report_closed_without_a_crime_is_in_e_by_its_words_or_an_ex_partner_repeat() -> None:
    def strata(incident: Row = INCIDENT, **given: Any) -> list[str]:
        return [r["stratum"] for r in frame(core_incidents=[incident], **given) if r["unit_type"] == "incident"]

    words = [{"record_type": "incident", "record_ref": "I9", "has_stalking_behaviour": True, "four_score": 1}]
    assert strata(core_text_signals=words) == ["E"]
    assert strata(INCIDENT | {"closed_at": None}, core_text_signals=words) == []
    assert strata() == []
    pair = [event("C1", "2026-03-01T10:00:00Z"), event("I9", "2026-03-31T23:30:00Z", "incident")]
    assert strata(core_pair_events=pair, core_crimes=[CRIME | {"is_former_partner": True}]) == ["E"]
    assert strata(core_pair_events=pair, core_crimes=[CRIME | {"is_former_partner": False}]) == []
    assert strata(core_pair_events=pair[1:], core_crimes=[CRIME | {"is_former_partner": True}]) == []


def test_a_report_from_which_stalking_was_recorded_is_in_h_and_another_crimes_is_in_none() -> None:
    incident = INCIDENT | {"incident_ref": "I1"}
    rows = frame(core_incidents=[incident], core_crimes=[CRIME])
    assert {(r["unit_type"], r["stratum"]) for r in rows} == {("crime", "A"), ("incident", "H")}
    # London: half past midnight in April
    assert {str(r["month"]) for r in rows} == {"2026-03-01", "2026-04-01"}
    theft = CRIME | {
        "class_code": "39",
        "is_stalking_or_harassment": False,
        "is_included_stalking_or_harassment": False,
    }
    assert frame(core_incidents=[incident], core_crimes=[theft]) == []
    hidden = theft | {"is_included_stalking_or_harassment": True}
    assert [r["stratum"] for r in frame(core_incidents=[incident], core_crimes=[hidden])] == ["H"]


def test_a_unit_carries_what_a_rater_needs_and_its_outcome_for_the_program_alone() -> None:
    earlier = [
        event("C1", "2026-03-10T09:00:00Z"),
        event("I0", "2025-12-01T10:00:00Z", "incident"),
        event("C0", "2025-12-01T11:00:00Z"),
    ]
    [row] = frame(
        core_crimes=[CRIME | {"report_group_ref": "R1"}], core_pair_events=earlier, core_text_signals=[SIGNAL]
    )
    assert row["linked_refs"] == "crime:C0|incident:I0"
    assert (row["report_ref"], row["phrases"], row["recorded_outcome_code"]) == ("R1", "fixated: obsessed", "16")
    [alone] = frame(core_crimes=[CRIME | {"incident_ref": None}])
    assert alone["report_ref"] == "C1"


def test_a_month_that_is_not_over_is_left_out() -> None:
    crime = CRIME | {"recorded_at": "2026-06-29T10:00:00Z"}
    assert len(frame(core_crimes=[crime])) == 1  # the as-of day is the last of June
    before = [{"as_of_at": "2026-06-29T21:00:00Z"}]
    assert made("metrics.audit_frame", core_extract_moments=before, core_crimes=[crime]) == []

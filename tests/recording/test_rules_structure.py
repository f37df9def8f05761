"""Facts of the structural rules by worked example: recording-standards 6.1. All records are invented."""

import hashlib
from typing import Any

import pytest
from worked import Row, made, only

CRIME: Row = {
    "crime_ref": "C1",
    "force_code": "E23000013",
    "force_crime_ref": "R1",
    "ho_code": "195/94",
    "ho_code_keyed": "195/94",
    "class_code": "8L",
    "recorded_date": "2025-03-01",
    "is_stalking_or_harassment": True,
    "is_included_stalking_or_harassment": False,
}


def codes(*crimes: Row, **given: list[Row]) -> list[Row]:
    rows = [{**CRIME, "crime_ref": f"C{n}", "force_crime_ref": f"R{n}", **crime} for n, crime in enumerate(crimes, 1)]
    return sorted(made("core.crime_code_facts", core_crimes=rows, **given), key=lambda row: row["crime_ref"])


def test_a_reference_is_unique_within_a_force_and_may_stand_in_another() -> None:
    found = codes(
        {"force_crime_ref": "A"},
        {"force_crime_ref": "A"},
        {"force_crime_ref": "B"},
        {"force_crime_ref": "B", "force_code": "E23000012"},
        {"force_crime_ref": None},
        {"force_code": None},
    )
    assert [row["is_reference_unique"] for row in found] == [False, False, True, True, False, None]


@pytest.mark.parametrize(
    ("ho_code", "day", "expected"),
    [
        ("8/65", "2025-03-01", True),
        ("8/65", "2012-11-25", True),
        ("8/65", "2012-11-24", False),  # before the offence existed
        ("8/71", "2024-01-30", True),
        ("8/71", "2024-01-31", False),  # replaced that day
        ("104/25", "2025-03-01", None),  # 6.0.9: not listed, not evaluable
        ("8-65", "2025-03-01", False),
        ("8/6/5", "2025-03-01", False),
        ("8Q", "2025-03-01", False),
        (None, "2025-03-01", None),
        ("8/65", None, None),
        ("195/94", None, True),  # valid at all times
    ],
)
def test_a_code_is_valid_on_the_day_of_recording(ho_code: str | None, day: str | None, expected: bool | None) -> None:
    [row] = codes({"ho_code": ho_code, "recorded_date": day})
    assert row["is_ho_code_valid"] is expected


@pytest.mark.parametrize(
    ("keyed", "expected"),
    [
        ("8/65", True),
        ("008/65", True),
        ("366", True),
        ("367", False),
        ("23955", False),
        ("44803.0", False),
        ("30-Aug", False),
        ("Aug-65", False),
        ("2025-08-30", False),
        ("2025-08-30 00:00:00", False),
        ("Aug-1965", True),  # not among the forms of STR-03; its form is for STR-02 to judge
        (None, None),
    ],
)
def test_what_a_spreadsheet_makes_of_a_code(keyed: str | None, expected: bool | None) -> None:
    [row] = codes({"ho_code_keyed": keyed})
    assert row["is_ho_code_unmangled"] is expected


def test_class_and_code_agree_where_the_dictionary_has_the_code() -> None:
    found = codes(
        {"ho_code": "8/65", "class_code": "8Q"},
        {"ho_code": "8/65", "class_code": "8L"},
        {"ho_code": "8/6", "class_code": "8N"},
        {"ho_code": "105/1", "class_code": "105A"},
        {"class_code": None},
    )
    assert [row["is_class_of_ho_code"] for row in found] == [True, False, None, None, None]


@pytest.mark.parametrize(
    ("ho_code", "class_code", "day", "expected"),
    [
        ("195/12", "8L", "2014-03-31", True),  # 1.4, R14: stalking was inside 8L
        ("195/12", "8L", "2014-04-01", False),
        ("195/12", "8Q", "2014-03-31", True),  # a matter of CLS-11
        ("195/94", "8Q", "2014-03-31", False),
        ("195/12", "8L", None, None),
    ],
)
def test_stalking_stood_under_harassment_before_it_was_a_class(
    ho_code: str, class_code: str, day: str | None, expected: bool | None
) -> None:
    [row] = codes({"ho_code": ho_code, "class_code": class_code, "recorded_date": day})
    assert row["is_class_of_ho_code"] is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("PH97007", True),
        ("PH97007A", True),
        ("COML025", True),
        ("XX00123I", True),
        ("PH97007D", False),
        ("ph97007", False),
        ("PH9700", False),
        (None, None),
    ],
)
def test_the_form_of_a_cjs_code(code: str | None, expected: bool | None) -> None:
    [row] = codes({"cjs_code": code})
    assert row["is_cjs_code_well_formed"] is expected


@pytest.mark.parametrize(
    ("force", "expected"),
    [
        ("E23000013", True),
        ("W15000004", True),
        ("E23000099", False),
        ("Kent Police", False),
        ("BTP", False),  # our own code is no ONS code
        ("PSEUDO-AF", False),
        (None, None),
    ],
)
def test_the_canonical_forces(force: str | None, expected: bool | None) -> None:
    [row] = codes({"force_code": force})
    assert row["is_force_canonical"] is expected
    [incident] = made("core.incident_facts", core_incidents=[{"incident_ref": "I", "force_code": force}], **MOMENTS)
    assert incident["is_force_canonical"] is expected


def test_neither_self_defence_nor_n100_on_stalking_or_harassment() -> None:
    found = codes(
        {},
        {},
        {},
        {"ho_code": "N100", "class_code": "N100", "is_stalking_or_harassment": False},
        {"ho_code_keyed": "N100"},
        {"class_code": "N100", "is_stalking_or_harassment": False, "is_included_stalking_or_harassment": True},
        core_removals=[{"crime_ref": "C2", "removal_code": "C5"}, {"crime_ref": "C3", "removal_code": "C4"}],
    )
    assert [row["is_free_of_barred_codes"] for row in found] == [True, False, True, False, False, False]
    assert [row["is_stalking_or_harassment"] for row in found] == [True, True, True, False, True, True]


MOMENTS: dict[str, Any] = {
    "core_extract_moments": [{"as_of_at": "2025-03-31 12:00:00+00", "events_limit_at": "2025-03-31 18:00:00+00"}]
}
MO = "Suspect waited outside the house of the victim."
WHOLE: Row = {
    **CRIME,
    "status": "open",
    "reported_at": "2025-03-01 10:00:00+00",
    "recorded_at": "2025-03-01 12:00:00+00",
    "offence_from_at": "2025-02-01 10:00:00+00",
    "offence_to_at": "2025-02-20 10:00:00+00",
    "recording_officer_ref": "1",
    "supervising_officer_ref": "2",
    "postcode_sector": "ZZ99 1",
    "victim_count": 1,
    "suspect_count": 1,
    "outcome_code": "0",
    "class_label": "Harassment",
}


def structure(
    *crimes: Row, mo: list[str | None] | None = None, outcomes: list[Row] | None = None, **more: list[Row]
) -> list[Row]:
    """Facts of crimes C1, C2..., each with an MO of its own and an outcome row of code 0 unless said otherwise."""
    rows = [{**WHOLE, "crime_ref": f"C{n}", **crime} for n, crime in enumerate(crimes, 1)]
    texts = mo if mo is not None else [f"{MO} Entry {n}." for n in range(1, len(rows) + 1)]
    refs = [row["crime_ref"] for row in rows]
    found = made(
        "core.crime_structure_facts",
        core_crimes=rows,
        raw_crime=[
            {"crime_id": r, "mo_text": t, "delivery_ref": "d", "period": "p", "line_number": int(r[1:])}
            for r, t in zip(refs, texts)
        ],
        core_current_periods=[{"source": "crime", "delivery_ref": "d", "period": "p"}],
        core_outcomes=outcomes if outcomes is not None else [{"crime_ref": r, "outcome_code": "0"} for r in refs],
        **more,
    )
    return sorted(found, key=lambda row: int(row["crime_ref"][1:]))


@pytest.mark.parametrize(
    ("crime", "expected", "words"),
    [
        ({}, True, ""),
        ({"offence_to_at": None}, True, ""),
        ({"offence_to_at": "2025-03-01 10:00:00+00"}, True, ""),  # the same moment is in order
        ({"offence_to_at": "2025-01-31 10:00:00+00"}, False, "the offence ends 24.0 hours before it begins"),
        ({"offence_to_at": "2025-03-01 11:00:00+00"}, False, "the offence ends 1.0 hours after the report"),
        ({"offence_to_at": None, "offence_from_at": "2025-03-01 11:00:00+00"}, False, "1.0 hours after the report"),
        ({"reported_at": None}, None, ""),
        ({"offence_from_at": None}, None, ""),
        ({"recorded_at": "2025-03-01 08:00:00+00"}, True, ""),  # the warning of STR-08 sees to it
    ],
)
def test_the_order_of_dates(crime: Row, expected: bool | None, words: str) -> None:
    [row] = structure(crime)
    assert row["are_dates_in_order"] is expected
    assert words in row["date_faults"]


def test_an_outcome_does_not_come_before_the_recording_and_code_0_is_no_outcome() -> None:
    early = "2025-03-01 11:00:00+00"
    [row] = structure({}, outcomes=[{"crime_ref": "C1", "outcome_code": "16", "outcome_at": early}])
    assert (row["are_dates_in_order"], row["date_faults"]) == (False, "the outcome is 1.0 hours before the recording")
    [row] = structure({}, outcomes=[{"crime_ref": "C1", "outcome_code": "0", "outcome_at": early}])
    assert row["are_dates_in_order"] is True


def test_the_mandatory_parts_and_any_one_location() -> None:
    none: Row = {"postcode_sector": None}
    found = structure(
        {},
        none,
        {**none, "lsoa_code": "E01999901"},
        {**none, "latitude": 50.0, "longitude": -8.4},
        {**none, "latitude": 50.0},
        {"supervising_officer_ref": None, "status": None},
        {"class_label": None},
    )
    assert [row["missing_parts"] for row in found] == [
        "",
        "location",
        "",
        "",
        "location",
        "status, supervising officer",
        "crime type",
    ]
    assert [row["has_mandatory_parts"] for row in found] == [True, False, True, True, False, False, False]
    [row] = structure({}, mo=[None], outcomes=[])
    assert row["missing_parts"] == "outcome, modus operandi"


def test_what_could_not_be_read_is_neither_missing_nor_there() -> None:
    unread = {"delivery_ref": "d", "source": "crime", "group_number": 0}
    found = structure(
        {"reported_at": None}, {}, {"reported_at": None}, {},
        outcomes=[{"crime_ref": ref, "outcome_code": "0"} for ref in ("C1", "C3")],
        core_quarantined_outcomes=[{"crime_ref": "C2", "outcome_value": "NFA"}],
        raw_unread_values=[{**unread, "line_number": n, "column_name": "reported_ts"} for n in (1, 4)],
    )  # fmt: skip
    facts = [(row["missing_parts"], row["has_mandatory_parts"]) for row in found]
    assert facts == [("", None), ("", None), ("reported date", False), ("outcome", False)]


@pytest.mark.parametrize(("length", "expected"), [(19, False), (20, True), (300, True), (301, False)])
def test_the_length_of_an_mo(length: int, expected: bool) -> None:
    [row] = structure({}, mo=["x" * length])
    assert row["is_mo_informative"] is expected


def test_three_uses_of_one_mo_are_not_yet_suspicious() -> None:
    words = ["Pushed the victim near the shops"] * 3 + [
        "Pulled the victim by the  sleeve",
        *["PULLED the victim by the sleeve "] * 3,
    ]
    found = structure(*[{}] * 8, mo=[*words, None])
    assert [row["is_mo_informative"] for row in found] == [True] * 3 + [False] * 4 + [None]


def test_one_victim_of_stalking_and_the_breach_of_an_order_without_one() -> None:
    found = structure(
        {}, {"victim_count": 2}, {"victim_count": 0}, {"ho_code": "8/31", "victim_count": 0}, {"ho_code": "8/31"}
    )
    assert [row["has_one_victim"] for row in found] == [True, False, False, None, True]


def test_a_closed_crime_that_identifies_an_offender_has_a_suspect() -> None:
    found = structure(
        {"status": "closed", "outcome_code": "16"},
        {"status": "closed", "outcome_code": "1A", "suspect_count": 0},
        {"status": "closed", "outcome_code": "18", "suspect_count": 0},
        {"status": "open", "outcome_code": "0", "suspect_count": 0},
        {"status": "closed", "outcome_code": None, "suspect_count": 0},
    )
    assert [row["is_offender_to_be_known"] for row in found] == [True, True, False, False, True]
    assert [row["has_suspect_row"] for row in found][:2] == [True, False]
    assert found[4]["has_suspect_row"] is None


def test_rows_of_a_missing_crime_are_found_under_its_id() -> None:
    found = made(
        "core.child_reference_facts",
        core_crimes=[{**CRIME, "crime_ref": "C1"}],
        core_outcomes=[{"crime_ref": "C1"}, {"crime_ref": "C9"}, {"crime_ref": "C9"}],
        core_reviews=[{"crime_ref": "C9"}],
        core_notices=[{"crime_ref": None}],
    )
    assert [(row["crime_ref"], row["is_found"], row["row_count"]) for row in found] == [
        ("C1", True, 1),
        ("C9", False, 3),
    ]
    assert found[1]["child_tables"] == "outcome, review"


def test_the_parent_of_a_removal_is_looked_for_in_its_own_force() -> None:
    crimes = [
        {**CRIME, "crime_ref": "C1", "force_crime_ref": "R1"},
        {**CRIME, "crime_ref": "C2", "force_crime_ref": "R2", "force_code": "E23000012"},
        {**CRIME, "crime_ref": "C3", "force_crime_ref": "R3"},
    ]
    removals = [
        {"crime_ref": "C3", "parent_force_crime_ref": "R1"},
        {"crime_ref": "C3", "parent_force_crime_ref": "R2"},
        {"crime_ref": "C3", "parent_force_crime_ref": None},
    ]
    found = made("core.child_reference_facts", core_crimes=crimes, core_removals=removals)
    parents = only(found, reference_type="parent crime")
    assert [(row["target_ref"], row["is_found"]) for row in parents] == [("R1", True), ("R2", False)]


def set_aside(source: str, **refs: str) -> dict[str, object]:
    """What core.quarantined_references says of a row with these references."""
    ((name, ref),) = refs.items()
    return {"source": source, "reference_digest": hashlib.md5(f"{name}={ref}".encode()).hexdigest()}


def test_a_crime_whose_row_was_set_aside_is_not_said_to_be_missing() -> None:
    found = made(
        "core.child_reference_facts",
        core_crimes=[{**CRIME, "crime_ref": "C1"}],
        core_outcomes=[{"crime_ref": "C8"}, {"crime_ref": "C9"}],
        core_removals=[{"crime_ref": "C1", "parent_force_crime_ref": ref} for ref in ("R8", "R9")],
        core_quarantined_references=[set_aside("crime", crime_id="C8"), set_aside("crime", crime_ref="R8"),
                                     set_aside("outcome", crime_id="C9")],
    )  # fmt: skip
    assert [(row["target_ref"], row["is_found"]) for row in only(found, reference_type="crime")] == [
        ("C1", True), ("C8", None), ("C9", False)
    ]  # fmt: skip
    parents = only(found, reference_type="parent crime")
    assert [(row["target_ref"], row["is_found"]) for row in parents] == [("R8", None), ("R9", False)]


def test_an_incident_whose_crime_was_set_aside_may_be_settled() -> None:
    incidents = [
        {"incident_ref": ref, "is_crime_related": True, "created_at": "2025-03-01 10:00:00+00"} for ref in ("I1", "I2")
    ]
    aside = [set_aside("crime", incident_id="I1")]
    found = made("core.incident_facts", core_incidents=incidents, core_quarantined_references=aside, **MOMENTS)
    assert [row["is_settled"] for row in found] == [None, False]


def test_only_deliveries_that_count_say_what_was_set_aside() -> None:
    found = made(
        "core.quarantined_references",
        raw_quarantined_rows=[
            {"delivery_ref": "new", "row_refs": "aa bb"},
            {"delivery_ref": "new", "row_refs": "aa"},
            {"delivery_ref": "new", "row_refs": ""},
            {"delivery_ref": "old", "row_refs": "cc"},
        ],
        core_current_periods=[{"source": "crime", "period": "all", "delivery_ref": "new"}],
    )
    assert [tuple(row.values()) for row in found] == [("crime", "aa"), ("crime", "bb")]


def test_past_moments_are_held_against_the_receipt_and_due_dates_are_not() -> None:
    moments = made(
        "core.latest_moments",
        core_crimes=[{"crime_ref": "C1", "recorded_at": "2025-03-01 12:00:00+00"}],
        core_outcomes=[{"crime_ref": "C1", "outcome_at": "2205-03-01 12:00:00+00"}],
        core_reviews=[{"crime_ref": "C2", "reviewed_at": "2025-03-01 12:00:00+00", "next_due_date": "2099-01-01"}],
        core_orders=[{"order_ref": "O1", "served_at": "2025-02-01 12:00:00+00", "notification_due_at": "2099-01-01"}],
        core_order_breaches=[
            {"order_ref": "O1", "crime_ref": "C1", "breached_at": "2025-04-01 12:00:00+00"},
            {"order_ref": "O1", "crime_ref": None, "breached_at": "2025-05-01 12:00:00+00"},
        ],
    )
    assert [(row["record_ref"], row["latest_at"].year, row["latest_table"]) for row in moments] == [
        ("C1", 2205, "outcome"),
        ("C2", 2025, "review"),
        ("O1", 2025, "order_breach"),
    ]
    rows = [{"record_type": "crime", "record_ref": "C1", "latest_at": "2025-03-31 18:00:00+00"}]
    facts = made("core.crime_moment_facts", core_latest_moments=rows, **MOMENTS)
    assert facts[0]["hours_after_limit"] == 0
    facts = made("core.crime_moment_facts", core_latest_moments=rows, core_extract_moments=[{"as_of_at": None}])
    assert facts[0]["hours_after_limit"] is None
    orders = made("core.order_moment_facts", core_latest_moments=only(moments, record_type="order"), **MOMENTS)
    assert orders[0]["hours_after_limit"] > 0


@pytest.mark.parametrize(
    ("opened", "closed", "expected"),
    [
        ("007", None, True),
        ("007", "123", True),
        ("12", None, False),
        ("007", "A12", False),
        (None, "123", None),
        (None, "1", False),
    ],
)
def test_nsir_codes_have_three_digits(opened: str | None, closed: str | None, expected: bool | None) -> None:
    incident = {"incident_ref": "I", "nsir_opening_code": opened, "nsir_closing_code": closed}
    [row] = made("core.incident_facts", core_incidents=[incident], **MOMENTS)
    assert row["are_nsir_codes_well_formed"] is expected


def test_an_incident_in_the_future() -> None:
    incident = {"incident_ref": "I", "created_at": "2025-03-31 10:00:00+00", "closed_at": "2025-03-31 20:00:00+00"}
    [row] = made("core.incident_facts", core_incidents=[incident], **MOMENTS)
    assert row["hours_after_limit"] == 2

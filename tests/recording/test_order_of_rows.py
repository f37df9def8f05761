"""No figure rests on the order in which rows were delivered, even where rows share their number and their moment."""

import datetime as dt

import pytest
from worked import Row, made

FIRST, LATER = (dt.datetime(2026, 1, day, 12, tzinfo=dt.UTC) for day in (5, 9))


def change(number: int, at: dt.datetime, class_code: str, ho_code: str) -> Row:
    return {"crime_ref": "c1", "sequence_number": number, "changed_at": at, "class_code": class_code,
            "ho_code": ho_code}  # fmt: skip


# the second and third change have one number and one moment: two rows of a history that was copied wrongly
HISTORY = [change(1, FIRST, "8Q", "8/65"), change(2, LATER, "8L", "8/30"), change(2, LATER, "105A", "105/1")]
CRIME = {
    "crime_ref": "c1", "class_code": "8L", "recorded_at": FIRST, "is_stalking_or_harassment": True,
    "is_cancelled": False, "is_transferred": False,
}  # fmt: skip
CLOSINGS = [
    {"crime_ref": "c1", "outcome_ref": f"o{code}", "outcome_code": code, "outcome_at": LATER, "sequence_number": 1}
    for code in ("16", "21")
]
NOTICES = [{"crime_ref": "c1", "notice_ref": "n1", "notice_type": "pin", "issued_at": FIRST}]
# two crimes of one pair, recorded in one go: an order belongs to the later of them
PAIR = {"pair_ref": "p1", "victim_key": "v1", "suspect_key": "s1", "recorded_at": FIRST, "class_code": "8L"}
GIVEN: dict[str, tuple[str, dict[str, list[Row]]]] = {
    "metrics.reclassification_census": ("core_classification_changes", {"core_classification_changes": HISTORY}),
    "core.notice_facts": (
        "core_outcomes", {"core_outcomes": CLOSINGS, "core_notices": NOTICES, "core_crimes": [CRIME]},
    ),
    "core.risk_event_facts": ("core_pair_crimes", {
        "core_pair_crimes": [PAIR | {"crime_ref": "c1"}, PAIR | {"crime_ref": "c2"}],
        "core_crimes": [CRIME, CRIME | {"crime_ref": "c2"}], "core_extract_moments": [{"as_of_at": LATER}],
        "core_orders": [{"order_ref": "o1", "victim_key": "v1", "respondent_key": "s1", "served_at": LATER}],
    }),
}  # fmt: skip


@pytest.mark.parametrize("table", GIVEN)
def test_rows_of_one_number_and_moment_may_come_in_any_order(table: str) -> None:
    moved, given = GIVEN[table]
    rows = made(table, **given)
    assert rows
    assert made(table, **given | {moved: given[moved][::-1]}) == rows

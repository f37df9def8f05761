"""What measures are broken down by: which suspect of a crime counts, and what is said where there is none."""

from itertools import permutations

import pytest
from worked import Row, made

from assets.reference import list_rows
from dashboards.text import breakdowns
from pipelines.tables.cards import all_cards

PEOPLE = [
    {"person_key": "ann", "sex": "female", "ethnicity_self_defined": "W1"},
    {"person_key": "ben", "sex": "male", "ethnicity_self_defined": "B2"},
    {"person_key": "cat", "sex": "unknown", "ethnicity_self_defined": " NS "},
    {"person_key": "dan"},
]
ANN, BEN = ("female", "25 to 34", "W1"), ("male", "16 to 17", "B2")
NONE, NOT_KNOWN = ("no suspect",) * 3, ("not known",) * 3


def party(key: str, age: int | None = None, *, role: str = "suspect", named: bool | None = True,
          added: str | None = "2025-06-01", eliminated: str | None = None, crime: str = "C") -> Row:  # fmt: skip
    return {"crime_ref": crime, "person_key": key, "record_key": key, "party_role": role, "is_named": named,
            "age_at_offence": age, "first_added_at": added and f"{added} 09:00+00",
            "eliminated_at": eliminated and f"{eliminated} 09:00+00"}  # fmt: skip


def described(*parties: Row, victim: str | None = None) -> Row:
    """The row of crime C in a force that enters suspects: another crime has one."""
    crimes = [{"crime_ref": "C", "victim_key": victim}]
    other = party("ben", crime="another")
    [row] = made("core.crime_breakdowns", core_crimes=crimes, core_persons=PEOPLE, core_parties=[*parties, other])
    return row


def suspect(*parties: Row) -> tuple[str, str, str]:
    row = described(*parties)
    return row["suspect_sex"], row["suspect_age"], row["suspect_ethnicity"]


FIRST, SECOND = party("ann", 30), party("ben", 17, added="2025-06-02")


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ([FIRST, SECOND], ANN),
        ([FIRST | {"party_role": "offender"}, SECOND], ANN),
        ([FIRST, SECOND | {"party_role": "offender"}], ANN),
        ([FIRST | {"is_named": False}, SECOND], BEN),
        ([FIRST | {"is_named": None}, SECOND], BEN),
        ([FIRST | {"is_named": False}], ANN),  # what is entered of an unnamed one is used, where no other is named
        ([FIRST | {"eliminated_at": "2025-07-01 09:00+00"}, SECOND], BEN),
        ([FIRST | {"first_added_at": None}, SECOND], BEN),
        ([party("ann", 30), party("ben", 17)], ANN),  # entered at once: by key
    ],
)
def test_of_two_suspects_the_first_entered_who_is_named_and_not_eliminated_counts(
    parties: list[Row], expected: tuple[str, str, str]
) -> None:
    for order in permutations(parties):
        assert suspect(*order) == expected


def test_a_suspect_is_eliminated_only_when_every_row_of_the_person_is() -> None:
    """One person in two rows: eliminated as a suspect, then entered as the offender. The age is in one of them."""
    eliminated = party("ann", 30, eliminated="2025-07-01")
    assert suspect(eliminated) == NONE
    assert suspect(eliminated, party("ann", role="offender", added="2025-08-01")) == ANN


def test_a_crime_without_a_suspect_says_so_and_other_people_are_none() -> None:
    assert suspect() == NONE
    assert suspect(party("ben", 40, role="witness"), party("ann", 30, role="victim")) == NONE


def test_what_is_not_known_of_a_suspect_is_not_known() -> None:
    assert suspect(party("dan")) == NOT_KNOWN
    assert suspect(party("cat", 30)) == ("not known", "25 to 34", "not known")  # codes for nothing recorded
    assert suspect(party("nobody", 30)) == ("not known", "25 to 34", "not known")  # no record of the person


def test_in_an_extract_without_any_suspect_it_is_not_known_whether_there_was_one() -> None:
    [row] = made("core.crime_breakdowns", core_crimes=[{"crime_ref": "C"}], core_parties=[party("a", role="victim")])
    assert (row["suspect_sex"], row["suspect_age"], row["suspect_ethnicity"]) == NOT_KNOWN


def test_what_one_force_does_not_enter_is_judged_by_that_force_alone() -> None:
    """Given a force that enters suspects, flags and risk, and another that enters none of them."""
    crimes = [{"crime_ref": ref, "force_code": ref[:9], "risk_grade": ref[10:] or None} for ref in
              ("E23000013", "E23000013 high", "E23000035")]  # fmt: skip
    rows = made(
        "core.crime_breakdowns", core_force_scope=[{"force_code": "E23000013"}, {"force_code": "E23000035"}],
        core_crimes=crimes, core_persons=PEOPLE, core_parties=[FIRST | {"crime_ref": "E23000013"}],
        core_crime_flags=[{"crime_ref": "E23000013", "flag": "da"}],
        core_risk_assessments=[{"crime_ref": "E23000013 high"}],
    )  # fmt: skip
    names = ("suspect_sex", "domestic_abuse", "online", "risk")
    assert {row["crime_ref"]: tuple(row[name] for name in names) for row in rows} == {
        "E23000013": ("female", "flagged", "not flagged", "not graded"),
        "E23000013 high": ("no suspect", "not flagged", "not flagged", "high"),
        "E23000035": ("not known", "not known", "not known", "not known"),
    }


def test_the_victim_is_not_taken_for_the_suspect_though_both_are_one_person() -> None:
    row = described(party("ann", 30, role="victim"), party("ann", 12), victim="ann")
    assert (row["victim_age"], row["suspect_age"]) == ("25 to 34", "under 16")
    row = described(party("ann", 30, role="victim"), SECOND, victim="ann")
    assert (row["victim_sex"], row["victim_ethnicity"], row["suspect_sex"]) == ("female", "W1", "male")


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "under 16"), (15, "under 16"), (16, "16 to 17"), (17, "16 to 17"), (18, "18 to 24"), (24, "18 to 24"),
     (25, "25 to 34"), (35, "35 to 44"), (45, "45 to 54"), (55, "55 to 64"), (64, "55 to 64"), (65, "65 and over"),
     (None, "not known")],
)  # fmt: skip
def test_victim_and_suspect_have_the_same_bands_of_age(age: int | None, band: str) -> None:
    row = described(party("ann", age, role="victim"), party("ben", age), victim="ann")
    assert (row["victim_age"], row["suspect_age"]) == (band, band)


def test_a_measure_adds_up_by_suspect_and_a_crime_with_two_counts_once() -> None:
    """Given crimes with two suspects, with none, and with one of unknown sex, and an event without a crime."""
    parties = [FIRST | {"crime_ref": "two"}, SECOND | {"crime_ref": "two"}, party("dan", 50, crime="unknown")]
    crimes = [{"crime_ref": ref} for ref in ("two", "none", "unknown")]
    rows = made("core.crime_breakdowns", core_crimes=crimes, core_persons=PEOPLE, core_parties=parties)
    counted = [{"measure_code": "m", "crime_ref": ref, "month": "2025-06-01", "is_met": True, "is_share": False}
               for ref in ("two", "none", "unknown", None)]  # fmt: skip
    cells = made("metrics.measure_cells", metrics_measure_crimes=counted, core_crime_breakdowns=rows)
    found: dict[str, dict[str, int]] = {}
    for cell in cells:
        found.setdefault(cell["breakdown"], {})[cell["breakdown_value"]] = cell["numerator"]
    assert found["none"] == {"all": 4}
    assert found["suspect_sex"] == {"female": 1, "no suspect": 1, "not known": 2}
    assert found["suspect_age"] == {"25 to 34": 1, "45 to 54": 1, "no suspect": 1, "not known": 1}
    assert found["suspect_ethnicity"] == {"W1": 1, "no suspect": 1, "not known": 2}


def test_each_breakdown_is_a_row_of_the_list_a_column_and_a_title() -> None:
    """One that is missing from the list would be in no figure, without a word."""
    listed = [row["breakdown"] for row in list_rows("breakdowns")]
    columns = [column.name for column in all_cards()["core.crime_breakdowns"].columns]
    assert listed == [name for name in columns if name not in ("force_code", "crime_ref")]
    assert ["none", *listed] == list(breakdowns.BREAKDOWNS)
    pairs = {name for row in list_rows("breakdown_pairs") for name in (row["breakdown"], row["second_breakdown"])}
    assert pairs <= {*listed}

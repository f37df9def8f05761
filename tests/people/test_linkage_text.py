"""Names, dates and numbers of a record in one form."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.methods.linkage.process import variants_of
from assets.methods.linkage.text import normalised, sound


def record(**values: str | None) -> dict[str, Any]:
    frame = pl.DataFrame({"person_key": ["k"], **{name: [value] for name, value in values.items()}},
                         schema_overrides=dict.fromkeys(values, pl.String))  # fmt: skip
    return normalised(frame, {}).row(0, named=True)


@pytest.mark.parametrize(
    ("forename", "surname", "expected"),
    [
        ("Zoë", "O’Brien", ("zoe", "obrien")),
        ("ŁUKASZ", "Wiśniewski", ("lukasz", "wisniewski")),
        ("Siân", "ap Gwilym", ("sian", "apgwilym")),
        ("Mr. John", "Smith-Jones", ("john", "smithjones")),
        ("J0HN", "5mith", ("john", "smith")),
        ("Mary Jane", "Van der Berg", ("mary", "vanderberg")),
        ("  ", "-", (None, None)),
    ],
)
def test_names(forename: str, surname: str, expected: tuple[str | None, str | None]) -> None:
    found = record(forename=forename, surname=surname)
    assert (found["forename"], found["surname"]) == expected


def test_parts_of_a_name_and_what_else_a_person_goes_by() -> None:
    found = record(forename="Mary Jane", middle_name="Ann", surname="Smith-Jones", alias="Molly Brown")
    assert found["other_forenames"] == ["jane", "ann", "molly"]
    assert found["surname_parts"] == ["smith", "jones", "brown"]
    assert record(forename="A", surname="van den Berg")["surname_parts"] == ["berg"]


@pytest.mark.parametrize(
    ("column", "given_value", "expected"),
    [
        ("phone", "+44 (0)7700 900123", "07700900123"),
        ("phone", "0044 7700-900123", "07700900123"),
        ("phone", "7700900123", "07700900123"),
        ("phone", "0000000000", None),
        ("phone", "ex-directory", None),
        ("postcode", "zz99 3aa", "ZZ993AA"),
        ("postcode", "unknown address", None),
        ("email", " A.B+news@Example.Invalid ", "a.b@example.invalid"),
        ("email", "none", None),
        ("pncid", "1908/4351053D", "19084351053D"),
        ("sex", "Female", "f"),
        ("sex", "unknown", None),
    ],
)
def test_values(column: str, given_value: str, expected: str | None) -> None:
    assert record(**{column: given_value})[column] == expected


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("1985-02-03", "1985-02-03"), ("1985-02-03T00:00:00", "1985-02-03"), ("03/02/1985", "1985-02-03"),
        ("1985-02-30", None), ("1900-01-01", None), ("", None),
    ],
)  # fmt: skip
def test_birth_dates(given_value: str, expected: str | None) -> None:
    found = record(date_of_birth=given_value)["birth_date"]
    assert (found.isoformat() if found else None) == expected


def test_a_first_of_january_and_a_check_letter_are_marked() -> None:
    found = record(date_of_birth="1985-01-01", pncid="1908/4351053D")
    assert found["is_first_january"] is True
    letters = [n for n in "ZABCDEFGHJKLMNPQRTUVWXY" if record(pncid=f"1908/4351053{n}")["pncid_is_valid"]]
    assert len(letters) == 1


def test_like_sounds_are_alike_and_others_are_not() -> None:
    def heard(name: str) -> str:
        return str(pl.select(sound(pl.lit(name))).item())

    assert heard("mohammed") == heard("muhamad")
    assert heard("philip") == heard("filip")
    assert heard("hussein") == heard("husain")
    assert [heard(name) for name in ("jones", "szczepan", "singh", "quigley")] == ["jns", "spn", "sng", "cgl"]
    assert heard("smith") != heard("khan")


def test_a_form_may_stand_for_several_names_and_a_full_name_first_for_itself() -> None:
    variants = variants_of([("samuel", "sam"), ("samantha", "sam"), ("ann", "anna"), ("anna", "ania")])
    assert variants["sam"] == ["samantha", "samuel"]
    assert variants["anna"] == ["anna", "ann"]
    assert variants["samuel"] == ["samuel"]


def test_what_is_on_very_many_records_leads_to_no_comparison() -> None:
    frame = pl.DataFrame(
        {
            "person_key": [f"k{n:03}" for n in range(100)],
            "forename": ["john"] * 100,
            "surname": [f"name{chr(97 + n % 26)}" for n in range(100)],
            "phone": ["07700900123"] * 99 + ["07700900999"],
            "postcode": [None] * 100,
        },
        schema_overrides={"postcode": pl.String},
    )
    found = normalised(frame, {})
    assert found["phone_block"].drop_nulls().to_list() == ["07700900999"]
    assert found["phone"].null_count() == 0
    assert found["forename_is_common"].all()


def test_how_common_a_value_is_counts_what_is_known_already() -> None:
    known = normalised(
        pl.DataFrame(
            {"person_key": [f"k{n}" for n in range(60)], "forename": ["john"] * 60, "phone": ["07700900123"] * 60}
        ),
        {},
    )
    fresh = pl.DataFrame({"person_key": ["n"], "forename": ["john"], "phone": ["07700900123"]})
    assert normalised(fresh, {})["phone_block"].to_list() == ["07700900123"]
    found = normalised(fresh, {}, known)
    assert found["phone_block"].to_list() == [None]
    assert found["forename_is_common"].to_list() == [True]


TEXT = st.text(max_size=20)


@settings(deadline=None)
@given(forename=TEXT, surname=TEXT, phone=TEXT, postcode=TEXT, email=TEXT, born=TEXT)
def test_any_text_is_taken_and_once_in_its_form_it_stays(**values: str) -> None:
    values["date_of_birth"] = values.pop("born")
    found = record(**values)
    for name in ("forename", "surname"):
        assert found[name] is None or (found[name].isascii() and found[name].isalpha() and found[name].islower())
    again = record(
        forename=found["forename"], surname=found["surname"], phone=found["phone"], postcode=found["postcode"],
        email=found["email"],
    )  # fmt: skip
    for name in ("surname", "phone", "postcode", "email"):
        assert again[name] == found[name], name


@settings(deadline=None)
@given(st.lists(st.sampled_from(["anna", "ANNA", "Änna", "bob", "Bob "]), min_size=1, max_size=20))
def test_case_accents_and_the_order_of_rows_make_no_difference(names: list[str]) -> None:
    frame = pl.DataFrame({"person_key": [f"k{n:02}" for n in range(len(names))], "forename": names})
    found = normalised(frame, {})
    assert set(found["forename"]) <= {"anna", "bob"}
    assert found.equals(normalised(frame.sample(fraction=1, shuffle=True, seed=1), {}))

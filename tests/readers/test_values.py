"""Values of the extract: which forms of a code, a truth and a missing value are read, and what is set aside?"""

from pathlib import Path

import pytest
from test_extract_reader import CRIME, TABLES, read

from assets.readers.extract.mapping import MappingError, read_mapping
from assets.readers.source import ExtractMapping, Reading

CLASSES = {
    "8Q": "8Q", "08Q": "8Q", " 8q ": "8Q", "008q": "8Q", "8Q - Stalking": "8Q", "N100": "N100", "4.10": "4.10",
    "66.0": "66",  # a number in a table of numbers
    "8-61": None,  # neither a class nor a Home Office code
    "Stalking": None, "8QQ": None,
}  # fmt: skip
HOME_OFFICE_CODES = dict.fromkeys(["8/61", "008/61", "8/061", "008/061", " 8 / 61 "], "8/61")
OUTCOMES = {
    "16": "16", "01": "1", "1.0": "1", "01a": "1A", "Outcome 16": "16", "outcome type 01a": "1A",
    "16 - Victim does not support": "16", "16: evidential": "16", "Outcome 16 – Named suspect": "16",
    "1 - Charged": "1",
    "1 - Taken into consideration": None,  # the label of outcome 4
    "1B": None, "NFA": None, "1.5": None, "16-18": None,
}  # fmt: skip
TRUTHS = dict.fromkeys(["Y", "y", "Yes", " YES ", "True", "TRUE", "t", "1", "1.0"], "true") | dict.fromkeys(
    ["N", "n", "No", " NO ", "False", "FALSE", "f", "0", "0.0"], "false"
) | {"2": None, "perhaps": None}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "field", "forms"),
    [
        ("crime", "class_code", CLASSES),
        ("crime", "ho_code", HOME_OFFICE_CODES),
        ("outcome", "code", OUTCOMES),
        ("crime", "s1_1a", TRUTHS),
    ],
)
def test_a_code_has_many_forms_and_what_is_none_is_set_aside(
    tmp_path: Path, table: str, field: str, forms: dict[str, str | None]
) -> None:
    row = CRIME if table == "crime" else {"crime_id": "c1"}
    reading, loaded = read(tmp_path, table, *[row | {f"{table}_id": given, field: given} for given in forms])
    kept = {found[f"{table}_id"]: found[field] for found in loaded if found[field] is not None}
    assert kept == {k.strip(): v for k, v in forms.items() if v}
    assert {found.column_name for found in reading.quarantined + reading.unread} <= {field}
    assert len(reading.quarantined + reading.unread) == list(forms.values()).count(None)


def test_what_is_set_aside_says_what_was_seen_and_expected(tmp_path: Path) -> None:
    reading, _ = read(tmp_path, "crime", CRIME | {"class_code": "Stalking"})
    (row,) = reading.quarantined
    assert (row.line_number, row.column_name, row.value) == (2, "class_code", "Stalking")
    assert "expected a class of the counting rules, as 8Q: say in mapping.toml" in row.reason


def mapped(folder: Path, text: str) -> ExtractMapping:
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return read_mapping(folder / "mapping.toml", TABLES)


def said_of_words(reading: Reading) -> list[str]:
    return [notice for notice in reading.notices if "a word for no value" in notice]


def test_only_null_means_no_value_unless_the_mapping_says_more(tmp_path: Path) -> None:
    reading, loaded = read(tmp_path, "crime", CRIME | {"mo_text": "NULL", "location_type": "N/A", "dmm_flag": "null"})
    assert [loaded[0][name] for name in ("mo_text", "location_type", "dmm_flag")] == [None, "N/A", None]
    assert said_of_words(reading) == ["mo_text, dmm_flag: a word for no value in 2 cells was read as empty"]


def test_words_for_no_value_are_said_once_for_the_whole_extract(tmp_path: Path) -> None:
    mapping = mapped(tmp_path, '[extract]\nno_value = ["N/A", "Unknown", "Not known", "-"]\n')
    said = {"mo_text": "n/a", "dmm_flag": "UNKNOWN", "coc_count": "Not known", "offence_to_ts": "-", "lat": "-"}
    reading, loaded = read(tmp_path, "crime", CRIME | said, mapping=mapping)
    assert [loaded[0][name] for name in said] == [None] * 5
    assert "in 5 cells" in said_of_words(reading)[0]
    rows, _ = read(tmp_path, "crime", CRIME | {"crime_id": "-"}, mapping=mapping)
    assert [row.column_name for row in rows.quarantined] == ["crime_id"], "a key is never missing"


def test_a_code_or_a_translation_of_a_field_keeps_the_word(tmp_path: Path) -> None:
    mapping = mapped(
        tmp_path,
        '[extract]\nno_value = ["Unknown", "Not known"]\n'
        '[tables.party_role.values.relationship]\n"Not known" = "unknown"\n',
    )
    party = {"crime_id": "c1", "person_key": "p1", "role": "suspect"}
    rows = [party | {"relationship": said, "named": "Unknown"} for said in ("Unknown", "Not known", "stranger")]
    reading, loaded = read(tmp_path, "party_role", *rows, mapping=mapping)
    assert [row["relationship"] for row in loaded] == ["unknown", "unknown", "stranger"]
    assert [row["named"] for row in loaded] == [None] * 3 and not reading.quarantined
    nobody = {"crime_id": "c1", "person_key": "Unknown", "role": "suspect", "named": "true"}
    [row] = read(tmp_path, "party_role", nobody, mapping=mapping)[1]
    assert (row["person_key"], row["named"]) == (None, "false")


def test_other_words_for_no_value_read_the_deliveries_again(tmp_path: Path) -> None:
    before, after = ExtractMapping(), mapped(tmp_path, '[extract]\nno_value = ["-"]\n')
    assert before.mark("crime") != after.mark("crime") and before.whole_mark() != after.whole_mark()


@pytest.mark.parametrize("said", ['"N/A"', '[""]', "[1]", "true"])
def test_a_wrong_list_of_words_is_refused_with_its_place(tmp_path: Path, said: str) -> None:
    with pytest.raises(MappingError, match=r"\[extract\] no_value: expected a list of texts in quotes"):
        mapped(tmp_path, f"[extract]\nno_value = {said}\n")

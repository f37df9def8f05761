"""The JSON Schemas of mapping.toml and of the settings accept what the reader accepts, and list what it knows."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from commands import stra
from jsonschema import Draft202012Validator

from assets.readers.extract.mapping import MappingError, read_mapping
from pipelines.fetching.folder import mapped_tables
from pipelines.mapping.schema import mapping_schema, settings_schema

GOOD = """
[extract]
dates = "DD/MM/YYYY"
no_value = ["N/A"]
from = 2022-04-01
[tables.crime]
file = "OCCURRENCE"
[tables.crime.fields]
crime_id = "OccurrenceId"
[tables.crime.values.status]
"Finalised" = "closed"
"Unknown" = ""
"Ended" = "CLOSED"
[[tables.party_role]]
file = "OCCURRENCE"
only_if = ["SuspectId"]
[tables.party_role.fields]
role = "=suspect"
[database]
url = "env:STRA_EXTRACT_URL"
[database.queries]
crime = "select 1"
"""
WRONG = {
    "an unknown section": ("[extract]", "[extrakt]"),
    "an unknown table": ("[tables.crime]", "[tables.crimes]"),
    "an unknown field": ("crime_id =", "crimeid ="),
    "a code of no list": ('"closed"', '"finished"'),
    "an order of no date": ('"DD/MM/YYYY"', '"DD.YY"'),
    "an address in the file": ('"env:STRA_EXTRACT_URL"', '"postgres://user:secret@host/db"'),
    "a day that is none": ("from = 2022-04-01", 'from = "1 April 2022"'),
    "a word that is no list": ('["N/A"]', '"N/A"'),
}


def faults(content: Any) -> list[str]:
    schema = mapping_schema()
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(content)]


def test_a_mapping_that_is_read_obeys_the_schema(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(GOOD, encoding="utf-8")
    assert read_mapping(tmp_path / "mapping.toml", mapped_tables()).covers == (date(2022, 4, 1), None)
    assert faults(tomllib.loads(GOOD)) == []


@pytest.mark.parametrize("what", WRONG)
def test_what_the_reader_refuses_the_schema_refuses(tmp_path: Path, what: str) -> None:
    text = GOOD.replace(*WRONG[what])
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError):
        read_mapping(tmp_path / "mapping.toml", mapped_tables())
    assert faults(tomllib.loads(text)) != []


def test_every_field_of_every_table_is_listed() -> None:
    tables = mapping_schema()["properties"]["tables"]["properties"]
    assert {name: set(one["oneOf"][0]["properties"]["fields"]["properties"]) for name, one in tables.items()} == {
        name: set(fields) for name, fields in mapped_tables().items()
    }


def test_the_settings_as_shipped_obey_their_schema() -> None:
    schema = settings_schema()
    shipped = {key: one["default"] for key, one in schema["properties"].items()}
    assert list(Draft202012Validator(schema).iter_errors(shipped)) == []
    assert list(Draft202012Validator(schema).iter_errors(shipped | {"intervals.zz": 2}))


def test_the_command_prints_it() -> None:
    assert json.loads(stra("schema", "settings")) == settings_schema()

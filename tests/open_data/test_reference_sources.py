"""Lookups, weights, code lists, boundaries and the survey indicator: small files as the real ones are laid out."""

import json
from pathlib import Path
from typing import Any

import pytest
from published_workbooks import delivered, take, text

from assets.raw.open_data.csp_lookup_2024 import SOURCE as CSP_2024
from assets.raw.open_data.force_boundaries import SOURCE as BOUNDARIES
from assets.raw.open_data.force_population import SOURCE as POPULATION
from assets.raw.open_data.lsoa_lookup_2011_2021 import SOURCE as LSOA
from assets.raw.open_data.lsoa_ward_lookup_2024 import SOURCE as WARDS
from assets.raw.open_data.recorded_crime_rolling_years import SOURCE as ROLLING
from assets.raw.open_data.severity_weights import SOURCE as WEIGHTS
from assets.readers.source import BrokenFile, Source

ROLLING_HEAD = "12 months ending,PFA,Region,Offence,Rolling year total number of offences\r\n"


def rolling(tmp_path: Path, *rows: str) -> Path:
    return text(tmp_path / "rec-crime-pfa.csv", ROLLING_HEAD + "".join(f"{row}\r\n" for row in rows))


def test_rolling_years_come_with_crlf_dates_as_dd_mm_yyyy_and_negative_corrections(tmp_path: Path) -> None:
    rows = ["31-03-2003,Kent,South East,Homicide,19", "31-03-2003,Kent,South East,Robbery,-2"]
    taken = take(ROLLING, rolling(tmp_path, *rows))
    assert taken.column("period_end") == ["31-03-2003", "31-03-2003"]
    assert taken.column("crime_count") == ["19", "-2"]
    assert taken.rows_loaded == 2


def test_the_quarter_that_is_dated_a_day_early_is_kept_and_is_the_same_period(tmp_path: Path) -> None:
    """30-12-2017: were the day part of the period, a corrected file would stand beside it and count twice."""
    taken = take(ROLLING, rolling(tmp_path, "30-12-2017,Kent,South East,Homicide,19"))
    assert taken.column("period_end") == ["30-12-2017"]
    assert ROLLING.period == "substr(period_end, 4)"


@pytest.mark.parametrize(("row", "column"), [
    ("2017-12-31,Kent,South East,Homicide,19", "period_end"),
    ("31-02-2017,Kent,South East,Homicide,19", "period_end"),
    ("31-12-2017,,South East,Homicide,19", "force_name"),
    ("31-12-2017,Kent,South East,,19", "offence_group"),
    ("31-12-2017,Kent,South East,Homicide,", "crime_count"),
    ("31-12-2017,Kent,South East,Homicide,1.5", "crime_count"),
])  # fmt: skip
def test_a_rolling_year_that_cannot_be_used_is_set_aside(tmp_path: Path, row: str, column: str) -> None:
    taken = take(ROLLING, rolling(tmp_path, "31-12-2018,Kent,South East,Homicide,19", row))
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(3, column)]


def test_weights_are_text_to_the_last_digit_and_a_code_may_stand_twice(tmp_path: Path) -> None:
    head = "category_counts,description,code_severity,code_original,category_severity,offence,weight\n"
    rows = "v,Stalking,8Q,8Q,v,Stalking,56.349709671587924\n"
    rows += "v,Manslaughter,x,4.1,v,M,7973.4\nv,Corporate,x,4.1,v,C,7973.4\n"
    taken = take(WEIGHTS, text(tmp_path / "severity_codes.csv", head + rows + "v,Unknown,x,9X,v,U,\n"))
    assert taken.column("severity_weight") == ["56.349709671587924", "7973.4", "7973.4"]
    assert taken.column("offence_code") == ["8Q", "4.1", "4.1"]
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(5, "severity_weight")]


def test_lookups_keep_the_names_of_ons_geography(tmp_path: Path) -> None:
    content = "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name\n"
    rows = ["E07000040,East Devon,E22000362,East and Mid Devon,E23000035,Devon & Cornwall",
            'E09000001,City of London,E22000180,City of London,E23000034,"London, City of"']  # fmt: skip
    taken = take(CSP_2024, text(tmp_path / "lookup_ltla24_csp24_pfa24.csv", content + "\n".join(rows) + "\n"))
    assert taken.column("pfa24_name") == ["Devon & Cornwall", "London, City of"]


def test_a_ward_lookup_with_a_code_of_another_kind_is_set_aside(tmp_path: Path) -> None:
    content = "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code\n"
    rows = "".join(f"A,{code},Ladgate,E05009861,Middlesbrough,E06000002\n" for code in ("E01012049", "E02012049"))
    taken = take(WARDS, text(tmp_path / "ward.csv", content + rows))
    assert (taken.rows_loaded, taken.quarantined[0].column_name) == (1, "lsoa21_code")


def test_the_year_of_a_population_stands_in_its_header(tmp_path: Path) -> None:
    rows = "K04000001,ENGLAND AND WALES,59115800,24403600\n,Beds Cambs Herts,2706200,1082800\n"
    rows += "E23000032,Kent,1846500,x\n"
    taken = take(POPULATION, text(tmp_path / "population_data.csv", "code,name,MYE2018,SNHP2017\n" + rows))
    assert taken.column("area_code") == ["K04000001", None]
    assert set(taken.column("population_year")) == {"2018"}
    assert set(taken.column("household_year")) == {"2017"}
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(4, "households")]
    later = take(POPULATION, text(tmp_path / "population_data.csv", "code,name,MYE2023,SNHP2022\n" + rows))
    assert set(later.column("population_year")) == {"2023"}


SQUARE = [[[-1.5, 51.0], [-1.4, 51.0], [-1.4, 51.1], [-1.5, 51.0]]]


def feature(
    code: object = "E23000032", name: object = "Kent", shape: Any = SQUARE, kind: str = "Polygon"
) -> dict[str, Any]:
    properties = {"OBJECTID": 1, "PFA16CD": code, "PFA16NM": name, "LONG": -1.5}
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": shape}}


def collection(tmp_path: Path, *features: object) -> Path:
    content = {"type": "FeatureCollection", "name": "PFA16CD PFA16NM", "features": list(features)}
    return text(tmp_path / "force_boundaries_ugc.geojson", json.dumps(content))


def test_boundaries_have_the_code_the_name_and_the_shape_as_geojson(tmp_path: Path) -> None:
    city = feature("E23000034", "London, City of", [SQUARE], "MultiPolygon")
    taken = take(BOUNDARIES, collection(tmp_path, feature("E23000035", "Devon & Cornwall"), city))
    assert taken.column("force_code") == ["E23000035", "E23000034"]
    assert taken.column("force_name") == ["Devon & Cornwall", "London, City of"]
    assert [json.loads(str(shape)) for shape in taken.column("geometry_json")] == [
        {"type": "Polygon", "coordinates": SQUARE}, {"type": "MultiPolygon", "coordinates": [SQUARE]},
    ]  # fmt: skip


@pytest.mark.parametrize(("wrong", "column"), [
    (feature(code="S15000001"), "force_code"),
    (feature(), "force_code"),  # a second Kent
    (feature(code="E23000001", name=""), "force_name"),
    (feature(code="E23000001", shape=[[[517516, 178392], [517517, 178392]]]), "geometry_json"),  # national grid
    (feature(code="E23000001", shape=[]), "geometry_json"),
    (feature(code="E23000001", shape=[["a", "b"]]), "geometry_json"),
    (feature(code="E23000001", kind="Point"), "geometry_json"),
    ({"type": "Feature", "properties": {"PFA16CD": "E23000001", "PFA16NM": "x"}, "geometry": None}, "geometry_json"),
    ({"type": "Feature", "properties": None}, "force_code"),
    (None, "force_code"),
])  # fmt: skip
def test_an_area_that_cannot_be_drawn_or_named_is_set_aside(tmp_path: Path, wrong: object, column: str) -> None:
    taken = take(BOUNDARIES, collection(tmp_path, feature(), wrong))
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(2, column)]
    assert taken.rows_loaded == 1


def test_cut_geojson_and_a_collection_without_areas_are_refused(tmp_path: Path) -> None:
    path = collection(tmp_path, feature())
    path.write_text(path.read_text("utf-8")[:-30], "utf-8")
    with pytest.raises(BrokenFile, match="no complete GeoJSON"):
        take(BOUNDARIES, path)
    with pytest.raises(BrokenFile, match="at least one area"):
        take(BOUNDARIES, collection(tmp_path))


def test_geojson_of_something_else_is_not_ours(tmp_path: Path) -> None:
    content = '{"type": "FeatureCollection", "features": [{"properties": {"WD24CD": 1}}]}'
    assert BOUNDARIES.parts(delivered(text(tmp_path / "wards.geojson", content))) == []


NAMES = [
    (ROLLING, "home-office/rec-crime-pfa.csv"),
    (WEIGHTS, "reference/severity_codes.csv"),
    (POPULATION, "reference/population_data.csv"), (BOUNDARIES, "reference/force_boundaries_ugc.geojson"),
    (CSP_2024, "reference/converted/lookup_ltla24_csp24_pfa24.csv"),
    (LSOA, "lsoa-lookups.zip!lookup_lsoa11_lsoa21_ltla22.csv"),
    (WARDS, "reference/converted/lookup_lsoa21_ward24_ltla24.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "name"), NAMES)
def test_a_broken_file_of_a_known_name_is_claimed_by_one_source(source: Source, name: str) -> None:
    assert [other.table for other, _ in NAMES if other.looks_like(name)] == [source.table]
    assert not source.looks_like(name.rsplit(".", 1)[0] + ".rda")

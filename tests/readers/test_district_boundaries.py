"""Boundaries of districts: one GeoJSON file of the force's own, each fault named with its feature."""

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published_workbooks import delivered, take, text
from worked import Row, made, only

from assets.raw import sources
from assets.raw.beside_extract import district_boundaries
from assets.raw.beside_extract.district_boundaries import SOURCE
from assets.readers import outlines
from assets.readers.outlines import Unusable
from assets.readers.source import BrokenFile
from sample.synth import commissioning

SQUARE = [[-1.5, 51.0], [-1.4, 51.0], [-1.4, 51.1], [-1.5, 51.1], [-1.5, 51.0]]
ELSEWHERE = [[x + 0.2, y] for x, y in SQUARE]
ON_GRID = [[[440_000 + 1000 * x, 170_000 + 1000 * y] for x, y in ((0, 0), (5, 0), (5, 5), (0, 5), (0, 0))]]
NAME = "district_boundaries.geojson"


def feature(district: object = "North", shape: Any = None, kind: str = "Polygon", **more: object) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [SQUARE] if shape is None else shape}
    return {"type": "Feature", "properties": {"district": district, **more}, "geometry": geometry}


def written(folder: Path, *features: object, name: str = NAME, **more: object) -> Path:
    return text(folder / name, json.dumps({"type": "FeatureCollection", "features": list(features), **more}))


def rings(taken: Any) -> list[list[list[list[float]]]]:
    return [json.loads(str(value)) for value in taken.column("rings_json")]


class TestGoodFiles:
    def test_outlines_are_kilometres_from_the_corner_and_a_degree_east_is_shorter(self, tmp_path: Path) -> None:
        south = feature("South", [[ELSEWHERE]], "MultiPolygon", force_code="E23000013")
        taken = take(SOURCE, written(tmp_path, feature(), south))
        assert (taken.column("district"), taken.column("force_code")) == (["North", "South"], [None, "E23000013"])
        [[north], [other]] = rings(taken)
        wide, high = 0.1 * 111.2 * math.cos(math.radians(51.05)), 11.12
        assert np.allclose(north, [[0, 0], [wide, 0], [wide, high], [0, high], [0, 0]], atol=0.001)
        assert math.isclose(other[0][0], 2 * wide, abs_tol=0.001)
        assert (taken.quarantined, taken.notices) == ([], [])

    @pytest.mark.parametrize("crs", [None, {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}])
    def test_metres_of_the_national_grid_are_known_by_their_numbers(self, tmp_path: Path, crs: object) -> None:
        [[ring]] = rings(take(SOURCE, written(tmp_path, feature(shape=ON_GRID), crs=crs)))
        assert ring == [[0, 0], [5, 0], [5, 5], [0, 5], [0, 0]]

    @pytest.mark.parametrize("name", ["CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
    def test_a_file_may_say_that_it_is_in_degrees(self, tmp_path: Path, name: str) -> None:
        crs = {"type": "name", "properties": {"name": name}}
        assert take(SOURCE, written(tmp_path, feature(), crs=crs)).rows_loaded == 1

    def test_holes_a_third_number_and_a_byte_order_mark_are_no_fault(self, tmp_path: Path) -> None:
        hole = [[-1.45, 51.05], [-1.44, 51.05], [-1.44, 51.06], [-1.45, 51.05]]
        path = written(tmp_path, feature(shape=[[[*point, 12.5] for point in SQUARE], hole]))
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        [[ring]] = rings(take(SOURCE, path))
        assert len(ring) == len(SQUARE)

    def test_a_very_detailed_outline_is_simplified_within_what_the_notice_says(self, tmp_path: Path) -> None:
        angles = np.linspace(0, 2 * np.pi, 20_000)
        radius = 0.2 + 0.002 * np.sin(40 * angles)
        circle = np.column_stack((-1.5 + radius * np.cos(angles), 52 + radius * np.sin(angles))).round(7)
        circle[-1] = circle[0]
        speck = [[x / 100_000 - 1, y / 100_000 + 52] for x, y in ((0, 0), (1, 0), (1, 1), (0, 0))]
        shape = [[circle.tolist()], [speck]]
        taken = take(SOURCE, written(tmp_path, feature(shape=shape, kind="MultiPolygon")))
        [notice] = taken.notices
        [kept] = rings(taken)
        assert notice.startswith("outlines simplified from 20,004 points to ") and "off by at most 0.0" in notice
        assert len(kept) == 1 and 40 < len(kept[0]) < 1500
        whole = outlines.on_plane([[circle]], outlines.DEGREES)[0][0]
        drawn = np.array(kept[0])
        allowed = float(notice.rpartition("most ")[2].removesuffix(" km")) + 0.002  # points are rounded to metres
        off = [
            min(float(outlines._distances(point[None], a, b)[0]) for a, b in pairwise(drawn))
            for point in whole[::1997]
        ]
        assert max(off) <= allowed

    def test_outlines_that_stay_detailed_are_simplified_further_until_a_page_draws_them(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outlines, "MOST_POINTS", 300)
        many = [[np.vstack((ring, ring[:1]))] for ring in np.random.default_rng(1).random((10, 100, 2)) * 100]
        drawn, tolerance = outlines.simplified(many)
        assert sum(len(ring) for parts in drawn for ring in parts) <= 300
        assert tolerance > 0.1 and all(len(parts[0]) >= 4 for parts in drawn)

    def test_a_small_district_beside_a_large_one_keeps_its_shape(self) -> None:
        large, small = np.array(SQUARE) * 1000, np.array(SQUARE)
        drawn, tolerance = outlines.simplified([[large], [small]])
        assert tolerance > 0.05 and len(drawn[1][0]) == len(SQUARE)

    def test_the_file_of_the_invented_force_is_sound_and_says_that_it_is_invented(self, tmp_path: Path) -> None:
        taken = take(SOURCE, text(tmp_path / NAME, commissioning.boundaries()))
        assert taken.column("district") == [f"Invented District {number}" for number in range(1, 6)]
        assert taken.quarantined == [] and commissioning.boundaries().count("invented: no real district") == 5
        assert set(taken.column("district")) == set(commissioning.small_areas()["area_name"])


OPEN = [[*SQUARE[:-1], [-1.5, 51.05]]]
WRONG = [
    (feature("North"), "district", "North again (feature 1)", "each district once"),
    (feature(" north "), "district", "north again (feature 1)", "put its parts into one MultiPolygon"),
    (feature(""), "district", "properties: district", "a property `district`"),
    ({"properties": {"LAD24NM": "B"}, "geometry": None}, "district", "properties: LAD24NM", "rename the property"),
    (None, "district", "properties: none", "with the name as in the extract"),
    (feature("B", force_code="Cleveland"), "force_code", "Cleveland", "the ONS code of a force"),
    (feature("B", kind="Point"), "rings_json", "'Point'", "a Polygon or MultiPolygon"),
    ({"properties": {"district": "B"}, "geometry": None}, "rings_json", "no geometry", "a Polygon or MultiPolygon"),
    (feature("B", shape=OPEN), "rings_json", "[-1.5, 51] first and [-1.5, 51.05] last", "ends where it begins"),
    (feature("B", shape=[SQUARE[:2]]), "rings_json", "2 points", "a ring of four points or more"),
    (feature("B", shape=[[SQUARE[0]] * 4]), "rings_json", "a ring without area", "around an area"),
    (feature("B", shape=[[["a", "b"]] * 4]), "rings_json", "['a', 'b']", "points of two numbers"),
    (feature("B", shape=[[[math.nan, 51.0]] * 4]), "rings_json", "[nan, 51.0]", "points of two numbers"),
    (feature("B", shape=[[[10**400, 51.0]] * 4]), "rings_json", "[1000", "points of two numbers"),
    (feature("B", shape=[[[y, x] for x, y in SQUARE]]), "rings_json", "numbers exchanged", "longitude before latitude"),
    (feature("B", shape=ON_GRID), "rings_json", "[440000, 170000]", "metres of the British National Grid in every"),
    (feature("B", shape=[[[x + 90, y] for x, y in SQUARE]]), "rings_json", "[88.5, 51]", "in the United Kingdom"),
    (feature("B", shape=[]), "rings_json", "no ring", "a ring of four points"),
    (feature("B", shape={"a": 1}, kind="MultiPolygon"), "rings_json", "no polygon", "at least one ring"),
]


class TestFaults:
    @pytest.mark.parametrize(("wrong", "column", "seen", "expected"), WRONG)
    def test_a_feature_that_cannot_be_used_is_set_aside_with_its_number_and_the_rest_is_used(
        self, tmp_path: Path, wrong: object, column: str, seen: str, expected: str
    ) -> None:
        taken = take(SOURCE, written(tmp_path, feature(), wrong, feature("Last", [ELSEWHERE])))
        [fault] = taken.quarantined
        assert (fault.line_number, fault.column_name) == (2, column)
        assert seen in fault.value and fault.reason.startswith("feature 2") and expected in fault.reason
        assert "; " in fault.reason, "it says what to do"
        assert (taken.column("district"), taken.rows_read) == (["North", "Last"], 3)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ('{"type": "FeatureCollection", "features": [', "no complete GeoJSON"),
            ('{"type": "FeatureCollection", "features": []}', "features: expected at least one area; saw none"),
            ('{"type": "Feature"}', "no complete GeoJSON"),
            ('{"features": {"a": 1}}', "expected at least one area"),
            ('{"features": [{"properties": {"LAD24NM": "B", "LAD24CD": "E1"}}]}',
             "district` with the name as in the extract; saw properties: LAD24NM, LAD24CD. No feature can be used."),
            ('{"crs": {"properties": {"name": "EPSG:3857"}}, "features": [1]}',
             "or the British National Grid (EPSG:27700); saw 'EPSG:3857'. Export the boundaries as GeoJSON"),
            ('{"crs": "WGS", "features": [1]}', "crs: expected longitude and latitude"),
        ],
    )  # fmt: skip
    def test_a_file_without_a_usable_feature_or_in_other_coordinates_is_refused_whole(
        self, tmp_path: Path, content: str, words: str
    ) -> None:
        with pytest.raises(BrokenFile) as refused:
            take(SOURCE, text(tmp_path / NAME, content))
        assert words in str(refused.value)

    def test_numbers_that_are_not_in_the_coordinates_that_the_file_names_are_refused(self, tmp_path: Path) -> None:
        crs = {"properties": {"name": "EPSG:27700"}}
        with pytest.raises(BrokenFile, match="metres of the British National Grid in every feature") as refused:
            take(SOURCE, written(tmp_path, feature(shape=[[[x, -y] for x, y in SQUARE]]), crs=crs))
        assert str(refused.value).startswith("feature 1, rings_json: expected metres")

    def test_a_huge_file_is_refused_before_it_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(district_boundaries, "MOST_BYTES", 100)
        with pytest.raises(BrokenFile, match=r"at most 100 bytes; saw \d+ bytes\. Deliver generalised boundaries"):
            take(SOURCE, written(tmp_path, feature()))
        monkeypatch.setattr(district_boundaries, "MOST_BYTES", 10_000)
        monkeypatch.setattr(district_boundaries, "MOST_FEATURES", 1)
        with pytest.raises(BrokenFile, match="features: expected at most 1 districts; saw 2"):
            take(SOURCE, written(tmp_path, feature(), feature("South")))

    @pytest.mark.parametrize(
        ("name", "is_ours"),
        [("reference/District_Boundaries 2024.geojson", True), ("a.zip!district-boundary.json", True),
         ("force_boundaries_ugc.geojson", False), ("districts.geojson", False), ("district_boundaries.csv", False)],
    )  # fmt: skip
    def test_a_file_is_known_by_its_name(self, name: str, is_ours: bool) -> None:
        assert [s.table for s in sources().values() if s.looks_like(name)] == (
            ["district_boundaries"] if is_ours else ["force_boundaries"] if "force" in name else []
        )

    def test_what_is_no_geojson_under_that_name_is_refused_with_what_it_begins_with(self, tmp_path: Path) -> None:
        file = delivered(text(tmp_path / NAME, "<html>Log in</html>"))
        assert SOURCE.parts(file) == []
        assert str(SOURCE.why_not(file)).startswith("start of the file: expected a GeoJSON FeatureCollection")
        assert "'<html>Log in</html>'" in str(SOURCE.why_not(file))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda held: st.lists(held, max_size=5) | st.dictionaries(st.text(max_size=5), held, max_size=3),
    max_leaves=20,
)
# rings that are nearly right: some numbers, often closed
POINT = st.tuples(st.floats(-12, 6), st.floats(45, 63)).map(list) | JSON
RING = st.lists(POINT, min_size=3, max_size=8).map(lambda points: [*points, points[0]]) | JSON
GEOMETRY = (
    st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": st.lists(RING, max_size=2) | JSON})
    | st.fixed_dictionaries({"type": st.just("MultiPolygon"), "coordinates": st.lists(st.lists(RING, max_size=2))})
    | JSON
)
FEATURES = st.lists(
    st.fixed_dictionaries({"properties": st.fixed_dictionaries({"district": st.text(max_size=3)}) | JSON,
                           "geometry": GEOMETRY}) | JSON,
    max_size=4,
)  # fmt: skip


@given(features=FEATURES | JSON, crs=st.none() | JSON)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_geojson_however_broken_stops_a_build(tmp_path: Path, features: object, crs: object) -> None:
    """It is read with every feature accounted for, or refused whole with a reason."""
    path = text(tmp_path / NAME, json.dumps({"features": features, "crs": crs}))
    refused: BrokenFile | None = None
    try:
        taken = take(SOURCE, path)
    except BrokenFile as problem:
        refused = problem
    if refused is not None:
        assert refused.place and refused.expected and refused.do
        return
    assert taken.rows_loaded >= 1 and taken.rows_loaded + len(taken.quarantined) == taken.rows_read
    for parts in rings(taken):
        for ring in parts:
            assert len(ring) >= 3 and ring[0] == ring[-1] and np.isfinite(ring).all()


def test_a_fault_names_what_was_seen_and_what_was_expected() -> None:
    with pytest.raises(Unusable, match="expected a Polygon or MultiPolygon; saw 'Line'"):
        outlines.outer_rings({"type": "Line"})


def outline(district: str, line: int, force: str | None = None, ref: str = "d") -> Row:
    return {"delivery_ref": ref, "line_number": line, "district": district, "force_code": force,
            "rings_json": f"[{line}]", "period": "all"}  # fmt: skip


CURRENT = [{"source": "district_boundaries", "delivery_ref": "d", "period": "all"}]


def test_a_district_is_named_as_in_the_extract_and_a_force_s_own_outline_comes_first() -> None:
    given_rows = [outline("north", 1), outline("NORTH", 2, "E23000013"), outline("South", 3, "E23000035"),
                  outline("Elsewhere", 4), outline("North", 5, ref="old")]  # fmt: skip
    named = enumerate(("North", "North", "not known", "South"))
    crimes = [{"crime_ref": str(n), "district": d, "force_code": "E23000013"} for n, d in named]
    rows = made(
        "core.district_boundaries", raw_district_boundaries=given_rows, core_current_periods=CURRENT,
        core_crime_breakdowns=crimes, core_force_scope=[{"force_code": "E23000013", "force_name": "Invented"}],
    )  # fmt: skip
    assert [(r["district"], r["is_known"], r["rings_json"]) for r in rows] == [
        ("Elsewhere", False, "[4]"), ("North", True, "[2]")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("loaded", "refused", "state"),
    [
        (None, None, "no boundaries of districts are delivered"),
        (None, "2026-02-01", "the file of district boundaries was refused: why"),
        ("2026-01-01", None, "loaded"),
        ("2026-01-01", "2026-02-01", "loaded, but a later file was refused: why"),
        ("2026-03-01", "2026-02-01", "loaded"),
    ],
)
def test_the_state_says_why_there_is_no_map(loaded: str | None, refused: str | None, state: str) -> None:
    deliveries = [
        {"delivery_ref": ref, "source": "district_boundaries", "status": status, "reason": "why", "received_at": at}
        for ref, status, at in (("d", "loaded", loaded), ("r", "refused", refused))
        if at is not None
    ]
    rows = made("core.list_states", raw_deliveries=deliveries, core_current_periods=CURRENT if loaded else [],
                raw_district_boundaries=[outline("north", 1)] if loaded else [])  # fmt: skip
    [row] = only(rows, list_code="district_boundaries")
    assert (row["state"], row["is_loaded"]) == (state, loaded is not None)

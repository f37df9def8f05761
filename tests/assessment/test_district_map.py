"""The map of districts on the page Explore: what it draws, what it says, and the page with it and without."""

import asyncio
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import InventedForce
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from published_home import build_home, publish, tables

from dashboards.charts import district_map, sentences
from dashboards.charts.style import PAPER, SEQUENTIAL
from dashboards.pages.assessment.explorer_map_section import BOUNDARIES, STATES
from dashboards.text.comparisons import HIDDEN

FORCE = "E23000013"
EXPLORE = f"force={FORCE}&measure=recorded&period=quarter&by=district"


def square(x: float, y: float = 0, size: float = 9) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def districts(values: Mapping[str, float | None], hidden: str = "") -> pl.DataFrame:
    rows = [
        {"district": name, "name": name, "rings_json": json.dumps([square(10 * place)]), "value": value,
         "is_hidden": name == hidden, "words": HIDDEN if name == hidden else str(value), "detail": "of 400"}
        for place, (name, value) in enumerate(values.items())
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64})


SHOWN = districts({"A": 10.0, "B": 41.0, "C": 95.0, "D & <b>": 4.0, "E": None, "F": 99.0}, hidden="D & <b>")


class TestChart:
    chart = district_map.district_map(SHOWN, unit="crimes")

    @property
    def areas(self) -> dict[str, Any]:
        return {trace.name: trace for trace in self.chart.data if trace.fill == "toself"}

    def test_it_is_polygons_on_plain_axes_with_one_scale_and_asks_no_map_service(self) -> None:
        assert {trace.type for trace in self.chart.data} == {"scatter"}
        assert (self.chart.layout.yaxis.scaleanchor, self.chart.layout.yaxis.scaleratio) == ("x", 1)
        assert set(self.areas) == set(SHOWN["name"])

    def test_darker_is_higher_a_hidden_one_is_hatched_and_one_without_a_figure_is_white(self) -> None:
        fills = {name: trace.fillcolor for name, trace in self.areas.items()}
        assert [fills[name] for name in "ABCF"] == [SEQUENTIAL[0], SEQUENTIAL[1], SEQUENTIAL[2], SEQUENTIAL[2]]
        assert (fills["D & <b>"], fills["E"]) == (PAPER, PAPER)
        pattern = self.areas["D & <b>"].fillpattern
        assert (pattern.shape, pattern.bgcolor, self.areas["E"].fillpattern.shape) == ("/", PAPER, None)
        named = [trace.name for trace in self.chart.data if trace.showlegend]
        assert named == ["70 to 99", "40 to under 70", "10 to under 40", "hidden to protect few people", "no figure"]

    @pytest.mark.parametrize(
        ("values", "unit", "edges"),
        [([37, 45, 45, 46, 47], "crimes", (37, 41, 44, 47)), ([46, 47], "crimes", (46, 47)), ([5], "crimes", (5, 5)),
         ([], "crimes", ()), ([0.1, 0.4], "share", (0.1, 0.2, 0.3, 0.4))],
    )  # fmt: skip
    def test_near_values_are_in_one_group(self, values: list[float], unit: str, edges: tuple[float, ...]) -> None:
        assert district_map._edges(values, unit) == pytest.approx(edges)

    def test_every_value_is_printed_in_its_district_and_said_on_hover_with_its_detail(self) -> None:
        words = [note.text for note in self.chart.layout.annotations]
        assert words == [
            "<b>A</b><br>10.0", "<b>B</b><br>41.0", "<b>C</b><br>95.0",
            "<b>D &amp; &lt;b&gt;</b><br>hidden to protect few people",
            "<b>E</b><br>None", "<b>F</b><br>99.0",
        ]  # fmt: skip
        for place, note in enumerate(self.chart.layout.annotations):
            assert 10 * place < note.x < 10 * place + 9 and 0 < note.y < 9
        assert self.areas["A"].text == "<b>A</b><br>10.0<br>of 400"
        assert "4.0" not in self.areas["D & <b>"].text

    def test_a_hidden_value_is_nowhere_in_the_chart(self) -> None:
        secret = district_map.district_map(districts({"A": 10.0, "B": 4321.0}, hidden="B"), unit="crimes")
        assert "4321" not in secret.to_json() and "4,321" not in secret.to_json()

    def test_a_click_in_a_district_chooses_it(self) -> None:
        [points] = [trace for trace in self.chart.data if trace.customdata is not None]
        assert [point[0] for point in points.customdata] == SHOWN["name"].to_list()

    def test_its_sentence_names_the_highest_that_is_shown(self) -> None:
        assert sentences.carried(self.chart).startswith("The highest is F (99.0). Darker is higher")

    def test_many_districts_have_their_value_alone_so_that_labels_do_not_cover_the_map(self) -> None:
        many = district_map.district_map(districts({f"D{n}": float(n) for n in range(20)}), unit="crimes")
        assert [note.text for note in many.layout.annotations] == [f"{n}.0" for n in range(20)]

    def test_with_nothing_to_show_it_still_draws_the_outlines(self) -> None:
        blank = district_map.district_map(districts({"A": None, "B": 3.0}, hidden="B"), unit="share")
        assert len([trace for trace in blank.data if trace.fill == "toself"]) == 2
        assert sentences.carried(blank) == ""

    def test_a_district_within_another_is_drawn_over_it_and_parts_are_one_district(self) -> None:
        rows = districts({"Town": 5.0, "County": 9.0}).with_columns(
            rings_json=pl.Series([json.dumps([square(3, 3, 2)]), json.dumps([square(0), square(20)])])
        )
        chart = district_map.district_map(rows, unit="crimes")
        areas = [trace for trace in chart.data if trace.fill == "toself"]
        assert [trace.name for trace in areas] == ["County", "Town"]
        assert list(areas[0].x).count(None) == 1

    @pytest.mark.parametrize(
        "ring", [[[0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [0, 1], [0, 0]],  # an L: its middle is outside
                 [[0, 0], [3, 9], [6, 0], [3, 2], [0, 0]]],
    )  # fmt: skip
    def test_a_label_is_inside_an_outline_of_any_shape(self, ring: list[list[float]]) -> None:
        x, y = district_map._inside(ring)
        crossings = [
            x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in pairwise(ring) if (y0 > y) != (y1 > y)
        ]
        assert sum(crossing > x for crossing in crossings) % 2 == 1


def drawn(address: str, query: str) -> Drawn:
    async def ask() -> Drawn:
        async with Session(address) as session:
            await session.open("")
            return await session.open("explore", query)

    return asyncio.run(ask())


def test_the_invented_force_has_a_map_made_of_its_delivered_file(invented_force: InventedForce) -> None:
    assert (invented_force.data / "commissioning" / "district_boundaries.geojson").is_file()
    with serving(invented_force.home) as address:
        page = drawn(address, EXPLORE)
        assert page.faults == ()
        assert page.says("Stalking and harassment recorded by district on the map, Jan to Mar 2026")
        assert page.says("Map of 5 districts, darker for higher: Invented District 1 ")
        assert page.says("A map shows levels: differences may be chance, and a count is higher where more people are.")
        assert page.says("Not on the map, for the district is not known: ")
        assert not page.says("There is no map")
        share = drawn(address, EXPLORE.replace("recorded", "charged_365"))
        assert share.says("differences between districts may be chance, see the intervals.") and share.faults == ()
        other = drawn(address, EXPLORE.replace("by=district", "by=unit"))
        assert not other.says("on the map")


@pytest.fixture(scope="module")
def invented_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_home(tmp_path_factory.mktemp("rows"))


def test_districts_without_an_outline_and_outlines_of_no_district_are_named(invented_rows: Path) -> None:
    with serving(invented_rows) as address:
        page = drawn(address, "measure=recorded&period=month&by=district")
    assert page.faults == ()
    assert page.says("Map of 2 districts") and page.says("District 3 hidden to protect few people")
    assert page.says("Not on the map, for no outline was delivered: District 2.")
    assert page.says("Outlines of no district of the extract: Elsewhere &amp; &lt;b&gt;. Name the districts in the")


@pytest.mark.parametrize(
    ("states", "outlines", "words"),
    [
        ("no boundaries of districts are delivered", [], "no boundaries of districts are delivered"),
        ("the file of district boundaries was refused: crs: wrong.", [],
         "the file of district boundaries was refused: crs: wrong"),
        ("loaded", [], "the file of district boundaries has no outline for this force"),
        ("loaded", ["Nowhere"], "no outline has the name of a district of the extract: Nowhere"),
    ],
)  # fmt: skip
def test_without_a_map_the_page_says_why_and_how_to_have_one(
    tmp_path: Path, states: str, outlines: list[str], words: str
) -> None:
    is_loaded = states == "loaded"
    held = pl.DataFrame({"district": outlines, "is_known": [False] * len(outlines),
                         "rings_json": ["[]"] * len(outlines)},
                        schema={"district": pl.String, "is_known": pl.Boolean, "rings_json": pl.String})  # fmt: skip
    state = pl.DataFrame({"list_code": ["district_boundaries"], "is_loaded": [is_loaded], "state": [states]})
    publish(tmp_path, "command", tables()["command"] | {BOUNDARIES: held, STATES: state})
    with serving(tmp_path) as address:
        page = drawn(address, "measure=recorded&period=quarter&by=district")
    assert page.faults == ()
    assert page.says(f"There is no map: {words}. To have one, put a file district_boundaries.geojson into the data")
    assert not page.says("on the map")

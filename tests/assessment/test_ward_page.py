"""The page Explore by ward: of a force with hundreds of them, and of the invented force."""

import datetime as dt
import random
from pathlib import Path

import polars as pl
import pytest
from conftest import InventedForce
from dashboard_browser import serving
from published_home import publish, tables
from test_district_map import FORCE, drawn

from assets.methods.comparison import CHANCE_ALONE
from dashboards.data import measure_rows
from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from dashboards.pages.assessment import explorer_parts_sections as parts_of
from dashboards.pages.assessment.explorer_data import Choice, Shown
from dashboards.text.breakdowns import BREAKDOWNS, part_name
from dashboards.text.small_numbers import SmallNumbers

VALUES, DISTRICTS, EACH = "metrics.measure_values", 30, 10
STARTS = [dt.date(year, month, 1) for year in (2024, 2025) for month in (1, 4, 7)]
RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)


def wards() -> pl.DataFrame:
    """Crimes recorded by quarter in ten wards of each of thirty districts; of one ward in ten it is not known which."""
    draw, rows = random.Random(1), []
    for place in range(DISTRICTS * EACH):
        district, ward = f"Invented Vale {place // EACH:02d}", f"Ward {place % EACH}" if place % EACH else "not known"
        for start in STARTS:
            count = draw.choice((0, 3, 8, 20, 41)) + place // EACH
            rows.append({
                "force_code": "F", "measure_code": "recorded", "period_type": "quarter", "period_start": start,
                "period_end": start.replace(month=start.month + 2), "is_whole": True, "is_drawn": True,
                "breakdown": "ward", "breakdown_value": f"{district}: {ward}", "numerator": count, "denominator": None,
                "not_known_count": 0, "value": float(count), "lower": None, "upper": None,
            })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, held = tmp_path_factory.mktemp("wards"), tables()["command"]
    of_force = held[VALUES]["force_code"][0]
    added = wards().with_columns(force_code=pl.lit(of_force)).cast(dict(held[VALUES].schema))
    publish(folder, "command", held | {VALUES: pl.concat([held[VALUES], added.select(held[VALUES].columns)])})
    return folder


def test_a_page_of_three_hundred_wards_draws_the_first_and_finds_the_rest(home: Path) -> None:
    with serving(home) as address:
        page = drawn(address, "measure=recorded&period=quarter&until=2025-07-01&by=ward")
        found = drawn(address, "measure=recorded&period=quarter&until=2025-07-01&by=ward&find=vale 07")
        of_one = drawn(address, "measure=recorded&period=quarter&by=ward&part_ward=Invented Vale 07: Ward 3")
        by_month = drawn(address, "measure=recorded&period=month&by=ward")
    assert [one.faults for one in (page, found, of_one)] == [()] * 3
    assert page.says("Stalking and harassment recorded by ward or beat, Jul to Sep 2025")
    assert page.says("280 more parts in the table alone.") and page.says("258 parts not drawn here")
    assert not page.says("on the map") and not page.says("And by")
    assert found.says("10 of 300 parts shown: name with “vale 07”.")
    assert of_one.says("Stalking and harassment recorded, Invented Vale 07: Ward 3, ")
    assert by_month.says("this copy does not hold"), "wards have no months"


def test_the_table_of_many_wards_is_folded_and_that_of_a_district_is_open(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = []
    monkeypatch.setattr(parts_of.figure.Figure, "draw", lambda figure, copy: figures.append(figure))
    monkeypatch.setattr(parts_of.page, "note", lambda words: None)
    monkeypatch.setattr(parts_of.filters, "address", lambda **choices: "")
    copy = open_copy(home, "command", WHOLE)
    measure = {"measure_code": "recorded", "measure_name": "Recorded", "kind": "count", "unit": "crimes"}
    choice = Choice(measure, "quarter", "ward", "every", STARTS[-1])
    rows = measure_rows.with_last_year(measure_rows.marked(wards(), RULE))
    for find, is_open in (("", False), ("vale 07", True)):
        monkeypatch.setattr(parts_of.filters, "search", lambda label, key, said=find: said)
        shown = Shown(copy, RULE, 1.96, [], CHANCE_ALONE, 0.1, "ward")
        found = parts_of.ranked(shown, choice, rows, rows.head(0), "value")
        parts_of.over_time(shown, choice, found, "value")
        ranked, small, heat = figures[-3:]
        assert ranked.is_table_open is is_open
        assert not small.is_table_open and not heat.is_table_open
        names = ranked.data.rows["name"].to_list()
        unknown = [name for name in names if name.endswith(": not known")]
        assert names[-len(unknown) :] == unknown and len(names) == (10 if find else 300)


def test_wards_have_names_and_the_bar_of_choices_has_none() -> None:
    assert BREAKDOWNS["ward"] == "Ward or beat"
    assert part_name("ward", "not known") == "not known (ward or beat)"
    assert part_name("ward", "North: not known") == "North: not known"


def test_the_invented_force_can_be_explored_by_ward(invented_force: InventedForce) -> None:
    with serving(invented_force.home) as address:
        asked = f"force={FORCE}&measure=recorded&by=ward"
        page = drawn(address, f"{asked}&period=financial_year&until=2024-04-01")
        share = drawn(address, asked.replace("recorded", "charged_365") + "&period=quarter")
    assert page.faults == share.faults == ()
    assert page.says("Invented District 2: Invented Middle Ward")
    assert page.says("Ward or beat is not known for ")
    assert share.says("hidden to protect few people")

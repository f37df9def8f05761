"""`import stra`: published measures in Python, with what belongs to them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from conftest import InventedForce

import stra

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def figures(invented_force: InventedForce) -> stra.Figures:
    return stra.open(invented_force.home, role="analyst")


def test_a_measure_is_what_the_build_made(figures: stra.Figures, invented_force: InventedForce) -> None:
    given = figures.measure("charged_365", by="district", period="quarter")
    with invented_force.connect() as con:
        made = con.sql(
            "select * from metrics.measure_values where measure_code = 'charged_365' and breakdown = 'district'"
            " and period_type = 'quarter' order by force_code, period_start, breakdown_value"
        ).pl()
    assert given.height > 0 and pl.DataFrame(given).equals(made.select(given.columns))


def test_every_measure_of_the_list_can_be_read(figures: stra.Figures) -> None:
    listed = figures.measures()
    assert {"recorded", "recorded_24h", "charged_365", "risk_assessed", "repeat_suspect_12m", "open_caseload"} <= set(
        listed["measure_code"]
    )
    for code in listed["measure_code"]:
        assert figures.measure(code, period="to_date").columns == figures.measure("recorded").columns


def test_a_frame_has_definition_caveats_and_provenance(figures: stra.Figures) -> None:
    frame = figures.measure("recorded")
    assert frame.definition.startswith("Crimes whose principal class (crime.class_code) is 8L, 8M, 8Q, 8R or 8U.")
    assert frame.caveats[0].startswith("Invented force") and len(frame.caveats) > 1
    came_from = frame.provenance
    assert came_from is not None and came_from.made_by == "assets/metrics/assessment/measure_values.sql"
    assert "core.crimes" in came_from.upstream and "crime" in {file.source for file in came_from.deliveries}
    assert came_from.manifest_sha256 == figures.copy.manifest_sha256()


def test_rows_are_kept_by_values_days_and_expressions(figures: stra.Figures) -> None:
    every = pl.DataFrame(figures.measure("recorded", by="district"))
    one, first = every["breakdown_value"][0], every["period_start"].min()
    assert figures.measure("recorded", by="district", where={"breakdown_value": one}).equals(
        every.filter(pl.col("breakdown_value") == one)
    )
    same = figures.measure("recorded", by="district", where={"period_start": [str(first)]})
    expression = pl.col("period_start") == first
    assert same.height > 0 and same.equals(figures.measure("recorded", by="district", where=expression))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"code": "chraged_365"}, "Did you mean 'charged_365'?"),
        ({"code": "recorded", "by": "districts"}, "Did you mean 'district'?"),
        ({"code": "recorded", "period": "week"}, "period: expected month, quarter"),
        ({"code": "recorded", "by": "ward"}, "period: expected quarter, financial_year or to_date; saw 'month'"),
        ({"code": "recorded", "by": "hour"}, "period: expected quarter, financial_year, rolling_12 or to_date; saw"),
        ({"code": "recorded", "where": {"distict": "1"}}, "where: expected force_code"),
        ({"code": "recorded", "where": {"period_start": "soon"}}, "period_start holds Date; saw 'soon'"),
    ],
)
def test_a_wrong_name_is_said(figures: stra.Figures, asked: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=f".*{said.replace('?', '.')}"):
        figures.measure(**asked)  # type: ignore[arg-type]


def test_a_role_opens_the_copy_of_its_audience_and_no_other(
    figures: stra.Figures, invented_force: InventedForce, tmp_path: Path
) -> None:
    home = invented_force.home
    copy = copytree(figures.copy.folder, tmp_path / "handed over")
    assert stra.open(copy, role="senior_leader").measures().equals(figures.measures())
    assert stra.open(home, role="integrity").audience == "integrity"
    with pytest.raises(stra.Missing, match="This copy is for command: the role commissioner may open commissioning"):
        stra.open(copy, role="commissioner")
    for role in ("administrator", "supervisor"):  # who has the records to correct of some units, and nothing else
        with pytest.raises(stra.Missing, match="may open no figure"):
            stra.open(home, role=role)
    with pytest.raises(ValueError, match=r"role: expected analyst.*saw 'chief'"):
        stra.open(home, role="chief")
    with pytest.raises(stra.Missing, match="No figures have been built"):
        stra.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("role", "is_owner"), [("senior_leader", True), ("analyst", False), ("auditor", True), ("integrity", True)]
)
def test_small_numbers_are_hidden_as_on_pages_but_from_an_analyst_who_owns_the_home(
    role: str, is_owner: bool, figures: stra.Figures, invented_force: InventedForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_owner:
        monkeypatch.setattr("os.getuid", lambda: invented_force.home.stat().st_uid + 1)
    seen = stra.open(invented_force.home, role=role)
    for by, period in ((None, "month"), ("district", "month"), ("ward", "quarter")):
        exact = pl.DataFrame(figures.measure("recorded_stalking", by, period))
        given = pl.DataFrame(seen.measure("recorded_stalking", by, period))
        is_few = pl.col("numerator").is_between(1, 4)
        few, keys = exact.filter(is_few), ["period_start", "breakdown_value"]
        assert given.filter(is_few).is_empty() and given.filter("is_hidden")["numerator"].null_count() >= few.height
        shown = given.filter(~pl.col("is_hidden")).select(exact.columns)
        assert shown.height > 0 and shown.join(exact, on=exact.columns, how="anti", nulls_equal=True).is_empty()
        assert few.join(given.filter("is_hidden"), on=keys, how="anti").is_empty()
        assert by is None or not few.is_empty()
    hidden = given.filter("is_hidden").row(0, named=True)
    asked = {"breakdown_value": hidden["breakdown_value"], "period_start": hidden["period_start"]}
    alone = seen.measure("recorded_stalking", "ward", "quarter", asked)
    assert alone["numerator"].to_list() == [None], "a part asked for alone is hidden with the others in view"
    verdicts, of = pl.DataFrame(seen.verdicts("recorded_stalking")), figures.verdicts("recorded_stalking")
    assert verdicts.filter("is_hidden").height > 0 and verdicts["verdict"].to_list() == of["verdict"].to_list()
    assert verdicts.filter(pl.col("latest_value").is_between(1, 4)).is_empty()


def test_figures_of_an_earlier_publication_say_that_it_is_in_use_again(
    figures: stra.Figures, tmp_path: Path
) -> None:
    copy = copytree(figures.copy.folder, tmp_path / "again")
    held = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    held["in_use_again"] = {"since": "2026-03-03T09:00:00+00:00", "reason": "A wrong file"}
    (copy / "manifest.json").write_text(json.dumps(held), encoding="utf-8")
    first = stra.open(copy).measures().caveats[0]
    assert first.startswith("An earlier publication") and "3 Mar 2026, 09:00 GMT" in first
    assert first.endswith("Reason: A wrong file.") and first not in figures.measures().caveats


def test_commissioners_have_quarters_as_released_and_no_exact_count(invented_force: InventedForce) -> None:
    figures = stra.open(invented_force.home, role="commissioner")
    listed = figures.measures()["measure_code"].to_list()
    given = figures.measure("recorded", by="district", period="quarter")
    assert 0 < len(listed) < 60 and "recorded" in listed and given.height > 0
    assert (given["numerator"].drop_nulls() % 5 == 0).all()
    with pytest.raises(ValueError, match="code: expected"):
        figures.measure("TIM-01")


def test_a_file_that_was_changed_is_not_read(figures: stra.Figures, tmp_path: Path) -> None:
    copy = copytree(figures.copy.folder, tmp_path / "changed")
    file = copy / str(figures.copy.tables["metrics.measure_values"]["file"])
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(stra.Missing, match="its hash differs"):
        stra.open(copy).measure("recorded")


def test_the_example_of_the_documentation_runs(invented_force: InventedForce) -> None:
    text = (Path(stra.__file__).parents[1] / "docs" / "notebooks.md").read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.*?)```", text, re.S)[0]
    names: dict[str, stra.Frame] = {}
    exec(example.replace("/srv/stra/home", str(invented_force.home)), names)
    assert names["charged"].height > 0


def test_it_starts_neither_streamlit_nor_dagster() -> None:
    held = "import sys, stra; print({'streamlit', 'dagster', 'great_expectations'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", held], capture_output=True, text=True, check=True).stdout == "set()\n"

"""The reader of the published copy: one folder an audience, reasons instead of faults, and files safe to open."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import invented_figures as invented
import polars as pl
import pytest
from published_home import FORCES, build_home, publish, tables

from dashboards.data import extract
from dashboards.data.published import AUDIENCES, Copy, Missing, NotAvailable, open_copy, optional
from dashboards.data.scope import WHOLE
from dashboards.parts import figure
from dashboards.parts.downloads import INVENTED, csv_bytes, file_name, invented_name, xlsx_bytes
from dashboards.parts.table import html_table
from dashboards.server.access import demonstrating, from_environment
from pipelines.publication.publish import _why_empty
from pipelines.tables.cards import all_cards


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    withheld = {"metrics.recorded_rates": "Not published: rule PUB-06 could not be run"}
    return build_home(tmp_path_factory.mktemp("home"), empty=["metrics.outcome_mix"], withheld=withheld)


def opened(home: Path, audience: str = "command") -> Copy:
    return open_copy(home, audience, WHOLE)


def why(read: Callable[..., object], *args: Any, **more: Any) -> NotAvailable:
    with pytest.raises(Missing) as caught:
        read(*args, **more)
    return caught.value.what


# reading


def test_rows_come_back_with_values_bound_by_name(home: Path) -> None:
    where, name = "force_name = $name", "Devon & Cornwall Police"
    rows = opened(home).select("metrics.force_funnel", where=where, order_by="measure", name=name)
    assert rows["measure"].to_list() == ["rate_per_1000", "stalking_share"]


@pytest.mark.parametrize("value", ["' or 1=1 --", "x'; drop view published; --", "Kent\x00", "%"])
def test_a_hostile_value_is_only_ever_compared(home: Path, value: str) -> None:
    rows = opened(home).select("metrics.force_funnel", where="force_name = $name", name=value)
    assert rows.is_empty()


def test_a_filter_that_matches_nothing_is_an_empty_frame_not_an_absence(home: Path) -> None:
    rows = opened(home).select("reference.forces", where="force_code = 'none'")
    assert rows.is_empty()


def test_dates_and_missing_values_keep_their_types(home: Path) -> None:
    rows = opened(home).select("metrics.control_chart_points", where="series_ref = 'mps-monthly'", order_by="month")
    assert rows.schema["month"] == pl.Date
    assert rows["centre_line"][0] is None


# what is not there, and why


def test_a_missing_home_says_how_to_build_one(tmp_path: Path) -> None:
    for absent in (None, tmp_path / "nowhere"):
        reason = why(open_copy, absent, "command", WHOLE)
        assert reason.kind == "no_home"
        assert "stra build" in reason.remedy


def test_a_home_without_a_publication_says_so(tmp_path: Path) -> None:
    assert why(open_copy, tmp_path, "command", WHOLE).kind == "not_published"


def test_a_withheld_table_gives_the_manifests_reason(home: Path) -> None:
    reason = why(opened(home).select, "metrics.recorded_rates")
    assert (reason.kind, reason.reason) == ("withheld", "Not published: rule PUB-06 could not be run")


def test_a_table_that_is_not_published_is_absent_and_one_without_rows_is_empty(home: Path) -> None:
    copy = opened(home)
    assert why(copy.select, "metrics.of_nowhere").kind == "absent"
    assert why(copy.select, "metrics.outcome_mix").kind == "empty"
    rows = copy.select("metrics.outcome_mix", may_be_empty=True)
    assert rows.is_empty()


@pytest.mark.parametrize(("named", "is_known"), [(1, True), (0, False), (None, False)])
def test_a_table_of_suspects_is_empty_because_the_extract_does_not_say_who_is_suspected(
    home: Path, named: int | None, is_known: bool
) -> None:
    with duckdb.connect() as con:
        con.execute("create schema core; create table core.crimes as select ?::int as named_suspect_count", [named])
        tables = ("metrics.repeat_suspects", "metrics.suspect_charges", "metrics.outcome_mix", "metrics.theme_months")
        said = [_why_empty(con, all_cards()[table]) for table in tables]
    assert [bool(why) for why in said] == ([False] * 4 if is_known else [True, True, False, False])
    copy = opened(home)
    copy.manifest["tables"]["metrics.outcome_mix"] |= said[0]
    assert why(copy.select, "metrics.outcome_mix").kind == ("empty" if is_known else "absent")


def test_an_altered_or_removed_file_is_not_shown(tmp_path: Path) -> None:
    copy = opened(build_home(tmp_path))
    pl.DataFrame({"force_code": ["forged"]}).write_parquet(copy.folder / "reference.forces.parquet")
    assert "hash differs" in why(copy.select, "reference.forces").reason
    (copy.folder / "core.coverage.parquet").unlink()
    assert "no longer there" in why(copy.select, "core.coverage").reason


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff"])
def test_a_damaged_manifest_is_a_reason_not_a_fault(tmp_path: Path, text: str) -> None:
    copy = opened(build_home(tmp_path))
    folder = publish(tmp_path, "command", {}, version="20261125T000000000000Z")
    (folder / "manifest.json").write_text(text, encoding="latin-1")
    assert why(open_copy, tmp_path, "command", WHOLE).kind == "damaged"
    assert isinstance(copy.select("reference.forces"), pl.DataFrame), "a page that was drawn before stays whole"


# one publication at a time


def test_the_link_is_followed_once_so_a_page_never_mixes_two_publications(tmp_path: Path) -> None:
    copy = opened(build_home(tmp_path))
    later = tables()["command"] | {"reference.forces": pl.DataFrame({"force_code": ["later"]})}
    publish(tmp_path, "command", later, version="20261125T000000000000Z")
    before, after = copy.select("reference.forces"), opened(tmp_path).select("reference.forces")
    assert isinstance(before, pl.DataFrame)
    assert isinstance(after, pl.DataFrame)
    assert before.height == len(FORCES)
    assert after["force_code"].to_list() == ["later"]


# an audience can open its own folder only


def test_each_audience_reads_its_own_tables_only(home: Path) -> None:
    held = {audience: set(opened(home, audience).tables) for audience in AUDIENCES}
    assert "raw.deliveries" in held["integrity"]
    assert "raw.deliveries" not in held["command"] | held["commissioning"]
    assert why(opened(home, "commissioning").select, "quality.rule_breaches").kind == "absent"


@pytest.mark.parametrize("audience", ["../command", "copies/integrity", "", "admin", "command/.."])
def test_an_audience_is_one_of_three_names_and_never_a_path(home: Path, audience: str) -> None:
    assert why(open_copy, home, audience, WHOLE).kind == "denied"


def test_a_link_that_leads_to_another_audience_or_outside_the_home_is_not_followed(tmp_path: Path) -> None:
    home = build_home(tmp_path / "home")
    link = home / "published" / "commissioning"
    link.unlink()
    link.symlink_to("copies/integrity/20261124T011000000000Z")
    assert "another audience" in why(open_copy, home, "commissioning", WHOLE).reason
    other = build_home(tmp_path / "other")
    link.unlink()
    link.symlink_to(other / "published" / "copies" / "commissioning" / "20261124T011000000000Z")
    assert "outside the home" in why(open_copy, home, "commissioning", WHOLE).reason


@pytest.mark.parametrize("how", ["path", "link"])
def test_a_manifest_cannot_point_to_another_audiences_file(tmp_path: Path, how: str) -> None:
    home = build_home(tmp_path)
    secret = opened(home, "integrity").folder / "raw.deliveries.parquet"
    content = {"reference.forces": tables()["command"]["reference.forces"]}
    folder = publish(home, "command", content, version="20261125T000000000000Z")
    manifest = json.loads((folder / "manifest.json").read_text())
    entry = manifest["tables"]["reference.forces"]
    if how == "path":
        entry["file"] = f"../../integrity/20261124T011000000000Z/{secret.name}"
    else:
        (folder / entry["file"]).unlink()
        (folder / entry["file"]).symlink_to(secret)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert why(opened(home).select, "reference.forces").kind == "denied"


def test_a_copy_of_another_version_says_so_and_names_the_column_and_no_engine(home: Path) -> None:
    reason = why(opened(home).select, "reference.forces", columns="force_code, not_yet_there")
    assert reason.reason == (
        "reference.forces.parquet was published by another version of the product and lacks the column not_yet_there."
    )


def test_sql_in_a_page_cannot_reach_another_folder(home: Path) -> None:
    secret = opened(home, "integrity").folder / "raw.deliveries.parquet"
    reason = why(opened(home).select, "reference.forces", where=f"(select count(*) from read_parquet('{secret}')) > 0")
    assert reason.kind == "damaged"
    assert "Permission" in reason.reason or "disabled" in reason.reason


@pytest.mark.parametrize(
    ("audience", "address", "served"),
    [
        ("", "127.0.0.1", AUDIENCES),
        ("", "localhost", AUDIENCES),
        ("", "0.0.0.0", ()),
        ("", None, ()),
        ("integrity", "0.0.0.0", ()),
        ("integrity", "127.0.0.1", ("integrity",)),
        ("everything", "127.0.0.1", ()),
        ("command,integrity", "127.0.0.1", ()),
    ],
)
def test_a_server_serves_what_it_was_started_for_and_denies_the_rest(
    home: Path, audience: str, address: str | None, served: tuple[str, ...]
) -> None:
    server = from_environment({"STRA_HOME": str(home), "STRA_AUDIENCE": audience}, address)
    assert server.audiences == served
    for name in AUDIENCES:
        copy = optional(server.open, name, demonstrating("invented", ""), lambda subject, count: "")
        assert (copy is not None) is (name in served)
    assert bool(server.refusal) is (served == ())


# files that leave


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_starts_like_a_formula_gets_an_apostrophe_in_both_formats(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    frame, columns = pl.DataFrame({"t": [text], "n": [-45]}), {"t": f"{start}head", "n": "Count"}
    rows = list(csv.reader(io.StringIO(csv_bytes(frame, columns).decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{start}head", "Count"], [f"'{text}", "-45"]]
    content = xlsx_bytes(frame, columns, title=text, notes=[text], marking="OFFICIAL")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        sheets = "".join(archive.read(name).decode() for name in names)
    assert "<f>" not in sheets
    book = fastexcel.read_excel(content)
    cells = book.load_sheet("Data", header_row=None).to_polars().rows()
    assert cells[1][0].startswith(f"'{start}") or start == "\r"  # a workbook stores a bare carriage return as _x000D_
    about = [row[0] for row in book.load_sheet("About", header_row=None).to_polars().rows()]
    assert all(line.startswith("'") for line in about[1:])


def test_numbers_stay_numbers_dates_stay_dates_and_missing_stays_empty() -> None:
    days = [dt.date(2025, 10, 1), None, None]
    frame = pl.DataFrame({"n": [-1.5, None, 0.0], "d": days, "t": ["plain", "next", None], "b": [True, None, False]})
    columns = {name: name for name in frame.columns}
    text = csv_bytes(frame, columns).decode("utf-8-sig").splitlines()
    assert text == ["n,d,t,b", "-1.5,2025-10-01,plain,True", ",,next,", "0.0,,,False"]
    book = fastexcel.read_excel(xlsx_bytes(frame, columns, title="T", notes=[], marking="OFFICIAL"))
    sheet = book.load_sheet("Data").to_polars()
    assert sheet["n"].to_list() == [-1.5, None, 0]
    assert sheet.schema["n"].is_numeric()
    assert sheet["d"].cast(pl.Date).to_list() == days


def test_times_in_a_workbook_are_london_times_with_their_zone() -> None:
    times = [dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)]
    content = xlsx_bytes(pl.DataFrame({"at": times}), {"at": "At"}, title="T", notes=[], marking="OFFICIAL")
    held = fastexcel.read_excel(content).load_sheet("Data").to_polars()["At"].to_list()
    assert held == [dt.datetime(2026, 7, 1, 11), dt.datetime(2026, 1, 1, 10)]  # noqa: DTZ001
    styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml").decode()
    assert all(f"hh:mm &quot;{zone}&quot;" in styles for zone in ("GMT", "BST"))


def test_the_marking_leads_the_file_name_and_nothing_unsafe_follows() -> None:
    assert file_name("OFFICIAL-SENSITIVE", "is it ../changing?", "csv") == "OFFICIAL-SENSITIVE_is-it-changing.csv"


def test_a_file_of_invented_figures_says_so_in_its_name_and_its_sheets() -> None:
    assert invented_name("OFFICIAL_brief.pdf") == "OFFICIAL_invented_brief.pdf"
    frame = pl.DataFrame({"a": [1]})
    content = xlsx_bytes(frame, {"a": "A"}, title="T", notes=[], marking="OFFICIAL", is_invented=True)
    book = fastexcel.read_excel(content)
    assert book.sheet_names == ["Invented data", "About"]
    assert INVENTED in book.load_sheet("About", header_row=None).to_polars().to_series().to_list()


@pytest.mark.parametrize(
    ("tables", "sources", "expected"),
    [
        (("metrics.of_extract",), (), True),
        (("metrics.of_public",), (), False),
        (("metrics.of_both",), ("street",), False),  # the series in use is public
        (("metrics.of_both",), (), True),
        (("core.decisions",), (), True),
        (("reference.themes",), (), False),
    ],
)
@pytest.mark.parametrize("name", ["Invented Force", "Kent Police"])
def test_which_figures_are_of_an_invented_force(
    tmp_path: Path, name: str, tables: tuple[str, ...], sources: tuple[str, ...], expected: bool
) -> None:
    scope = pl.DataFrame({"force_code": ["F"], "force_name": [name], "first_month": [dt.date(2025, 1, 1)],
                          "last_month": [dt.date(2025, 2, 1)]})  # fmt: skip
    file = tmp_path / "core.force_scope.parquet"
    scope.write_parquet(file)
    entry = {"file": file.name, "rows": 1, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    used = {"metrics.of_extract": ["crime"], "metrics.of_public": ["street"], "metrics.of_both": ["crime", "street"]}
    manifest = {
        "tables": {table: {"sources": held} for table, held in used.items()}
        | {"core.force_scope": entry},
        "sources": [{"source": "crime", "licence": figure.UNLICENSED}, {"source": "street", "licence": "Open"}],
    }
    copy = Copy("commissioning", tmp_path, manifest, WHOLE)
    shown = figure.Figure("key", "Finding", figure.Data(scope, ("force_code",)), tables, sources)
    assert figure.is_invented(copy, shown) == (expected and name == "Invented Force")
    assert extract.is_invented(copy) == (name == "Invented Force")
    assert not extract.is_invented(Copy("commissioning", tmp_path, {"tables": {}, "sources": []}, WHOLE))


# the HTML table


def test_cells_headings_and_caption_are_escaped() -> None:
    hostile = invented.PAYLOAD
    table = html_table(pl.DataFrame({"a": [hostile]}), {"a": hostile}, caption=f'{hostile}" onmouseover="x')
    assert "<img" not in table
    assert table.count("&lt;img src=x onerror=alert(1)&gt;") == 4  # region label, caption, heading, cell
    assert '" onmouseover' not in table


def test_the_table_has_a_caption_scopes_and_a_region_reached_by_keyboard() -> None:
    frame = pl.DataFrame({"f": ["Kent"], "n": [1234]})
    table = html_table(frame, {"f": "Force", "n": "Count"}, caption="Counts", row_heading="f")
    assert "<caption>Counts</caption>" in table
    assert table.count('scope="col"') == 2
    assert '<th scope="row" class="short">Kent</th>' in table
    assert 'tabindex="0" role="region" aria-label="Counts"' in table
    assert '<td class="number">1,234</td>' in table


def test_missing_is_worded_and_a_long_table_says_how_much_it_leaves_out() -> None:
    table = html_table(pl.DataFrame({"n": [None, 0, 5]}, schema={"n": pl.Int64}), {"n": "N"}, caption="C", most=2)
    assert "no figure" in table
    assert ">0<" in table
    assert "the first 2 of 3 rows" in table


def test_a_caption_that_is_hidden_is_seen_where_rows_are_left_out() -> None:
    frame = pl.DataFrame({"n": [1, 2, 3]})
    cut = html_table(frame, {"n": "N"}, caption="C", most=2, is_caption_visible=False)
    whole = html_table(frame, {"n": "N"}, caption="C", is_caption_visible=False)
    assert "<caption>C (the first 2 of 3 rows" in cut
    assert '<caption class="visually-hidden">C</caption>' in whole


def test_a_link_is_made_of_the_row_and_escaped() -> None:
    frame = pl.DataFrame({"rule": ["A<b", "B"]})
    table = html_table(
        frame, {"rule": "Rule"}, caption="C", links={"rule": lambda r: f'?x="{r["rule"]}' if r["rule"] != "B" else None}
    )
    assert '<a href="?x=&quot;A&lt;b">A&lt;b</a>' in table
    assert table.count("<a ") == 1

"""Where a number comes from: publication carries it, tampering is found, and pages and documents read one chain."""

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from invented_figures import PAYLOAD
from published_home import build_home

from dashboards.data.published import Copy, Missing, open_copy
from dashboards.data.scope import WHOLE
from dashboards.parts import provenance as chain
from pipelines.builds.session import open_session
from pipelines.fetching.folder import DataFolder
from pipelines.publication import provenance, publish
from pipelines.publication.publish import differences
from pipelines.tables.cards import AUDIENCES, ROOT, Card, all_cards, code_of

RATES, PERSON, SECRET = "metrics.recorded_rates", "core.crime_people", "Somebody Nobody-Else"
SHA = "ab" * 32


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real publication of a few tables: rates of two years, a force by the name of a person, two small deliveries."""
    home = tmp_path_factory.mktemp("home")
    with open_session(home, DataFolder(home)) as session:
        con = session.con
        for table in (RATES, PERSON, "quality.rule_results", "quality.rule_breaches", "raw.deliveries"):
            columns = ", ".join(f'"{c.name}" {c.type}' for c in all_cards()[table].columns)
            con.execute(f"create or replace table {table} ({columns})")
        session.build(all_cards()["reference.settings"])
        con.execute(
            f"insert into {RATES} (source, force_code, force_name, period_start, offence_code, crime_count)"
            " values ('ons', 'E1', ?, '2024-01-01', 'S&H', 10), ('ons', 'E1', ?, '2025-01-01', 'S&H', 20)",
            [SECRET, SECRET],
        )
        for source, rows in (("ons_pfa_offences", 1234), ("force_population", 3)):
            con.execute(
                "insert into raw.deliveries (delivery_ref, source, file_name, sha256, received_at, rows_loaded, status)"
                " values ($source, $source, $source || '.csv', $sha, '2026-11-24 01:10:00+00', $rows, 'loaded')",
                {"source": source, "sha": SHA, "rows": rows},
            )
        publish.publish(con, home, "run", "code", None)
    return home


def read(home: Path, audience: str) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    folder = home / "published" / audience
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return folder, manifest, json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["tables"]


def opened(home: Path, audience: str = "command") -> Copy:
    return open_copy(home, audience, WHOLE)


# what a publication carries


def test_a_table_of_several_audiences_is_the_same_file_in_each_copy(published: Path) -> None:
    copies = {audience: read(published, audience) for audience in AUDIENCES}
    shared = {table for _, manifest, _ in copies.values() for table in manifest["tables"]}
    shared = {table for table in shared if len(all_cards()[table].audience) > 1}
    assert RATES in shared
    for table in shared:
        entries = [m["tables"][table] for _, m, _ in copies.values() if table in m["tables"]]
        assert len(entries) == len(all_cards()[table].audience) and all(entry == entries[0] for entry in entries)
    for folder, manifest, _ in copies.values():
        assert publish.differences(folder) == []
        for table, entry in manifest["tables"].items():
            assert pq.read_metadata(folder / entry["file"]).num_rows == entry["rows"], table


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_copy_carries_the_whole_chain_of_its_tables_and_its_hash(published: Path, audience: str) -> None:
    folder, manifest, told = read(published, audience)
    content = (folder / "provenance.json").read_bytes()
    assert manifest["provenance"] == {"file": "provenance.json", "sha256": hashlib.sha256(content).hexdigest()}
    assert set(manifest["tables"]) <= set(told)
    assert {above for entry in told.values() for above in entry["reads"]} <= set(told)
    assert told["reference.settings"]["kind"] == "reference"
    assert differences(folder) == []


def test_the_sql_stands_there_as_it_ran_with_the_columns_it_rests_on(published: Path) -> None:
    _, _, told = read(published, "command")
    entry = told[RATES]
    assert (entry["kind"], entry["file"]) == ("sql", "assets/metrics/open_data/recorded_rates.sql")
    assert entry["text"] == code_of(ROOT / entry["file"])  # without the card, whose words stand beside it
    assert (ROOT / entry["file"]).read_text(encoding="utf-8").endswith("-- ///\n\n" + entry["text"])
    assert ["core.residents", "persons"] in entry["lineage"]["rate_per_1000"]
    assert told["raw.ons_pfa_offences"]["kind"] == "reader"
    assert "raw.ons_pfa_offences" in chain.upstream_of(told, [RATES])


def test_a_copy_carries_the_heading_of_each_column_that_has_one(published: Path) -> None:
    copy = opened(published)
    assert copy.tables[RATES]["headings"] == {c.name: c.heading for c in all_cards()[RATES].columns if c.heading}
    assert copy.headings(("force_name",), RATES) == {"force_name": "Force"}
    assert copy.headings(["rate_per_1000"], RATES) == {"rate_per_1000": "Rate per 1000"}  # none: its name
    assert copy.headings(["force_name"], "metrics.no_such_table") == {"force_name": "Force name"}
    mixed = copy.headings(("rate_per_1000", {"force_name": "Of"}, "period_end"), "metrics.no_such_table", RATES)
    assert list(mixed.items()) == [
        ("rate_per_1000", "Rate per 1000"), ("force_name", "Of"), ("period_end", "Period end")]


def test_a_python_table_gives_its_words_and_methods_and_results_of_rules_the_tables_they_judge() -> None:
    funnel = provenance.entry_of(all_cards()["metrics.force_funnel"], {})
    assert (funnel["kind"], funnel["file"]) == ("function", "assets/metrics/open_data/force_funnel.py")
    assert "assets/methods/funnel.py" in funnel["methods"]
    assert funnel["text"]
    results = provenance.entry_of(all_cards()["quality.rule_results"], {})
    assert results["kind"] == "rules"
    assert {"core.recorded_crimes", "core.crimes"} <= set(results["reads"])
    assert "raw.crime" in provenance.closure(["quality.rule_results"])


def test_no_value_of_a_row_is_in_it(published: Path) -> None:
    for audience in AUDIENCES:
        folder, _, _ = read(published, audience)
        assert SECRET.encode() not in (folder / "provenance.json").read_bytes()
    integrity, _, _ = read(published, "integrity")
    # the value was there to be told
    assert any(SECRET.encode() in path.read_bytes() for path in integrity.glob("metrics.*"))


def test_the_same_code_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    folder, manifest, _ = read(published, "command")
    again = provenance.write(provenance.entries(), {table: table for table in reversed(manifest["tables"])}, tmp_path)
    assert again == manifest["provenance"]
    assert (tmp_path / "provenance.json").read_bytes() == (folder / "provenance.json").read_bytes()


def test_the_rows_of_a_small_delivery_are_told_to_integrity_alone(published: Path) -> None:
    few = ("rows_below", 5)
    for audience, told in (("command", few), ("commissioning", few), ("integrity", ("rows", 3))):
        sources = {s["source"]: s["deliveries"][0] for s in read(published, audience)[1]["sources"]}
        assert sources["ons_pfa_offences"]["rows"] == 1234
        kept = {k: v for k, v in sources["force_population"].items() if k.startswith("rows")}
        assert kept == dict([told]), audience


def test_sql_that_was_changed_while_the_build_ran_is_not_told_as_what_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    maker = tmp_path / "invented.sql"
    maker.write_text("select 1 as one", encoding="utf-8")
    card: Card = dataclasses.replace(all_cards()[RATES], maker=maker)
    assert card.code_hash
    assert provenance.entry_of(card, {})["text"] == "select 1 as one"
    maker.write_text("select 2 as one", encoding="utf-8")
    told = provenance.entry_of(card, {})
    assert told["kind"] == "changed"
    assert "select" not in told["text"]


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_tampering_is_found_and_not_shown(published: Path, tmp_path: Path, how: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(published / "published", home / "published", symlinks=True)
    copy = opened(home)
    path = copy.folder / "provenance.json"
    if how == "changed":
        path.write_bytes(path.read_bytes().replace(b"select", b"SELECT", 1))
    else:
        path.unlink()
    [line] = differences(home / "published" / "command")
    assert "provenance.json" in line
    why = "its hash differs" if how == "changed" else "no longer there"
    with pytest.raises(Missing, match=why):
        copy.provenance()
    assert why in chain.block(copy, [RATES], {"crime_count": "Crimes"})


# below a figure


def test_a_figure_shows_the_sql_the_columns_and_the_deliveries(published: Path) -> None:
    copy = opened(published)
    said = chain.block(copy, [RATES], {"crime_count": "Crimes", "reading": "What it says"})
    assert said.startswith('<details class="provenance"><summary>Where does this number come from?</summary>')
    assert "with_population as (" in said
    assert "<code>crime_count</code> from <code>core.recorded_counts.crime_count</code>" in said
    assert "Calculated on this page from columns of the above: What it says." in said
    assert "<code>rate_per_1000</code> from " in said.partition(f"Other columns of {RATES} (")[2]
    assert "Other columns" not in chain.block(copy, [RATES], {"crime_count": "Crimes"})
    assert f"<code>ons_pfa_offences.csv</code>, sha256 <code>{SHA[:12]}</code>" in said
    assert "24 Nov 2026, 01:10 GMT, 1,234 rows" in said
    assert copy.tables[RATES]["sha256"] in said
    assert str(copy.manifest_sha256()) in said


def test_only_the_sources_of_a_figure_are_listed_where_it_names_them(published: Path) -> None:
    copy = opened(published)
    said = chain.block(copy, [RATES], {"crime_count": "Crimes"}, ["ons_pfa_offences"])
    assert "ons_pfa_offences.csv" in said
    assert "force_population.csv" not in said


def hostile(tables: dict[str, Any], manifest: dict[str, Any], columns: dict[str, str]) -> str:
    """The block of a copy that holds these, whatever they are."""

    class Held(Copy):
        def provenance(self) -> dict[str, Any]:
            return tables

        def manifest_sha256(self) -> str:
            return PAYLOAD

    return chain.block(Held("command", Path("none"), manifest), list(manifest["tables"]), columns)


def test_hostile_names_are_text() -> None:
    raw = f"raw.{PAYLOAD}"
    entry = {
        "description": PAYLOAD, "kind": "sql", "file": PAYLOAD, "text": f"</code></pre><script>{PAYLOAD}",
        "methods": [PAYLOAD], "reads": [raw], "lineage": {PAYLOAD: [[raw, PAYLOAD]]},
    }  # fmt: skip
    delivery = {"file_name": PAYLOAD, "sha256": PAYLOAD, "received_at": PAYLOAD, "rows_below": PAYLOAD}
    published = {"file": PAYLOAD, "sha256": PAYLOAD, "rows": 1, "description": PAYLOAD, "columns": {PAYLOAD: []}}
    manifest = {"tables": {PAYLOAD: published}, "sources": [{"source": PAYLOAD, "deliveries": [delivery]}]}
    tables = {PAYLOAD: entry, raw: {**entry, "reads": [], "kind": PAYLOAD}}
    said = hostile(tables, manifest, {PAYLOAD: PAYLOAD, f"{PAYLOAD}2": PAYLOAD})
    assert said.count("&lt;img src=x onerror=alert(1)&gt;") > 10
    assert "<img" not in said
    assert "<script" not in said
    assert said.count("<details") == said.count("</details>") == 4  # no other column is left to tell


def test_a_table_that_the_record_does_not_hold_says_so() -> None:
    manifest = {"tables": {"metrics.new": {"file": "f", "sha256": "0", "rows": 1, "columns": {"a": []}}}, "sources": []}
    assert "Missing: this copy does not record how the table is made" in hostile({}, manifest, {"a": "A"})
    gone = {"metrics.new": {"kind": "sql", "text": "select 1", "reads": ["core.gone"], "lineage": {}}}
    assert "missing from the record of this copy (1): <code>core.gone</code>" in hostile(gone, manifest, {"a": "A"})


def test_a_copy_of_an_earlier_version_says_that_it_has_no_record(tmp_path: Path) -> None:
    home = build_home(tmp_path)
    path = home / "published" / "command" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["provenance"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    said = chain.block(opened(home), [RATES], {"crime_count": "Crimes"})
    assert "has no record of where its numbers come from" in said


def test_of_a_source_with_many_files_the_latest_are_shown_and_the_rest_is_counted() -> None:
    files = [
        {"file_name": f"{i:03}.csv", "sha256": f"{i:064}", "received_at": f"2026-11-{i:02}T00:00:00+00:00", "rows": 1}
        for i in range(1, 31)
    ]
    table = {"file": "f", "sha256": "0", "rows": 1, "columns": {}}
    manifest = {"tables": {"core.t": table}, "sources": [{"source": "s", "deliveries": files}]}
    tables = {"core.t": {"kind": "sql", "text": "select 1", "reads": ["raw.s"], "lineage": {}}, "raw.s": {}}
    said = hostile(tables, manifest, {})
    assert "030.csv" in said
    assert "019.csv" in said
    assert "018.csv" not in said
    assert "18 earlier files; the manifest has them with their hashes" in said
    assert "Delivered files behind it (30)" in said


def test_the_chain_ends_where_no_sql_says_more_and_a_circle_ends_it_too() -> None:
    tables = {
        "a.a": {"reads": ["b.b"], "lineage": {"x": [["b.b", "y"], ["c.c", "z"]]}},
        "b.b": {"reads": ["a.a", "c.c"], "lineage": {"y": [["a.a", "x"]]}},
        "c.c": {"reads": [], "lineage": {}},
    }
    assert chain.upstream_of(tables, ["a.a"]) == ["a.a", "b.b", "c.c"]

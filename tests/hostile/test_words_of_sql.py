"""Words of SQL, by chance: every filter compares them and nothing more, and no page shows what an engine says.

The truth is worked out by polars over the same rows. The words are put together from pieces that end a text, a
statement or a comment, and from any other signs.
"""

import ast
import asyncio
import datetime as dt
import html
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import polars as pl
import pytest
from dashboard_session import Drawn, Session
from hypothesis import example, given, settings
from hypothesis import strategies as st
from published_home import publish
from published_workbooks import delivered
from trials import count

import stra
from assets.raw import sources
from assets.readers.source import ExtractMapping, TableMapping
from casework.access import groups
from casework.assessment import views
from casework.store.database import open_store
from casework.store.refusal import Refused
from dashboards.data.protection import meeting_data
from dashboards.data.published import ALL, Copy, open_copy
from dashboards.data.scope import WHOLE, Scope
from dashboards.parts import filter_bar
from dashboards.registry import PAGES
from dashboards.text.search import Entry, find
from pipelines.delivery import ledger

ROOT = Path(__file__).resolve().parents[2]
PIECES = (
    "'", "''", '"', "\\", "`", ";", "--", "/*", "*/", "$$", "$1", "$name", "?", ":x", "%", "_", "(", ")", "[", "{", "}",
    "|", ",",
    " or 1=1", " or true --", "' or ''='", "') or ('1'='1", " union select 1", "; drop table published", "null", "true",
    "read_text('/etc/passwd')", "copy (select 1) to 'x'", "getenv('HOME')", "select", "\t", "\n",
    "\0", "é", "e\u0301", "\uff07", "\u02bc", "0", "-1", "Kent", "District 2",
)  # fmt: skip
LEAKS = (
    "duckdb", "Parser Error", "Binder Error", "Catalog Error", "Conversion Error", "syntax error", "sqlalchemy",
    "sqlite3", "Traceback", "read_parquet", "site-packages",
)  # fmt: skip
SIGNS = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
WORDS = st.lists(st.sampled_from(PIECES) | SIGNS, max_size=6).map("".join)
MANY = WORDS | st.sampled_from(["", "all", "none", ALL])
pytestmark = pytest.mark.trials
FEW = settings(max_examples=count(15, 300))


def copy_of(folder: Path, texts: list[str], forces: list[str]) -> Copy:
    """A copy whose rows hold these texts in every column that a filter compares."""
    number = range(len(texts))
    rows = pl.DataFrame({"force_code": [forces[n % len(forces)] for n in number], "unit_name": texts,
                         "measure_code": texts, "period_type": "month", "breakdown": "none", "breakdown_value": texts,
                         "period_start": texts, "n": number}, schema_overrides={"n": pl.Int64})  # fmt: skip
    named = pl.DataFrame({"force_code": forces, "force_name": forces})
    lists = rows.select("unit_name", "n", period="measure_code", list_code="measure_code", place="n")
    states = rows.select("n", period="measure_code", list_code="measure_code", place="n").with_columns(
        is_measured=pl.col("n") % 2 == 0, list_name=pl.lit("Invented"), record_count=1,
        as_of_at=dt.datetime(2026, 3, 31, tzinfo=dt.UTC))  # fmt: skip
    measures = rows.select("measure_code", definition="measure_code", subject="measure_code").unique("measure_code")
    made = publish(folder, "command", {
        "core.extract_forces": named.with_columns(crime_count=1), "core.force_scope": named, "metrics.made": rows,
        "metrics.measure_values": rows, meeting_data.LISTS: lists, meeting_data.STATES: states,
        "reference.measures": measures.with_columns(audiences=pl.lit("command")),
    })  # fmt: skip
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["tables"]["metrics.made"]["by_force"] = "row"
    (made / "manifest.json").write_text(json.dumps(manifest))
    return open_copy(folder, "command", WHOLE)


class TestFilters:
    """What is asked for is compared with each row, as polars compares it."""

    @FEW
    @given(st.lists(WORDS, min_size=1, max_size=8), st.lists(WORDS, min_size=2, max_size=3, unique=True), MANY)
    @example(["' or 1=1 --", "Kent"], ["A", "B"], "' or 1=1 --")
    def test_rows_are_those_that_polars_finds(self, texts: list[str], forces: list[str], other: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = copy_of(Path(folder), texts, forces)
            rows = copy.select("metrics.made", order_by="n")
            for asked in (other, texts[0], texts[-1]):
                found = copy.select("metrics.made", where="unit_name = $asked", order_by="n", asked=asked)
                assert found.equals(rows.filter(pl.col("unit_name") == asked))
                several = (asked, texts[0])
                found = copy.select("metrics.made", where="list_contains($several, unit_name)", order_by="n",
                                    several=several)  # fmt: skip
                assert found.equals(rows.filter(pl.col("unit_name").is_in(several)))
            for force in (*forces, other):
                if force and force != ALL:
                    found = copy.of(force).select("metrics.made", order_by="n", may_be_empty=True)
                    assert found.equals(rows.filter(pl.col("force_code") == force))
            units = (f"{forces[0]}/{texts[0]}", other)
            of_units = replace(copy, scope=Scope(WHOLE.kinds, units=units)).select("metrics.made", order_by="n")
            named = pl.concat_str("force_code", pl.lit("/"), "unit_name")
            own = named.is_in(units) if len(copy.forces) > 1 else named.is_in(units) | pl.col("unit_name").is_in(units)
            assert of_units.equals(rows.filter(own))

    @FEW
    @given(st.lists(WORDS, min_size=1, max_size=6), MANY)
    def test_lists_of_a_unit_and_measures_are_as_asked(self, texts: list[str], other: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = copy_of(Path(folder), texts, ["A"])
            rows, states = copy.select(meeting_data.LISTS), copy.select(meeting_data.STATES)
            for unit in {other, *texts} - {meeting_data.ALL, meeting_data.NO_UNIT}:
                measured = states.filter(pl.col("is_measured") & (pl.col("period") == texts[0]))["list_code"].to_list()
                found = meeting_data.sheet(copy, texts[0], unit).rows
                of_unit = (pl.col("unit_name") == unit) & pl.col("list_code").is_in(measured)
                of_unit &= pl.col("period") == texts[0]
                assert found["n"].sort().equals(rows.filter(of_unit)["n"].sort())
            figures = stra.open(folder, role="analyst")
            values = copy.select("metrics.measure_values")
            for code in texts:
                for where in ({"breakdown_value": other}, {"breakdown_value": [other, code]}):
                    found = figures.measure(code, where=where)
                    wanted = [other] if isinstance(where["breakdown_value"], str) else [other, code]
                    of_code = values.filter((pl.col("measure_code") == code) & pl.col("breakdown_value").is_in(wanted))
                    assert found["n"].sort().equals(of_code["n"].sort())
            if other not in texts:
                with pytest.raises(ValueError, match=r"^code: expected "):
                    figures.measure(other)

    @FEW
    @given(WORDS, WORDS)
    def test_the_bar_and_the_search_have_no_error_for_any_words(self, one: str, other: str) -> None:
        for words in (one, f"{one}|{other}", f"unit|{one}", f"quarter|{one}", f"{one}|2026-01-01"):
            chosen = filter_bar.read_choices({"of": words, "covering": words, "force": words})
            assert isinstance(chosen.words, str)
        entries = [Entry(one, "x", other, "Page")]
        assert set(find(entries, other)) <= set(entries)


class TestNames:
    """Names that people give: of columns, codes, forces, units and views."""

    @FEW
    @given(WORDS.filter(lambda word: bool(word) and word.strip() == word and not set(word) & set("\0\n\r")), WORDS)
    def test_a_mapping_s_words_are_labels_and_values(self, word: str, value: str) -> None:
        value = value.replace("\0", "").replace("\n", "").replace("\t", "").strip() or "x"
        if "[" in word or word.startswith("=") or word.casefold() in ("class_code", "recorded_ts", "status"):
            return  # of a form of its own: see tests/readers/test_layouts.py
        with tempfile.TemporaryDirectory() as folder:
            path, out = Path(folder) / "crime.csv", Path(folder) / "rows.parquet"
            quoted = ['"' + each.replace('"', '""') + '"' for each in (word, value)]
            path.write_text(f"{quoted[0]},class_code,recorded_ts,status\nC1,8Q,2026-01-19 10:00,{quoted[1]}\n", "utf-8")
            block = TableMapping(fields={"crime_id": word}, values={"status": {value: "closed"}})
            source = sources()["crime"]
            mapped = replace(delivered(path), mapping=ExtractMapping(tables={"crime": (block,)}))
            [part] = source.parts(mapped)
            read = source.read(part, word, out)
            rows = duckdb.sql(f"select delivery_ref, crime_id, status from '{out}'").fetchall()
            assert (read.rows_loaded, rows) == (1, [(word, "C1", "closed")])

    @FEW
    @given(WORDS)
    def test_a_force_that_a_mapping_names_is_kept_as_it_is(self, force: str) -> None:
        with duckdb.connect() as con:
            con.execute("create schema raw")
            con.execute("create table raw.requested_force (force_code varchar)")
            con.execute("create table raw.requested_as_of (as_of_at timestamptz)")
            con.execute("create table raw.stated_span (covers_from date, covers_until date)")
            con.execute("create table raw.other as select 1 as n")
            ledger.request(con, None, ExtractMapping(force=force))
            assert con.execute("select * from raw.requested_force").fetchall() == ([(force,)] if force else [])
            assert con.execute("select * from raw.other").fetchall() == [(1,)]

    @FEW
    @given(st.lists(WORDS, min_size=1, max_size=3, unique=True), WORDS)
    def test_views_are_kept_under_their_names_and_lead_to_pages_alone(self, names: list[str], address: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            store, kept = open_store(Path(folder)), []
            for name in names:
                try:
                    views.save(store, name, "explore?measure=recorded", "Invented Analyst", is_shared=True)
                    kept.append(" ".join(name.split()))
                except Refused:  # empty, of signs that cannot be printed, or there already
                    continue
            assert sorted(view["name"] for view in views.offered(store, "Another")) == sorted(kept)
            with pytest.raises(Refused, match="address of a page"):
                views.save(store, "Name", f"explore?{address}'", "Invented Analyst", is_shared=True)

    @FEW
    @given(WORDS, WORDS)
    def test_a_group_gives_rights_to_those_in_it_alone(self, name: str, other: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            text = f"[[group]]\nid = {json.dumps(name)}\nrole = \"auditor\"\n".replace("\\u007f", "")
            (Path(folder) / groups.FILE).write_text(text, encoding="utf-8")
            try:
                rules = groups.read_groups(Path(folder))
            except Refused:
                return  # empty, or a sign that TOML does not allow
            assert rules is not None
            held = rules.memberships({"groups": [other]})
            assert bool(held) == (other == name and bool(name.strip()))


def keys_of_pages() -> dict[str, str]:
    """Each key that a page reads of its address -> a file that reads it."""
    found = {"of": "", "covering": "", "force": "", "section": "", "role": ""}
    for path in (ROOT / "dashboards").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = {"choose": 2, "search": 1, "get": 0}.get(name)
            if place is None or (name == "get" and "query_params" not in ast.unparse(node.func)):
                continue
            if len(node.args) <= place:
                continue
            key = node.args[place]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found[key.value] = path.name
            elif isinstance(key, ast.JoinedStr):  # part_{breakdown}
                begin = ast.literal_eval(key.values[0])
                found |= {f"{begin}{by}": path.name for by in ("none", "district", "unit", "class")}
    return found


def drawn(address: str, query: dict[str, str]) -> list[Drawn]:
    async def visit() -> list[Drawn]:
        async with Session(address) as session:
            return [await session.open(page.address, urlencode(query)) for page in PAGES]

    return asyncio.run(visit())


HOSTILE = (
    "' or 1=1 --", "x'; drop view published; --", '"; select 1; --', "\\'; --", "$$; select 1; $$", "unit|' or '1'='1",
    "quarter|' or true --", "') union select null --", "read_text('/etc/passwd')", "%s%n{{7*7}}\0",
)  # fmt: skip


COUNTING = "access_log"  # its answer counts the pages that were opened meanwhile


def test_no_page_shows_what_an_engine_says_whatever_its_address_asks_for(address: str) -> None:
    """Every page, with every key of an address at once: what is not offered is not chosen, the answer is as before."""
    keys = keys_of_pages()
    assert len(keys) > 40 and {"unit", "measure", "find", "person", "dyad", "window", "part_district"} <= set(keys)
    usual = {one.page: one for one in drawn(address, {})}
    for hostile in HOSTILE[: count(1, len(HOSTILE))]:
        for page in drawn(address, dict.fromkeys(keys, hostile) | {"section": "all"}):
            assert page.faults == usual[page.page].faults == (), page.page
            said = b"\n".join(page.elements).decode("utf-8", "replace")
            shown = [leak for leak in LEAKS if leak.lower() in said.lower() and leak not in plain(usual[page.page])]
            assert shown == [], page.page
            others = set(answers(page)) - set(answers(usual[page.page]))
            others = set() if page.page == COUNTING else others
            asked = html.escape(hostile.replace("\0", ""))
            assert [each for each in others if asked.encode() not in each] == [], page.page  # none has that reference


def plain(page: Drawn) -> str:
    return b"\n".join(page.elements).decode("utf-8", "replace")


def answers(page: Drawn) -> list[bytes]:
    return [element for element in page.elements if b'class="answer"' in element]

"""The extract of an earlier day: what was known then, and nothing that came later."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.raw import sources
from assets.readers.extract.layout import Layout
from pipelines.builds.replayed import replay_own
from pipelines.commands.cli import app
from sample.synth import write_force

DAY = date(2025, 3, 31)
END = datetime(2025, 4, 1, tzinfo=UTC) - timedelta(hours=1)  # of that day in London
LAYOUTS = {table: source.layout for table, source in sources().items() if source.layout is not None}
CRIMES = """crime_id,crime_ref,force_code,recorded_ts,ho_code_raw,ho_code,class_code,class_label,status,oic_id
c1,1,E1,2025-03-01T10:00:00Z,008/58,008/58,8Q,Stalking,closed,s2
c2,2,E1,2025-03-02T10:00:00Z,008/59,008/59,8L,Harassment,open,s1
c3,3,E1,2025-03-31T23:30:00+01:00,008/59,008/59,8L,Harassment,closed,s1
c4,4,E1,2025-03-31T23:30:00Z,008/58,008/58,8Q,Stalking,open,s1
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    write_force(folder, 3000, seed=7, noise="low")
    return folder


@pytest.fixture(scope="module")
def then(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return replayed(whole, DAY, tmp_path_factory.mktemp("then") / "out")


def replayed(given: Path, day: date, out: Path) -> Path:
    out.mkdir()
    replay_own(given, day, out, "csv")
    return out


def read(folder: Path, table: str) -> pl.DataFrame:
    frame = pl.read_csv(next(folder.rglob(f"{table}.csv")), infer_schema=False)
    kinds = {name: kind.rstrip("?") for name, kind in LAYOUTS[table].kinds.items()}
    return frame.with_columns(
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%#z", time_zone="UTC")
        if kinds[name] == "ts" else pl.col(name).str.to_date()
        for name in frame.columns if kinds.get(name) in ("ts", "date")
    )  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def small(folder: Path, **tables: str) -> Path:
    folder.mkdir()
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def layouts() -> Iterator[Layout]:
    yield from LAYOUTS.values()


def test_every_layout_says_what_was_known_on_an_earlier_day() -> None:
    """By a time of its rows, by rows of other tables, or why not; and it names no field that it does not have."""
    for layout in layouts():
        known = layout.known
        assert known.since or known.of or known.named_in or known.as_delivered or known.left_out, layout.table
        cells = {name for fields in known.with_time.values() for name in fields}
        named = {*known.since, *known.planned, *known.undated, *known.with_time, *cells}
        assert named <= set(layout.fields), layout.table
        assert all(layout.kinds[name].rstrip("?") in ("ts", "date") for name in (*known.since, *known.with_time))


def test_no_time_but_a_planned_one_is_after_the_day(whole: Path, then: Path) -> None:
    for layout in layouts():
        if layout.known.as_delivered or layout.known.left_out:
            continue
        frame = read(then, layout.table)
        for name, kind in frame.schema.items():
            if kind.is_temporal() and name not in layout.known.planned:
                end = END if kind == pl.Datetime else DAY + timedelta(days=1)
                assert frame.filter(pl.col(name) >= end).is_empty(), (layout.table, name)
    known = read(whole, "crime").filter(pl.col("recorded_ts") < END)
    assert read(then, "crime")["crime_id"].to_list() == known["crime_id"].to_list() and known.height < 3000
    assert not list(then.rglob("truth")) and not list(then.rglob("pair.csv"))


def test_nothing_that_came_later_changes_it(whole: Path, then: Path, tmp_path: Path) -> None:
    """Rows of later are shuffled and their cells exchanged: the extract of the day is the same byte by byte."""
    changed = tmp_path / "changed"
    for path in whole.rglob("*.csv"):
        target = changed / path.relative_to(whole)
        target.parent.mkdir(parents=True, exist_ok=True)
        frame = pl.read_csv(path, infer_schema=False)
        layout = LAYOUTS.get(path.stem)
        is_dated = layout is not None and layout.known.since
        (_with_later_shuffled(frame, path, layout) if is_dated else frame).write_csv(target)
    assert contents(replayed(changed, DAY, tmp_path / "out")) == contents(then)


def test_a_quoted_cell_after_many_plain_ones_is_one_cell(tmp_path: Path) -> None:
    """The reader's own guess of the form rests on the first 20,480 rows: the demonstration's first comma came later."""
    plain = "".join(f"x{n},c1,1,16,Plain,2025-03-03T10:00:00Z\n" for n in range(21_000))
    last = 'last,c1,2,22,"One, two",2025-03-04T10:00:00Z'
    outcome = f"outcome_id,crime_id,seq,code,code_raw,outcome_ts\n{plain}{last}\n"
    then = replayed(small(tmp_path / "given", crime=CRIMES, outcome=outcome), DAY, tmp_path / "out")
    rows = read(then, "outcome")
    assert (rows.height, rows["code_raw"][-1]) == (21_001, "One, two")


def _with_later_shuffled(frame: pl.DataFrame, path: Path, layout: Layout) -> pl.DataFrame:
    times = read(path.parent, path.stem)
    first = pl.min_horizontal(pl.col(name).cast(pl.Date) for name in layout.known.since)
    is_later = times.select((first > DAY).fill_null(value=False)).to_series()
    later = frame.filter(is_later)
    keys = {*layout.identity, *layout.known.since, *(LAYOUTS[parent].identity[0] for parent in layout.known.of)}
    cells = [pl.col(name).shuffle(seed=5) for name in frame.columns if name not in keys and name[-4:] != "_key"]
    return pl.concat([frame.filter(~is_later), later.with_columns(cells).sample(fraction=1, shuffle=True, seed=3)])


def test_the_day_before_is_the_same_seen_from_any_later_day(whole: Path, then: Path, tmp_path: Path) -> None:
    """What is known on one day of an earlier one is all that was: states, classes and officers follow from events."""
    earlier = date(2024, 9, 30)
    direct = contents(replayed(whole, earlier, tmp_path / "direct"))
    assert contents(replayed(then, earlier, tmp_path / "again")) == direct


def test_the_last_day_changes_nothing(whole: Path, tmp_path: Path) -> None:
    now = replayed(whole, date(2099, 1, 1), tmp_path / "now")
    for table in ("crime", "outcome", "order_", "referrals", "risk_assessment"):
        assert read(now, table).equals(read(whole, table)), table


def test_a_crime_has_the_class_the_officer_and_the_state_of_the_day(tmp_path: Path) -> None:
    """C1 was harassment until April, with another officer, and open: its outcome came later. C3 is of 31 March in
    London; c4 of 1 April, when it is summer time."""
    given = small(
        tmp_path / "given", crime=CRIMES,
        classification_history="crime_id,seq,ho_code,class_code,changed_ts\nc1,1,008/59,8L,2025-03-01T10:00:00Z\n"
        "c1,2,008/58,8Q,2025-04-09T10:00:00Z\n",
        allocation="crime_id,investigator_id,from_ts\nc1,s1,2025-03-02T08:00:00Z\nc1,s2,2025-04-02T08:00:00Z\n",
        outcome="outcome_id,crime_id,seq,code,outcome_ts,is_current\no1,c1,1,0,2025-03-01T10:00:00Z,false\n"
        "o2,c1,2,16,2025-05-01T10:00:00Z,true\no3,c3,1,18,2025-03-31T22:45:00Z,true\n",
    )  # fmt: skip
    then = replayed(given, DAY, tmp_path / "then")
    crimes = read(then, "crime").select("crime_id", "ho_code_raw", "class_code", "class_label", "status", "oic_id")
    assert crimes.rows() == [
        ("c1", "008/59", "8L", "Harassment", "open", "s1"), ("c2", "008/59", "8L", "Harassment", "open", "s1"),
        ("c3", "008/59", "8L", "Harassment", "closed", "s1"),
    ]  # fmt: skip
    outcomes = read(then, "outcome").select("outcome_id", "is_current")
    assert outcomes.rows() == [("o1", "true"), ("o3", "true")]


def test_what_came_with_a_later_time_is_empty_and_what_is_due_stays(tmp_path: Path) -> None:
    """Granted in April, an order has no end in March; its rows of later and those of a crime of later are no rows."""
    given = small(
        tmp_path / "given", crime=CRIMES,
        order_="order_id,respondent_key,applied_ts,granted_ts,outcome,expires,court\n"
        "a,p1,2025-03-03T10:00:00Z,2025-04-03T10:00:00Z,granted,2027-04-03,Invented court\n"
        "b,p1,2025-03-03T10:00:00Z,2025-03-04T10:00:00Z,granted,2027-03-04,Invented court\n"
        "c,p1,2025-04-03T10:00:00Z,,,,\n",
        order_condition="order_id,condition_no,kind\na,1,no_contact\nc,1,no_contact\n",
        review="review_id,crime_id,ts,next_due\nr1,c1,2025-03-05T10:00:00Z,2025-06-01\n"
        "r2,c4,2025-03-05T10:00:00Z,2025-06-01\nr3,elsewhere,2025-03-05T10:00:00Z,\n",
    )  # fmt: skip
    then = replayed(given, DAY, tmp_path / "then")
    orders = read(then, "order_").select("order_id", "granted_ts", "outcome", "expires", "court").rows()
    assert [order[0] for order in orders] == ["a", "b"] and orders[0][1:] == (None, None, None, "Invented court")
    assert orders[1][2:4] == ("granted", date(2027, 3, 4))
    assert read(then, "order_condition")["order_id"].to_list() == ["a"]
    assert read(then, "review").select("review_id", "next_due").rows() == [("r1", date(2025, 6, 1)), ("r3", None)]


def test_the_command_reads_what_a_build_reads(whole: Path, then: Path, tmp_path: Path) -> None:
    """Deliveries in any form; the rows are those of the files themselves, and names are of those who are known."""
    run = CliRunner().invoke(app, ["replay", "--data", str(whole), "--as-of", str(DAY), "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    assert "pair: left out: its counts" in run.output and "truth" not in run.output
    for table in ("crime", "party_role", "review", "referrals"):
        ours = pl.read_parquet(next((tmp_path / "out").rglob(f"{table}.parquet")))
        assert ours.height == read(then, table).height, table
    known, named = (
        set(pl.read_parquet(next((tmp_path / "out").rglob(f"{name}.parquet")))["person_key"])
        for name in ("person", "person_identity")
    )
    assert named <= known < set(read(whole, "person")["person_key"])
    assert "made_on = 2025-03-31" in (tmp_path / "out" / "mapping.toml").read_text(encoding="utf-8")
    assert list((tmp_path / "out").rglob("district_boundaries.geojson")), "what is not of the extract is copied"


def test_the_command_refuses_a_folder_without_crimes(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    asked = ["replay", "--data", str(tmp_path / "empty"), "--as-of", str(DAY), "--out", str(tmp_path / "out")]
    run = CliRunner().invoke(app, asked)
    assert run.exit_code == 2 and "expected an extract with a table of crimes" in run.output
    assert not (tmp_path / "out").exists()

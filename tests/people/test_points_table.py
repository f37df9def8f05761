"""A force's own points table: known by its header, refused whole where somebody would have two scores or none; what it
gives whom, by worked example. All points are invented."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from invented_suspects import ago, report
from published_workbooks import Cell, delivered, ods, take, text, xlsx
from test_repeat_suspects import events
from worked import Row, made, only

from assets.raw import extract_tables, sources
from assets.raw.beside_extract.rfgv_points import SOURCE
from assets.readers.source import BrokenFile

TABLES = extract_tables()
HEADER = ("component", "from_value", "to_value", "points")
TABLE: tuple[tuple[Cell, ...], ...] = (
    ("recency", 0, 28, 10), ("recency", 28, 91, 6), ("recency", 91, "", 1),
    ("frequency", 1, 2, 2), ("frequency", 2, 4, 5), ("frequency", 4, "", 9),
    ("gravity", 0, 30, 1), ("gravity", 30, "", 8),
    ("victims", 0, 2, 0), ("victims", 2, "", 7.5),
)  # fmt: skip
BANDS: list[Row] = [
    {"component": component, "from_value": start, "to_value": None if end == "" else end, "points": points}
    for component, start, end, points in TABLE
]  # fmt: skip
PARTS = ("recency_points", "frequency_points", "gravity_points", "victims_points")


def csv(folder: Path, rows: Sequence[Sequence[Cell]], header: Sequence[str] = HEADER, name: str = "table.csv") -> Path:
    return text(folder / name, "\n".join(",".join(map(str, row)) for row in (header, *rows)) + "\n")


def refusal(path: Path) -> str:
    with pytest.raises(BrokenFile) as refused:
        take(SOURCE, path)
    assert not (path.parent / "rows.parquet").exists()
    return str(refused.value)


def changed(row: int, *cells: Cell) -> list[tuple[Cell, ...]]:
    """The table with another row in the place of one, counted from 0."""
    return [cells if number == row else given for number, given in enumerate(TABLE)]


# taking in


@pytest.mark.parametrize(
    "header", [HEADER, ("Component", "From", "To", "Points"), ("COMPONENT", "From value", "To value", "points")]
)
def test_a_table_is_known_by_its_header_in_csv_xlsx_and_ods(tmp_path: Path, header: tuple[str, ...]) -> None:
    for taken in (
        take(SOURCE, csv(tmp_path, TABLE, header)),
        take(SOURCE, xlsx(tmp_path / "t.xlsx", {"Notes": [["Read me"]], "Points": [["A title"], header, *TABLE]})),
        take(SOURCE, ods(tmp_path / "t.ods", {"Points": [header, *TABLE]})),
    ):
        assert (taken.rows_loaded, taken.quarantined) == (10, [])
        assert taken.column("component")[:4] == ["recency", "recency", "recency", "frequency"]
        assert taken.column("to_value")[2] is None and taken.column("source")[0] is None


def test_it_claims_no_file_of_another_source_and_no_other_claims_it(tmp_path: Path) -> None:
    for table, fields in TABLES.items():
        assert SOURCE.parts(delivered(csv(tmp_path, [], list(fields), f"{table}.csv"))) == [], table
    for path in (csv(tmp_path, TABLE), xlsx(tmp_path / "t.xlsx", {"Points": [HEADER, *TABLE]})):
        assert [source.table for source in sources().values() if source.parts(delivered(path))] == ["rfgv_points"]


@pytest.mark.parametrize("name", ["MATAC matrix.xlsx", "force/rfgv_points.csv", "a.zip!rfgv-bands.csv"])
def test_a_file_of_such_a_name_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    assert [source.table for source in sources().values() if source.looks_like(name)] == ["rfgv_points"]
    problem = SOURCE.why_not(delivered(csv(tmp_path, TABLE, ("component", "from", "to", "weight"))))
    assert "'points' is missing" in str(problem)


@pytest.mark.parametrize(
    ("rows", "where", "expected", "seen"),
    [
        (changed(1, "recency", 30, 91, 6), "line 3, from_value", "bands of recency that meet",
         "recency from 30 to 91 after recency from 0 to 28 (line 2). Close the gap"),
        (changed(1, "recency", 20, 91, 6), "line 3, from_value", "bands of recency that meet",
         "recency from 20 to 91 after recency from 0 to 28 (line 2). They overlap"),
        (changed(5, "frequency", 2, 4, 9), "line 7, from_value", "bands of frequency that meet", "They overlap"),
        (changed(1, "recency", 28, "", 6), "line 4, from_value", "bands of recency that meet", "They overlap"),
        (changed(0, "recency", 1, 28, 10), "line 2, from_value", "a band of recency from 0", "1 as the lowest"),
        (changed(3, "frequency", 1.5, 2, 2), "line 5, from_value", "a band of frequency from 1", "1.5 as the lowest"),
        (changed(9, "victims", 2, 6, 7), "line 11, to_value", "an empty to_value in the highest band", "6 as the"),
        (TABLE[:8], "lines below the header", "rows of each of recency, frequency, gravity, victims",
         "no row of victims"),
        (changed(0, "recency", 0, 28, "high"), "line 2, points", "a number, 0 or more", "'high'"),
        (changed(0, "recency", 0, 28, -3), "line 2, points", "a number, 0 or more", "'-3'"),
        (changed(0, "recency", 0, 28, ""), "line 2, points", "a number, 0 or more", "''"),
        (changed(0, "recency", 0, "4 weeks", 3), "line 2, to_value", "a number, 0 or more", "'4 weeks'"),
        (changed(0, "recency", 0, 0, 3), "line 2, to_value", "a value above from_value", "0 after from_value 0"),
        (changed(0, "recent", 0, 28, 3), "line 2, component", "recency, frequency, gravity, victims", "'recent'"),
    ],
)  # fmt: skip
def test_a_table_that_gives_somebody_two_scores_or_none_is_refused_whole(
    tmp_path: Path, rows: Sequence[Sequence[Cell]], where: str, expected: str, seen: str
) -> None:
    message = refusal(csv(tmp_path, rows))
    assert message.startswith(f"{where}: expected {expected}")
    assert seen in message.partition("; saw ")[2]


def test_a_sheet_is_refused_by_its_row_and_two_sheets_at_all(tmp_path: Path) -> None:
    message = refusal(xlsx(tmp_path / "t.xlsx", {"P": [["Title"], HEADER, *changed(0, "recency", 0, 28, "high")]}))
    assert message.startswith("sheet 'P', row 3, points: expected a number")
    both = refusal(xlsx(tmp_path / "t.xlsx", {"A": [HEADER, *TABLE], "B": [HEADER, *TABLE]}))
    assert "saw the sheets 'A', 'B'" in both


def test_a_row_that_cannot_be_read_is_not_left_out_in_silence(tmp_path: Path) -> None:
    path = csv(tmp_path, TABLE)
    path.write_text(path.read_text() + "victims,9\n")
    assert refusal(path).startswith("line 12: expected a row that can be read")


def test_a_header_without_rows_is_a_table_out_of_use(tmp_path: Path) -> None:
    taken = take(SOURCE, csv(tmp_path, []))
    assert (taken.rows_read, taken.rows_loaded) == (0, 0)


def test_the_bands_that_count_are_those_of_the_delivery_that_counts() -> None:
    raw = [{"delivery_ref": ref, "component": " Recency ", "from_value": "0", "to_value": end, "points": "2.5",
            "source": "board of May"} for ref, end in (("d", None), ("old", "9"))]  # fmt: skip
    current = [{"source": "rfgv_points", "period": "all", "delivery_ref": "d", "row_count": 1}]
    assert made("core.rfgv_bands", raw_rfgv_points=raw, core_current_periods=current) == [
        {"component": "recency", "from_value": 0, "to_value": None, "points": 2.5, "band_source": "board of May"}
    ]


@pytest.mark.parametrize(
    ("bands", "deliveries", "state"),
    [
        ([], [], "not loaded: no points table was delivered"),
        ([], [("d", "refused", 5)], "not loaded: the points table was refused: d: reason"),
        (BANDS, [("d", "loaded", 5)], "loaded"),
        (BANDS, [("d", "loaded", 5), ("e", "refused", 9)], "loaded"),
        (BANDS, [("d", "loaded", 5), ("e", "refused", 1)], "loaded, but a later file was refused: e: reason"),
        ([], [("d", "loaded", 5)], "not loaded: the points table delivered last has no rows"),
    ],
)  # fmt: skip
def test_whether_a_table_is_loaded_is_always_said(
    bands: list[Row], deliveries: list[tuple[str, str, int]], state: str
) -> None:
    given = [
        {"delivery_ref": ref, "source": "rfgv_points", "file_name": f"{ref}.csv", "status": status,
         "received_at": ago(days), "reason": f"{ref}: reason" if status == "refused" else ""}
        for ref, status, days in deliveries
    ]  # fmt: skip
    current = [{"source": "rfgv_points", "period": "all", "delivery_ref": ref} for ref, status, _ in deliveries
               if status == "loaded"]  # fmt: skip
    rows = made("core.list_states", core_rfgv_bands=bands, raw_deliveries=given, core_current_periods=current)
    (row,) = only(rows, list_code="rfgv_points")
    assert (row["state"], row["is_loaded"], row["entry_count"]) == (state, bool(bands), len(bands))


# points


def windows(*reports: Row, bands: list[Row] = BANDS, days: int = 730) -> dict[str, Row]:
    found = made("core.suspect_windows", core_suspect_events=events(*reports), core_reports_as_of=list(reports),
                 core_rfgv_bands=bands)  # fmt: skip
    return {row["suspect_ref"]: row for row in only(found, window_days=days)}


def test_the_points_of_three_suspects_worked_by_hand() -> None:
    """One suspect of four events and two victims, one of two events, one of one; harm is severity, 10 a crime."""
    reports = [
        report("A1", 700), report("A2", 400), report("A3", 200), report("A4", 50, victim_ref="W"),
        report("B1", 500, suspect_ref="T"), report("B2", 10, suspect_ref="T", severity_weight=20.0),
        report("C1", 360, suspect_ref="U"),
    ]  # fmt: skip
    rows = windows(*reports)
    found = {ref: [row[name] for name in (*PARTS, "banded_score", "banded_rank")] for ref, row in rows.items()}
    assert found == {"S": [6, 9, 8, 7.5, 30.5, 1], "T": [10, 5, 8, 0, 23, 2], "U": [1, 2, 1, 0, 4, 3]}
    year = windows(*reports, days=365)
    assert [year["S"][name] for name in (*PARTS, "banded_score")] == [6, 5, 1, 7.5, 19.5], "two events of ten each"
    assert all(row["rfgv_score"] is not None for row in rows.values()), "the continuous score stands beside it"


@pytest.mark.parametrize(
    ("days", "points"), [(0, 10), (28 - 1 / 86400, 10), (28, 6), (91 - 1 / 86400, 6), (91, 1), (729, 1)]
)
def test_a_band_begins_with_its_first_value_and_ends_before_its_last(days: float, points: float) -> None:
    assert windows(report("C1", days))["S"]["recency_points"] == points


@pytest.mark.parametrize(("weights", "points"), [((29.999999,), 1), ((30.0,), 8), ((0.1,) * 3, 8)])
def test_a_sum_on_the_edge_of_a_band_is_on_it(weights: tuple[float, ...], points: float) -> None:
    edge = 0.3 if len(weights) > 1 else 30.0  # three times 0.1 is a little more than 0.3
    bands = [band | {key: edge for key in ("from_value", "to_value") if band[key] == 30} for band in BANDS]
    reports = [report(f"C{n}", 10 + 20 * n, severity_weight=weight) for n, weight in enumerate(weights)]
    assert windows(*reports, bands=bands)["S"]["gravity_points"] == points


def test_equal_points_share_a_place_and_no_victim_is_a_value_too() -> None:
    rows = windows(report("C1", 5, victim_ref=None, is_victim_vulnerable=None), report("C2", 5, suspect_ref="T"),
                   report("C3", 300, suspect_ref="U"))  # fmt: skip
    assert {ref: (row["victims_points"], row["banded_rank"]) for ref, row in rows.items()} == {
        "S": (0, 1), "T": (0, 1), "U": (0, 3)
    }  # fmt: skip


def test_harm_that_is_not_known_has_no_points_and_no_sum() -> None:
    rows = windows(report("C1", 5, severity_weight=None), report("C2", 300, suspect_ref="T"))
    assert [rows["S"][name] for name in (*PARTS, "banded_score", "banded_rank")] == [10, 2, None, 0, None, None]
    assert rows["T"]["banded_rank"] == 1


def test_without_a_table_there_are_no_points_and_no_list_by_them() -> None:
    row = windows(report("C1", 5), bands=[])["S"]
    assert [row[name] for name in (*PARTS, "banded_score", "banded_rank")] == [None] * 6
    ranked = made("core.ranked_suspects", core_suspect_windows=[row])
    assert {r["method"] for r in ranked} == {"score"}


def test_the_back_test_covers_the_points_table_where_one_is_loaded() -> None:
    at = {"as_of_at": ago(365), "is_current": False, "window_days": 730}
    people: list[dict[str, Any]] = [
        at | {"suspect_ref": ref, "rfgv_score": score, "banded_score": points}
        for ref, score, points in (("A", 30.0, 4.0), ("B", 20.0, 9.0), ("C", 10.0, None))
    ]
    one = [{"backtest_list_length": 1}]
    ranked = made("core.ranked_suspects", core_suspect_windows=people, core_settings=one)
    later = [{"as_of_at": ago(365), "suspect_ref": "B", "event_ref": "x", "is_high_harm": True}]
    tested = made("metrics.ranking_backtest", core_ranked_suspects=ranked, core_later_events=later)
    assert {row["method"]: (row["ranked_count"], row["captured_count"]) for row in tested} == {
        "score": (3, 0), "points table": (2, 1)
    }  # fmt: skip

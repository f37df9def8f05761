"""Most similar forces: a force's own list, refused whole where a group would be another; groups are not symmetric."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from published_workbooks import Cell, delivered, ods, take, text, xlsx
from worked import Row, made, only

from assets.raw import sources
from assets.raw.beside_extract.similar_forces import SOURCE
from assets.readers.source import BrokenFile
from dashboards.charts import across
from dashboards.data import peers
from dashboards.text import findings

KENT, ESSEX, MET, SUSSEX = "E23000032", "E23000028", "E23000001", "E23000033"
HEADER = ("force_code", "similar_force_code", "list_version", "valid_from")
# invented groups: Essex is in Kent's group, Kent is not in that of Essex
GROUPS: tuple[tuple[Cell, ...], ...] = (
    (KENT, ESSEX, "invented 1", "2021-01-01"), ("Kent", "Sussex Police", "invented 1", "2021-01-01"),
    (ESSEX, SUSSEX, "invented 1", "2021-01-01"),
)  # fmt: skip


def csv(folder: Path, rows: Sequence[Sequence[Cell]], header: Sequence[str] = HEADER, name: str = "list.csv") -> Path:
    return text(folder / name, "\n".join(",".join(map(str, row)) for row in (header, *rows)) + "\n")


class TestTakingIn:
    @pytest.mark.parametrize("header", [HEADER, ("Force", "Most similar force", "Version", "Valid from")])
    def test_a_list_is_known_by_its_header_in_csv_xlsx_and_ods(self, tmp_path: Path, header: tuple[str, ...]) -> None:
        sheet = {"L": [["A title"], header, *GROUPS]}
        for path in (csv(tmp_path, GROUPS, header), xlsx(tmp_path / "l.xlsx", sheet), ods(tmp_path / "l.ods", sheet)):
            assert [s.table for s in sources().values() if s.parts(delivered(path))] == ["similar_forces"]
            taken = take(SOURCE, path)
            assert (taken.rows_loaded, taken.quarantined) == (3, [])
            assert taken.column("similar_force_code") == [ESSEX, "Sussex Police", SUSSEX]

    @pytest.mark.parametrize("name", ["Most similar forces.xlsx", "force/similar_groups.csv", "MSF groups 2021.csv"])
    def test_a_file_of_such_a_name_is_refused_with_the_reason(self, tmp_path: Path, name: str) -> None:
        assert [source.table for source in sources().values() if source.looks_like(name)] == ["similar_forces"]
        problem = SOURCE.why_not(delivered(csv(tmp_path, GROUPS, ("force", "peer", "version", "valid_from"))))
        assert "similar_force_code" in str(problem)

    @pytest.mark.parametrize(
        ("row", "where", "seen"),
        [
            ((KENT, "E23000099", "invented 1", "2021-01-01"), "line 5, similar_force_code", "'E23000099'"),
            (("BTP", KENT, "invented 1", "2021-01-01"), "line 5, force_code", "'BTP'"),
            ((KENT, "kent police", "invented 1", "2021-01-01"), "line 5, similar_force_code", "in its own group"),
            ((KENT, "Essex", "invented 1", "2021-01-01"), "line 5", "again (line 2)"),
            ((ESSEX, KENT, "", "2021-01-01"), "line 5, list_version", "nothing"),
            ((ESSEX, KENT, "invented 1", "01/01/2021"), "line 5, valid_from", "'01/01/2021'"),
            ((ESSEX, KENT, "invented 1", "2022-01-01"), "line 5, valid_from", "2022-01-01 beside 2021-01-01"),
        ],
    )
    def test_a_list_that_cannot_be_the_publisher_s_is_refused_whole(
        self, tmp_path: Path, row: tuple[str, ...], where: str, seen: str
    ) -> None:
        with pytest.raises(BrokenFile) as refused:
            take(SOURCE, csv(tmp_path, [*GROUPS, row]))
        assert str(refused.value).startswith(f"{where}: expected ") and seen in str(refused.value)
        assert not (tmp_path / "rows.parquet").exists()

    @pytest.mark.parametrize(
        "row",
        [(KENT, "Essex Police", "invented 1", "2021-01-01"), (ESSEX, KENT, "invented 1", "2022-01-01"),
         (MET, KENT, " invented 1 ", "2021-01-01")],
    )  # fmt: skip
    def test_a_version_on_two_sheets_is_refused_for_one_would_replace_the_other(
        self, tmp_path: Path, row: tuple[str, ...]
    ) -> None:
        later = (KENT, ESSEX, "invented 2", "2024-01-01")
        good = xlsx(tmp_path / "good.xlsx", {"A": [HEADER, *GROUPS], "B": [HEADER, later]})
        bad = xlsx(tmp_path / "bad.xlsx", {"A": [HEADER, *GROUPS], "B": [HEADER, later, row]})
        for n, part in enumerate(SOURCE.parts(delivered(good))):
            assert SOURCE.read(part, "d", tmp_path / f"{n}.parquet").quarantined == []
        for part, seen in zip(SOURCE.parts(delivered(bad)), ("on sheet 'B' too", "on sheet 'A' too"), strict=True):
            with pytest.raises(BrokenFile, match=seen):
                SOURCE.read(part, "d", tmp_path / "rows.parquet")
        assert sorted(path.name for path in tmp_path.glob("*parquet*")) == ["0.parquet", "1.parquet"]

    def test_a_header_without_rows_is_refused_and_not_taken_for_no_peers(self, tmp_path: Path) -> None:
        with pytest.raises(BrokenFile):
            take(SOURCE, csv(tmp_path, []))


def listed(*rows: tuple[str, str, str, str]) -> list[Row]:
    raw = [{"delivery_ref": v, "line_number": n, "force_code": a, "similar_force_code": b, "list_version": v,
            "valid_from": day, "period": v} for n, (a, b, v, day) in enumerate(rows)]  # fmt: skip
    current = [{"source": "similar_forces", "period": v, "delivery_ref": v} for v in sorted({row[2] for row in rows})]
    return made("core.similar_forces", raw_similar_forces=raw, core_current_periods=current)


OLD, NEW = ("invented 1", "2021-01-01"), ("invented 2", "2024-01-01")
ROWS = ((KENT, ESSEX, *OLD), ("Kent Police", "Sussex", *OLD), (ESSEX, SUSSEX, *OLD), (KENT, "Essex", *NEW),
        (ESSEX, KENT, *NEW))  # fmt: skip


class TestGroups:
    def test_names_become_codes_and_a_version_holds_until_the_next(self) -> None:
        rows = listed(*ROWS)
        kent = only(rows, force_code=KENT, list_version="invented 1")
        assert {r["similar_force_code"] for r in kent} == {ESSEX, SUSSEX}
        assert {(r["valid_from"], r["valid_until"]) for r in rows} == {
            (date(2021, 1, 1), date(2024, 1, 1)), (date(2024, 1, 1), None)
        }  # fmt: skip

    def test_groups_are_not_symmetric(self) -> None:
        rows = pl.DataFrame(listed(*ROWS))
        day = date(2023, 3, 31)
        kent, essex = peers.group(rows, KENT, day), peers.group(rows, ESSEX, day)
        assert isinstance(kent, peers.Group) and isinstance(essex, peers.Group)
        assert ESSEX in kent.members and KENT not in essex.members
        assert essex.members == {SUSSEX}

    def test_the_version_is_that_of_the_period_and_an_earlier_period_is_told(self) -> None:
        rows = pl.DataFrame(listed(*ROWS))
        later = peers.group(rows, ESSEX, date(2024, 3, 31))
        assert isinstance(later, peers.Group) and (later.version, later.members) == ("invented 2", {KENT})
        before = peers.group(rows, KENT, date(2018, 3, 31))
        assert isinstance(before, peers.Group)
        assert before.version == "invented 1"
        assert before.note.startswith("The list (invented 1) applies from 1 Jan 2021")

    def test_a_force_without_a_group_is_told_so(self) -> None:
        assert peers.group(pl.DataFrame(listed(*ROWS)), MET, date(2023, 1, 1)) == (
            "the list of most similar forces (invented 1) has no group for this force"
        )

    @pytest.mark.parametrize(
        ("rows", "refusals", "state"),
        [
            (0, [], "not measured: no list of most similar forces is delivered"),
            (0, ["line 3: expected"], "not measured: the list of most similar forces was refused: line 3: expected"),
            (1, [], "loaded"),
            (1, ["line 3"], "loaded, but a later file was refused: line 3"),
        ],
    )
    def test_the_state_says_why_there_is_none(self, rows: int, refusals: list[str], state: str) -> None:
        held = [{"list_version": "v", "force_code": KENT, "similar_force_code": ESSEX}] * rows
        deliveries = [{"delivery_ref": "d", "source": "similar_forces", "status": "loaded",
                       "received_at": "2026-01-01"}] * rows  # fmt: skip
        deliveries += [{"delivery_ref": "r", "source": "similar_forces", "status": "refused", "reason": why,
                        "received_at": "2026-02-01"} for why in refusals]  # fmt: skip
        current = [{"source": "similar_forces", "period": "v", "delivery_ref": "d"}] * rows
        found = made("core.list_states", core_similar_forces=held, raw_deliveries=deliveries,
                     core_current_periods=current)  # fmt: skip
        [row] = only(found, list_code="similar_forces")
        assert (row["state"], row["is_loaded"]) == (state, bool(rows))


def placed(outliers: dict[str, tuple[float, str]]) -> pl.DataFrame:
    return pl.DataFrame([
        {"force_code": code, "short_name": code, "value": value, "target": 10.0, "denominator": 1000 + n,
         "numerator": 10, "lower_95": 8.0, "upper_95": 12.0, "lower_998": 7.0, "upper_998": 13.0, "outlier": outlier}
        for n, (code, (value, outlier)) in enumerate(outliers.items())
    ])  # fmt: skip


class TestWords:
    rows = placed({"A": (10.0, ""), "B": (14.0, "high_998"), "C": (9.0, ""), "D": (11.0, "")})
    group = peers.Group("invented 1", frozenset({"B", "C", "X"}))

    def standing(self, code: str, group: peers.Group | None = None) -> str:
        own = self.rows.row(by_predicate=pl.col("force_code") == code, named=True)
        return peers.standing(own, self.rows, group or self.group, "rate_per_1000")

    def test_a_force_stands_among_its_group_with_reach_and_average_and_no_rank(self) -> None:
        assert self.standing("A") == (
            "A, 10.00, is within the range of its most similar forces (list invented 1): 9.00 to 14.00 in 2 of 3 "
            "forces; group average, this force included, 11.00. In the group, outside the 99.8% limits: B."
        )
        own = self.rows.row(by_predicate=pl.col("force_code") == "A", named=True)
        for ends, side in (((9.5, 10.5), "above"), ((9.0, 11.5), "within"), ((11.2, 12.0), "below")):
            interval = dict(zip(("value_lower", "value_upper"), ends, strict=True))
            words = peers.standing(own | interval, self.rows, self.group, "rate_per_1000")
            assert f"A, 10.00 (95% interval {ends[0]:.2f} to {ends[1]:.2f}), is within the range" in words
            assert f"11.00. The average is {side} that interval." in words
        assert "is above all of its" in self.standing("D", peers.Group("v", frozenset({"A", "C"})))
        alone = self.standing("A", peers.Group("v", frozenset({"X"})))
        assert alone == "No force in the group of A can be compared (list v; 1 force)."

    def test_the_verdict_says_what_chance_allows_among_how_many(self) -> None:
        def verdict(outlier: str, is_overdispersed: bool = False) -> str:
            row = {"outlier": outlier, "upper_998": 1.0, "is_overdispersed": is_overdispersed}
            return findings.peer_verdict(row, 43)

        assert verdict("") == "within what chance allows among 43 forces"
        assert verdict("", True) == "within what chance and the usual spread between forces allow among 43 forces"
        assert verdict("high_998") == "above the 99.8% limit among 43 forces, more than chance would give"
        assert verdict("low_95") == (
            "below the 95% limit among 43 forces, where chance alone puts about one in twenty outside"
        )
        assert findings.peer_verdict({"upper_998": None, "unused_reason": "no numerator"}, 43) == (
            "not compared (no numerator)"
        )

    def test_the_group_is_marked_by_shape_and_name_and_in_words(self) -> None:
        chart = across.funnel(self.rows, measure="rate_per_1000", unit="u", denominator_name="d", highlight="A",
                                   peers=self.group.members, peers_name=self.group.name)  # fmt: skip
        [square] = [trace for trace in chart.data if trace.name == "most similar forces (list invented 1)"]
        assert (square.marker.symbol, list(square.y)) == ("square-open", [14.0, 9.0])
        assert {note.text for note in chart.layout.annotations} == {"A", "B", "C"}
        marked = peers.marked(self.rows, "A", self.group)
        assert dict(marked.select("force_code", "in_group").iter_rows()) == {
            "A": "the force itself", "B": "in its group", "C": "in its group", "D": "not in its group"
        }  # fmt: skip
        assert peers.marked(self.rows, "A", peers.NO_LIST).columns == self.rows.columns

"""The Home Office's outcomes by force: two bases never mixed, what is not given is not given, and the funnel."""

from datetime import date
from itertools import chain
from pathlib import Path

import duckdb
import pytest
from built_home import build_home
from test_home_office_tables import OUTCOME_HEADER
from worked import Row, made, only

from pipelines.fetching.folder import read_folder

KENT, MET, GMP = "E23000032", "E23000001", "E23000005"
FORCES = [
    {"force_code": code, "force_name": f"Force {code}", "force_type": kind}
    for code, kind in ((KENT, "territorial"), (MET, "territorial"), (GMP, "territorial"), ("BTP", "non_territorial"),
                       ("PSEUDO-AF", "pseudo"))
]  # fmt: skip
CHARGED, OPEN = "Charged/Summonsed", "Not yet assigned an outcome"
NOT_SUPPORTED = "Evidential difficulties (victim does not support action)"


def delivered(kind: str, recorded: str | None, closed: str | None, **changes: str | None) -> Row:
    row: Row = {
        "delivery_ref": "d", "line_number": 1, "financial_year": "2024/25", "financial_quarter": "1",
        "force_name": "Kent", "offence_code": "8Q", "offence_subgroup": "Stalking and harassment",
        "outcome_type": kind, "outcome_count_of_recorded": recorded, "outcome_count_of_closed": closed, "period": "p",
    }  # fmt: skip
    return {**row, **changes}


def counts(*rows: Row) -> list[Row]:
    current = [{"source": "home_office_outcomes", "period": "p", "delivery_ref": "d"}]
    return made("core.force_outcome_counts", raw_home_office_outcomes=list(rows), reference_forces=FORCES,
                core_current_periods=current)  # fmt: skip


class TestCounts:
    def test_the_two_bases_stand_apart_and_0_is_an_outcome_of_none_closed(self) -> None:
        rows = counts(delivered("1", "10", "14"), delivered("0", "30", "N/A"), delivered("14", "5", "4"),
                      delivered("16", "50", "1,042"))  # fmt: skip
        assert {(r["basis"], r["outcome_group"]): r["outcome_count"] for r in rows} == {
            ("recorded", CHARGED): 10, ("closed", CHARGED): 14, ("recorded", OPEN): 30,
            ("recorded", NOT_SUPPORTED): 55, ("closed", NOT_SUPPORTED): 1046,
        }  # fmt: skip
        assert {r["period_start"] for r in rows} == {date(2024, 4, 1)}

    def test_charges_for_another_offence_are_never_added_and_corrections_are_kept(self) -> None:
        rows = counts(delivered("1", "10", "14"), delivered("1A", "3", "2"), delivered("2", "-4", "-00"))
        closed = {r["outcome_group"]: r["outcome_count"] for r in only(rows, basis="closed")}
        assert closed == {CHARGED: 14, "Out-of-court (formal)": 0}
        assert only(rows, basis="recorded", outcome_group="Out-of-court (formal)")[0]["outcome_count"] == -4

    @pytest.mark.parametrize("missing", ["N/A - data not provided", "N/A – data not provided", "NA", "", None])
    def test_a_sum_of_which_a_part_is_not_given_is_not_given(self, missing: str | None) -> None:
        rows = counts(delivered("14", "5", missing), delivered("16", "50", "42"))
        assert only(rows, basis="closed")[0]["outcome_count"] is None
        assert only(rows, basis="recorded")[0]["outcome_count"] == 55

    def test_an_expired_code_has_nothing_to_count(self) -> None:
        rows = counts(delivered("16", "50", "42"), delivered("14", "N/A - Offence code expired", "N/A"))
        assert only(rows, basis="recorded")[0]["outcome_count"] == 50
        assert only(rows, basis="closed")[0]["outcome_count"] is None  # 'N/A' alone does not say why
        rows = counts(delivered("16", "50", "42"), delivered("14", "N/A", "N/A", offence_code_expired="x"))
        assert only(rows, basis="closed")[0]["outcome_count"] == 42

    def test_a_code_in_no_list_is_an_outcome_and_another_class_of_the_subgroup_is_told(self) -> None:
        burglary = delivered("1", "4", "5", offence_code="30C", offence_subgroup="Residential burglary")
        rows = counts(delivered("23", "1", "2"), delivered("1", "4", "5", offence_code="8K"), burglary)
        assert {(r["offence_class"], r["outcome_group"]) for r in rows} == {
            ("8Q", "Code in no published list"), ("other class", CHARGED)
        }  # fmt: skip

    def test_bodies_that_are_no_force_are_left_out_and_transport_police_is_not(self) -> None:
        rows = counts(*(delivered("1", "4", "5", force_name=name)
                        for name in ("Action Fraud", "British Transport Police", "Nobody's")))  # fmt: skip
        assert {r["force_code"] for r in rows} == {"BTP"}


def quarter(number: int, force: str = KENT, year: int = 2024, code: str = "8Q", **groups: int | None) -> list[Row]:
    start = date(year + (number == 4), (4, 7, 10, 1)[number - 1], 1)
    names = {"charged": CHARGED, "declined": NOT_SUPPORTED, "open": OPEN}
    return [
        {"force_code": force, "period_start": start, "basis": basis, "offence_class": code,
         "outcome_group": names[name], "outcome_count": count}
        for name, count in groups.items() for basis in ("closed", "recorded")
        if not (name == "open" and basis == "closed")
    ]  # fmt: skip


def outcomes(*rows: list[Row]) -> list[Row]:
    return made("metrics.force_outcomes", core_force_outcome_counts=[*chain(*rows)], reference_forces=FORCES)


class TestShares:
    def test_a_year_s_outcomes_over_all_of_its_outcomes_and_over_its_crimes(self) -> None:
        rows = outcomes(*(quarter(n, code=code, charged=5, declined=20, open=25)
                          for n in (1, 2, 3, 4) for code in ("8Q", "8L")))  # fmt: skip
        [closed] = only(rows, basis="closed", outcome_group=CHARGED, offence_class="8Q")
        assert (closed["outcome_count"], closed["denominator_count"], closed["outcome_ratio"]) == (20, 100, 0.2)
        assert closed["title"].startswith("In-period ratio") and "charge rate" not in closed["title"]
        assert (closed["period_start"], closed["period_end"]) == (date(2024, 4, 1), date(2025, 3, 31))
        [recorded] = only(rows, basis="recorded", outcome_group=OPEN, offence_class="8Q")
        assert (recorded["outcome_count"], recorded["denominator_count"]) == (100, 200)
        assert not only(rows, basis="closed", outcome_group=OPEN)
        for basis in ("closed", "recorded"):
            assert sum(r["outcome_ratio"] for r in only(rows, basis=basis, offence_class="S&H")) == pytest.approx(1)

    def test_a_group_without_a_row_is_none_in_a_whole_year(self) -> None:
        rows = outcomes(*(quarter(n, declined=20) for n in (1, 2, 3, 4)))
        assert only(rows, basis="closed", outcome_group=CHARGED, offence_class="8Q")[0]["outcome_count"] == 0

    def test_a_year_that_is_not_whole_has_no_figure_and_says_why(self) -> None:
        rows = outcomes(*(quarter(n, charged=5, declined=20) for n in (1, 2, 4)))
        assert {(r["outcome_ratio"], r["missing_reason"]) for r in rows if r["offence_class"] == "8Q"} == {
            (None, "at least one quarter is missing")
        }

    def figured(self, *rows: list[Row], force: str = KENT) -> set[str]:
        """Classes with a figure."""
        return {r["offence_class"] for r in only(outcomes(*rows), force_code=force) if r["outcome_ratio"] is not None}

    def test_a_quarter_is_held_by_class_and_another_class_does_not_stand_in_for_it(self) -> None:
        stalking = [quarter(n, charged=5, declined=20) for n in (1, 2, 4)]
        assert self.figured(*stalking, quarter(3, code="8L", charged=5)) == set()
        harassment = [quarter(n, code="8L", charged=5, declined=20) for n in (1, 2, 3, 4)]
        rows = outcomes(*stalking, *harassment)
        assert {r["offence_class"] for r in rows if r["outcome_ratio"] is not None} == {"8L"}
        assert {r["missing_reason"][-16:] for r in only(rows, offence_class="S&H")} == {"for some classes"}
        assert self.figured(*stalking, quarter(3, charged=5), *harassment) == {"8L", "8Q", "S&H"}
        assert self.figured(*harassment) == {"8L"}  # a subgroup without stalking is none

    def test_a_class_that_most_forces_have_is_needed_and_a_rare_one_taken_for_none(self) -> None:
        both = [quarter(n, force, code=code, charged=5, declined=20)
                for n in (1, 2, 3, 4) for force in (KENT, MET, GMP) for code in ("8L", "8Q")]  # fmt: skip
        messages = [quarter(n, force, code="8R", charged=5) for n in (1, 2, 3, 4) for force in (MET, GMP)]
        some = [quarter(n, code="8R", charged=5) for n in (1, 2, 4)]
        assert self.figured(*both, *messages, *some) == {"8L", "8Q"}
        assert self.figured(*both, *messages, *some, force=MET) == {"8L", "8Q", "8R", "S&H"}
        # two of three have it in the first quarter alone: the third has no figure
        assert self.figured(*both, *messages[::2], *some[:1], force=GMP) == {"8L", "8Q"}
        assert self.figured(*both, *messages[::2]) == {"8L", "8Q", "S&H"}

    def test_a_part_that_was_not_provided_takes_the_whole_year_s_figure(self) -> None:
        rows = outcomes(*(quarter(n, charged=5, declined=None if n == 2 else 20) for n in (1, 2, 3, 4)))
        assert {r["outcome_ratio"] for r in rows} == {None}
        assert {r["missing_reason"] for r in only(rows, offence_class="8Q")} == {
            "the force did not provide a part of the year's outcomes"
        }

    def test_the_year_of_greater_manchester_that_is_all_but_empty_is_not_measured(self) -> None:
        years = [quarter(n, GMP, year, charged=5, declined=20) for n in (1, 2, 3, 4) for year in (2018, 2019, 2020)]
        rows = only(outcomes(*years), outcome_group=CHARGED, basis="closed", offence_class="8Q")
        assert {r["period_start"].year: r["outcome_ratio"] for r in rows} == {2018: 0.2, 2019: None, 2020: 0.2}
        assert "2019/20" in only(rows, period_start=date(2019, 4, 1))[0]["missing_reason"]


def test_tables_laid_out_as_published_reach_chief_officers_with_their_funnel(tmp_path: Path) -> None:
    """Twelve forces, four quarters, as files: nothing of it is real."""
    names = ["Kent", "Essex", "Sussex", "Surrey", "Dorset", "Norfolk", "Suffolk", "Gwent", "Durham", "Cumbria",
             "Cleveland", "Wiltshire"]  # fmt: skip
    lines = [",".join(f'"{label}"' for label in OUTCOME_HEADER)]
    for n, name in enumerate(names):
        for number in (1, 2, 3, 4):
            for kind, recorded, closed in (("0", "40", "N/A"), ("1", f"{8 + n % 3}", f"{10 + n % 3}"),
                                           ("16", "60", "70"), ("1A", "2", "2")):  # fmt: skip
                lines.append(f"2024/25,{number},{name},8Q,Stalking,Violence against the person,"
                             f"Stalking and harassment,,{kind},x,x,{recorded},{closed}")  # fmt: skip
    data, home = tmp_path / "data", tmp_path / "home"
    (data / "home-office").mkdir(parents=True)
    (data / "home-office" / "prc-outcomes-open-data-mar2025-tables.csv").write_text("\n".join(lines) + "\n")
    (data / "similar_forces.csv").write_text(
        "force_code,similar_force_code,list_version,valid_from\nKent,Essex,invented,2021-01-01\n"
    )
    assert build_home(read_folder(data), home) == []
    copy = home / "published" / "command"
    charged = duckdb.sql(
        f"select force_name, numerator, denominator, unused_reason from read_parquet('{copy}/"
        f"metrics.force_outcome_funnel.parquet') where offence_class = '8Q' and outcome_group = '{CHARGED}' order by 1"
    ).fetchall()
    assert len(charged) == 12
    assert charged[6] == ("Kent Police", 40, 320, "")
    peers = duckdb.sql(f"select force_code, similar_force_code from read_parquet('{copy}/core.similar_forces.parquet')")
    assert peers.fetchall() == [(KENT, "E23000028")]


class TestFunnel:
    def unit(
        self, code: str, charged: int | None, total: int | None = 1000, basis: str = "closed", **changes: str
    ) -> Row:
        return {"force_code": code, "force_name": code, "period_start": "2024-04-01", "period_end": "2025-03-31",
                "offence_class": "8Q", "basis": basis, "title": "In-period ratio", "outcome_group": CHARGED,
                "outcome_count": charged, "denominator_count": total, "missing_reason": "", **changes}  # fmt: skip

    def funnel(self, *rows: Row) -> list[Row]:
        forces = [{"force_code": r["force_code"], "force_type": "non_territorial" if r["force_code"] == "BTP" else
                   "territorial"} for r in rows if r["basis"] == "closed"]  # fmt: skip
        return made("metrics.force_outcome_funnel", metrics_force_outcomes=list(rows), reference_forces=forces)

    def test_one_far_above_is_named_and_the_missing_are_not_placed(self) -> None:
        rows = self.funnel(*(self.unit(f"F{n:02d}", 75 + n % 10) for n in range(20)), self.unit("F20", 250),
                           self.unit("BTP", 900),
                           self.unit("F21", None, None, missing_reason="invented"),
                           *(self.unit(f"F{n:02d}", 900, basis="recorded") for n in range(20)))  # fmt: skip
        assert [r["force_code"] for r in rows if r["outlier"]] == ["F20"]
        assert "BTP" not in {r["force_code"] for r in rows}
        [absent] = only(rows, force_code="F21")
        assert absent["value"] is None and absent["unused_reason"] == "invented"
        [placed] = only(rows, force_code="F00")
        # Wilson's interval of 75 in 1,000
        assert placed["value_lower"] == pytest.approx(0.06025, abs=1e-5)
        assert placed["value_upper"] == pytest.approx(0.09300, abs=1e-5)
        assert absent["value_lower"] is None
        assert placed["target"] == pytest.approx((sum(75 + n % 10 for n in range(20)) + 250) / 21_000)

    def test_fewer_than_ten_forces_with_a_figure_are_not_compared(self) -> None:
        nine = [self.unit(f"F{n:02d}", 80) for n in range(9)]
        assert self.funnel(*nine, *(self.unit(f"M{n}", None, None, missing_reason="x") for n in range(5))) == []

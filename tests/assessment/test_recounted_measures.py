"""Six headline measures equal those counted from the invented force's files, in every period that is published."""

from collections import Counter
from datetime import UTC, date

import polars as pl
import pytest
import recount
import recount_measures
from conftest import InventedForce
from delivered_force import FORCE, SUBGROUP, Extract, Moments

CODES = ("recorded", "recorded_24h", "charged_365", "risk_assessed", "repeat_suspect_12m", "open_caseload")
PERIODS = ("month", "quarter", "financial_year", "rolling_12")
Counted = dict[tuple[str, str, date], tuple[int, int | None]]


@pytest.fixture(scope="module")
def counted(invented_force: InventedForce) -> Counted:
    extract = Extract(invented_force.data)
    with invented_force.connect() as con:
        [(as_of, known_by)] = con.execute("select as_of_at, events_limit_at from core.extract_moments").fetchall()
        people = dict(con.execute("select person_key, person_ref from core.people").fetchall())
    moments = Moments(as_of.astimezone(UTC), known_by.astimezone(UTC))
    covered = recount.month_counts(extract, moments)[SUBGROUP].keys()
    found: Counted = recount_measures.by_period(recount_measures.monthly(extract, moments, covered, people), covered)
    return found


@pytest.fixture(scope="module")
def shown(invented_force: InventedForce) -> pl.DataFrame:
    """What is published to the command team of the whole force, periods in parts and those not yet whole too."""
    file = invented_force.home / "published" / "command" / "metrics.measure_values.parquet"
    return pl.read_parquet(file).filter(
        pl.col("force_code") == FORCE, pl.col("breakdown") == "none",
        pl.col("measure_code").is_in(CODES), pl.col("period_type").is_in(PERIODS),
    )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_headline_measure_is_that_of_the_delivered_files_in_every_period(
    code: str, counted: Counted, shown: pl.DataFrame
) -> None:
    rows = shown.filter(pl.col("measure_code") == code)
    if code in recount_measures.AT_END:  # a quarter or year that goes on, and a year, stand at a month's end
        is_counted = [
            (code, kind, start) in counted for kind, start in rows.select("period_type", "period_start").rows()
        ]
        rows = rows.filter(pl.Series(is_counted))
    mine = {(kind, start): cell for (of, kind, start), cell in counted.items() if of == code}
    theirs = {
        (row["period_type"], row["period_start"]): (row["numerator"], row["denominator"]) for row in rows.to_dicts()
    }
    assert theirs == mine
    kinds = Counter(kind for kind, _ in mine)
    assert kinds["month"] >= 12 and kinds["quarter"] >= 4 and sum(count for count, _ in mine.values()) > 1000
    shares = rows.filter(pl.col("value").is_not_null()).to_dicts()
    assert len(shares) > 12
    for row in shares:
        of = row["denominator"]
        assert row["value"] == pytest.approx(row["numerator"] if of is None else row["numerator"] / of, abs=1e-12)

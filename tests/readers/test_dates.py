"""Dates as record systems write them: one ISO form, and never a guess at what comes first, the day or the month."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published_workbooks import delivered

from assets.raw import sources
from assets.readers.extract.dates import DAY_FIRST, MONTH_FIRST, Column, Iso, in_iso
from assets.readers.source import BrokenFile, ExtractMapping, Part


def iso(values: list[str | None], kind: str = "ts", said: str = "") -> list[str | None]:
    """The values of a column in ISO form."""
    with duckdb.connect() as con:
        con.execute(
            'create table given as select unnest(?::varchar[]) as "given when", unnest(range(2, ?)) as line_number',
            [values, len(values) + 2],
        )
        forms = in_iso(con, [Column("when", kind, "Recorded")], said)
        form = forms.get("when", Iso("null", '"given when"'))
        rows = f'select *, {form.parts} as "parts when" from given'
        return [row[0] for row in con.execute(f"select {form.text} from ({rows}) order by line_number").fetchall()]


def refusal(values: list[str | None], kind: str = "ts", said: str = "") -> str:
    with pytest.raises(BrokenFile) as refused:
        iso(values, kind, said)
    return str(refused.value)


@pytest.mark.parametrize(("written", "read"), [
    ("19/01/2026 17:08", "2026-01-19 17:08:00"),
    ("19/1/2026 5:08 PM", "2026-01-19 17:08:00"),
    ("19.01.2026 12:00:09 am", "2026-01-19 00:00:09"),
    ("19-01-2026", "2026-01-19"),
    ("19/01/2026 17:08:01 +01:00", "2026-01-19 17:08:01+01:00"),
    ("19 Jan 2026 17:08", "2026-01-19 17:08:00"),
    ("19-January-2026", "2026-01-19"),
    ("2026/1/9 07:05", "2026-01-09 07:05:00"),
    ("20260119", "2026-01-19"),
    ("2026-01-19T17:08:00.5Z", "2026-01-19T17:08:00.5Z"),
    ("19/01/26", "19/01/26"),
    ("31/02/2026", "2026-02-31"),
    ("not known", "not known"),
    (None, None),
])  # fmt: skip
def test_a_date_is_read_as_it_is_written(written: str | None, read: str | None) -> None:
    """What is no date, or has a year of two digits, stays as it is and is refused by the field's own check."""
    assert iso([written, "25/12/2025"])[0] == read


def test_years_of_two_digits_are_read_where_the_mapping_says_so_but_for_months_of_birth() -> None:
    written: list[str | None] = ["02-APR-26 08:46", "3/4/99", "19/01/2026"]
    assert iso(written, said="DD/MM/YY") == ["2026-04-02 08:46:00", "1999-04-03", "2026-01-19"]
    assert iso(["02-APR-26"], "month", "DD/MM/YY") == ["02-APR-26"], "a century of birth is not known"


def test_all_values_of_a_column_settle_whether_the_day_comes_first() -> None:
    assert iso(["01/02/2026", "19/01/2026"]) == ["2026-02-01", "2026-01-19"]
    assert iso(["01/02/2026", "01/19/2026"]) == ["2026-01-02", "2026-01-19"]
    assert iso(["02/02/2026", None]) == ["2026-02-02", None], "the same either way"


def test_a_column_that_does_not_settle_it_is_asked_for_and_never_guessed() -> None:
    words = refusal(["01/02/2026", "03/04/2026", None, "05/06/2026 10:00", "07/08/2026"])
    assert "column 'Recorded'" in words
    assert "4 dates of which none shows whether the day or the month comes first" in words
    assert "line 2: 01/02/2026, line 3: 03/04/2026, line 5: 05/06/2026 10:00)" in words
    assert f'mapping.toml, [extract]: dates = "{DAY_FIRST}"' in words
    assert iso(["01/02/2026"], said=DAY_FIRST) == ["2026-02-01"]
    assert iso(["01/02/2026"], said=MONTH_FIRST) == ["2026-01-02"]


def test_a_column_of_both_orders_is_named_with_three_examples_of_each() -> None:
    words = refusal(["19/01/2026", "01/19/2026", "20/01/2026", "21/01/2026", "22/01/2026", "01/20/2026"])
    assert "the day first in 4 values (line 2: 19/01/2026, line 4: 20/01/2026, line 5: 21/01/2026)" in words
    assert "the month first in 2 (line 3: 01/19/2026, line 7: 01/20/2026)" in words


def test_a_mapping_that_the_values_contradict_is_refused() -> None:
    assert f"expected {MONTH_FIRST}, as mapping.toml" in refusal(["19/01/2026"], said=MONTH_FIRST)


def test_no_date_of_birth_is_shown() -> None:
    assert "03/04/1990" not in refusal(["03/04/1990"], kind="month")


def test_day_numbers_of_a_spreadsheet_are_read_if_a_column_has_nothing_else() -> None:
    assert iso(["46041.714", None, "46042"]) == ["2026-01-19 17:08:10", None, "2026-01-20 00:00:00"]
    assert iso(["46041", "19/01/2026"]) == ["46041", "2026-01-19"], "a number among dates is no date"


LAYOUTS = ("%d/%m/%Y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%d %B %Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")


MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1))  # noqa: DTZ001  (forces write local time)


@given(st.lists(MOMENTS, min_size=1, max_size=20), st.data())
def test_every_moment_is_the_same_in_every_layout(moments: list[datetime], data: st.DataObject) -> None:
    written = [moment.strftime(data.draw(st.sampled_from(LAYOUTS))) for moment in moments]
    assert iso(written, said=DAY_FIRST) == [moment.strftime("%Y-%m-%d %H:%M:%S") for moment in moments]


def test_an_extract_with_uk_dates_is_loaded(tmp_path: Path) -> None:
    """All 300 of 300 such rows went into quarantine."""
    rows = "".join(f"C{n},8/65,8Q,{n % 28 + 1:02}/01/2026 17:08,{n % 28 + 1:02}/01/2026 18:00\n" for n in range(300))
    path = tmp_path / "crime.csv"
    path.write_text(f"crime_id,ho_code,class_code,reported_ts,recorded_ts\n{rows}")
    source, out = sources()["crime"], tmp_path / "crime.parquet"
    reading = source.read(Part(delivered(path)), "d1", out)
    assert (reading.rows_read, reading.rows_loaded) == (300, 300)
    found = duckdb.sql(f"select min(recorded_ts), max(recorded_ts) from '{out}'").fetchall()
    assert found == [("2026-01-01T18:00:00.000000Z", "2026-01-28T18:00:00.000000Z")]


def test_an_extract_that_does_not_settle_it_is_read_by_its_mapping(tmp_path: Path) -> None:
    path = tmp_path / "crime.csv"
    path.write_text("crime_id,ho_code,class_code,recorded_ts\nC1,8/65,8Q,02/01/2026 18:00\n")
    source, out = sources()["crime"], tmp_path / "crime.parquet"
    with pytest.raises(BrokenFile, match="none shows whether the day"):
        source.read(Part(delivered(path)), "d1", out)
    mapped = replace(delivered(path), mapping=ExtractMapping(dates=DAY_FIRST))
    assert source.read(Part(mapped), "d1", out).rows_loaded == 1
    assert duckdb.sql(f"select recorded_ts from '{out}'").fetchall() == [("2026-01-02T18:00:00.000000Z",)]

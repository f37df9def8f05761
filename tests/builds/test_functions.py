"""Formulas that SELECTs share: assets/functions.sql, put in place of each call when a file is read."""

import duckdb
import pytest

from pipelines.tables import functions
from pipelines.tables.cards import all_cards

CALLED = [card for card in all_cards().values() if card.is_select]


def test_a_call_becomes_its_formula_whatever_is_in_its_brackets() -> None:
    code = "select london_date(greatest(a, f(b, c))), -- london_date(x)\n 'london_date(y)' from t"
    assert functions.expanded(code) == (
        "select (cast((greatest(a, f(b, c))) at time zone 'Europe/London' as date)), -- london_date(x)\n"
        " 'london_date(y)' from t"
    )
    nested = functions.expanded("select month_of(london_date(t.at)) from t")
    assert nested.count("cast(") == 2 and "london_date" not in nested


@pytest.mark.parametrize("code", ["select london_date(a, b)", "select wilson_lower(share, n)", "select london_date(a"])
def test_a_call_that_does_not_fit_its_formula_is_named(code: str) -> None:
    with pytest.raises(functions.WrongCall, match=r"expected \d values, saw|a bracket is not closed"):
        functions.expanded(code)


def test_duckdb_gives_what_each_formula_says() -> None:
    """Wilson's limits of 8 in 10: 49.0% and 94.3% (Wilson 1927, as in Brown, Cai and DasGupta 2001)."""
    given = {
        "round(wilson_lower(0.8, 10, 1.959964), 4)": 0.4902,
        "round(wilson_upper(8 / 10, 10, 1.959964), 4)": 0.9433,
        "wilson_lower(0.5, nullif(0, 0), 1.96)": None,
        "cast(london_date(timestamptz '2026-06-30 23:30:00Z') as varchar)": "2026-07-01",
        "cast(month_of(date '2026-06-30') as varchar)": "2026-06-01",
        "hours_between(timestamptz '2026-03-29 00:00:00Z', timestamptz '2026-03-29 01:30:00Z')": 1.5,
        "days_between(date '2026-03-01', date '2026-02-27')": -2.0,
    }
    with duckdb.connect() as by_formula, duckdb.connect() as by_macro:
        by_macro.execute(functions.FILE.read_text(encoding="utf-8"))  # an analyst runs the file as it is
        for call, wanted in given.items():
            query = f"select {call}"
            assert by_formula.execute(functions.expanded(query)).fetchone() == (wanted,), call
            assert by_macro.execute(query).fetchone() == (wanted,), call


def test_every_formula_is_called_and_none_is_written_out_beside_it() -> None:
    calls = [name for card in CALLED for name in functions.formulas() if f"{name}(" in card.written]
    assert set(calls) == set(functions.formulas())
    for card in CALLED:
        code = " ".join(card.written.split())
        assert "at time zone 'Europe/London' as date)" not in code, f"{card.table}: london_date"
        assert "/ (4.0 *" not in code, f"{card.table}: wilson_lower, wilson_upper"
        assert "cast(date_trunc('month', london_date" not in code, f"{card.table}: month_of"


def test_a_table_is_made_again_when_a_formula_that_it_calls_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    used = next(card for card in CALLED if "wilson_lower(" in card.written)
    other = next(card for card in CALLED if card.code == card.written)
    before = [functions.used_by(card.written) for card in (used, other)]
    changed = {name: functions.Formula(name, f.values, f"{f.body} + 0") for name, f in functions.formulas().items()}
    monkeypatch.setattr(functions, "formulas", lambda: changed)
    after = [functions.used_by(card.written) for card in (used, other)]
    assert before[0] != after[0] and before[1] == after[1] == ""

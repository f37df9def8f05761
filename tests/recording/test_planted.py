"""Every planted breach is found and no decoy is hit, by rule: the invented force goes through the real build.

The generator and the rules were written apart, from the standard's text.
"""


import duckdb
import pytest
from conftest import InventedForce
from small_home import small_force

from expectations import RULES
from sample.synth import NOT_FEEDABLE

pytestmark = pytest.mark.slow

# their facts come from words in free text (settled: recall at least 0.95, decoys hit at most 3%)
TEXT_RULES = ("CLS-04", "CLS-05", "CLS-06", "CLS-08", "CLS-13", "CLS-15", "CLS-16", "CLS-17", "CLS-20", "NOT-01")
OF_THE_EXTRACT = sorted({rule.code for rule in RULES if not rule.code.startswith(("DEL", "PUB", "AUD"))})

FOUND = """
with found as (select distinct rule_code, record_type, record_ref from quality.rule_breaches),

codes as (select distinct rule_code from quality.rule_results)

select
    c.rule_code,
    (select sum(examined_count) from quality.rule_results as r where r.rule_code = c.rule_code),
    (select count(*) from planted as p where p.rule_code = c.rule_code),
    (select count(*) from planted as p inner join found as f using (rule_code, record_type, record_ref)
        where p.rule_code = c.rule_code),
    (select count(*) from decoys as d where d.rule_code = c.rule_code),
    (select count(*) from decoys as d inner join found as f using (rule_code, record_type, record_ref)
        where d.rule_code = c.rule_code),
    (select count(*) from found as f anti join planted as p using (rule_code, record_type, record_ref)
        where f.rule_code = c.rule_code)
from codes as c
order by c.rule_code
"""


@pytest.fixture(scope="module")
def table(warehouse: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, ...]]:
    """Rule -> examined, planted, found, decoys, hit, beyond what was planted; printed for whoever reads the log."""
    rows = {row[0]: row[1:] for row in warehouse.execute(FOUND).fetchall() if row[0] in OF_THE_EXTRACT}
    print(f"\n{'rule':8}{'examined':>10}{'planted':>9}{'found':>7}{'decoys':>8}{'hit':>5}{'beyond':>8}")
    for code, counts in rows.items():
        print(f"{code:8}" + "".join(f"{count or 0:>{w}}" for count, w in zip(counts, (10, 9, 7, 8, 5, 8), strict=True)))
    return rows


@pytest.mark.parametrize("code", [c for c in OF_THE_EXTRACT if c not in TEXT_RULES and c not in NOT_FEEDABLE])
def test_every_planted_breach_is_found_and_nothing_else(table: dict[str, tuple[int, ...]], code: str) -> None:
    _, planted, found, _, hit, beyond = table[code]
    assert planted > 0, "nothing was planted: the test would show nothing"
    assert (found, hit, beyond) == (planted, 0, 0)


def test_a_small_force_breaks_what_was_planted_in_it_and_nothing_else() -> None:
    """Of 500 crimes there is not room for every rule."""
    folder = small_force()
    with InventedForce(folder / "data", folder / "home").connect() as con:
        rows = {code: counts for code, *counts in con.execute(FOUND).fetchall()}
    of = [code for code in rows if code in OF_THE_EXTRACT and code not in (*TEXT_RULES, *NOT_FEEDABLE)]
    assert sum(rows[code][1] > 0 for code in of) > 20
    assert [(code, rows[code]) for code in of if (rows[code][2], *rows[code][4:]) != (rows[code][1], 0, 0)] == []


@pytest.mark.parametrize("code", TEXT_RULES)
def test_words_find_nineteen_of_twenty_and_hit_few_decoys(table: dict[str, tuple[int, ...]], code: str) -> None:
    _, planted, found, decoys, hit, beyond = table[code]
    assert planted > 0 and decoys > 0
    assert found >= 0.95 * planted
    assert hit <= 0.03 * decoys
    assert beyond <= 0.05 * planted + 1


@pytest.mark.parametrize("code", sorted(NOT_FEEDABLE))
def test_what_no_extract_can_feed_is_not_measured(warehouse: duckdb.DuckDBPyConnection, code: str) -> None:
    results = warehouse.execute("select status, message from quality.rule_results where rule_code = ?", [code])
    found = results.fetchall()
    assert found and all(status == "NOT_EVALUABLE" and "the extract has no" in message for status, message in found)


def test_no_rule_is_in_error_and_all_are_judged(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("select * from quality.rule_results where status = 'ERROR'").fetchall() == []
    judged = {code for (code,) in warehouse.execute("select rule_code from quality.rule_results").fetchall()}
    assert set(OF_THE_EXTRACT) <= judged

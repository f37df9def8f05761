"""On the invented force each measure of protection equals what was planted for the rule on the same facts.

Where measure and rule state the same thing, the records that missed (or were late) are exactly the planted ones; where
they differ, the difference is written beside the case and in `reference.protection_measures`.
"""


import duckdb
import pytest

pytestmark = pytest.mark.slow

# rule -> (kind of reference, measures that state it together, states that break it)
SAME: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "RSK-01": ("crime", ("risk_assessed",), ("missed",)),
    "RSK-02": ("crime", ("risk_assessed",), ("late",)),
    "RSK-03": ("crime", ("risk_tool",), ("missed",)),
    "RSK-05": ("crime", ("risk_plan_high", "risk_plan_medium"), ("missed",)),
    "RSK-07": ("crime", ("risk_supervisor",), ("missed",)),
    "RSK-08": ("crime", ("risk_daily_meeting",), ("missed",)),
    "ORD-01": ("crime", ("order_considered",), ("missed",)),
    "ORD-02": ("order", ("order_grounds",), ("missed",)),
    "ORD-04": ("order", ("order_notified",), ("late", "missed")),
    "ORD-08": ("crime", ("order_request",), ("missed",)),
    "ORD-09": ("order", ("order_hearing",), ("late", "missed")),
    "VIC-01": ("crime", ("victim_enhanced",), ("missed",)),
    "VIC-02": ("crime", ("victim_needs",), ("late",)),
    "VIC-03": ("crime", ("victim_told_enhanced", "victim_told"), ("late", "missed")),
    "VIC-04": ("crime", ("victim_statement",), ("missed",)),
    "VIC-05": ("crime", ("victim_contact",), ("missed",)),
    "VIC-06": ("crime", ("referral_offered",), ("missed",)),
    "NOT-02": ("crime", ("notice_no_end",), ("missed",)),
    "INV-01": ("crime", ("allocated_by_risk",), ("missed",)),
    "INV-03": ("crime", ("previous_linked",), ("missed",)),
    "INV-04": ("crime", ("absence_covered",), ("missed",)),
    "INV-05": ("crime", ("digital_directed",), ("late", "missed")),
    "INV-06": ("crime", ("search_considered",), ("missed",)),
    "FIL-01": ("crime", ("file_complete",), ("missed",)),
    "FIL-02": ("crime", ("special_measures",), ("late", "missed")),
    "FIL-03": ("crime", ("early_advice",), ("missed",)),
    "FIL-04": ("crime", ("protocol_checklist",), ("missed",)),
}
PLANTED = "select record_ref from planted where rule_code = ? and record_type = ?"


def refs(con: duckdb.DuckDBPyConnection, query: str, *given: object) -> set[str]:
    return {ref for (ref,) in con.execute(query, given).fetchall()}


def planted(con: duckdb.DuckDBPyConnection, rule: str, kind: str = "crime") -> set[str]:
    return refs(con, PLANTED, rule, kind)


def broken(con: duckdb.DuckDBPyConnection, measures: tuple[str, ...], states: tuple[str, ...], kind: str) -> set[str]:
    column = "record_ref" if kind == "order" else "crime_ref"
    return refs(
        con, f"select {column} from core.protection_duties where list_contains(?, measure_code)"
        " and list_contains(?, state)", list(measures), list(states),
    )  # fmt: skip


@pytest.mark.parametrize("rule", sorted(SAME))
def test_what_was_not_kept_is_what_was_planted(warehouse: duckdb.DuckDBPyConnection, rule: str) -> None:
    kind, measures, states = SAME[rule]
    wanted = planted(warehouse, rule, kind)
    assert wanted, "nothing was planted: the test would show nothing"
    assert broken(warehouse, measures, states, kind) == wanted


def test_no_decoy_of_a_rule_is_counted_against_its_measure(warehouse: duckdb.DuckDBPyConnection) -> None:
    for rule, (kind, measures, states) in SAME.items():
        decoys = refs(warehouse, PLANTED.replace("planted", "decoys"), rule, kind)
        assert not decoys & broken(warehouse, measures, states, kind), rule


def test_every_measure_of_the_extract_has_a_figure_or_a_reason(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select measure_code, status, reason, due_count, met_count, late_count, missed_count, not_known_count,"
        " not_yet_due_count, met_share from metrics.protection_measures order by place"
    ).fetchall()
    print(f"\n{'measure':32}{'due':>7}{'met':>7}{'late':>6}{'missed':>7}{'?':>6}{'soon':>6}  share or reason")
    for code, status, reason, due, met, late, missed, unknown, soon, share in rows:
        counts = "".join(f"{'-' if n is None else n:>{w}}" for n, w in
                         zip((due, met, late, missed, unknown, soon), (7, 7, 6, 7, 6, 6), strict=True))  # fmt: skip
        print(f"{code:32}{counts}  {share if share is None else round(share, 4)} {status} {reason or ''}")
    assert [row[0] for row in rows if row[1] == "not measured"] == []
    assert all(row[9] is not None for row in rows if row[1] == "measured")


def test_the_missing_items_of_files_are_those_planted(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = dict(warehouse.execute("select item, missing_count from metrics.case_file_gaps").fetchall())
    first = ("mg3", "mg5", "mg5_timeline", "mg6c", "mg6d", "mg6e")
    assert sum(rows[item] for item in first) == len(planted(warehouse, "FIL-01"))  # one item each
    assert rows["order_conditions"] == len(planted(warehouse, "ORD-08"))


def test_a_measure_that_shows_other_counts_than_its_standard_says_why(warehouse: duckdb.DuckDBPyConnection) -> None:
    """To date and for the whole force, of each measure that names one standard."""
    rows = warehouse.execute(
        """
        with standards as (
            select
                rule_code,
                sum(examined_count - not_evaluable_count - breach_count) as numerator,
                sum(examined_count - not_evaluable_count) as denominator
            from quality.rule_counts
            group by rule_code
        ),
        named as (
            select measure_code, rule_codes from reference.protection_measures
            union all
            select measure_code, rule_codes from reference.own_measures
        )
        select n.measure_code, m.differs, v.numerator = s.numerator and v.denominator = s.denominator as is_same
        from named as n
        inner join standards as s on n.rule_codes = s.rule_code
        inner join reference.measures as m on n.measure_code = m.measure_code
        inner join metrics.measure_values as v
            on n.measure_code = v.measure_code and v.period_type = 'to_date' and v.breakdown = 'none'
        """
    ).fetchall()
    differing = [code for code, _, is_same in rows if not is_same]
    assert len(differing) >= 10 and len(differing) < len(rows), "some are the same and some are not"
    assert [code for code, differs, is_same in rows if not is_same and not differs] == []

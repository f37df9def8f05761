"""Protection of victims in words, and what may not be worked out from them."""

import datetime as dt

import invented_protection as protection
import polars as pl
import pytest
from given_rows import GivenRows

from dashboards.data.verdicts import NO_PEERS, NOT_WATCHED, Watch
from dashboards.pages.protection import courses_section, order_life_section, order_terms_section, rights_section
from dashboards.text.protection import protection_text
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.tile import shared_lines

RULE = SmallNumbers(5, 30)

MEASURES = protection.protection_measures()
LEADING = MEASURES.filter("is_lead")


def row(**more: object) -> dict[str, object]:
    base = {"measure_name": "Invented", "status": "measured", "reason": None, "due_count": 100, "met_count": 80,
            "late_count": 10, "missed_count": 10, "not_known_count": 0, "not_yet_due_count": 0, "met_share": 0.8,
            "share_lower": 0.71, "share_upper": 0.87, "median_hours": 4.0, "advice_rows": "V1",
            "kind": "duty"}  # fmt: skip
    return base | more


def shown(**more: object) -> dict[str, object]:
    return protection_text.shown(pl.DataFrame([row(**more)], infer_schema_length=None), RULE).row(0, named=True)


def ending(rows: pl.DataFrame) -> str:
    reader = GivenRows(RULE, metrics__order_funnel=rows)
    return reader.in_words(protection_text.ending_finding(rows, 60))


def test_each_sentence_has_the_figures_of_its_table() -> None:
    lower = LEADING.head(1).with_columns(is_lead=False, met_share=0.5, measure_name=pl.lit("Not a leading duty"))
    orders, courses, rights = protection.order_funnel(), protection.course_coverage(), protection.victim_rights()
    bail = orders.head(1).with_columns(order_kind=pl.lit("conditional bail"), live_after_closing_count=pl.lit(0))
    endless = orders.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in protection_text.NOW)
    answer = protection_text.answer(MEASURES, RULE)
    said = [
        (answer, 'order considered" (60.0% of 200, 95% interval 53.1% to 66.5%), then "Breach of an order'),
        (answer, '(99.2% of 1,200, 95% interval 98.5% to 99.5%). 9 duties have enough cases for a share. 13 of 14'),
        (protection_text.answer(pl.concat([MEASURES, lower]), RULE), 'months of each: "Not a leading duty" (50.0%'),
        (protection_text.funnel_finding(orders, RULE), "200 stalking protection orders considered, 80 were"),
        (protection_text.funnel_finding(orders, RULE), "50 granted and 45 served; 12 of them breached"),
        (protection_text.funnel_finding(protection.order_funnel(has_breaches=False), RULE), "breaches were not"),
        (protection_text.funnel_finding(protection.order_funnel(has_orders=False), RULE), "not measured"),
        (ending(orders), "Orders in force: 65; 9 of them end within 60 days, and 45 belong to a closed case"),
        (ending(pl.concat([orders, bail], how="vertical_relaxed")), "Conditional bails in force: 40; 7 of them end"),
        (ending(endless), "not measured: their end dates were not supplied"),
        (ending(protection.order_funnel(has_orders=False)), "not supplied."),
        (courses_section.finding(courses, RULE), "62 of 100 investigators of these cases were trained"),
        (rights_section.finding(rights), "3 of the 4 rights of the Victims' Code have a measure"),
        (protection_text.gaps_finding(protection.case_file_gaps(), RULE), "200 charged crimes: timeline of the"),
        (protection_text.gaps_finding(protection.case_file_gaps(0, 0, 0), RULE), "No item is missing"),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []
    assert courses_section.shown(courses, RULE)["holder_count"].to_list() == ["62", "fewer than 5", "6"]
    assert rights_section.shown(rights, RULE)["state"].to_list() == [
        "80.0% (95% interval 75.1% to 84.1%), 240 of 300", "all but fewer than 5 of 29",
        "Not measured: no field for it", "Table invented not supplied",
    ]  # fmt: skip


def test_what_every_tile_would_say_is_said_once_below_them() -> None:
    rows = LEADING.head(3).with_columns(section=pl.Series(["risk", "risk", "orders"]))
    tiles = [protection_text.tile(row, Watch({}, {"risk": "Post A"}), RULE) for row in rows.iter_rows(named=True)]
    shared = shared_lines(tiles)
    assert (shared["peers"], shared["over_time"]) == (NO_PEERS, NOT_WATCHED)
    assert "owner" not in shared and shared_lines(tiles[:1]) == {}, "two posts; and a tile alone has no neighbour"


def test_without_a_share_nothing_is_called_kept() -> None:
    assert protection_text.answer(MEASURES, SmallNumbers(5, 10_000)).startswith("Not measured.")
    words = protection_text.finding(LEADING, SmallNumbers(5, 10_000))
    assert words == "Too few cases for a share of any of these duties"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "80.0%, 80 of 100"),
        ({"not_known_count": 7}, "80.0%, 80 of 100; 7 not known"),
        ({"not_known_count": 2}, "80.0%, 80 of 100; fewer than 5 not known"),
        ({"met_count": 97, "late_count": 0, "missed_count": 3}, "all but fewer than 5 of 100"),
        ({"met_count": 10, "due_count": 20, "late_count": 5, "missed_count": 5}, "10 of 20; too few for a share"),
        ({"status": "not measured", "reason": "table order_ not supplied"}, "not measured: table order_ not supplied"),
        ({"status": "too little known", "reason": "too many not known to give a share", "not_known_count": 300,
          "met_share": None}, "too many not known to give a share: 80 of 100; 300 not known"),
        ({"status": "nothing arose"}, "nothing arose"),
        ({"status": "nothing to judge", "due_count": 0, "not_known_count": 9},
         "nothing to assess: 9 not known, 0 not due yet"),
    ],
)  # fmt: skip
def test_a_measure_in_words(more: dict[str, object], words: str) -> None:
    assert protection_text.state(row(**more), RULE) == words


@pytest.mark.parametrize(
    ("met", "late", "missed", "told"),
    [
        (80, 10, 10, ("80", "10", "10")),
        (80, 3, 17, ("80", "not separated", "not separated")),
        (80, 0, 20, ("80", "0", "20")),
        (97, 0, 3, ("all but fewer than 5", "0", "fewer than 5")),
        (96, 2, 2, ("all but fewer than 5", "fewer than 5", "fewer than 5")),
        (3, 47, 50, ("fewer than 5", "not separated", "not separated")),
        (3, 0, 97, ("fewer than 5", "0", "not separated")),
    ],
)
def test_small_counts_cannot_be_worked_out(met: int, late: int, missed: int, told: tuple[str, ...]) -> None:
    found = shown(met_count=met, late_count=late, missed_count=missed, met_share=met / 100)
    assert (found["met"], found["late"], found["missed"]) == told
    assert found["share"] is None or not any(0 < n < 5 for n in (met, late + missed))


def test_what_is_not_measured_has_no_nought() -> None:
    found = shown(status="not measured", reason="table x not supplied", due_count=None, met_count=None, late_count=None,
                  missed_count=None, not_known_count=None, not_yet_due_count=None, met_share=None, share_lower=None,
                  share_upper=None)  # fmt: skip
    assert {found[name] for name in ("met", "due", "late", "missed", "unknown", "soon")} == {"no figure"}
    assert protection_text.unmeasured(MEASURES) == (
        "Not measured: Victim consulted on the plan (field risk_plan.victim_consulted not supplied)."
    )


def test_refused_is_told_from_waiting_and_a_small_part_hides_the_others() -> None:
    orders = protection.order_funnel()
    assert protection_text.not_granted(orders, RULE) == (
        "Stalking protection orders applied for and not granted: 30. Refused 12, withdrawn 8, waiting 10, not known 0."
    )
    few = orders.with_columns(refused_count=pl.lit(3), waiting_count=pl.lit(19))
    assert protection_text.not_granted(few, RULE) == (
        "Stalking protection orders applied for and not granted: 30. How many were refused, withdrawn or wait is left "
        "out: a part is small."
    )
    ended = list(protection_text.ENDED)
    shown = protection_text.separated(orders, RULE).select(ended).rows()
    # of restraining orders two were refused
    assert shown == [("12", "8", "10", "0"), ("not separated",) * 4, ("0", "0", "0", "0")]
    assert protection_text.not_granted(protection.order_funnel(has_orders=False), RULE) == ""
    none = orders.with_columns(pl.lit(0).alias(name) for name in ended)
    assert protection_text.not_granted(none, RULE) == "Every stalking protection order applied for was granted."
    assert protection_text.separated(none, RULE).equals(none)


def test_the_terms_of_orders_leave_out_medians_of_few_and_parts_beside_a_small_one() -> None:
    rows = protection.order_terms()
    assert order_terms_section.finding(rows, RULE) == (
        "60.0% of 50 full stalking protection orders last three years or more"
    )
    full, interim = order_terms_section.shown(rows, RULE).to_dicts()
    lengths = [full[name] for name in order_terms_section.LENGTHS]
    assert (full["condition_median"], full["days_to_service_median"], lengths) == ("4.5", "2", ["0", "20", "30", "0"])
    assert (interim["granted_count"], interim["condition_median"]) == ("6", "fewer than 30 cases")
    assert interim["positive_count"] == "fewer than 5"
    few = rows.with_columns(two_years_count=pl.lit(3))
    assert set(order_terms_section.shown(few, RULE)["longer_count"]) == {"not separated"}
    assert order_terms_section.finding(rows.with_columns(longer_count=pl.lit(2)), RULE) == (
        "Full stalking protection orders granted: 50; too few for a share"
    )


def test_conditions_and_changes_of_orders_leave_out_few_and_what_would_give_them_away() -> None:
    rows = protection.order_conditions()
    assert order_life_section.conditions_finding(rows, RULE) == "The condition breached most often: no contact, 30"
    contact, _, programme, _ = order_life_section.shown(rows, RULE).to_dicts()
    assert [contact[name] for name in ("breach_count", "arrest_count", "charge_count")] == ["30", "25", "6"]
    assert contact["answered_count"] != "29"  # one without an answer is a small count
    assert programme["breach_count"] == "fewer than 5"
    assert order_life_section.changes_finding(protection.order_funnel(), RULE) == (
        "Of 50 stalking protection orders granted, 6 were varied, fewer than 5 renewed and 8 discharged"
    )


def test_the_period_is_that_of_what_is_counted_and_says_whether_it_is_the_latest_year() -> None:
    def said(*rows: tuple[int, dt.date | None, dt.date | None]) -> str:
        names = {"due_count": pl.Int64, "period_start": pl.Date, "period_end": pl.Date}
        return protection_text.period(pl.DataFrame(rows, schema=names, orient="row"))

    year = (5, dt.date(2024, 11, 1), dt.date(2025, 10, 1))
    assert said(year) == "arising from Nov 2024 to Oct 2025, the latest twelve whole months of each"
    assert said(year, (3, dt.date(2022, 1, 1), dt.date(2026, 3, 1))) == "arising from Jan 2022 to Mar 2026"
    assert said((0, *year[1:])) == "" and said((0, None, None)) == ""


def test_what_all_definitions_end_with_is_said_once() -> None:
    ends = "It counts in the month. Removed crimes count not."
    rows = [{"definition": f"Owed in {name}. {ends}", "differs": None} for name in ("8L", "8Q")]
    shared = protection_text.shared_words([str(row["definition"]) for row in rows])
    assert shared == ends
    assert [protection_text.definition(row, shared) for row in rows] == ["Owed in 8L.", "Owed in 8Q."]
    differs = rows[0] | {"differs": "It counts removed ones."}
    assert protection_text.definition(differs) == (
        f"Owed in 8L. {ends} Other counts than the standard: It counts removed ones."
    )
    assert protection_text.shared_words(["Owed in 8L. A.", "Owed in 8Q. B."]) == ""

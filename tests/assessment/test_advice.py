"""The advice, line by line: every statement has a measure or a reason, and every figure is that of its own page."""

import csv

import invented_advice
import polars as pl
import pytest
from worked import Row, made, only

from assets.readers.extract.values import code_sets
from assets.reference import list_path
from dashboards.pages.assessment import advice_text
from dashboards.registry import PAGES
from dashboards.text.small_numbers import SmallNumbers
from pipelines.tables.cards import all_cards, code_of
from pipelines.tables.lineage import downstream_of, reads

RULE = SmallNumbers(5, 30)

NINE, SIX = "abcdefghi", "abcdef"
STATEMENTS = [
    "I1", "I2", *(f"R{n}" for n in range(1, 7)), *(f"V{n}" for n in range(1, 30)), "V29b", "V30", "V31",
    *(f"M{n}" for n in range(1, 13)), *(f"M12{letter}" for letter in NINE),
    *(f"L{n}" for n in range(1, 15)), *(f"L14{letter}" for letter in SIX), "L15", "L16", "L17",
]  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    with list_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answering() -> set[str]:
    return {code for name in ("protection_measures", "advice_figures") for row in table(name)
            for code in row["advice_rows"].split()}  # fmt: skip


# the list


def test_all_69_statements_and_15_sub_items_are_listed_in_the_order_of_the_advice() -> None:
    rows = table("advice_statements")
    assert [row["statement_code"] for row in rows] == STATEMENTS
    assert len([row for row in rows if not row["parent_code"]]) == 69
    assert len([row for row in rows if row["parent_code"]]) == 15
    assert [int(row["place"]) for row in rows] == list(range(1, 85))


def test_every_statement_has_a_measure_or_a_reason() -> None:
    bare = [row["statement_code"] for row in table("advice_statements")
            if row["statement_code"] not in answering() and not row["gap"]]  # fmt: skip
    assert bare == []


def test_every_reason_is_of_a_known_kind_and_every_measure_answers_a_statement_that_is_there() -> None:
    for row in table("advice_statements"):
        assert bool(row["gap"]) == (row["gap_kind"] in advice_text.KINDS), row
    assert answering() <= set(STATEMENTS)


def test_every_figure_is_made_and_links_to_a_page_of_the_same_audience() -> None:
    pages = {page.address for page in PAGES if page.audience == "command"}
    for row in table("advice_figures"):
        assert row["page"] in pages, row
        assert row["absent_reason"], row
    codes = {row["measure_code"] for row in table("advice_figures")}
    rules = {code for code in codes if code[:3].isupper()}
    maker = all_cards()["metrics.advice_figures"].maker
    assert maker is not None
    sql = code_of(maker)
    courses = {f"trained_{course}" for course in code_sets()["staff_course"]}
    policies = {f"policy_{line}" for line in STATEMENTS if line.startswith("M12") and line != "M12"}
    in_hand = {f"{register}_in_hand" for register in ("recommendations", "guidance", "policies", "inspection")}
    assert policies | in_hand <= codes
    assert {code for code in codes - rules - courses - policies - in_hand if f"'{code}'" not in sql} == set()


# the figures


def figures(**given: list[Row]) -> dict[str, Row]:
    return {row["measure_code"]: row for row in made("metrics.advice_figures", **given)}


SUMMARY = {"window_days": 365, "is_whole_window": True, "victim_count": 200, "repeat_victim_count": 30,
           "suspect_count": 100, "repeat_suspect_count": 20}  # fmt: skip


def test_a_share_is_that_of_its_table_with_wilson_limits() -> None:
    found = figures(metrics_repeat_summary=[SUMMARY, SUMMARY | {"window_days": 730}])
    assert (found["repeat_victims"]["numerator"], found["repeat_victims"]["denominator"]) == (30, 200)
    assert found["repeat_victims"]["value"] == 0.15
    assert found["repeat_victims"]["lower"] == pytest.approx(0.1071, abs=5e-5)
    assert found["repeat_victims"]["upper"] == pytest.approx(0.2061, abs=5e-5)
    assert found["repeat_suspects"]["value"] == 0.2


def test_an_extract_of_two_forces_has_no_one_expected_count() -> None:
    """It ended the whole build: two rows for one measure, where the card says one."""

    def forecast(*forces: str) -> Row:
        state = [{"series_ref": force, "source": "extract", "offence_code": "S&H"} for force in forces]
        ahead = [{"series_ref": force, "months_ahead": 1, "expected_count": 40.0, "lower_95": 30.0, "upper_95": 50.0}
                 for force in forces]  # fmt: skip
        return figures(metrics_forecast_states=state, metrics_demand_forecast=ahead)["expected_next_month"]

    assert forecast("A")["value"] == 40.0
    assert forecast("A", "B")["value"] is None


def test_a_window_that_the_extract_does_not_fill_has_no_figure() -> None:
    found = figures(metrics_repeat_summary=[SUMMARY | {"is_whole_window": False}])
    assert found["repeat_victims"]["value"] is None


def test_without_tables_every_figure_is_listed_and_none_has_a_value() -> None:
    found = figures()
    assert set(found) == {row["measure_code"] for row in table("advice_figures")}
    assert {code for code, row in found.items() if row["value"] is not None} == set()


def test_the_charge_is_that_of_the_matured_year_after_365_days_for_both_offences_together() -> None:
    row = {"offence_class": "S&H", "outcome_group": "Charged/Summonsed", "is_code": False, "day": 365, "share": 0.1,
           "lower": 0.08, "upper": 0.12, "outcome_count": 90, "crime_count": 900}  # fmt: skip
    found = figures(metrics_matured_outcomes=[
        row, row | {"day": 90, "share": 0.05}, row | {"offence_class": "8Q", "share": 0.2},
        row | {"outcome_group": "Not yet assigned an outcome", "share": 0.3},
    ])  # fmt: skip
    assert found["charged_in_a_year"] == {"measure_code": "charged_in_a_year", "numerator": 90, "denominator": 900,
                                          "value": 0.1, "lower": 0.08, "upper": 0.12}  # fmt: skip


def test_a_median_of_all_has_no_interval_and_units_are_no_people() -> None:
    row = {"status": "measured", "value_type": "estimate", "value": 8.0, "lower": None, "upper": None}
    assert advice_text.figure_words(row, RULE) == "8.0"
    units = row | {"value_type": "entries", "numerator": 3, "denominator": 8}
    assert advice_text.figure_words(units, RULE) == "3 of 8"


def test_staff_policies_and_corrections_are_counted_whole_and_have_no_interval() -> None:
    """Given 40 of 100 trained, a champion in 3 of 8 units, an overdue policy, and a breach that was corrected."""
    staff = {"staff_count": 100, "unit_count": 8}
    courses = [staff | {"course": course, "holder_count": held, "covered_unit_count": units}
               for course, held, units in (("pathways", 40, 8), ("champion", 3, 3))]  # fmt: skip
    policy = {"register": "policies", "is_starter": False, "is_closed": False, "owner": "Post",
              "as_of_date": "2026-03-31"}  # fmt: skip
    policies = [policy | {"fields": f'{{"advice_row": "{row}"}}', "due_date": due}
                for row, due in (("M12a", "2026-04-01"), ("M12b", "2026-03-30"))]  # fmt: skip
    breach = {"record_type": "crime", "record_ref": "c1", "first_run_ref": "1"}
    history = [
        breach | {"ended_as": "fixed"}, breach, breach | {"ended_as": "gone"}, breach | {"record_ref": "c9"},
        breach | {"first_run_ref": "2"},
    ]  # fmt: skip
    found = figures(metrics_course_coverage=courses, core_register_entries=policies, quality_breach_history=history,
                    core_crimes=[{"crime_ref": "c1"}])  # fmt: skip
    values = {code: (found[code]["numerator"], found[code]["denominator"], found[code]["lower"])
              for code in ("trained_pathways", "units_with_champion", "policy_M12a", "policy_M12b", "policy_M12c",
                           "breaches_corrected")}  # fmt: skip
    assert values == {
        "trained_pathways": (40, 100, None), "units_with_champion": (3, 8, None), "policy_M12a": (1, 1, None),
        "policy_M12b": (0, 1, None), "policy_M12c": (None, None, None), "breaches_corrected": (1, 2, None),
    }  # fmt: skip


def test_a_rule_is_kept_over_what_could_be_judged() -> None:
    row = {"measure_code": "INV-02", "period_type": "to_date", "breakdown": "none", "breakdown_value": "all",
           "numerator": 95, "denominator": 100, "not_known_count": 10}  # fmt: skip
    other = row | {"numerator": 1}
    found = figures(metrics_measure_values=[
        row, other | {"breakdown": "unit", "breakdown_value": "North"}, other | {"period_type": "month"},
    ])  # fmt: skip
    assert (found["INV-02"]["numerator"], found["INV-02"]["denominator"], found["INV-02"]["value"]) == (95, 100, 0.95)


def test_the_latest_audit_counts_and_what_is_withheld_does_not() -> None:
    row = {"metric": "classification_accuracy", "stratum": "overall", "share": 0.9, "lower": 0.8, "upper": 0.95,
           "rated": 80.0, "is_withheld": False, "cycle_ref": "a", "signed_off_at": "2025-01-01 12:00+00"}  # fmt: skip
    later = row | {"cycle_ref": "b", "signed_off_at": "2026-01-01 12:00+00", "share": 0.8}
    found = figures(core_audit_estimates=[
        row, later, later | {"stratum": "A", "share": 0.1},
        later | {"metric": "recording_accuracy", "is_withheld": True, "share": None},
    ])  # fmt: skip
    assert (found["audited_classification"]["value"], found["audited_classification"]["denominator"]) == (0.8, 80)
    assert found["audited_recording"]["value"] is None


def test_what_was_not_supplied_is_no_zero() -> None:
    row = {"window_days": 730, "repeat_count": 20, "repeat_with_order_count": 0, "repeat_with_bail_count": 0,
           "repeat_with_programme_count": 0, "serial_count": 4, "serial_managed_count": 0, "is_orders_measured": False,
           "is_bail_measured": True, "is_programmes_measured": False}  # fmt: skip
    found = figures(metrics_management_overlap=[row])
    assert found["repeat_suspects_ordered"]["value"] is None
    assert found["repeat_suspects_bailed"]["value"] == 0
    assert (found["repeat_suspects_bailed"]["lower"], found["repeat_suspects_bailed"]["upper"]) == (
        0, pytest.approx(0.1611, abs=5e-5)
    )  # fmt: skip


def test_the_command_copy_may_rest_on_integrity_tables_only_in_aggregate() -> None:
    for name in ("metrics.advice_figures", "metrics.advice_answers"):
        card = all_cards()[name]
        assert "command" in card.audience
        assert not [c.name for c in card.columns if c.name.endswith(("_ref", "_key"))]
    assert "metrics.repeat_suspects" not in reads(all_cards()["metrics.advice_figures"])


def test_entries_of_registers_are_counted_and_starters_are_none() -> None:
    row = {"register": "recommendations", "entry_count": 9, "open_count": 8, "closed_count": 1, "no_metric_count": 6,
           "in_hand_count": 5, "costed_count": 0, "starter_count": 3}  # fmt: skip
    found = figures(metrics_register_summary=[
        row, row | {"register": "policies", "open_count": 0, "entry_count": 0},
        row | {"register": "inspection", "in_hand_count": None}])  # fmt: skip
    counted = {code: (f["numerator"], f["denominator"]) for code, f in found.items() if f["value"] is not None}
    assert counted == {
        "recommendations_in_hand": (5, 8), "recommendations_with_figure": (2, 8), "recommendations_with_cost": (0, 8),
        "inspection_closed": (1, 9)}  # fmt: skip
    figure = found["recommendations_with_figure"]
    assert (figure["value"], figure["lower"]) == (0.25, None)


# the answers


def answers() -> list[Row]:
    return invented_advice.answers()


def test_every_statement_stands_once_for_each_measure_or_alone() -> None:
    rows = answers()
    assert list(dict.fromkeys(row["statement_code"] for row in sorted(rows, key=lambda r: r["place"]))) == STATEMENTS
    assert [r["measure_code"] for r in sorted(only(rows, statement_code="M1"), key=lambda r: r["measure_place"])] == [
        "charged_in_a_year", "suspects_charged_in_a_year"
    ]  # fmt: skip
    (alone,) = only(rows, statement_code="L11")
    assert (alone["measure_code"], alone["status"], alone["gap_kind"]) == ("", "no measure", "out of scope")


def test_a_measure_of_protection_keeps_its_figure_and_its_reason() -> None:
    (kept,) = only(answers(), statement_code="V1", measure_code="risk_assessed")
    assert (kept["numerator"], kept["denominator"], kept["status"]) == (900, 1000, "measured")
    (missing,) = only(answers(), statement_code="V4")
    assert (missing["status"], missing["reason"]) == ("not measured", "field risk_plan.victim_consulted not supplied")


# in words


def states() -> pl.DataFrame:
    return advice_text.with_states(pl.DataFrame(answers(), infer_schema_length=None))


def test_the_four_states_add_up_to_84() -> None:
    found = advice_text.counts(states())
    assert sum(found.values()) == 84
    assert advice_text.answer(states()).startswith("Of 84 statements and sub-items of the advice, ")


def state_of(code: str) -> str:
    return str(states().filter(pl.col("statement_code") == code)["state"][0])


@pytest.mark.parametrize(
    ("code", "state"),
    [("V1", "figure"), ("V4", "not measured"), ("V30", "not measured"), ("L7", "not held"), ("L15", "not measured"),
     ("L11", "out of scope")],
)
def test_the_state_of_a_statement(code: str, state: str) -> None:
    assert state_of(code) == state


MEASURED = {"status": "measured", "value_type": "share", "numerator": 80, "denominator": 100, "value": 0.8,
            "lower": 0.711, "upper": 0.866, "reason": None}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "80.0%, 80 of 100, 95% interval 71.1% to 86.6%"),
        ({"numerator": None}, "80.0%, of 100, 95% interval 71.1% to 86.6%"),
        ({"numerator": 3, "value": 0.03}, "fewer than 5 of 100; share suppressed"),
        ({"numerator": 97, "value": 0.97}, "all but fewer than 5 of 100; share suppressed"),
        ({"numerator": None, "value": 0.031}, "fewer than 5 of 100; share suppressed"),
        ({"numerator": 12, "denominator": 20, "value": 0.6}, "12 of 20; too few for a share"),
        ({"numerator": 1, "denominator": 3, "value": 1 / 3}, "of fewer than 5; too few for a share"),
        ({"value_type": "count", "numerator": 352, "denominator": None}, "352"),
        ({"value_type": "count", "numerator": 3, "denominator": None}, "fewer than 5"),
        ({"value_type": "estimate", "numerator": None, "denominator": None, "value": 198.3, "lower": 147.8,
          "upper": 248.2}, "198, 95% interval 148 to 248"),
        ({"status": "not measured", "reason": "table bail is not supplied"},
         "not measured: table bail is not supplied"),
        ({"status": "nothing arose"}, "nothing arose"),
        ({"value_type": "entries", "value": 2 / 3, "numerator": 2, "denominator": 3, "lower": None, "upper": None},
         "2 of 3"),
        ({"value_type": "mean", "value": 3.38, "numerator": 450, "denominator": 133, "lower": None, "upper": None},
         "3.4 for each of 133"),
    ],
)  # fmt: skip
def test_a_figure_in_words(more: dict[str, object], words: str) -> None:
    assert advice_text.figure_words(MEASURED | more, RULE) == words


def test_what_is_downloaded_holds_no_number_that_the_page_does_not_tell() -> None:
    listed = advice_text.listed(states(), RULE)
    assert set(listed.schema.values()) == {pl.String()}
    (managed,) = listed.filter(
        (pl.col("statement_code") == "R4") & pl.col("measure_name").str.starts_with("Serial suspects")
    )["words"].to_list()
    assert managed == "fewer than 5 of 40; share suppressed"


def test_consultations_are_those_of_the_force_with_most_crimes_in_its_last_twelve_months() -> None:
    row = {"force_code": "A", "month": "2026-02-01", "new_crime_count": 60, "investigator_count": 6,
           "consulted_count": 9, "consulted_year_count": 57}  # fmt: skip
    neighbour = row | {"force_code": "B", "new_crime_count": 2, "consulted_count": 1, "consulted_year_count": 4}
    earlier = row | {"month": "2026-01-01", "consulted_year_count": 50}
    found = figures(metrics_investigator_demand=[row, earlier, neighbour])
    assert (found["contact_consulted"]["numerator"], found["contact_consulted"]["value"]) == (57, 57.0)
    none = figures(metrics_investigator_demand=[row | {"consulted_year_count": None}, earlier, neighbour])
    assert none["contact_consulted"]["value"] is None


def test_the_caseload_is_that_of_the_force_with_most_open_crimes() -> None:
    row = {"breakdown": "force", "is_as_of": True, "force_code": "A", "open_count": 20, "investigator_count": 4,
           "crimes_per_investigator": 5.0}  # fmt: skip
    most = row | {"force_code": "B", "open_count": 90, "investigator_count": 9, "crimes_per_investigator": 10.0}
    found = figures(metrics_open_caseload=[row, most])["open_caseload"]
    assert (found["numerator"], found["denominator"], found["value"]) == (90, 9, 10.0)


def test_figures_of_support_come_from_counts_before_a_release_and_the_advice_never_waits_for_one() -> None:
    year = {"period_code": "2025-09-30", "period_type": "current", "is_held": True,
            "period_start": "2024-10-01", "period_end": "2025-10-01"}  # fmt: skip
    cell = {"measure_code": "referrals_accepted", "breakdown": "service", "period_code": "2025-09-30"}
    counts = [cell | {"group_code": name, "person_count": n} for name, n in (("A", 3), ("B", 60), ("C", None))]
    offers = [{"referral_ref": f"R{n}", "person_ref": f"V{n}", "offered_date": "2025-01-02", "is_accepted": n != 1,
               "offer_contact_days": 1000.0 if n == 1 else float(n)} for n in range(1, 13)]  # fmt: skip
    quarter = {"measure_code": "recorded", "period_code": "quarter 2025-01-01", "person_count": 4}
    given = {
        "core_service_years": [{"period_code": "2025-09-30", "service_name": n, "capacity_count": 60.0} for n in "ABC"],
        "core_disclosure_cells": [*counts, quarter, quarter | {"period_code": "quarter 2025-04-01"},
                                  quarter | {"measure_code": "of_no_public_measure"}],
        "core_support_periods": [year],
        "core_support_measured": [
            {"period_code": "2025-09-30", "measure_code": "referrals_contacted", "is_measured": True}
        ],
    }
    found = figures(core_support_offers=offers, **given)
    assert (found["services_with_room"]["numerator"], found["services_with_room"]["denominator"]) == (1, 2)
    assert found["wait_for_contact"]["value"] == 7.0, "the median of 2 to 12; what was not accepted has no wait"
    assert (found["measured_for_public"]["numerator"], found["measured_for_public"]["value"]) == (1, 1.0)
    assert figures(core_support_offers=offers[5:], **given)["wait_for_contact"]["value"] is None, "of seven"
    given["core_support_measured"] = []
    assert figures(core_support_offers=offers, **given)["wait_for_contact"]["value"] is None, "no dates were supplied"
    assert "metrics.advice_figures" not in downstream_of({"metrics.released_figures"})
    assert "metrics.advice_answers" not in downstream_of({"metrics.released_figures"})


def test_a_figure_of_workload_that_is_missing_may_be_too_few_to_be_shown() -> None:
    reasons = {row["measure_code"]: row["absent_reason"] for row in table("advice_figures")}
    for code in ("open_caseload", "contact_consulted"):
        assert reasons[code].endswith("too few to be shown"), code

"""The advice, line by line: every statement has one answer, and every figure its own page and period."""

import csv
import datetime as dt

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


def test_a_statement_has_something_that_can_answer_it_or_a_reason_why_nothing_does() -> None:
    for row in table("advice_statements"):
        wanted = ("",) if row["statement_code"] in answering() else ("not held", "out of scope")
        assert row["gap_kind"] in wanted and (row["gap"] or not row["gap_kind"]), row
    assert answering() <= set(STATEMENTS)


def test_every_figure_is_made_and_links_to_a_page_of_the_same_audience() -> None:
    pages = {page.address for page in PAGES if page.audience == "command"}
    for row in table("advice_figures"):
        assert row["page"] in pages, row
        assert row["absent_reason"], row
    listed = [row for row in table("advice_figures") if not row["of_measure"]]
    assert {row["asks"] for row in table("advice_figures")} == {"extract", "people"}
    codes = {row["measure_code"] for row in listed}
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


MEASURES = [  # code, kind, days followed, whether it can be met at any later time
    {"measure_code": code, "kind": kind, "follow_days": days, "is_open_ended": is_open}
    for code, kind, days, is_open in (
        ("order_grounds", "share", 28, False), ("earlier_reports", "share", 28, True),
        ("charged_365", "share", 365, False), ("orders_in_force", "count_at_end", None, False),
    )
]  # fmt: skip


def figures(**given: list[Row]) -> dict[str, Row]:
    rows = made("metrics.advice_figures", **{"reference_measures": MEASURES} | given)
    return {row["measure_code"]: row for row in rows}


AS_OF = [{"as_of_at": dt.datetime(2026, 3, 31, 22, 59, tzinfo=dt.UTC)}]
YEAR = {"period_type": "rolling_12", "breakdown": "none", "breakdown_value": "all", "not_known_count": 0}
FROM = {month: {"period_start": f"2025-{month:02}-01", "period_end": f"2026-{month - 1:02}-01"} for month in (2, 3, 4)}


def years(*rows: Row) -> dict[str, list[Row]]:
    """Measures in years that the extract covers: to January, February and March 2026."""
    covered = [YEAR | {"measure_code": "recorded", "is_whole": True} | of for of in FROM.values()]
    return {"core_extract_moments": AS_OF, "metrics_measure_values": covered + [YEAR | row for row in rows]}


def test_a_measure_has_its_latest_year_in_which_each_case_had_its_time_and_no_other() -> None:
    """Given a duty with 28 days on 31 March: the year to February counts, the year to March is too young."""
    of = {"measure_code": "order_grounds", "numerator": 90, "denominator": 100, "value": 0.9}
    earlier = of | FROM[2] | {"numerator": 1}
    young = of | FROM[4] | {"numerator": 2}
    measure = [{"measure_code": "order_grounds", "advice_rows": "V8", "status": "measured"}]
    found = figures(**years(of | FROM[3], earlier, young), metrics_protection_measures=measure)["order_grounds"]
    assert (found["status"], found["numerator"], found["value"], found["is_so_far"]) == ("measured", 90, 0.9, False)
    assert (found["period_start"], found["period_end"]) == (dt.date(2025, 3, 1), dt.date(2026, 2, 28))


@pytest.mark.parametrize(
    ("row", "given", "status", "reason"),
    [
        ({"numerator": 9, "denominator": 10, "value": 0.9}, "measured", "too little known",
         "too few cases for a share"),
        ({"numerator": 40, "denominator": 50, "value": None}, "measured", "too little known",
         "too many not known to give a share"),
        (None, "measured", "nothing arose", "nothing arose"),
        (None, "not measured", "not measured", "field x not supplied"),
    ],
)  # fmt: skip
def test_a_measure_without_a_share_says_which_of_four_reasons_it_has(
    row: Row | None, given: str, status: str, reason: str
) -> None:
    measure = {"measure_code": "order_grounds", "advice_rows": "V8", "status": given, "reason": "field x not supplied"}
    rows = [] if row is None else [row | {"measure_code": "order_grounds"} | FROM[3]]
    found = figures(**years(*rows), metrics_protection_measures=[measure])["order_grounds"]
    assert (found["status"], found["reason"]) == (status, reason)


def test_an_extract_of_less_than_a_year_measures_nothing_of_twelve_months() -> None:
    to_date = YEAR | {"measure_code": "charged_365", "period_type": "to_date", "numerator": 50, "denominator": 100}
    found = figures(core_extract_moments=AS_OF, metrics_measure_values=[to_date])["charged_in_a_year"]
    assert (found["status"], found["value"], found["period_end"]) == ("too little known", None, None)
    assert found["reason"].startswith("the extract has no twelve whole months")


def test_single_acts_are_the_class_of_single_acts_alone() -> None:
    """Given searches in all crimes and in malicious communications: the advice on a single act has the latter."""
    of = {"measure_code": "earlier_reports", "numerator": 400, "denominator": 500, "value": 0.8} | FROM[3]
    single = of | {"breakdown": "class", "breakdown_value": "8R", "numerator": 90, "denominator": 120, "value": 0.75}
    found = figures(**years(of, single))["single_acts_searched"]
    assert (found["numerator"], found["denominator"], found["is_so_far"]) == (90, 120, True)
    assert figures(**years(of))["single_acts_searched"]["status"] == "too little known"


def test_a_state_of_one_day_has_no_first_day() -> None:
    of = {"measure_code": "orders_in_force", "numerator": 352, "denominator": None, "value": 352.0} | FROM[4]
    found = figures(**years(of))["orders_binding"]
    assert (found["value"], found["period_start"], found["period_end"]) == (352.0, None, dt.date(2026, 3, 31))


def test_an_extract_of_two_forces_has_no_one_expected_count() -> None:
    """It ended the whole build: two rows for one measure, where the card says one."""

    def forecast(*forces: str) -> Row:
        state = [{"series_ref": force, "source": "extract", "offence_code": "S&H"} for force in forces]
        ahead = [{"series_ref": force, "months_ahead": 1, "expected_count": 40.0, "lower_95": 30.0, "upper_95": 50.0}
                 for force in forces]  # fmt: skip
        return figures(metrics_forecast_states=state, metrics_demand_forecast=ahead)["expected_next_month"]

    assert forecast("A")["value"] == 40.0
    assert forecast("A", "B")["value"] is None


def test_without_tables_every_figure_is_listed_and_none_has_a_value() -> None:
    found = figures()
    assert set(found) == {row["measure_code"] for row in table("advice_figures")}
    empty = {(row["status"], row["value"], row["period_end"]) for row in found.values()}
    assert empty == {("not measured", None, None)}


def test_a_median_of_all_has_no_interval_and_units_are_no_people() -> None:
    row = {"status": "measured", "value_type": "estimate", "value": 8.0, "lower": None, "upper": None}
    assert advice_text.figure_words(row, RULE) == "8.0"
    assert advice_text.figure_words(row | {"value_type": "texts", "numerator": 0, "denominator": 1}, RULE) == "0 of 1"
    units = row | {"value_type": "entries", "numerator": 3, "denominator": 8}
    assert advice_text.figure_words(units, RULE) == "3 of 8"


def test_staff_policies_and_corrections_are_counted_whole_and_have_no_interval() -> None:
    """Given 40 of 100 trained, a champion in 3 of 8 units, an overdue policy, and a breach that was corrected."""
    staff = {"staff_count": 100, "unit_count": 8}
    courses = [staff | {"course": course, "holder_count": held, "covered_unit_count": units}
               for course, held, units in (("pathways", 40, 8), ("champion", 3, 3))]  # fmt: skip
    policy = {"register": "policies", "is_starter": False, "is_placeholder": False, "is_closed": False, "owner": "Post",
              "as_of_date": "2026-03-31"}  # fmt: skip
    texts = {"register": "guidance", "is_starter": False, "is_placeholder": False, "is_closed": False}
    read = [texts | {"entry_ref": f"guidance-advice-{name}", "is_placeholder": is_placeholder,
                     "fields": '{"version": "1", "disseminated_on": "2026-01-01"}'}
            for name, is_placeholder in (("responders", False), ("investigators", True), ("leaders", False))]
    policies = [policy | {"fields": f'{{"advice_row": "{row}"}}', "due_date": due}
                for row, due in (("M12a", "2026-04-01"), ("M12b", "2026-03-30"))]  # fmt: skip
    breach = {"record_type": "crime", "record_ref": "c1", "first_run_ref": "1"}
    history = [
        breach | {"ended_as": "fixed"}, breach, breach | {"ended_as": "gone"}, breach | {"record_ref": "c9"},
        breach | {"first_run_ref": "2"}, breach | {"record_ref": "c2"},
    ]  # fmt: skip
    crimes = [{"crime_ref": ref, "recorded_at": f"{year}-06-01 12:00+00"} for ref, year in (("c1", 2025), ("c2", 2024))]
    found = figures(metrics_course_coverage=courses, core_register_entries=policies + read,
                    quality_breach_history=history, core_crimes=crimes, core_extract_moments=AS_OF)  # fmt: skip
    values = {code: (found[code]["numerator"], found[code]["denominator"], found[code]["lower"])
              for code in ("trained_pathways", "units_with_champion", "policy_M12a", "policy_M12b", "policy_M12c",
                           "breaches_corrected", "companion_guidance")}  # fmt: skip
    assert values == {
        "trained_pathways": (40, 100, None), "units_with_champion": (3, 8, None), "policy_M12a": (1, 1, None),
        "policy_M12b": (0, 1, None), "policy_M12c": (None, None, None), "breaches_corrected": (1, 2, None),
        "companion_guidance": (1, 2, None),
    }  # fmt: skip


def test_the_latest_audit_counts_and_what_is_withheld_does_not() -> None:
    row = {"metric": "classification_accuracy", "stratum": "overall", "share": 0.9, "lower": 0.8, "upper": 0.95,
           "rated": 80.0, "is_withheld": False, "cycle_ref": "a", "signed_off_at": "2025-01-01 12:00+00",
           "period_from": "2025-10-01", "period_to": "2025-12-01"}  # fmt: skip
    later = row | {"cycle_ref": "b", "signed_off_at": "2026-01-01 12:00+00", "share": 0.8}
    found = figures(core_audit_estimates=[
        row, later, later | {"stratum": "A", "share": 0.1}, later | {"stratum": "C", "share": 0.7, "rated": 40.0},
        later | {"metric": "recording_accuracy", "is_withheld": True, "share": None},
    ])  # fmt: skip
    assert (found["audited_classification"]["value"], found["audited_classification"]["denominator"]) == (0.8, 80)
    assert found["audited_recording"]["value"] is None
    assert found["audited_signal"]["value"] == 0.7
    assert found["audited_signal"]["period_end"] == dt.date(2025, 12, 31)


def test_what_was_not_supplied_is_no_zero() -> None:
    row = {"window_days": 365, "repeat_count": 60, "repeat_with_order_count": 0, "repeat_with_bail_count": 0,
           "repeat_with_programme_count": 0, "serial_count": 4, "serial_managed_count": 0, "is_orders_measured": False,
           "is_bail_measured": True, "is_programmes_measured": False}  # fmt: skip
    window = {"window_days": 365, "is_whole_window": True}
    given = {"core_extract_moments": AS_OF, "metrics_repeat_summary": [window, window | {"window_days": 730}]}
    found = figures(metrics_management_overlap=[row, row | {"window_days": 730, "repeat_count": 90}], **given)
    assert found["repeat_suspects_ordered"]["status"] == "not measured"
    bailed = found["repeat_suspects_bailed"]
    assert (bailed["status"], bailed["value"], bailed["lower"]) == ("measured", 0, 0)
    assert bailed["upper"] == pytest.approx(0.0602, abs=5e-5)
    assert (bailed["period_start"], bailed["period_end"]) == (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert found["serial_suspects_managed"]["reason"] == "too few cases for a share", "four serial suspects"
    given["metrics_repeat_summary"] = [window | {"is_whole_window": False}]
    assert figures(metrics_management_overlap=[row], **given)["repeat_suspects_bailed"]["status"] == "not measured"


def test_programmes_count_people_first_identified_in_the_year() -> None:
    row = {"programme": "drive", "stage": "identified"}
    people = [row | {"person_ref": f"P{n}", "from_date": "2025-06-01"} for n in range(40)]
    people += [row | {"person_ref": "P1", "stage": "review", "from_date": "2025-09-01"},
               row | {"person_ref": "P9", "stage": "ranked", "from_date": "2025-09-01"},
               row | {"person_ref": "earlier", "stage": "adopted", "from_date": "2024-06-01"},
               row | {"person_ref": "earlier", "stage": "review", "from_date": "2025-06-01"}]  # fmt: skip
    found = figures(core_managements=people, core_extract_moments=AS_OF)["programme_adopted"]
    assert (found["numerator"], found["denominator"], found["is_so_far"]) == (1, 40, True)


def test_pathways_are_the_stalking_crimes_of_areas_with_an_advocate_on_the_day() -> None:
    """Given areas A and B, an advocate in A, one that has left B, and other services: the crimes of A are served."""
    crime = {"class_code": "8Q", "is_cancelled": False, "is_transferred": False, "recorded_at": "2025-06-01 12:00+00"}
    crimes = [crime | {"lsoa_code": area} for area in ["a"] * 30 + ["b"] * 10]
    crimes += [crime | {"lsoa_code": "a"} | other for other in (
        {"class_code": "8L"}, {"is_cancelled": True}, {"recorded_at": "2025-03-01 12:00+00"}, {"lsoa_code": None})]
    areas = [{"lsoa_code": code.lower(), "area_code": code} for code in "AB"]
    service = {"kind": "isac", "area_code": "A", "from_date": "2022-04-01", "to_date": None}
    given = {"core_crimes": crimes, "core_support_areas": areas, "core_extract_moments": AS_OF}
    left = service | {"area_code": "B", "to_date": "2026-03-30"}
    services = [service, left, service | {"area_code": "B", "kind": "victim_care"}]
    found = figures(core_services=services, **given)["areas_with_advocate"]
    assert (found["numerator"], found["denominator"], found["value"]) == (30, 40, 0.75)
    assert figures(**given)["areas_with_advocate"]["status"] == "not measured", "no services were supplied"


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
    assert [r["measure_code"] for r in sorted(only(rows, statement_code="V9"), key=lambda r: r["measure_place"])] == [
        "open_caseload"
    ]
    (alone,) = only(rows, statement_code="L11")
    assert (alone["measure_code"], alone["status"], alone["answer"]) == ("", None, "out of scope")


def frame() -> pl.DataFrame:
    return pl.DataFrame(answers(), infer_schema_length=None)


def test_each_statement_has_one_answer_and_the_counts_add_up_to_84() -> None:
    assert frame().group_by("statement_code").agg(pl.col("answer").n_unique())["answer"].unique().to_list() == [1]
    found = advice_text.counts(frame())
    assert sum(found.values()) == 84 and set(frame()["answer"]) <= set(advice_text.STATES)
    shown = {label: int(value) for label, value, _ in advice_text.facts(frame())}
    assert shown == {advice_text.STATES[state]: count for state, count in found.items() if count}
    said = advice_text.answer(frame())
    assert said.startswith(f"Of 84 statements and sub-items of the advice, {found['figure']} are answered by a figure")


def answer_of(*rows: Row) -> str:
    """The answer of M2, which corrected breaches and recommendations in hand can answer."""
    given = [{"status": "measured", "value": 1.0} | row for row in rows]
    found = made("metrics.advice_answers", metrics_advice_figures=given)
    [answer] = {row["answer"] for row in only(found, statement_code="M2")}
    return str(answer)


NONE = {"status": "not measured", "value": None}
FIXED, TEXT = {"measure_code": "breaches_corrected"}, {"measure_code": "recommendations_in_hand"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((FIXED, TEXT), "figure"),
        ((FIXED | NONE, TEXT), "text"),
        ((FIXED | NONE | {"status": "nothing arose"}, TEXT | NONE), "too little known"),
        ((FIXED | NONE | {"status": "too little known"}, TEXT | NONE), "too little known"),
        ((FIXED | NONE, TEXT | NONE), "not entered"),
        ((FIXED | NONE,), "not delivered"),
    ],
)
def test_a_statement_is_answered_only_by_what_is_measured_or_entered(rows: tuple[Row, ...], expected: str) -> None:
    assert answer_of(*rows) == expected


# in words


def test_what_a_statement_lacks_is_said_once_for_its_sub_items() -> None:
    part = {"parent_code": "M12", "answer": "not entered"}
    assert advice_text.is_said_above(part, {"M12": "not entered"})
    assert not advice_text.is_said_above(part, {"M12": "text"}) and not advice_text.is_said_above(part, {})
    assert not advice_text.is_said_above(part | {"answer": "text"}, {"M12": "text"})
    assert not advice_text.is_said_above(part | {"parent_code": None}, {"M12": "not entered"})


def test_a_measure_that_is_not_supplied_keeps_its_reason() -> None:
    (missing,) = only(answers(), statement_code="V4")
    assert (missing["answer"], missing["reason"]) == ("not delivered", "field risk_plan.victim_consulted not supplied")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Apr 2025 to Mar 2026"),
        ({"is_so_far": True}, "Apr 2025 to Mar 2026, so far"),
        ({"period_start": dt.date(2026, 3, 1)}, "Mar 2026"),
        ({"period_start": dt.date(2025, 4, 2)}, "2 Apr 2025 to 31 Mar 2026"),
        ({"period_start": None}, "on 31 Mar 2026"),
        ({"period_start": None, "period_end": None}, ""),
        ({"status": "not measured"}, ""),
    ],
)
def test_a_period_in_words(more: dict[str, object], words: str) -> None:
    row = {"status": "measured", "period_start": dt.date(2025, 4, 1), "period_end": dt.date(2026, 3, 31),
           "is_so_far": False}  # fmt: skip
    assert advice_text.period_words(row | more) == words


MEASURED = {"status": "measured", "value_type": "share", "numerator": 80, "denominator": 100, "value": 0.8,
            "lower": 0.711, "upper": 0.866, "reason": None}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "80.0%, 80 of 100, 95% interval 71.1% to 86.6%"),
        ({"numerator": None}, "80.0%, of 100, 95% interval 71.1% to 86.6%"),
        ({"lower": None, "upper": None}, "80.0%, 80 of 100"),
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
        ({"status": "nothing arose", "reason": "nothing arose"}, "nothing arose"),
        ({"value_type": "entries", "value": 2 / 3, "numerator": 2, "denominator": 3, "lower": None, "upper": None},
         "2 of 3"),
        ({"value_type": "mean", "value": 3.38, "numerator": 450, "denominator": 133, "lower": None, "upper": None},
         "3.4 for each of 133"),
    ],
)  # fmt: skip
def test_a_figure_in_words(more: dict[str, object], words: str) -> None:
    assert advice_text.figure_words(MEASURED | more, RULE) == words


def test_what_is_downloaded_holds_no_number_that_the_page_does_not_tell() -> None:
    listed = advice_text.listed(frame(), RULE)
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
    row = {"breakdown": "force", "is_as_of": True, "measured_at": "2026-03-31 22:59+00", "force_code": "A",
           "open_count": 20, "investigator_count": 4, "crimes_per_investigator": 5.0}  # fmt: skip
    most = row | {"force_code": "B", "open_count": 90, "investigator_count": 9, "crimes_per_investigator": 10.0}
    found = figures(metrics_open_caseload=[row, most])["open_caseload"]
    assert (found["numerator"], found["denominator"], found["value"]) == (90, 9, 10.0)


def test_figures_of_support_come_from_counts_before_a_release_and_the_advice_never_waits_for_one() -> None:
    year = {"period_code": "2025-09-30", "period_type": "current", "is_held": True,
            "period_start": "2024-10-01", "period_end": "2025-10-01"}  # fmt: skip
    offers = [{"referral_ref": f"R{n}", "person_ref": f"V{n}", "offered_date": "2025-01-02", "is_accepted": n != 1,
               "offer_contact_days": 1000.0 if n == 1 else float(n)} for n in range(1, 13)]  # fmt: skip
    given = {
        "core_support_periods": [year],
        "core_support_measured": [
            {"period_code": "2025-09-30", "measure_code": "referrals_contacted", "is_measured": True}
        ],
    }
    found = figures(core_support_offers=offers, **given)
    assert found["wait_for_contact"]["value"] == 7.0, "the median of 2 to 12; what was not accepted has no wait"
    assert found["wait_for_contact"]["period_end"] == dt.date(2025, 9, 30)
    assert figures(core_support_offers=offers[5:], **given)["wait_for_contact"]["value"] is None, "of seven"
    given["core_support_measured"] = []
    assert figures(core_support_offers=offers, **given)["wait_for_contact"]["value"] is None, "no dates were supplied"
    assert "metrics.advice_figures" not in downstream_of({"metrics.released_figures"})
    assert "metrics.advice_answers" not in downstream_of({"metrics.released_figures"})


def test_a_figure_of_workload_that_is_missing_may_be_too_few_to_be_shown() -> None:
    reasons = {row["measure_code"]: row["absent_reason"] for row in table("advice_figures")}
    for code in ("open_caseload", "contact_consulted"):
        assert reasons[code].endswith("too few to be shown"), code

"""Delay, class and censuses in sentences: counts, denominators and intervals; what is not measured is said."""

from typing import Any

import invented_recording as recording_data
import polars as pl

from dashboards.pages.recording import delay_figures, delay_text
from dashboards.text.recording import trust_text

DELAYS = delay_figures.with_shares(recording_data.recording_delays(), recording_data.recorded_in_time())
MEASURES = trust_text.by_code(recording_data.recording_trust())


def group(value: str) -> dict[str, Any]:
    return DELAYS.filter(pl.col("value") == value).row(0, named=True)


def test_a_delay_is_said_with_denominator_and_interval() -> None:
    assert delay_text.delay_sentence(group("stalking and harassment")) == (
        "94.7% of stalking and harassment was recorded within 24 hours (2,840 of 3,000; 95% interval 93.8% to 95.4%)."
    )
    few = group("8Q") | {"within_limit_share": None, "measured_count": 24, "within_limit_count": 24}
    assert delay_text.delay_sentence(few) == "Too few crimes to say how soon stalking and harassment is recorded."
    assert "24 of 24 recorded within 24 hours (too few for a share)" in delay_text.bins_finding(few, "Class 8Q")
    unknown = group("8Q") | {"within_limit_share": None, "measured_count": 0}
    assert "not measured" in delay_text.delay_sentence(unknown)
    assert delay_text.bins_finding(unknown, "Class 8Q") == "Class 8Q: no delay can be measured"
    assert delay_text.bins_finding(group("Unit B"), "Unit B").endswith(", 9 after more than 72")


def test_each_census_has_the_figures_of_its_table() -> None:
    census = recording_data.removal_census()
    codes = delay_text.removals_by_code(census)
    changes = delay_text.changes_by_direction(recording_data.reclassification_census())
    but_c2, c1 = codes.filter(pl.col("removal_code") != "C2"), codes.filter(pl.col("removal_code") == "C1")
    said = [
        (delay_text.verified_sentence(codes), "4 of 17 removals name a verifier who is not the authoriser. C2"),
        (delay_text.verified_sentence(codes), "2 of 5 have none"), (delay_text.verified_sentence(but_c2), "1 of 12"),
        (delay_text.told_sentence(codes), "Of 13 cancellations, 12 show when the victim was informed (92.3%) and 1"),
        (delay_text.told_sentence(c1), "No crime was cancelled."),
        (delay_text.lately_finding(census), "8 of 17 removals in the 12 months to Oct 2025"),
        (delay_text.changes_finding(changes), "1 of 10 downgrades of stalking was not checked"),
        (delay_text.changes_finding(changes.filter(~pl.col("is_downgrade"))), "5 changes of class or code, none"),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []
    total = delay_text.with_total(codes).row(-1, named=True)
    assert (total["criterion"], total["removal_count"], total["verified_count"]) == ("All", 17, 4)
    assert changes.select("unchecked_count", "unneeded_count").rows() == [(0, 0), (1, 0), (0, 5)]
    hours = [delay_text.hours(n) for n in (None, 4.41, 48.0, 72.0)]
    assert hours == ["no figure", "4.4 hours", "48.0 hours", "3.0 days"]


def test_a_unit_is_called_late_only_where_its_interval_says_so() -> None:
    units = DELAYS.filter(pl.col("breakdown") == "unit")
    words = delay_text.groups_finding(units, 0.947, "unit", "units")
    assert words == "1 of 2 units is below the overall 94.7% recorded in time, given the 95% intervals"
    assert delay_text.groups_finding(units.head(1), 0.947, "unit", "units").startswith("No unit is below the overall")
    assert (
        delay_text.groups_finding(units.clear(), 0.947, "unit", "units") == "No unit has a delay that can be measured"
    )


def test_stalking_is_counted_both_ways_or_the_second_is_said_to_be_missing() -> None:
    principal = MEASURES["former_partner_stalking|principal"]
    included = MEASURES["former_partner_stalking|principal or included"]
    both = delay_text.both_ways_finding(principal, included)
    assert "(334 of 376), 89.5% with included classes (340 of 380)" in both
    assert delay_text.both_ways_finding(principal, None).endswith("included classes were not delivered")
    assert delay_text.both_ways_finding(None, included).endswith("is not measured")
    assert delay_text.class_sentence({**principal, "state": "not measured"}).endswith("is not measured.")
    few = {**principal, "state": "too few"}
    assert delay_text.class_sentence(few) == "Too few crimes by former partners to say how they are classified."
    assert trust_text.fact(few, "Former partners", "4 of 4") == ("Former partners", "Too few", "too few for a share")
    assert "".join(map(str, trust_text.headline({"standards|all": few}, None))).startswith(
        "Too few records were assessed to say how far"
    )


def test_a_removal_that_nothing_can_be_shown_for_is_no_failing() -> None:
    codes = delay_text.removals_by_code(recording_data.removal_census())
    assert codes["removal_code"].to_list() == ["C1", "C2", "C3", "C4"]
    assert codes["not_shown_count"].to_list() == [1, 3, 0, 0]
    assert delay_text.removals_finding(codes) == (
        "13 crimes cancelled and 4 transferred; 4 of 11 do not show what their criterion asks for"
    )
    assert delay_text.removals_finding(codes.filter(pl.col("removal_code") == "C4")).endswith("by what it shows")


def test_a_removal_without_a_criterion_is_neither_a_cancellation_nor_a_transfer() -> None:
    census = recording_data.removal_census()
    codes = delay_text.removals_by_code(
        census.with_columns(pl.col("removal_code").replace("C4", "not known"), is_transfer=None)
    )
    assert codes["criterion"].to_list()[-1] == "Criterion not known"
    assert delay_text.removals_finding(codes).startswith(
        "7 crimes cancelled and 4 transferred, 6 removed by no criterion that is known; 4 of 11"
    )
    assert delay_text.told_sentence(codes).startswith("Of 7 cancellations, 6 show")
    undated = census.with_columns(month=pl.lit(None, dtype=pl.Date))
    assert delay_text.lately_finding(undated) == "17 removals, of which no day is known"

"""Invented tables of a force's extract in the shape of the published ones. Plain functions, no fixtures."""

import datetime as dt
import random
from typing import Any

import polars as pl
from invented_figures import RECEIVED, RUN, month

from assets.methods.intervals import wilson_interval
from assets.methods.spc.series import without_few

FIGURES = {  # address -> the figures that its page shows of these rows
    "can_we_trust_our_recording": ["standards-kept", "recording-trend-all"],
    "which_standards_are_breached": ["standards-by-group", "breached-standards"],
    "fix_list": ["fix-list-by-unit"],
    "recording_delay_and_class": [
        "recording-delay", "recording-delay-by-month", "recording-delay-by-unit", "former-partner-classes",
        "removals", "reclassifications",
    ],
}  # fmt: skip

EARLIER = "20261101T011000Z"
FORCE = "Invented Force"
FIRST = dt.date(2023, 6, 1)
MONTHS = [month(i, FIRST) for i in range(29)]
UNITS = ("Unit A", "Unit B")
TIMES, TEXTS = "core.recording_time_facts", "core.text_class_facts"
PHRASE = "sits outside <b>the house</b>"  # words of a record: integrity audience, one page
DELAY_BINS = ("within 1 hour", "1 to 6 hours", "6 to 12 hours", "12 to 24 hours", "24 to 48 hours", "48 to 72 hours",
              "3 to 7 days", "over 7 days")
BIN_ENDS = (1.0, 6.0, 12.0, 24.0, 48.0, 72.0, 168.0, None)


def extract_forces(name: str = FORCE) -> pl.DataFrame:
    """The force whose extract it is."""
    return pl.DataFrame({"force_code": ["E23000013"], "force_name": [name], "record_system": ["other"],
                         "crime_count": [4_000], "first_month": [MONTHS[0]], "last_month": [MONTHS[-1]],
                         "has_figures": [True], "why_none": [None],
                         "has_enough_crimes": [True]}, schema_overrides={"why_none": pl.String})


def rule_results() -> pl.DataFrame:
    """Warnings, one that escalates, an error most of whose records could not be judged, a rule on text, one kept."""
    late = sum(late_by_month())
    rows = [
        ("TIM-01", "warn", "timeliness", TIMES, 4000, late, 0, "BREACH", "Recorded within 24 hours", "crime.x"),
        ("TIM-02", "warn", "timeliness", TIMES, 4000, 3, 0, "BREACH", "Recorded within 72 hours", "crime.recorded_ts"),
        ("STR-04", "error", "conformity", "core.crime_code_facts", 4000, 5, 3900, "BREACH", "Class and code agree",
         "crime.ho_code"),
        ("CLS-05", "warn", "accuracy", TEXTS, 900, 2, 0, "BREACH", "Behaviour of stalking is not harassment",
         "crime.mo_text"),
        ("VIC-02", "warn", "timeliness", "core.victim_service_facts", 900, 0, 0, "PASS", "Needs are assessed", "x"),
    ]
    names = ["rule_code", "severity", "dimension", "table_name", "examined_count", "breach_count",
             "not_evaluable_count", "status", "title", "needs"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        run_ref=pl.lit(RUN), rule_version=1, authority=pl.lit("recording-standards 6"), message=pl.lit(""),
        description=pl.format("What {} states, in a sentence.", "rule_code"), record_type=pl.lit("crime"),
        is_escalated=pl.col("rule_code") == "TIM-02", dated_by=pl.lit("recorded_date"), parameters=pl.lit(None),
        valid_from=pl.lit(None, dtype=pl.Date), valid_to=pl.lit(None, dtype=pl.Date),
        measure_code=pl.col("rule_code"))


def breach_records() -> pl.DataFrame:
    """A record a row; TIM-01 in both units and in two months."""
    rows = [(f"c{i:03}", "TIM-01", "warn", False, f"recorded {25 + i} hours after the first report", UNITS[i % 2],
             MONTHS[-1 - i % 2], "8Q" if i % 3 else "8L", i > 1) for i in range(8)]
    rows += [("c001", "TIM-02", "warn", True, "recorded 90 hours after the first report", UNITS[1], MONTHS[-2], "8Q",
              False),
             ("c020", "STR-04", "error", False, "class 9A, but code 8/55 belongs to 9B", UNITS[0], MONTHS[3], "9A",
              False),
             ("c021", "CLS-05", "warn", False, f"the words show a behaviour of stalking: {PHRASE}", UNITS[0],
              MONTHS[5], "8L", False),
             ("c022", "CLS-05", "warn", False, "the words show a behaviour", "not known", None, None, False)]
    names = ["record_ref", "rule_code", "severity", "is_escalated", "reason", "unit_name", "month", "class_code",
             "is_old"]
    titles = dict(rule_results().select("rule_code", "title").iter_rows())
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).with_columns(
        record_type=pl.lit("crime"), rule_title=pl.col("rule_code").replace_strict(titles),
        dimension=pl.lit("timeliness"), authority=pl.lit("recording-standards 6"),
        is_read_from_text=pl.col("rule_code") == "CLS-05",
        first_run_ref=pl.when("is_old").then(pl.lit(EARLIER)).otherwise(pl.lit(RUN)),
        first_seen_at=pl.lit(RECEIVED), is_new=~pl.col("is_old"),
        force_code=pl.lit("E23000013"),
        investigator_ref=pl.when(pl.col("unit_name") == UNITS[0]).then(pl.lit("9001"))).drop("is_old")


def fix_list() -> pl.DataFrame:
    """As metrics.fix_list makes it of the breach records: the standard in place of words of the record."""
    rows = breach_records().filter(pl.col("severity").is_in(["error", "warn"]))
    reason = pl.when("is_read_from_text").then("rule_title").otherwise("reason")
    return rows.with_columns(reason=reason).drop("dimension", "authority", "is_read_from_text")


def ended_breaches() -> pl.DataFrame:
    """Two put right and one gone, all of unit A, one of them before the last run."""
    rows = [("c101", "TIM-01", "fixed", RUN, True), ("c102", "TIM-01", "fixed", "20261110T011000Z", False),
            ("c103", "STR-04", "gone", RUN, True)]
    names = ["record_ref", "rule_code", "ended_as", "ended_run_ref", "is_since_last_run"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        record_type=pl.lit("crime"), rule_title=pl.lit("Recorded within 24 hours"), severity=pl.lit("warn"),
        force_code=pl.lit("E23000013"), unit_name=pl.lit(UNITS[0]), class_code=pl.lit("8Q"),
        first_run_ref=pl.lit(EARLIER),
        first_seen_at=pl.lit(RECEIVED), ended_at=pl.lit(RECEIVED))


def text_signals() -> pl.DataFrame:
    """The words matched in the MO of one crime and in the log of the other."""
    flags = ("is_fixated", "is_obsessive", "is_unwanted", "is_repeated", "has_stalking_behaviour",
             "has_violence_or_effect", "has_coercion", "has_threat", "has_false_message", "is_online",
             "has_notice_words")
    rows = pl.DataFrame({"record_type": ["crime", "incident"], "record_ref": ["c021", "i022"],
                         "phrases": [f"loitering: {PHRASE}", "following: followed her"]})
    return rows.with_columns(*(pl.lit(False).alias(name) for name in flags), four_score=0,
                             hate_strand=pl.lit(None, dtype=pl.String))


def crimes() -> pl.DataFrame:
    """Of core.crimes only what the pages read of it."""
    return pl.DataFrame({"crime_ref": ["c021", "c022"], "incident_ref": [None, "i022"]})


def _measured(rule: str, breakdown: str, part: str, at: dt.date | None, counts: tuple[int, int, int]) -> dict[str, Any]:
    examined, breached, unknown = counts
    of, has_share = examined - unknown, examined >= 2 * unknown
    lower, upper = wilson_interval(of - breached, of) if has_share else (None, None)
    return {"force_code": "E23000013", "measure_code": rule, "period_type": "month" if at else "to_date",
            "period_start": at or MONTHS[0], "period_end": at or MONTHS[-1], "is_whole": True, "is_drawn": True,
            "breakdown": breakdown, "breakdown_value": part, "numerator": of - breached, "denominator": of,
            "not_known_count": unknown, "value": (of - breached) / of if has_share else None, "lower": lower,
            "upper": upper}


def late_by_month() -> list[int]:
    """Breaches of TIM-01 by month, eight on average: unit A's share of the records, and all of the worst month's."""
    rng = random.Random(11)
    return [rng.randint(5, 11) for _ in MONTHS]


def standards() -> pl.DataFrame:
    """The measures of standards: TIM-01 by month, unit and class; the others as a whole and, rare, by month."""
    late = late_by_month()
    rows = [_measured("TIM-01", "none", "all", None, (4000, sum(late), 0))]
    rows += [_measured("TIM-01", "none", "all", m, (138, n, 0)) for m, n in zip(MONTHS, late)]
    rows += [_measured("TIM-01", "unit", UNITS[0], None, (2000, 60, 0)),
             _measured("TIM-01", "unit", UNITS[1], None, (2000, sum(late) - 60, 0)),
             _measured("TIM-01", "class", "8L", None, (2500, 130, 0)),
             _measured("TIM-01", "class", "8Q", None, (1500, sum(late) - 130, 0))]
    rows += [_measured("TIM-01", "unit", UNITS[1], m, (69, n // 2, 0)) for m, n in zip(MONTHS, late)]
    for code, counts in (("TIM-02", (4000, 3, 0)), ("STR-04", (4000, 5, 3900)), ("CLS-05", (900, 2, 0)),
                         ("VIC-02", (900, 0, 0))):
        rows.append(_measured(code, "none", "all", None, counts))
    rows += [_measured("STR-04", "none", "all", m, (138, int(i < 5), 134 - (i == 9) * 4)) for i, m in enumerate(MONTHS)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _charted(ref: str, kept: list[tuple[int, int]]) -> list[dict[str, Any]]:
    share = sum(k for k, _ in kept) / sum(n for _, n in kept)
    return [{"series_ref": ref, "month": m, "numerator": k,
             "denominator": n, "value": k / n, "chart_type": "p_prime", "segment": 1 if m < dt.date(2024, 2, 1) else 2,
             "segment_start_reason": "", "is_baseline": True, "centre_line": share, "lower_limit": share - 0.05,
             "upper_limit": min(1.0, share + 0.1), "signal": "beyond_limit" if i == 20 else "",
             "signal_direction": "lower" if i == 20 else "",
             "limits_status": "drawn" if m >= dt.date(2024, 2, 1) else "too_few_points"}
            for i, (m, (k, n)) in enumerate(zip(MONTHS, kept))]


def standards_points() -> pl.DataFrame:
    """TIM-01 with breaches enough for limits; STR-04, broken five times in all, which has lost its own."""
    rows = _charted("TIM-01|none|all", [(138 - n, 138) for n in late_by_month()])
    rows += _charted("STR-04|none|all", [(4 - (i < 5), 4) for i, _ in enumerate(MONTHS)])
    points = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        force_code=pl.lit("E23000013"), measure_code=pl.col("series_ref").str.head(6), breakdown=pl.lit("none"),
        breakdown_value=pl.lit("all"), gap=pl.lit(None, pl.Float64), longest_gap=pl.lit(None, pl.Float64),
        chart_kind=pl.lit("p_prime"), fewest=pl.lit(1.0),
    )
    is_drawn = pl.col("limits_status") == "drawn"
    return (
        without_few(points)
        .with_columns(chart_type=pl.when(is_drawn).then("chart_kind").otherwise(pl.lit("none")))
        .drop("chart_kind", "fewest")
    )


def recording_trust_chart() -> pl.DataFrame:
    """All standards together, and one dimension."""
    kept = [(1000 - 9 - i % 5, 1000) for i, _ in enumerate(MONTHS)]
    rows = [row | {"dimension": dimension} for ref, dimension in (("all", None), ("dimension|timeliness", "timeliness"))
            for row in _charted(ref, kept)]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def recording_trust_series() -> pl.DataFrame:
    """The verdicts on those."""
    last = recording_trust_chart().group_by("series_ref", maintain_order=True).last()
    return last.select(
        "series_ref", "dimension",
        point_count=pl.lit(len(MONTHS)), first_month=pl.lit(MONTHS[0]), latest_month="month", latest_value="value",
        latest_denominator="denominator", segment_point_count=pl.lit(21), verdict=pl.lit("no_change"),
        verdict_sentence=pl.lit("No signal: October 2025 lies inside its limits."),
        expected_false_signals=pl.lit(0.4))


def recording_trust() -> pl.DataFrame:
    """The measures of the page on trust; duplication is not measured."""
    rows = []
    for code, dimension, kept, judged in (
        ("standards|all", "all", 74_900, 75_300), ("standards|accuracy", "accuracy", 13_200, 13_480),
        ("standards|timeliness", "timeliness", 16_450, 16_600), ("standards|integrity", "integrity", 12_120, 12_150),
        ("standards|completeness", "completeness", 14_060, 14_100),
        ("standards|conformity", "conformity", 17_640, 17_690), ("standards|duplication", "duplication", 0, 0),
        ("recorded_within_limit", "timeliness", 1355, 1410),
        ("former_partner_stalking|principal", "accuracy", 334, 376),
        ("former_partner_stalking|principal or included", "accuracy", 340, 380),
    ):
        lower, upper = wilson_interval(kept, judged) if judged else (None, None)
        rows.append({"measure_code": code, "dimension": dimension, "state": "measured" if judged else "not measured",
                     "kept_count": kept, "judged_count": judged, "record_count": judged // 5,
                     "kept_share": kept / judged if judged else None, "kept_lower": lower, "kept_upper": upper,
                     "rule_count": 12, "breached_rule_count": 3, "unmeasured_rule_count": 1, "failed_rule_count": 0,
                     "first_month": MONTHS[-12], "last_month": MONTHS[-1]})
    return pl.DataFrame(rows, infer_schema_length=None)


def recording_delays() -> pl.DataFrame:
    """The time taken, of each group of `recorded_in_time`."""
    held = recorded_in_time()
    is_month, whole = pl.col("period_type") == "month", pl.col("breakdown").replace("none", "all")
    return held.select(
        pl.when(is_month).then(pl.lit("month")).otherwise(whole).alias("breakdown"),
        pl.when(is_month).then(pl.col("period_start").cast(pl.String))
        .otherwise(pl.col("breakdown_value").replace("all", "stalking and harassment")).alias("value"),
        pl.when(is_month).then("period_start").alias("recorded_month"),
        median_hours=4.4, ninth_decile_hours=17.4, escalate_hours=72.0, over_escalation_count=pl.lit(9, pl.Int64))


def recorded_in_time() -> pl.DataFrame:
    """The measure of the whole, two classes, two units and every month; unit B records late more often."""
    groups = [("none", "all", None, 10, 3000, 2840), ("class", "8L", None, 0, 1800, 1690),
              ("class", "8Q", None, 10, 1200, 1150), ("unit", UNITS[0], None, 0, 1500, 1460),
              ("unit", UNITS[1], None, 10, 1500, 1380)]
    groups += [("none", "all", m, 0, 104, 104 - n) for m, n in zip(MONTHS, late_by_month())]
    rows = [_measured("recorded_24h", breakdown, part, at, (of + unknown, of - within, unknown))
            for breakdown, part, at, unknown, of, within in groups]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def recording_delay_bins() -> pl.DataFrame:
    """The distribution for all, a class and the units."""
    rows = []
    for breakdown, value in (("all", "stalking and harassment"), ("class", "8Q"), *(("unit", u) for u in UNITS)):
        counts = (210, 1600, 560, 470, 60, 50, 30, 20)
        for i, (label, end, count) in enumerate(zip(DELAY_BINS, BIN_ENDS, counts), start=1):
            lower, upper = wilson_interval(count, sum(counts))
            rows.append({"breakdown": breakdown, "value": value, "bin_number": i, "bin_label": label,
                         "up_to_hours": end, "crime_count": count, "measured_count": sum(counts),
                         "crime_share": count / sum(counts), "share_lower": lower, "share_upper": upper})
    return pl.DataFrame(rows, infer_schema_length=None)


def former_partner_classes() -> pl.DataFrame:
    """Stalking's share by month, both ways, with a month missing."""
    rng, rows = random.Random(4), []
    for basis, more in (("principal", 0), ("principal or included", 2)):
        for m in MONTHS:
            if m != MONTHS[7]:
                of = 30 + more
                count = of - rng.randint(2, 5)
                lower, upper = wilson_interval(count, of)
                rows.append({"basis": basis, "month": m, "stalking_count": count, "denominator_count": of,
                             "stalking_share": count / of, "share_lower": lower, "share_upper": upper})
    return pl.DataFrame(rows)


def removal_census() -> pl.DataFrame:
    """A transfer, cancellations with and without what they have to show, and one of another class."""
    rows = [("C1", "8L", MONTHS[2], True, 4, 3, 0, 0, 0), ("C2", "8Q", MONTHS[9], False, 5, 2, 0, 3, 4),
            ("C4", "8L", MONTHS[-1], False, 6, 0, 6, 1, 6), ("C3", "105A", MONTHS[-2], False, 2, 2, 0, 0, 2)]
    names = ["removal_code", "class_code", "month", "is_transfer", "removal_count", "evidenced_count",
             "evidence_unknown_count", "verified_count", "victim_informed_count"]
    return pl.DataFrame(rows, schema=names, orient="row")


def reclassification_census() -> pl.DataFrame:
    """Downgrades of stalking with and without a second check, and one the other way."""
    rows = [("stalking to harassment", True, "8Q", "8L", MONTHS[3], 4, 3),
            ("to the lesser stalking offence", True, "8Q", "8Q", MONTHS[8], 6, 6),
            ("harassment to stalking", False, "8L", "8Q", MONTHS[9], 5, 0)]
    names = ["direction", "is_downgrade", "from_class_code", "to_class_code", "month", "change_count",
             "second_checked_count"]
    return pl.DataFrame(rows, schema=names, orient="row")


def offence_classes() -> pl.DataFrame:
    """Two of the classes by name."""
    return pl.DataFrame({"offence_code": ["8L", "8Q"], "offence_label": ["Harassment", "Stalking"],
                         "offence_subgroup": ["Stalking and harassment"] * 2, "is_stalking_and_harassment": [True] * 2})


def command_tables() -> dict[str, pl.DataFrame]:
    """What the command audience gets of an extract."""
    return {"core.extract_forces": extract_forces(), "metrics.recording_trust": recording_trust(),
            "metrics.recording_trust_chart": recording_trust_chart(),
            "metrics.recording_trust_series": recording_trust_series()}


def integrity_tables() -> dict[str, pl.DataFrame]:
    """What the integrity audience gets of it, besides the results of the rules."""
    return {
        "core.extract_forces": extract_forces(), "core.text_signals": text_signals(), "core.crimes": crimes(),
        "metrics.breach_records": breach_records(), "metrics.fix_list": fix_list(),
        "metrics.ended_breaches": ended_breaches(), "metrics.measure_points": standards_points(),
        "metrics.recording_trust": recording_trust(),
        "metrics.measure_values": pl.concat([recorded_in_time(), standards()]),
        "metrics.recording_delays": recording_delays(), "metrics.recording_delay_bins": recording_delay_bins(),
        "metrics.former_partner_classes": former_partner_classes(), "metrics.removal_census": removal_census(),
        "metrics.reclassification_census": reclassification_census(), "reference.offence_classes": offence_classes(),
    }

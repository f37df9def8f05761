"""Invented figures in the shape of the published tables, for tests of the dashboards. Plain functions, no fixtures."""

import datetime as dt
import hashlib
import json
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from worked import made

FIGURES = {  # address -> the figures that its page shows of these rows
    "is_it_changing": ["is-it-changing-mps-monthly", "outcome-mix"],
    "where_do_we_stand": ["where-do-we-stand-rate_per_1000", "map-rate_per_1000"],
    "what_was_delivered": ["coverage"],
    "recorded_demand": ["recorded-demand"],
}  # fmt: skip

Force = tuple[str, str, str, int]  # code, name, short name, residents
MET = "E23000001"
RUN = "20261124T011000Z"
RECEIVED = dt.datetime(2026, 11, 24, 1, 5, tzinfo=dt.UTC)
PAYLOAD = '=HYPERLINK("http://192.0.2.1/?x","click")<img src=x onerror=alert(1)>'  # what a hostile cell may hold
SOURCES = {  # source -> publisher, file
    "mps_ward_offences": ("Metropolitan Police Service", "MPSCrime.csv"),
    "recorded_crime_pfa": ("Home Office and Office for National Statistics", "rec-crime-pfa.csv"),
    "police_uk_street": ("Home Office and police forces, data.police.uk", "2025-01/2025-01-cleveland-street.csv"),
    "police_uk_outcomes": ("Home Office and police forces, data.police.uk", "2025-01/2025-01-cleveland-outcomes.csv"),
    "csp_offences": ("Office for National Statistics", "policeforceareatablesyejune25final.csv"),
}


def month(index: int, start: dt.date = dt.date(2023, 11, 1)) -> dt.date:
    """The month `index` months after `start`."""
    at = start.year * 12 + start.month - 1 + index
    return dt.date(at // 12, at % 12 + 1, 1)


def regimes() -> pl.DataFrame:
    """Some of the real recording changes."""
    rows = [
        ("R14", dt.date(2014, 4, 1), "day", "Stalking (8Q) split out of harassment (8L)",
         "Before this, stalking is inside harassment", "8L,8Q,S&H", ""),
        ("R15", dt.date(2015, 4, 1), "day", "Malicious communications and private images become notifiable",
         "No back series", "8L,8R,S&H", ""),
        ("R18", dt.date(2018, 4, 1), "day", "Course of conduct recorded in addition to the most serious other offence",
         "More stalking and harassment recorded for the same conduct", "8L,8Q,8U,S&H", ""),
        ("R24", dt.date(2024, 1, 31), "day", "Online Safety Act communications offences in force",
         "Malicious communications narrower", "8R,S&H", ""),
        ("R25", dt.date(2025, 4, 26), "day", "2025 edition of the crime recording rules", "", "all", ""),
        ("MPS-2024-02", dt.date(2024, 2, 1), "month", "Metropolitan Police: new crime recording system",
         "Counts before and after are not comparable", "all", "mps_ward_offences"),
    ]
    names = ["regime_ref", "valid_from", "date_precision", "title", "effect", "affects_codes", "source_name"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        moves_counts=pl.col("regime_ref") != "R25", authority=pl.lit("recording-standards 1.4"))


def monthly_points() -> pl.DataFrame:
    """24 months of one force with a segment each side of a change, one month not supplied and two kinds of signal."""
    rng, rows = random.Random(8), []
    for i in range(24):
        if i == 9:
            continue
        segment, level = (1, 3900.0) if i < 3 else (2, 4300.0)
        value = level + rng.gauss(0, 110) + (520 if i == 14 else 0) - (260 if i >= 20 else 0)
        signal = {14: "beyond_limit", 22: "two_of_three"}.get(i, "")
        rows.append(_point("mps-monthly", month(i), value, segment, limits=(level, 330.0) if segment == 2 else None,
                           status="drawn" if segment == 2 else "too_few_points", signal=signal,
                           direction={"beyond_limit": "higher", "two_of_three": "lower"}.get(signal, "")))
    return _points(rows)


def rolling_points(ref: str, level: float) -> pl.DataFrame:
    """Years ending each quarter, 2003 to 2018, with one missing: they overlap, so they carry no limits."""
    rng, rows = random.Random(ref), []
    for i in range(0, 190, 3):
        start = month(i, dt.date(2002, 4, 1))
        if start != dt.date(2015, 10, 1):
            value = level * (0.4 + i / 90) * (1 + rng.gauss(0, 0.02))
            rows.append(_point(ref, start, value, 1, limits=None, status="overlapping_periods"))
    return _points(rows)


def _point(ref: str, at: dt.date, value: float, segment: int, *, limits: tuple[float, float] | None, status: str,
           signal: str = "", direction: str = "") -> dict[str, Any]:
    centre, reach = limits or (None, None)
    return {
        "series_ref": ref, "month": at, "numerator": round(value), "denominator": None, "value": float(round(value)),
        "chart_type": "none" if status == "overlapping_periods" else "xmr", "segment": segment,
        "segment_start_reason": "" if segment == 1 else "MPS-2024-02", "is_baseline": status == "drawn",
        "centre_line": centre, "lower_limit": centre - reach if centre is not None and reach is not None else None,
        "upper_limit": centre + reach if centre is not None and reach is not None else None, "signal": signal,
        "signal_direction": direction, "limits_status": status}


def _points(rows: list[dict[str, Any]]) -> pl.DataFrame:
    limits = dict.fromkeys(("centre_line", "lower_limit", "upper_limit"), pl.Float64)
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"denominator": pl.Int64, **limits})


def series(force: Force, points: pl.DataFrame) -> dict[str, Any]:
    """The metrics.control_chart_series row of one series."""
    last = points.sort("month").row(-1, named=True)
    is_monthly = last["chart_type"] == "xmr"
    kind = ("crime_count", "crimes a month", "by month")
    if not is_monthly:
        kind = ("rolling_year_count", "crimes a year", "in rolling years")
    sentence = (f"No signal: October 2025 had {last['value']:,.0f} recorded crimes, inside the limits of "
                "3,970 to 4,630 recorded crimes since February 2024.")
    return {
        "series_ref": last["series_ref"], "source": "mps_ward_offences" if is_monthly else "recorded_crime_pfa",
        "force_code": force[0], "force_name": force[1], "measure": kind[0], "unit": kind[1],
        "title": f"Recorded stalking and harassment {kind[2]}: {force[1]}", "period_months": 1 if is_monthly else 12,
        "point_count": points.height, "first_month": points["month"].min(), "latest_month": last["month"],
        "latest_value": last["value"],
        "segment_first_month": dt.date(2024, 2, 1) if is_monthly else points["month"].min(),
        "segment_point_count": 20 if is_monthly else points.height,
        "verdict": "no_change" if is_monthly else "not_charted",
        "verdict_sentence": sentence if is_monthly else
        "Rolling years overlap, so no limits are drawn.",
        "expected_false_signals": 0.4 if is_monthly else None,
        "chance_of_signal": 0.05 if is_monthly else 0.0, "recording_classes": "S&H"}


def rates(forces: Sequence[Force]) -> pl.DataFrame:
    """A year of recorded rates for each force."""
    rng, rows = random.Random(3), []
    for code, name, _, people in forces:
        count = round(max(1.5, rng.gauss(7.2, 1.6)) * (3 if people < 10_000 else 1) * people / 1000)
        rate, half = count / people * 1000, 1.96 * math.sqrt(max(count, 1)) / people * 1000
        rows.append({
            "source": "recorded_crime_pfa", "force_code": code, "force_name": name, "period_start": dt.date(2018, 1, 1),
            "period_end": dt.date(2018, 12, 31), "period_months": 12, "offence_code": "S&H",
            "offence_label": "Stalking and harassment", "crime_count": count, "population": people,
            "population_year": 2018, "rate_per_1000": rate, "rate_lower": rate - half, "rate_upper": rate + half,
            "regime_ref": "R18", "crosses_regime": True})
    return pl.DataFrame(rows)


def survey() -> pl.DataFrame:
    """The survey's shares, as the shipped list has them."""
    return pl.DataFrame(made("metrics.survey_prevalence"), infer_schema_length=None)


def funnel(forces: Sequence[Force]) -> pl.DataFrame:
    """The funnel of those rates, and of stalking's share."""
    held, rng, rows = rates(forces), random.Random(5), []
    target = held["crime_count"].sum() / held["population"].sum() * 1000
    for r in held.iter_rows(named=True):
        spread = math.hypot(1.1, math.sqrt(target / r["population"] * 1000))
        rows.append(_funnel_row("rate_per_1000", r, r["crime_count"], r["population"], target, 1000, spread))
        stalking = round(r["crime_count"] * min(0.2, max(0.01, rng.gauss(0.06, 0.025))))
        error = math.hypot(0.012, math.sqrt(0.06 * 0.94 / r["crime_count"]))
        rows.append(_funnel_row("stalking_share", r, stalking, r["crime_count"], 0.06, 1, error))
    return pl.DataFrame(rows, infer_schema_length=None)


def _funnel_row(measure: str, rate: Mapping[str, Any], numerator: int, denominator: int, target: float, base: int,
                spread: float) -> dict[str, Any]:
    value = numerator / denominator * base
    z = (value - target) / spread
    outlier = "" if abs(z) < 1.96 else f"{'high' if z > 0 else 'low'}_{'998' if abs(z) >= 3.09 else '95'}"
    same = {name: rate[name] for name in ("source", "period_start", "period_end", "force_code", "force_name")}
    return {"measure": measure, **same, "numerator": numerator, "denominator": denominator, "denominator_year": 2018,
            "value": value, "target": target, "z_score": z,
            "lower_95": max(0.0, target - 1.96 * spread), "upper_95": target + 1.96 * spread,
            "lower_998": max(0.0, target - 3.09 * spread), "upper_998": target + 3.09 * spread,
            "is_overdispersed": True, "outlier": outlier, "unused_reason": ""}


def shares(forces: Sequence[Force]) -> pl.DataFrame:
    """Stalking's share of the same year, with an interval."""
    rows = funnel(forces).filter(pl.col("measure") == "stalking_share")
    return rows.select(
        "source", "force_code", "force_name", "period_start", period_months=12, stalking_count="numerator",
        denominator_count="denominator", stalking_share="value", share_lower=pl.col("value") * 0.9,
        share_upper=pl.col("value") * 1.1, is_shown=True, reason=pl.lit(""))


def outcome_mix(force: Force) -> pl.DataFrame:
    """Last known outcomes of two months of street-level violence, and a month that was not supplied."""
    parts = {"Unable to prosecute suspect": 0.46, "Under investigation": 0.27,
             "Investigation complete; no suspect identified": 0.15, "Awaiting court outcome": 0.07,
             "Local resolution": 0.03, "Offender given a caution": 0.02}
    held = [(dt.date(2025, 7, 1), 2000), (dt.date(2025, 8, 1), 2100)]
    rows = [(at, "Violence and sexual offences", outcome, round(total * part), total, part, True)
            for at, total in held for outcome, part in parts.items()]
    rows.append((dt.date(2025, 6, 1), "", "", None, None, None, False))
    names = ["month", "crime_type", "outcome_type", "crime_count", "month_crime_count", "outcome_share", "is_supplied"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).with_columns(
        force_code=pl.lit(force[0]), force_name=pl.lit(force[1]))


def demand(forces: Sequence[Force]) -> pl.DataFrame:
    """Partnerships of each force, an unassigned remainder and one area without a figure."""
    rng, rows = random.Random(11), []
    for code, name, short, people in forces:
        total, parts = round(people / 110), [rng.uniform(0.4, 2) for _ in range(3 + people // 400_000)]
        counts = [round(0.97 * total * part / sum(parts)) for part in parts]
        for i, count in enumerate([*counts, None, total - sum(counts)]):
            is_rest = i == len(counts) + 1
            place = f"{short} {['North', 'South', 'East', 'West', 'Central'][i % 5]} {i // 5 + 1}"
            rows.append((None if is_rest else f"{code}-{i:02d}", "Unassigned" if is_rest else place, code, name, count,
                         total, None if count is None else count / total, is_rest))
    names = ["area_code", "area_name", "force_code", "force_name", "crime_count", "force_crime_count", "share_of_force",
             "is_unassigned"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).with_columns(
        source=pl.lit("csp_offences"), area_type=pl.lit("csp"), period_start=dt.date(2024, 7, 1), period_months=12,
        offence_subgroup=pl.lit("Stalking and harassment"))


def coverage(forces: Sequence[Force]) -> pl.DataFrame:
    """Street-level months of 2025: three missing, and one force absent for a known reason."""
    rng, rows = random.Random(2), []
    for i, force in enumerate(forces):
        known = "Has not supplied data.police.uk since its change of system" if i == 1 else ""
        for m in range(8):
            held = not known and (i, m) not in ((2, 4), (3, 0), (3, 1))
            rows.append(("police_uk_street", force[0], dt.date(2025, m + 1, 1), held,
                         rng.randint(700, 9000) if held else None, not known, known))
    names = ["source", "force_code", "month", "is_supplied", "row_count", "is_expected", "absence_reason"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def deliveries() -> pl.DataFrame:
    """One delivery of each source, one refused, one superseded, and one with rows in quarantine and a notice."""
    rows: list[tuple[Any, ...]] = [(f"d{i}", source, name, 5000 + 37 * i, 3 if i == 2 else 0, "loaded", "", None,
             "column 'Context 2' is not known" if i == 2 else "")
            for i, (source, (_, name)) in enumerate(SOURCES.items())]
    rows.append(("d8", "police_uk_street", "2025-05/2025-05-cleveland-street.csv", 0, 0, "refused",
                 "line 812: the file ends inside a row; ask for it again", None, ""))
    rows.append(("d9", "police_uk_street", "2025-02-01/2025-01/2025-01-cleveland-street.csv", 4990, 0, "superseded",
                 "a later delivery of the same month counts instead", dt.date(2025, 2, 1), ""))
    names = ["delivery_ref", "source", "file_name", "rows_read", "rows_quarantined", "status", "reason",
             "snapshot_date", "notices"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).with_columns(
        rows_loaded=pl.col("rows_read") - pl.col("rows_quarantined"), received_at=pl.lit(RECEIVED),
        sha256=pl.Series([hashlib.sha256(row[2].encode()).hexdigest() for row in rows]))


def quarantine() -> pl.DataFrame:
    """Three rows that could not be used, one of them hostile."""
    rows = [("d2", 14, "Month", "2025-13", "is not a month"), ("d2", 90, "Longitude", "-", "is not a number"),
            ("d2", 211, "Crime type", PAYLOAD, "is in no published list")]
    return pl.DataFrame(rows, schema=["delivery_ref", "line_number", "column_name", "value", "reason"], orient="row")


def rule_results() -> pl.DataFrame:
    """Rules in each of the four states and each severity."""
    files, crimes, totals = "raw.deliveries", "core.recorded_crimes", "metrics.reconciliations"
    rows = [
        ("DEL-01", "error", "integrity", files, 7, 0, 0, "PASS", "No row is lost between file and table", ""),
        ("DEL-02", "warn", "conformity", files, 7, 1, 0, "BREACH", "Every recognised file could be read", ""),
        ("DEL-04", "info", "conformity", files, 6, 1, 0, "BREACH", "Nothing in a delivery is unknown to us", ""),
        ("PUB-01", "error", "conformity", crimes, 9800, 12, 0, "BREACH", "Crime type is of the published list", ""),
        ("PUB-04-LSOA", "warn", "accuracy", crimes, 0, None, 9800, "NOT_EVALUABLE",
         "LSOA code exists in the census list", "the LSOA lookup is not delivered"),
        ("PUB-06", "error", "accuracy", totals, 0, None, 0, "ERROR", "Detailed tables add up to the printed totals",
         "column is_published_total not found"),
    ]
    names = ["rule_code", "severity", "dimension", "table_name", "examined_count", "breach_count",
             "not_evaluable_count", "status", "title", "message"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        run_ref=pl.lit(RUN), rule_version=1, authority=pl.lit("recording-standards 6.7"),
        description=pl.format("What {} states, in a sentence.", "rule_code"),
        is_escalated=pl.col("rule_code") == "DEL-02", needs=pl.lit(""), dated_by=pl.lit("month"),
        record_type=pl.col("table_name").replace_strict({files: "delivery", crimes: "row", totals: "series"}),
        parameters=pl.when(pl.col("rule_code") == "PUB-06").then(pl.lit("reconciliation.tolerance")),
        valid_from=pl.when(pl.col("rule_code") == "PUB-04-LSOA").then(dt.date(2023, 7, 1)),
        valid_to=pl.lit(None, dtype=pl.Date))


def settings() -> pl.DataFrame:
    """Two of the numbers that a force may change."""
    rows = [("coordinates.latitude_max", 61.2, "degrees", "North edge", "recording-standards PUB-04"),
            ("reconciliation.tolerance", 0.0001, "share", "Two totals agree within this", "recording-standards PUB-06")]
    return pl.DataFrame(rows, schema=["key", "value", "unit", "meaning", "authority"], orient="row")


def rule_breaches() -> pl.DataFrame:
    """The references behind those breaches."""
    rows = [("DEL-02", "delivery", "2025-05/2025-05-cleveland-street.csv", "the file ends inside a row"),
            ("DEL-04", "delivery", "2025-01/2025-01-cleveland-street.csv", "column 'Context 2' is not known")]
    rows += [("PUB-01", "row", f"d2:{40 + 3 * i}", "crime type Other <i>crimes</i>") for i in range(12)]
    return pl.DataFrame(rows, schema=["rule_code", "record_type", "record_ref", "detail"], orient="row").with_columns(
        run_ref=pl.lit(RUN))


def squares(forces: Sequence[Force]) -> pl.DataFrame:
    """Boundaries: one square a force."""
    rows = []
    for i, force in enumerate(forces):
        x, y = -4.0 + 1.2 * (i % 3), 51.0 + 0.8 * (i // 3)
        ring = [[x, y], [x + 1, y], [x + 1, y + 0.7], [x, y + 0.7], [x, y]]
        rows.append((force[0], force[1], json.dumps({"type": "Polygon", "coordinates": [ring]})))
    return pl.DataFrame(rows, schema=["force_code", "force_name", "geometry_json"], orient="row")


def command_tables(forces: Sequence[Force]) -> dict[str, pl.DataFrame]:
    """What command may see of open data. A new table of a page is added here."""
    points = [(force, rolling_points(f"rolling-{force[0]}", force[3] / 260)) for force in forces]
    points += [(force, monthly_points()) for force in forces if force[0] == MET]
    charted = pl.DataFrame([series(force, rows) for force, rows in points], infer_schema_length=None)
    return {
        "metrics.control_chart_series": charted, "metrics.control_chart_points": pl.concat([p for _, p in points]),
        "metrics.recorded_rates": rates(forces), "metrics.stalking_shares": shares(forces),
        "metrics.force_funnel": funnel(forces), "metrics.outcome_mix": outcome_mix(forces[-1]),
        "metrics.survey_prevalence": survey(), "core.force_boundaries": squares(forces)}


def commissioning_tables(forces: Sequence[Force]) -> dict[str, pl.DataFrame]:
    """What commissioners may see of open data."""
    return {"metrics.area_demand": demand(forces)}

"""Measures of the invented force by month and quarter, whole and in three districts. Plain functions, no fixtures."""

import datetime as dt
import json
from collections.abc import Iterator

import polars as pl
from invented_demand import month
from invented_verdicts import watched_verdicts
from worked import made

FIGURES = {  # address -> the figures that its page shows of these rows
    "explore": ["explore-recorded-none-quarter"],
}  # fmt: skip

# code -> name, kind, unit, direction
MEASURES = {
    "recorded": ("Stalking and harassment recorded", "count", "crimes", "neither"),
    "charged_365": ("Charged or summonsed within 365 days", "share", "share", "higher_is_better"),
    "days_to_charge": ("Median days from recording to charge or summons", "median", "median days", "neither"),
}
PAIR = (
    "force_code", "measure_code", "period_type", "period_start", "period_end", "is_whole", "breakdown",
    "breakdown_value", "second_breakdown", "second_value", "numerator", "denominator", "not_known_count", "value",
    "lower", "upper",
)  # fmt: skip
# from November 2022 on; quarters whole from January 2023
MONTHS, LEVELS = 36, {"District 1": 60, "District 2": 40, "District 3": 3}


def counts(place: int) -> dict[str, tuple[int, int]]:
    """Part -> crimes recorded and, of them, charged, in a month. District 3 has few."""
    held = {part: (level + (place * 7) % 11, (level + place) // 10) for part, level in LEVELS.items()}
    held["District 3"] = (3, 1)
    return held | {"all": (sum(n for n, _ in held.values()), sum(n for _, n in held.values()))}


def _rows() -> Iterator[dict[str, object]]:
    for period_type, length in (("month", 1), ("quarter", 3)):
        for start in range(0 if length == 1 else 2, MONTHS - length + 1, length):
            held = [counts(place) for place in range(start, start + length)]
            for part in (*LEVELS, "all"):
                crimes, charged = (sum(one[part][which] for one in held) for which in (0, 1))
                for code, (_, kind, _, _) in MEASURES.items():
                    is_count = kind == "count"
                    if kind == "median":
                        yield _median(code, period_type, start, length, part, crimes)
                        continue
                    yield {
                        "force_code": "F", "measure_code": code, "period_type": period_type,
                        "period_start": month(start), "period_end": month(start + length - 1), "is_whole": True,
                        "is_drawn": True, "breakdown": "none" if part == "all" else "district", "breakdown_value": part,
                        "numerator": crimes if is_count else charged, "denominator": None if is_count else crimes,
                        "not_known_count": 0, "value": float(crimes) if is_count else charged / crimes,
                        "lower": None if is_count else 0.9 * charged / crimes,
                        "upper": None if is_count else min(1.0, 1.1 * charged / crimes),
                    }  # fmt: skip


def _median(code: str, period_type: str, start: int, length: int, part: str, events: int) -> dict[str, object]:
    """As many charges as crimes, after ten days and more: none of fewer than thirty."""
    middle = 10.0 + start % 5 + len(part) % 2 / 2 if events >= 30 else None
    return {
        "force_code": "F", "measure_code": code, "period_type": period_type, "period_start": month(start),
        "period_end": month(start + length - 1), "is_whole": True, "is_drawn": True,
        "breakdown": "none" if part == "all" else "district", "breakdown_value": part, "numerator": events,
        "denominator": events, "not_known_count": 0, "value": middle,
        "lower": None if middle is None else middle - 2, "upper": None if middle is None else middle + 3,
    }  # fmt: skip


def _pairs() -> Iterator[dict[str, object]]:
    """District and class, in the quarters of `_rows`: a third of each district's figures are of 8Q."""
    for row in _rows():
        if row["breakdown"] == "district" and row["period_type"] == "quarter":
            names = ("numerator", "denominator")
            third = {name: row[name] if row[name] is None else int(str(row[name])) // 3 for name in names}
            rest = {name: row[name] if row[name] is None else int(str(row[name])) - third[name] for name in names}
            for part, held in (("8Q", third), ("8L", rest)):
                count, of = held["numerator"], held["denominator"]
                value = float(count) if of is None else count / of
                if row["measure_code"] == "days_to_charge":
                    value = row["value"] if count >= 30 else None
                pair = {"second_breakdown": "class", "second_value": part, "value": value}
                yield {key: (row | held | pair)[key] for key in PAIR}


def outlines() -> pl.DataFrame:
    """Three squares side by side: two districts, and one that the extract does not have."""
    names = {"District 1": True, "District 3": True, "Elsewhere & <b>": False}
    squares = [[[[x, 0], [x + 9, 0], [x + 9, 9], [x, 9], [x, 0]]] for x in (0, 10, 20)]
    return pl.DataFrame({"district": list(names), "is_known": list(names.values()),
                         "rings_json": [json.dumps(rings) for rings in squares]})  # fmt: skip


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published to command."""
    listed = [
        {
            "measure_code": code, "measure_name": name, "definition": f"Invented: {name.lower()}",
            "numerator_words": "Charges" if kind == "median" else "Counted",
            "denominator_words": None if kind == "count" else "Of",
            "direction": direction, "unit": unit, "kind": kind, "subject": "crimes", "audiences": "command,integrity",
            "owner": "Head of crime", "authority": "strategic-assessment 2", "follow_days": None,
            "is_open_ended": False, "recording_classes": "S&H",
            "differs": "Invented: TIM-01 counts crimes of every class." if code == "charged_365" else None,
        }
        for code, (name, kind, unit, direction) in MEASURES.items()
    ]  # fmt: skip
    points = [
        {
            "series_ref": f"recorded|none|{n}", "measure_code": "recorded", "breakdown": "none",
            "breakdown_value": "all", "month": month(n), "numerator": counts(n)["all"][0], "denominator": None,
            "value": float(counts(n)["all"][0]), "chart_type": "xmr", "segment": 1, "segment_start_reason": None,
            "is_baseline": n < 24, "centre_line": 108.0, "lower_limit": 90.0, "upper_limit": 126.0, "signal": None,
            "signal_direction": None, "limits_status": "drawn", "gap": None, "longest_gap": None,
        }
        for n in range(MONTHS)
    ]  # fmt: skip
    verdicts = [
        {
            "series_ref": "recorded|none|all", "measure_code": "recorded", "breakdown": "none",
            "breakdown_value": "all", "period_type": "month", "latest_period": month(MONTHS - 1),
            "latest_value": 110.0, "expected_lower": 90.0, "expected_upper": 126.0,
            "verdict": "no_change", "signal": None, "is_new": False, "first_month": month(0),
            "segment_first_month": month(0),
            "segment_point_count": MONTHS, "break_title": None, "expected_false_signals": 0.2, "chance_of_signal": 0.06,
            "target": None, "is_target_met": None, "target_verdict": None,
        }
    ]  # fmt: skip
    aim = {"target": 0.12, "is_target_met": False, "target_verdict": "hit_or_miss"}
    charged = {"series_ref": "charged_365|none|all", "measure_code": "charged_365", "latest_value": 0.1,
               "expected_lower": 0.05, "expected_upper": 0.15}  # fmt: skip
    verdicts.append(verdicts[0] | aim | charged)
    written = dt.datetime(2025, 11, 3, 9, tzinfo=dt.UTC)
    kept = {"annotation_ref": "annotation-1", "revision": 1, "measure_code": "recorded", "force_code": "F",
            "breakdown": "none", "breakdown_value": "all", "about_date": dt.date(2025, 3, 4),
            "words": "Invented: a new form", "is_withdrawn": 0, "changed_by": "invented analyst",
            "changed_at": written}  # fmt: skip
    annotations = made("core.annotations", raw_casework_annotations=[kept])
    return {
        "core.district_boundaries": outlines(),
        "core.list_states": pl.DataFrame(
            {"list_code": ["district_boundaries"], "is_loaded": [True], "state": ["loaded"]}
        ),
        "core.measure_targets": pl.DataFrame([
            {"force_code": "F", "measure_code": "charged_365", "target": 0.12, "unit": "share", "set_by": "Invented"},
        ]),
        "core.annotations": pl.DataFrame(annotations),
        "reference.measures": pl.DataFrame(listed, schema_overrides={"follow_days": pl.Int32}),
        "metrics.measure_values": pl.DataFrame(list(_rows()), infer_schema_length=None),
        "metrics.measure_pairs": pl.DataFrame(list(_pairs()), infer_schema_length=None),
        "metrics.measure_points": pl.DataFrame(
            points, schema_overrides={"denominator": pl.Int64, "signal": pl.String, "signal_direction": pl.String},
        ),
        "metrics.measure_verdicts": pl.DataFrame(
            verdicts + watched_verdicts(), infer_schema_length=None,
            schema_overrides={"signal": pl.String, "target": pl.Float64, "is_target_met": pl.Boolean},
        ),
    }  # fmt: skip


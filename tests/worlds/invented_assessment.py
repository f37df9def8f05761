"""The tables of the assessment for the invented force: figures from one arithmetic, none of them measured."""

import datetime as dt
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import published_home

AS_OF = dt.date(2025, 10, 31)
# code, name, band, crimes in a year
THEMES = [
    ("T1", "Stalking by a partner or former partner", "scored", 1240),
    ("T2", "Stalking by others", "scored", 610),
    ("T3", "Online harassment and malicious communications", "scored", 1985),
    ("T4", "Other harassment", "scored", 1630),
    ("T5", "Breaches of protective orders", "scored", 402),
    ("T6", "Repeat and serial suspects", "cross-cutting", 288),
    ("T7", "Racially or religiously aggravated harassment", "scored", 64),
    ("T8", "Controlling or coercive behaviour", "scored", 530),
    ("C1", "Violence with injury", "comparator", 4120),
]
PARTS = [
    ("harm", "physical", "Physical", 1.0, "measured"), ("harm", "psychological", "Psychological", 1.5, "measured"),
    ("harm", "financial", "Financial", 0.5, "not measured"), ("harm", "community", "Community", 1.0, "measured"),
    ("harm", "public", "Public expectation and political", 1.0, "entered"),
    ("harm", "environmental", "Environmental", 0.25, "entered"),
    ("likelihood", "volume", "Volume", 1.0, "measured"), ("likelihood", "trend", "Trend and forecast", 1.0, "measured"),
    ("likelihood", "repeat", "Repeat victims", 1.0, "measured"),
    ("organisation", "capacity", "Capacity", 1.0, "measured"),
    ("organisation", "capability", "Capability", 1.0, "not measured"),
    ("organisation", "reputation", "Reputation and political", 1.0, "entered"),
]  # fmt: skip
RANKS = {"T1": 1, "T5": 2, "T2": 3, "T8": 4, "C1": 5, "T3": 6, "T4": 7, "T7": 8}
TOP, FIRST, SCHEMES, KEPT = {"T1": 17, "T5": 13, "T2": 11, "T8": 6, "C1": 4}, {"T1": 14, "T5": 3}, 17, 7
Row = dict[str, Any]


def scores() -> list[Row]:
    """One row a theme; the cross-cutting one has no rank."""
    found = []
    for i, (code, name, band, _) in enumerate(THEMES):
        rank = RANKS.get(code)
        harm, likelihood = 62.0 - 6 * (rank or 4), 70.0 - 5 * (rank or 4)
        risk = harm * likelihood / 100
        found.append({
            "theme_code": code, "theme_name": name, "band": band, "place": i, "harm": harm, "likelihood": likelihood,
            "organisation": 30.0 + 5 * i, "organisation_low": 20.0 + 5 * i, "organisation_high": 60.0 + 5 * i,
            "organisation_grade": "ABCD"[i % 4], "organisation_known_count": 1 if code == "T2" else 3,
            "organisation_grade_best": "A" if code == "T2" else "ABCD"[i % 4],
            "organisation_grade_worst": "D" if code == "T2" else "ABCD"[i % 4], "risk": risk, "priority": risk,
            "confidence": ("Moderate", "High", "Low")[i % 3], "rank": rank,
            "rank_low": max(1, rank - 1) if rank else None, "rank_high": min(8, rank + 2) if rank else None,
            "scheme_count": SCHEMES if rank else None, "kept_scheme_count": KEPT if rank else None,
            "first_scheme_count": FIRST.get(code, 0) if rank else None,
            "top_scheme_count": TOP.get(code, 0) if rank else None,
            "differs_in": "Harm alone" if TOP.get(code, SCHEMES) < SCHEMES else None,
            "automatic_risk": risk - (3.0 if code == "T5" else 0.0),
            "automatic_rank": {"T5": 3, "T2": 2}.get(code, rank), "is_overridden": code == "T5",
            "override_count": 1 if code == "T5" else 0, "measured_count": 6 if code == "T5" else 7,
            "judged_count": 4 if code == "T5" else 3, "part_count": 12, "scheme_version": 1,
            "scheme_hash": "9f2c41d07be35a6680f1", "as_of_date": AS_OF, "known_theme_share": 0.6,
            "is_ranking_shown": True,
        })  # fmt: skip
    return found


def parts() -> list[Row]:
    """One row a theme and part; T5 has one score overridden, T7 a share from three victims."""
    found = []
    for i, (code, _, _, crimes) in enumerate(THEMES):
        for j, (dimension, part, name, weight, basis) in enumerate(PARTS):
            is_measured = basis == "measured"
            score = (i + j) % 5 if basis != "not measured" else None
            small = code == "T7" and part == "physical"
            is_overridden = code == "T5" and part == "physical"
            found.append({
                "theme_code": code, "dimension": dimension, "part_code": part, "part_name": name, "weight": weight,
                "basis": basis, "indicator": f"what {name.lower()} rests on",
                "value": (3 / crimes if small else (10 + j) / 100) if is_measured else None, "unit": "share",
                "numerator": (3 if small else crimes * (10 + j) // 100) if is_measured else None,
                "denominator": crimes if is_measured else None, "lower": 0.05 if is_measured else None,
                "upper": 0.25 if is_measured else None, "automatic_score": score,
                "score": 3 if is_overridden else score, "points": (0, 1, 2, 4, 8)[score] if score is not None else None,
                "override_ref": "OV-0001" if is_overridden else None,
                "note": "" if is_measured else f"{name} is {basis}",
            })  # fmt: skip
    return found


def facts() -> list[Row]:
    """One row a theme and fact; one section has a fact that is not measured."""
    found = []
    for i, (code, _, _, crimes) in enumerate(THEMES):
        given: list[tuple[str, str, str, str, float | None, int | None, int | None]] = [
            ("scale", "crimes_12_months", "Crimes recorded in twelve months", "crimes", crimes, None, None),
            ("scale", "rate", "Crimes a year per 1,000 residents", "per 1,000", crimes / 600, crimes, 600_000),
            ("trend", "change", "Crimes in the twelve months before", "crimes", crimes - 40 + 9 * i, None, None),
            ("victims", "victims", "Victims", "victims", crimes * 9 // 10, None, None),
            ("victims", "repeat_victims", "Victims with a second crime in a year", "share", 0.18,
             crimes * 18 // 100, crimes),
            ("suspects", "named", "Crimes with a named suspect", "share", 0.7, crimes * 7 // 10, crimes),
            ("relationship", "former", "Suspect is a partner or former partner", "share", 0.4,
             crimes * 4 // 10, crimes),
            ("place", "online", "Online", "share", 3 / crimes, 3, crimes),
            ("harm", "violence", "With violence on record between the two within a year", "share", 0.11,
             crimes * 11 // 100, crimes),
            ("outcomes", "charged", "Charged within 365 days", "share", 0.12, crimes * 12 // 100, crimes),
            ("forecast", "next_12", "Crimes expected in the next twelve months", "crimes", crimes * 1.03, None, None),
            ("response", "days_open", "Median age of open cases", "days", 61.0 + i, None, crimes // 3),
            ("response", "training", "Officers trained", "share", None, None, None),
        ]  # fmt: skip
        for section, fact, label, unit, value, above, below in given:
            has_interval = unit == "share" and value is not None
            found.append({
                "theme_code": code, "section": section, "fact_code": fact, "label": label, "value": value, "unit": unit,
                "numerator": above, "denominator": below, "lower": value * 0.9 if has_interval and value else None,
                "upper": value * 1.1 if has_interval and value else None, "period": "year ending Oct 2025",
                "note": "no training table in the extract" if value is None
                else f"which held {i % 4} of 3 earlier months" if section == "forecast" else "",
            })  # fmt: skip
    return found


def breakdowns() -> list[Row]:
    """Victims by sex and the districts of each theme; T1 rose in one part, T3 has nothing to compare with."""
    found = []
    for code, _, _, crimes in THEMES:
        for place, (by, part, share) in enumerate([
            ("victim_sex", "female", 0.75), ("victim_sex", "male", 0.25), ("district", "Invented District 1", 0.6),
            ("district", "small parts together", 0.4),
        ]):  # fmt: skip
            now, risen = round(crimes * share), code == "T1" and part == "female"
            before = None if code == "T3" else now - 120 if risen else now
            found.append({
                "theme_code": code, "breakdown": by, "breakdown_value": part, "place": place % 2 + 1, "numerator": now,
                "denominator": crimes, "value": now / crimes, "count_before": before,
                "change_count": None if before is None else now - before,
                "part_count": 3 if part == "small parts together" else 1,
            })  # fmt: skip
    return found


def months() -> list[Row]:
    """Twenty-four months a theme; T7 has months with fewer than five."""
    return [
        {"theme_code": code, "month": dt.date(2023 + (10 + m) // 12, (10 + m) % 12 + 1, 1),
         "crime_count": max(0, round(crimes / 12) + (m * 7 + 3 * i) % 9 - 4)}
        for i, (code, _, _, crimes) in enumerate(THEMES) for m in range(24)
    ]  # fmt: skip


def verdicts() -> list[Row]:
    """One theme ends a run above its average, one lies below its limit, one is without enough months."""
    signals, chances = {"T3": "shift", "T5": "beyond_limit"}, {"T3": 0.022}
    said = {"T3": "higher", "T5": "lower", "T7": "not_charted", "T6": "not_enough_points"}
    return [
        {"theme_code": code, "verdict": said.get(code, "no_change"), "latest_month": dt.date(2025, 10, 1),
         "segment_first_month": dt.date(2024, 2, 1), "segment_point_count": 20, "expected_false_signals": 0.25,
         "chance_of_signal": chances.get(code, 0.015), "signal": signals.get(code),
         "is_new": code in said}
        for code, *_ in THEMES
    ]  # fmt: skip


def schemes() -> list[Row]:
    """One other scheme, which turns the second and the fourth theme round."""
    ranks = RANKS | {"T5": 4, "T8": 2}
    return [
        {"scheme_code": "harm_only", "scheme_name": "Harm alone", "scheme_place": 1, "reason": "an invented reason",
         "theme_code": code, "risk": 40.0 - rank, "rank": rank, "is_top": rank <= 3, "is_kept": False}
        for code, rank in ranks.items()
    ]  # fmt: skip


def confidence() -> list[Row]:
    """One row a theme and component."""
    named = [("suspect_identified", "Suspects identified", 0.71, "Moderate"),
             ("linkage_precision", "Precision of linkage", 0.97, "High"),
             ("recording_accuracy", "Recording accuracy, lower limit", None, "not measured")]  # fmt: skip
    return [
        {"theme_code": code, "component_code": c, "component_name": name, "value": value, "grade": grade,
         "is_small": False,
         "note": "" if value is not None else "no audit has been signed off"}
        for code, *_ in THEMES for c, name, value, grade in named
    ]  # fmt: skip


def gaps() -> list[Row]:
    """Gaps, the one that decides the first three first."""
    return [
        {"gap_code": f"G-{code}-{part}", "theme_code": code, "part_code": part, "gap": words, "kind": kind,
         "rank_low": low, "rank_high": high, "is_decisive": bool(low and low <= 3 < high), "place": place, "note": note}
        for place, (code, part, words, kind, low, high, note) in enumerate([
            ("T2", "financial", "Losses and moves of home are not recorded", "not measured", 2, 5, ""),
            ("T5", "capability", "Who is trained is not known", "not measured", None, None, ""),
            ("T7", "public", "Few independent sources", "low confidence", None, None, "one source alone"),
            ("T8", "public", "Public expectation: judged, not measured", "entered", 4, 4, "two reviews named it"),
        ], start=1)
    ]  # fmt: skip


def register_entries() -> list[Row]:
    """Rows of the registers as they stand."""

    def row(register: str, ref: str, title: str, theme: str | None, owner: str, due: dt.date | None, status: str,
            metric: str | None, is_overdue: bool, is_starter: bool, **fields: Any) -> Row:  # fmt: skip
        return {"register": register, "entry_ref": ref, "title": title, "theme_code": theme, "owner": owner,
                "due_date": due, "status": status, "metric_code": metric, "is_overdue": is_overdue,
                "is_starter": is_starter, "is_closed": False, "fields": json.dumps(fields)}  # fmt: skip

    return [
        row("pestelo", "P-01", "Victim services have short-term funding", None, "", None, "open", None, False, True,
            factor="economic", relevance=3, horizon="12 months", source="APCC"),
        row("pestelo", "P-02", "Trackers and deepfakes", "T3", "", None, "open", None, False, True,
            factor="technological", relevance=4, horizon="24 months", source="College of Policing"),
        row("intelligence_gaps", "IG-01", "Losses and moves of home are not recorded", "T2", "Head of intelligence",
            dt.date(2026, 1, 31), "open", None, False, False, why="harm is understated", plan="ask victims"),
        row("recommendations", "R-01", "Two more order officers", "T5", "Head of public protection",
            dt.date(2025, 12, 31), "needs_decision", "orders_binding", False, False, heading="protect",
            decision_asked="approve two posts", cost="£96,000 a year",
            effect="invented: breaches answered within a day"),
        row("recommendations", "R-02", "Serial suspects adopted for management", "T6", "Head of intelligence",
            dt.date(2025, 9, 30), "open", "serial_suspects_managed", True, False, heading="pursue",
            snapshot={"metric_code": "serial_suspects_managed", "value": 0.05, "numerator": 8, "denominator": 160,
                      "published_at": "2025-06-30T09:00:00+00:00", "manifest_hash": "0" * 64}),
        row("guidance", "GU-01", "Stalking Protection Act: statutory guidance", None, "Head of public protection",
            dt.date(2026, 4, 1), "open", None, False, True, version="2024"),
    ]  # fmt: skip


def overrides() -> list[Row]:
    """The one override in force."""
    return [
        {"theme_code": "T5", "part_code": "physical", "override_ref": "OV-0001", "score_when_made": 4,
         "override_score": 3, "reason_code": "local_knowledge", "evidence_ref": "E-1", "valid_to": dt.date(2099, 6, 30),
         "rationale": "Injuries of the quarter were read one by one; two thirds were recorded twice."}
    ]  # fmt: skip


def changes() -> list[Row]:
    """Beside an earlier assessment: one theme rose beyond both ranges, the others did not move."""
    return [
        {"theme_code": code, "last_assessment_ref": "A-1", "last_title": "Spring", "last_scheme_version": 1,
         "last_as_of_date": dt.date(2025, 4, 30), "last_risk": 20.0, "last_rank_low": 7, "last_rank_high": 8,
         "last_rank": 8 if code == "T2" else RANKS.get(code),
         "change": {"T2": "higher", "T5": "overridden"}.get(code, "no clear change")}
        for code, *_ in THEMES
    ]  # fmt: skip


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published to command, and to integrity."""
    made = {
        "metrics.theme_scores": scores(), "metrics.theme_parts": parts(), "metrics.theme_facts": facts(),
        "metrics.theme_months": months(), "metrics.theme_verdicts": verdicts(), "metrics.theme_schemes": schemes(),
        "metrics.theme_confidence": confidence(), "metrics.theme_gaps": gaps(),
        "metrics.theme_breakdowns": breakdowns(),
        "core.register_entries": register_entries(), "core.score_overrides": overrides(),
        "reference.themes": [
            {"theme_code": code, "theme_name": name, "band": band, "definition": f"Crimes of {name.lower()}",
             "break_class": "S&H", "place": place} for place, (code, name, band, _) in enumerate(THEMES, start=1)],
        "reference.theme_parts": [
            {"dimension": d, "part_code": p, "part_name": n, "weight": w, "indicator": f"what {n.lower()} rests on",
             "basis": b} for d, p, n, w, b in PARTS],
    }  # fmt: skip
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in made.items()}


@cache
def _published() -> dict[str, dict[str, pl.DataFrame]]:
    return published_home.tables()


def assessment_home(home: Path, *, audiences: Sequence[str] = ("command",), **changed: pl.DataFrame | None) -> Path:
    """A home with an assessment; `metrics__theme_gaps=None` leaves a table of the command copy out."""
    given = {name.replace("__", "."): frame for name, frame in changed.items()}
    for audience in audiences:
        held = _published()[audience]
        if audience == "command":
            held = {name: frame for name, frame in (held | command_tables() | given).items() if frame is not None}
        published_home.publish(home, audience, held)
    return home

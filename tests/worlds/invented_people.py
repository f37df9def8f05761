"""Invented suspects, pairs and timelines in the shape of the published tables. Plain functions, no fixtures."""

import datetime as dt
from typing import Any

import polars as pl

AS_OF = dt.datetime(2025, 10, 31, tzinfo=dt.UTC)
HOSTILE = "<b>x</b>"  # a reference as a delivered file may hold it
WORST, OPEN, LONE = "P-AAA", "P-CCC", "P-DDD"  # ranked first; without a score; a single event
DYAD, HOSTILE_DYAD, VICTIMLESS = "d1", "<i>d2</i>", "d3"
FILLERS = 110


def ago(days: float) -> dt.datetime:
    return AS_OF - dt.timedelta(days=days)


def suspect(ref: str, window: int = 730, **changed: Any) -> dict[str, Any]:
    """A person with one event in a window, and a low score."""
    return {
        "person_ref": ref, "window_days": window, "event_count": 1, "crime_count": 1, "victim_count": 1,
        "vulnerable_victim_count": 0, "is_repeat": False, "is_serial": False, "last_reported_at": ago(300),
        "harm_cchi": None, "harm_css": 8.0, "is_severity_assumed": False, "harm_behaviour": 1.0,
        "behaviour_event_count": 1, "rfgv_score": 15.0, "recency": 0.3, "frequency": 0.1, "gravity": 0.1,
        "victims": 0.1, "linkage_confidence": None, "linkage_mark": "one record", "banded_score": None,
        "banded_rank": None, "recency_points": None, "frequency_points": None, "gravity_points": None,
        "victims_points": None, "list_rank": None,
    } | changed  # fmt: skip


def repeat_suspects() -> pl.DataFrame:
    """Four people to tell apart and a hundred and ten beside them."""
    worst = {"event_count": 6, "crime_count": 8, "victim_count": 3, "vulnerable_victim_count": 1, "is_repeat": True,
             "is_serial": True, "last_reported_at": ago(20), "harm_css": 210.0, "is_severity_assumed": True,
             "harm_behaviour": 14.0, "behaviour_event_count": 5, "rfgv_score": 82.5, "recency": 0.93,
             "frequency": 0.87, "gravity": 0.9, "victims": 0.6, "linkage_confidence": 0.995,
             "linkage_mark": "sure"}  # fmt: skip
    hostile = {"event_count": 2, "is_repeat": True, "rfgv_score": 61.0, "recency": 0.9, "harm_behaviour": 20.0,
               "linkage_confidence": 0.61, "linkage_mark": "doubtful"}  # fmt: skip
    unscored = {"event_count": 7, "victim_count": 2, "is_repeat": True, "is_serial": True, "harm_css": None,
                "rfgv_score": None, "gravity": None, "linkage_mark": "not measured"}  # fmt: skip
    rows = [suspect(WORST, 90, **worst | {"event_count": 1, "rfgv_score": 40.0}), suspect(WORST, 365, **worst),
            suspect(WORST, **worst), suspect(WORST, 1095, **worst | {"event_count": 9})]  # fmt: skip
    rows += [suspect(HOSTILE, days, **hostile) for days in (730, 1095)]
    rows += [suspect(OPEN, days, **unscored) for days in (730, 1095)]
    rows += [suspect(LONE, days, rfgv_score=20.0) for days in (365, 730, 1095)]
    rows += [suspect(f"P-F{n:03d}", rfgv_score=10.0 + n / 100) for n in range(FILLERS)]
    floats = ("harm_cchi", "harm_css", "rfgv_score", "gravity", "linkage_confidence", "banded_score", "recency_points",
              "frequency_points", "gravity_points", "victims_points")  # fmt: skip
    return pl.DataFrame(rows[::-1], infer_schema_length=None, schema_overrides=dict.fromkeys(floats, pl.Float64) | {
        "window_days": pl.Int32, "banded_rank": pl.Int64}).with_columns(
        list_rank=pl.col("rfgv_score").rank("ordinal", descending=True).over("window_days").cast(pl.Int64))  # fmt: skip


def with_points(rows: pl.DataFrame) -> pl.DataFrame:
    """The same people by a force's own points table: the hostile reference first, and one of unknown harm nowhere."""
    parts = {"recency_points": 10.0, "frequency_points": 5.0, "gravity_points": 8.0, "victims_points": 7.5}
    is_first, is_open = pl.col("person_ref") == HOSTILE, pl.col("person_ref") == OPEN
    return rows.with_columns(
        banded_score=pl.when(is_open).then(None).when(is_first).then(30.5).otherwise(4.0),
        banded_rank=pl.when(is_open).then(None).when(is_first).then(1).otherwise(2).cast(pl.Int64),
        **{name: pl.when(is_open & (pl.lit(name) == "gravity_points")).then(None).when(is_first).then(value)
           .otherwise(1.0) for name, value in parts.items()})  # fmt: skip


def points_states(state: str = "loaded") -> pl.DataFrame:
    """Whether a points table is loaded."""
    return pl.DataFrame({"list_code": ["rfgv_points"], "is_loaded": [state.startswith("loaded")], "state": [state],
                         "file_name": ["matac.csv"]})  # fmt: skip


def points_bands() -> pl.DataFrame:
    """A table of few bands, not in order."""
    rows = [("victims", 0.0, None, 0.0, None), ("recency", 28.0, None, 1.0, "board of May"),
            ("recency", 0.0, 28.0, 10.5, "board of May"), ("gravity", 0.0, None, 1.0, None),
            ("frequency", 1.0, None, 2.0, None)]  # fmt: skip
    names = ["component", "from_value", "to_value", "points", "band_source"]
    return pl.DataFrame(rows, schema=names, orient="row")


def repeat_management() -> pl.DataFrame:
    """The first is managed three ways, the others are not."""
    kept = repeat_suspects().filter(pl.col("is_repeat") | pl.col("is_serial"))
    is_first = pl.col("person_ref") == WORST
    return kept.select("person_ref", "window_days", "event_count", "victim_count", "is_repeat", "is_serial",
                       "rfgv_score", "linkage_mark").with_columns(
        order_count=pl.when(is_first).then(2).otherwise(0), bail_count=pl.when(is_first).then(1).otherwise(0),
        programme_count=pl.when(is_first).then(1).otherwise(0), programmes=pl.when(is_first).then(pl.lit("matac")),
        is_managed=is_first)  # fmt: skip


def management_overlap(*, orders: bool = True, bail: bool = True, programmes: bool = True) -> pl.DataFrame:
    """Which tables of what manages people were delivered."""
    return pl.DataFrame({"window_days": [730], "is_orders_measured": [orders], "is_bail_measured": [bail],
                         "is_programmes_measured": [programmes]})  # fmt: skip


def repeat_dyads() -> pl.DataFrame:
    """The first person with two victims, the hostile reference with one."""
    pairs = [(DYAD, WORST, "P-V1", 5, 6), ("d4", WORST, "P-V2", 1, 2), (HOSTILE_DYAD, HOSTILE, "<i>v</i>", 2, 2)]
    rows = [
        {"dyad_ref": dyad, "suspect_ref": suspect, "victim_ref": victim, "window_days": days, "event_count": events,
         "crime_count": crimes, "is_repeat": events > 1, "first_event_at": ago(400), "last_reported_at": ago(20)}
        for dyad, suspect, victim, events, crimes in pairs for days in (730, 1095)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"window_days": pl.Int32})


def dyad_escalation() -> pl.DataFrame:
    """One dyad tested: its frequency rises beyond chance, its severity only seems to."""
    rows = [(DYAD, "frequency", 5, "tested", 0.9, 0.001, 0.01, "rising", True),
            (DYAD, "severity", 5, "tested", 0.4, 0.3, 0.6, "rising", False)]  # fmt: skip
    names = ["dyad_ref", "measure", "event_count", "status", "tau", "p_value", "q_value", "direction", "is_called"]
    return pl.DataFrame(rows, schema=names, orient="row")


def dyad_timeline() -> pl.DataFrame:
    """Five events of two people with an order, a breach and what followed; a hostile pair; a crime without a victim."""
    rows = [
        (400, "report", "C1", "class 8L: no behaviour found", 1),
        (398, "report", "C2", "class 8Q: stalking behaviour, online", 1),
        (397, "risk assessment", "R1", "grade medium", 1),
        (390, "arrest", "K1", "for crime C2", 1),
        (380, "outcome", "U1", "outcome 16 of crime C1, no longer current", 1),
        (350, "order granted", "O1", "spo_full", None),
        (200, "report", "C3", "class 8Q: behaviour not measured", 2),
        (100, "order breach", "B1", "spo_full, crime C4", 3),
        (100, "report", "C4", "class 8Q: threat, breach of an order", 3),
        (99, "risk assessment", "R2", "grade high", 3),
        (60, "report", "C5", "class 8Q: threat", 4),
        (20, "report", "C6", "class 8Q: threat, fixated or obsessive", 5),
        (-300, "order expires", "O1", "spo_full", None),
    ]  # fmt: skip
    entries = [(DYAD, WORST, "P-V1", ago(days), *rest) for days, *rest in rows]
    entries += [(HOSTILE_DYAD, HOSTILE, "<i>v</i>", ago(50), "report", "<u>C8</u>", "class <s>8L</s>: threat", 1),
                (HOSTILE_DYAD, HOSTILE, "<i>v</i>", ago(40), "order granted", "<u>O8</u>", "<s>order</s>", None),
                (VICTIMLESS, WORST, None, ago(30), "report", "C9", "class 8L: online", 1)]  # fmt: skip
    names = ["dyad_ref", "person_ref", "victim_ref", "entry_at", "entry_type", "record_ref", "words", "event_number"]
    return pl.DataFrame(entries[::-1], schema=names, orient="row", infer_schema_length=None)


def v100() -> pl.DataFrame:
    """A list of three, the other way round than by score; the last has reports in the year of an older event."""
    return pl.DataFrame({"person_ref": ["P-OLD", WORST, LONE], "crime_count": [2, 3, 2],
                         "harm_days": [20.0, 200.0, 410.0], "assumed_crime_count": [0, 0, 1], "rank": [3, 2, 1],
                         "linkage_mark": ["likely", "sure", "one record"]})  # fmt: skip


def settings() -> pl.DataFrame:
    """Those of the score."""
    rows = [("rfgv.lens", 2.0, "lens", "Lens of harm", "house")]
    rows += [(f"rfgv.{name}_weight", 0.25, "share", f"Weight of {name}", "house")
             for name in ("recency", "frequency", "gravity", "victims")]  # fmt: skip
    return pl.DataFrame(rows, schema=["key", "value", "unit", "meaning", "authority"], orient="row")


def integrity_tables() -> dict[str, pl.DataFrame]:
    """What the integrity audience gets of it; the V100 list needs the force's own harm index and is not there."""
    return {
        "metrics.repeat_suspects": repeat_suspects(), "metrics.repeat_management": repeat_management(),
        "metrics.management_overlap": management_overlap(), "metrics.repeat_dyads": repeat_dyads(),
        "metrics.dyad_escalation": dyad_escalation(), "metrics.dyad_timeline": dyad_timeline(),
    }  # fmt: skip

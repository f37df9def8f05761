"""Invented tables of repeat and serial suspects in the shape of the published ones. Plain functions, no fixtures."""

import datetime as dt
from typing import Any

import polars as pl

from assets.methods.small_areas import compared_areas

FIGURES = {  # address -> the figures that its page shows of these rows
    "repeat_and_serial_suspects": [
        "repeat-windows", "next-event", "next-event-weeks", "managed-suspects",
        "list-back-test",
    ],
}  # fmt: skip

AS_OF = dt.datetime(2025, 10, 31, tzinfo=dt.UTC)
FIRST_ORIGIN = dt.datetime(2023, 10, 1, tzinfo=dt.UTC)
ORIGINS = 6
CAUSES = ("same victim", "another victim", "death")
NAMED = ("repeat_summary", "next_event_incidence", "next_event_weeks", "escalation_summary",
         "management_overlap", "management_funnel", "ranking_backtest", "score_after_listing",
         "repeat_by_area", "ranking_choice")  # fmt: skip


def repeat_summary() -> pl.DataFrame:
    """Four windows; the longest reaches back beyond the extract."""
    rows = [(90, True, 300, 30, 260, 60, 220, 20, 3, 0), (365, True, 1200, 120, 1000, 340, 800, 120, 24, 16),
            (730, True, 2400, 240, 2000, 700, 1500, 255, 60, 30),
            (1095, False, 2900, 300, 2400, 900, 1800, 324, 80, 36)]
    names = ["window_days", "is_whole_window", "crime_count", "unknown_suspect_crime_count", "event_count",
             "repeat_event_count", "suspect_count", "repeat_suspect_count", "serial_suspect_count",
             "unlinked_suspect_count"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        as_of_at=pl.lit(AS_OF), dyad_count=pl.col("suspect_count") + 20, repeat_dyad_count=pl.col("suspect_count") // 9,
        victim_count=pl.col("suspect_count") + 60, repeat_victim_count=pl.col("suspect_count") // 8)


def next_event_incidence() -> pl.DataFrame:
    """Rising curves for the same and another victim; nobody died."""
    rows: list[dict[str, Any]] = []
    for cause, last in zip(CAUSES, (0.2, 0.04, 0.0)):
        for day in sorted({*range(0, 366, 7), 30, 90, 180, 365}):
            share = last * min(1.0, (day / 365) ** 0.5)
            bound = 0.01 if share else None
            rows.append({"cause": cause, "day": day, "is_headline": day in (30, 90, 180, 365), "incidence": share,
                         "lower": max(0.0, share - 0.01) if bound else None, "upper": share + 0.01 if bound else None,
                         "at_risk_count": 1800 - 3 * day, "person_count": 1800})
    return pl.DataFrame(rows)


def next_event_weeks() -> pl.DataFrame:
    """Weeks 2 to 5 above the band, weeks 20 and 21 below it."""
    rows = []
    for week in range(1, 27):
        hazard = 0.0 if week == 1 else 0.03 if week <= 5 else 0.001 if week in (20, 21) else 0.008
        rows.append({"week": week, "event_count": round(hazard * 2000), "at_risk_count": 2000, "hazard": hazard,
                     "permuted_median": 0.0 if week == 1 else 0.008, "permuted_lower": 0.0 if week == 1 else 0.005,
                     "permuted_upper": 0.0 if week == 1 else 0.012})
    return pl.DataFrame(rows)


def escalation_summary(rising: int = 0, falling: int = 0) -> pl.DataFrame:
    """Forty dyads tested; as many rise and fall in frequency as asked for, none in severity."""
    return pl.DataFrame({"measure": ["frequency", "severity"], "dyad_count": [1900] * 2, "repeat_dyad_count": [250] * 2,
                         "tested_count": [40, 40], "able_count": [30, 25],
                         "rising_count": [rising, 0], "falling_count": [falling, 0]})


def management_overlap(bail: bool = True) -> pl.DataFrame:
    """Half of repeat suspects managed; of serial ones two thirds are not."""
    rows = [(90, 20, 8, 3, 1, 2, 4, 3, 2), (365, 120, 60, 24, 8, 16, 30, 24, 12),
            (730, 255, 100, 60, 20, 40, 50, 40, 20), (1095, 324, 120, 80, 25, 55, 60, 50, 25)]
    names = ["window_days", "repeat_count", "repeat_managed_count", "serial_count", "serial_managed_count",
             "serial_unmanaged_count", "repeat_with_order_count", "repeat_with_bail_count",
             "repeat_with_programme_count"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        is_orders_measured=pl.lit(value=True), is_bail_measured=pl.lit(value=bail),
        is_programmes_measured=pl.lit(value=True))


def management_funnel() -> pl.DataFrame:
    """Two programmes; three people have left one of them, and nobody the other."""
    stages = ("identified", "ranked", "adopted", "plan", "review", "exit")
    rows = [(programme, stage, i, count, count // 2)
            for programme, counts in (("mappa", (30, 22, 18, 12, 7, 3)), ("drive", (40, 31, 20, 15, 9)))
            for i, (stage, count) in enumerate(zip(stages, counts), start=1)]
    names = ["programme", "stage", "stage_place", "person_count", "repeat_suspect_count"]
    return pl.DataFrame(rows, schema=names, orient="row")


def origin(month: int) -> dt.datetime:
    """The first of a month after the first origin."""
    return FIRST_ORIGIN.replace(year=2023 + (9 + month) // 12, month=(9 + month) % 12 + 1)


def ranking_backtest() -> pl.DataFrame:
    """The score ahead of the count at the even origins alone."""
    rows: list[dict[str, Any]] = []
    for i in range(ORIGINS):
        for method, captured in (("score", 60 if i % 2 == 0 else 50), ("event count", 55)):
            rows.append({"as_of_at": origin(i), "method": method, "listed_count": 100, "ranked_count": 1500,
                         "high_harm_event_count": 200, "of_ranked_count": 120, "captured_count": captured,
                         "captured_share": captured / 200, "captured_at_random": 0.04,
                         "listed_with_high_harm_count": 30, "stability": None if i == 0 else 0.7})
    return pl.DataFrame(rows, infer_schema_length=None)


def repeat_by_area(days: tuple[int, ...] = (90, 365, 730, 1095), **counts: tuple[int, int]) -> pl.DataFrame:
    """Six wards that differ beyond chance and suspects without one, unless other counts are asked for; drawn anew."""
    areas = counts or {"Abbey": (60, 120), "Bridge": (30, 200), "Castle": (18, 180), "Dock": (3, 90), "East": (2, 12),
                       "Field": (9, 29)}  # fmt: skip
    rows = [{"window_days": d, "area_type": "ward", "area_code": f"E05{name}", "area_name": f"{name}, Town",
             "suspect_count": total, "repeat_suspect_count": again} for d in days for name, (again, total) in
            areas.items()]  # fmt: skip
    rows += [{"window_days": d, "area_type": "none", "area_code": "none", "area_name": "No area on the record",
              "suspect_count": 80, "repeat_suspect_count": 20} for d in days]  # fmt: skip
    settings = pl.DataFrame({"key": ["shares.minimum_denominator", "intervals.z"], "value": [30.0, 1.96]})
    return compared_areas(pl.DataFrame(rows), settings)


def ranking_with_points() -> pl.DataFrame:
    """The same with a force's own points table, ahead of the count at one origin of six."""
    score = ranking_backtest().filter(pl.col("method") == "score").sort("as_of_at")
    captured = pl.Series([58, *[54] * (ORIGINS - 1)])
    points = score.with_columns(method=pl.lit("points table"), captured_count=captured, captured_share=captured / 200)
    return pl.concat([ranking_backtest(), points])


def score_after_listing() -> pl.DataFrame:
    """A smaller fall among those adopted; two people were managed before."""
    rows = []
    for cohort, first, step, people in (("adopted since", 70.0, 0.5, 20), ("never managed", 60.0, 1.0, 78),
                                        ("managed before", 65.0, 2.0, 2)):
        rows += [{"cohort": cohort, "months_since": i, "as_of_at": origin(i), "person_count": people,
                  "mean_score": first - step * i, "mean_event_count": 3.0} for i in range(ORIGINS)]
    return pl.DataFrame(rows)


def ranking_by_group() -> pl.DataFrame:
    """Two sexes alike, and an age group of few people."""
    rows = [("score", "sex", "female", 8000, 300, 200, 80), ("score", "sex", "male", 8200, 320, 210, 84),
            ("score", "age", "under 25", 40, 6, 4, 1), ("event count", "sex", "female", 6000, 280, 200, 76),
            ("event count", "sex", "male", 6100, 320, 210, 80), ("event count", "age", "under 25", 30, 2, 4, 0)]
    names = ["method", "group_type", "group_name", "ranked_count", "listed_count", "high_harm_count", "captured_count"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        listed_without_count=pl.col("listed_count") - pl.col("captured_count"),
        captured_share=pl.col("captured_count") / pl.col("high_harm_count"),
    ).with_columns(
        false_positive_share=pl.col("listed_without_count") / (pl.col("ranked_count") - pl.col("high_harm_count")))


def lens_agreement() -> pl.DataFrame:
    """Three lenses in the usual window; in the others severity and behaviour alone."""
    rows = [(365, "sentencing", "severity", 300, 0.7, 0.64, 0.76, 102, 100, 70, 0.53),
            (365, "sentencing", "behaviour", 280, 0.3, 0.22, 0.38, 101, 100, 40, 0.25),
            *((days, "severity", "behaviour", 500, 0.4, 0.33, 0.47, 100, 100, 50, 0.33) for days in (90, 365, 730))]
    names = ["window_days", "lens", "other_lens", "person_count", "tau", "lower", "upper", "listed_count",
             "other_listed_count", "on_both_count", "overlap"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(list_length=pl.lit(100, dtype=pl.Int64))


def command_tables() -> dict[str, pl.DataFrame]:
    """What the command audience gets of suspects."""
    made = (repeat_summary(), next_event_incidence(), next_event_weeks(),
            escalation_summary(), management_overlap(), management_funnel(), ranking_backtest(), score_after_listing(),
            repeat_by_area(), ranking_choice())
    return dict(zip((f"metrics.{name}" for name in NAMED), made, strict=True))


def integrity_tables() -> dict[str, pl.DataFrame]:
    """What the model card reads."""
    return {"metrics.ranking_backtest": ranking_backtest(), "metrics.ranking_by_group": ranking_by_group(),
            "metrics.ranking_choice": ranking_choice(), "core.ranking_weights": ranking_weights()}  # fmt: skip


def ranking_choice(used: str = "score") -> pl.DataFrame:
    """The score clearly ahead of the count; a regression that was made at three of six origins."""
    names = ["method", "place", "is_tested", "origin_count", "high_harm_event_count", "captured_count", "mean_share",
             "share_lower", "share_upper", "random_share", "difference", "difference_lower", "difference_upper",
             "beaten_by"]
    lower = 0.002 if used == "score" else -0.002
    rows = [("event count", 1, True, 6, 1200, 330, 0.25, 0.22, 0.28, 0.04, None, None, None,
             "score" if used == "score" else None),
            ("score", 3, True, 6, 1200, 350, 0.27, 0.24, 0.3, 0.04, 0.02, lower, 0.038, None),
            ("regression", 4, False, 3, 600, 160, None, None, None, None, None, None, None, None)]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(is_used=pl.col("method") == used)


def ranking_weights() -> pl.DataFrame:
    """A fit at the last moment."""
    return pl.DataFrame({"as_of_at": [AS_OF], "training_person_count": [1400], "training_event_count": [90],
                         "intercept": [-4.5], "recency": [3.25]})

"""Parts and values of invented themes: what the tests of scores and pages start from."""

import datetime as dt
from functools import lru_cache
from typing import Any

import polars as pl
from worked import Row, made

from assets.reference import list_path
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import reads

FIGURES = {  # address -> the figures that its page shows of these rows
    "the_assessment": ["assessment-matrix", "assessment-places"],
    "theme": ["theme-months"],
}  # fmt: skip

WORKED = {  # strategic-assessment 2.5: scores of the worked example
    "physical": 2, "psychological": 4, "financial": 2, "community": 2, "public_expectation": 3, "environmental": 0,
    "volume": 4, "trend": 2, "repeat": 3, "capacity": 3, "caseload": 3, "capability": 3, "recording": 3,
    "audit": 3, "reputation": 3,
}  # fmt: skip


def scheme(**changes: float) -> list[Row]:
    """The scheme as it ships, with values by key in place of those that ship."""
    rows = made("core.scoring_scheme")
    assert not set(changes) - {row["key"] for row in rows}
    return [row | {"value": changes.get(row["key"], row["value"])} for row in rows]


def parts(theme: str, scores: dict[str, int | None], rows: list[Row] | None = None, **more: Any) -> list[Row]:
    """Rows of metrics.theme_parts for a theme with these scores, by the scheme."""
    held = rows or scheme()
    points = {int(row["key"]): row["value"] for row in held if row["subject"] == "score_points"}
    unknown = sum(points.values()) / len(points)
    weights = {row["key"].split("/")[1]: row for row in held if row["subject"] == "weight"}
    return [
        {
            "theme_code": theme, "dimension": weight["key"].split("/")[0], "part_code": part, "weight": weight["value"],
            "basis": "not measured" if scores.get(part) is None else "measured",
            "automatic_score": scores.get(part), "score": scores.get(part),
            "automatic_points": points.get(scores.get(part), unknown), "points": points.get(scores.get(part), unknown),
            **more,
        }
        for part, weight in weights.items()
    ]  # fmt: skip


def value(theme: str, part: str, scale: str = "share", basis: str = "measured", **more: Any) -> Row:
    """A row of metrics.theme_part_values."""
    return {
        "theme_code": theme, "part_code": part, "scale": scale, "basis": basis, "numerator": None, "denominator": None,
        "given_score": None, "floor_score": None, **more,
    }  # fmt: skip


FACTS: dict[str, dict[str, int | tuple[int, int]]] = {  # theme -> facts as counted
    "T1": {"crimes_year": 620, "crimes_year_before": 560, "crimes_two_years_before": 540, "victims": 480,
           "suspect_named": (600, 620), "violence": (50, 600), "high_risk": (210, 600), "assessed": (600, 620),
           "followed": (180, 540), "charged": (70, 560), "areas": (40, 60), "open": 120, "open_old": (50, 120),
           "below_level": (20, 200), "share_of_themes": (620, 2280), "online": (3, 620)},
    "T2": {"crimes_year": 310, "crimes_year_before": 330, "crimes_two_years_before": 300, "victims": 290,
           "suspect_named": (200, 300), "violence": (12, 200), "high_risk": (60, 300), "assessed": (300, 310),
           "followed": (50, 210), "charged": (20, 320), "areas": (38, 60), "open": 60, "open_old": (10, 60),
           "below_level": (30, 90), "share_of_themes": (310, 2280)},
    "T4": {"crimes_year": 820, "crimes_year_before": 840, "crimes_two_years_before": 790, "victims": 760,
           "suspect_named": (700, 800), "violence": (20, 700), "high_risk": (90, 800), "assessed": (800, 820),
           "followed": (160, 700), "areas": (58, 60), "open": 90, "open_old": (30, 90), "share_of_themes": (820, 2280)},
    "T6": {"crimes_year": 400, "suspect_named": (400, 400), "violence": (60, 400), "high_risk": (150, 400)},
    "C1": {"crimes_year": 530, "crimes_year_before": 500, "crimes_two_years_before": 510, "victims": 500,
           "suspect_named": (480, 520), "violence": (520, 520), "followed": (60, 460), "areas": (50, 60), "open": 40,
           "open_old": (8, 40), "share_of_themes": (530, 2280)},
}  # fmt: skip
MONTHS = {"T1": 50, "T2": 27, "T4": 70, "C1": 44}  # usual crimes of a month; T1 jumps in the last one
AS_OF_AT = dt.datetime(2025, 10, 31, 22, tzinfo=dt.UTC)


def _counts() -> list[Row]:
    return [
        {"theme_code": theme, "fact_code": fact, "numerator": n if isinstance(n, int) else n[0],
         "denominator": None if isinstance(n, int) else n[1]}
        for theme, facts in FACTS.items() for fact, n in facts.items()
    ]  # fmt: skip


STARTS = [dt.date(2022 + (10 + m) // 12, (10 + m) % 12 + 1, 1) for m in range(36)]


def _crimes() -> list[Row]:
    return [
        {"theme_code": theme, "month": month}
        for theme, usual in MONTHS.items() for m, month in enumerate(STARTS)
        for _ in range(usual + (m * 7) % 9 - 4 + (40 if m == 35 and theme == "T1" else 0))
    ]  # fmt: skip


@lru_cache(maxsize=1)
def _built() -> dict[str, list[Row]]:
    """The assessment's tables of an invented force, made by the product's own SQL from what is counted."""
    found: dict[str, list[Row]] = {"metrics.theme_counts": _counts()}
    given = {
        "metrics.theme_chart_points": {
            "core_theme_crimes": _crimes(),
            "metrics_demand_months": [{"source": "extract", "month": month} for month in STARTS],
        }
    }
    found["core.scoring_scheme"] = scheme()
    found["core.extract_moments"] = [{"as_of_at": AS_OF_AT, "last_recorded_at": AS_OF_AT}]
    for table in (
        "metrics.theme_chart_points", "metrics.theme_verdicts", "metrics.theme_months", "metrics.theme_pools",
        "metrics.theme_part_values", "metrics.theme_parts", "metrics.theme_confidence", "metrics.theme_risks",
        "metrics.theme_schemes", "metrics.theme_gaps", "metrics.theme_scores", "metrics.theme_changes",
        "metrics.theme_facts",
    ):  # fmt: skip
        read = {name.replace(".", "_", 1): found[name] for name in reads(all_cards()[table]) if name in found}
        found[table] = made(table, **read, **given.get(table, {}))
    return found


def _frame(table: str) -> pl.DataFrame:
    names = [column.name for column in all_cards()[table].columns]
    rows = _built()[table]
    return (
        pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    )


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published of the assessment to command and integrity."""
    made_here = {t: _frame(t) for t in _built() if t != "core.extract_moments" and "command" in all_cards()[t].audience}
    return made_here | {"reference.themes": pl.read_csv(list_path("themes"))}


def integrity_tables() -> dict[str, pl.DataFrame]:
    """The same, and what a change of the scheme is tried on."""
    return command_tables() | {"metrics.theme_part_values": _frame("metrics.theme_part_values")}

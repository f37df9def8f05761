"""Suspects, their ranks and what is not known, in words.

Pure: published rows in, text and frames out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.parts import filters
from dashboards.text import numbers

Row = Mapping[str, Any]
PAGE = "people_to_look_at"
ADVISORY = (
    "Advisory only: this list says which records to read first. It decides nothing about anybody. Suspects are not "
    "offenders: most are not convicted."
)
CHALLENGE = (
    "To challenge a rank, ask the force crime registrar about the records. Ask the reviewers of links whose records "
    "they are, and the data protection officer about a person's rights. Errors are corrected in the record system, and "
    "the next build uses the corrected records."
)
WINDOWS = {90: "90 days", 365: "a year", 730: "two years", 1095: "three years"}
ORDERS = {  # order -> (words of the filter, words in a sentence, column)
    "score": ("Score", "by score", "rfgv_score"),
    "severity": ("Severity", "by severity (Crime Severity Score weights)", "harm_css"),
    "behaviour": ("Behaviour", "by behavioural severity", "harm_behaviour"),
    "events": ("Events", "by number of events", "event_count"),
    "victims": ("Victims", "by number of different victims", "victim_count"),
}
LIST = "list"  # the way of ranking that the back-test found to be the simplest that is not beaten
POINTS = "points"  # offered where the force loaded its own points table
POINTS_ORDER = ("Points table", "by the force's own points table", "banded_score")
V100 = "v100"
V100_WINDOW = 365
COMPONENTS = {  # column -> (name, what it says)
    "recency": ("Recency", "How long ago the last report was: 1 is today"),
    "frequency": ("Frequency", "Number of events, on a log scale: more always counts for more, and none reaches 1"),
    "gravity": ("Gravity", "Harm of the events, on a log scale: more always counts for more, and none reaches 1"),
    "victims": ("Victims", "Number of different victims, and the share of them who are vulnerable"),
}
# columns of the force's own points table: the sum is always shown with its parts
BANDED = ("banded_score", "banded_rank", *(f"{column}_points" for column in COMPONENTS))
LENSES = {1: "sentencing", 2: "severity", 3: "behaviour"}
WHY_NO_GRAVITY = {
    "sentencing": "an event has no days in the force's own copy of the harm index, or there is no copy",
    "severity": "an event has no severity weight, or there are no weights",
    "behaviour": "no event has words that could be read",
}
LINKAGE = {
    "sure": "The weakest link between this person's records has a probability of 0.99 or more.",
    "likely": "The weakest link between this person's records has a probability of 0.9 to 0.99.",
    "doubtful": "The weakest link between this person's records has a probability below 0.9: these may be records of "
    "two people. Read the records before anything else.",
    "one record": "Every report names the same person record, so nothing had to be linked. Other records of this "
    "person may exist and not have been found.",
    "not measured": "This record has not been through linkage. It counts as one person, who may be on the list twice.",
}
TOO_FEW, NO_CHANGE = "too few events to test", "no change beyond chance"


@dataclass(frozen=True)
class Measured:
    """The management tables that were delivered; None if that is not known."""

    orders: bool | None = None
    bail: bool | None = None
    programmes: bool | None = None

    @property
    def absent(self) -> list[str]:
        """The tables that were not delivered."""
        held = {"orders": self.orders, "bail": self.bail, "programmes": self.programmes}
        return [name for name, is_held in held.items() if not is_held]


def window(days: int) -> str:
    """two years; 30 days."""
    return WINDOWS.get(days, numbers.plural(days, "day"))


def address(**chosen: str) -> str:
    """Address of the page with these choices."""
    return f"{PAGE}?{filters.query(**chosen)}"


def answer(rows: pl.DataFrame, days: int, as_of: str, lens: str | None) -> str:
    """The number of suspects ranked in the window, before any filter."""
    ranked = rows.filter(pl.col("rfgv_score").is_not_null()).height
    period = f"the {window(days)} to {as_of}" if days != 365 else f"the year to {as_of}"
    repeat, serial = int(rows["is_repeat"].sum()), int(rows["is_serial"].sum())
    people = numbers.plural(rows.height, "person is", "people are")
    if rows.is_empty():
        return f"No suspect is named in an event in {period}."
    if not ranked:
        why = why_no_score(rows.row(0, named=True), lens)
        first = f"{people} suspected in {period}; none can be ranked by score: {why}."
    elif ranked == rows.height:
        first = f"{numbers.plural(ranked, 'person is', 'people are')} ranked in {period}."
    else:
        of = numbers.plural(rows.height, "person", "people")
        first = f"{numbers.number(ranked)} of {of} suspected in {period} can be ranked by score."
    return (
        f"{first} {numbers.plural(repeat, 'is a repeat suspect', 'are repeat suspects')} (two or more events), "
        f"{numbers.plural(serial, 'a serial suspect', 'serial suspects')} (two or more victims)."
    )


def lens_of(settings: Mapping[str, float]) -> str | None:
    """The lens of harm used for gravity; None if the setting is not held."""
    value = settings.get("rfgv.lens")
    return None if value is None else LENSES.get(int(value))


def why_no_score(row: Row, lens: str | None) -> str:
    """The component that is not known and why; "" if the score is known."""
    if row["rfgv_score"] is not None:
        return ""
    if row["event_count"] is None:
        return "none of their events began in the window"
    reasons = []
    for column, (name, _) in COMPONENTS.items():
        if row[column] is None:
            why = WHY_NO_GRAVITY.get(lens or "") if column == "gravity" else "the records lack the fields it needs"
            reasons.append(f"{name.lower()} is not known ({why or 'harm is not known'})")
    return "; ".join(reasons) or "not known"


def managed(row: Row, measured: Measured) -> str:
    """A person's orders, bail and programmes: 1 order; bail; matac.

    Never "none" for data that was not delivered.
    """
    if row.get("is_managed") is None:
        return "not compared: neither repeat nor serial"
    parts = []
    if row["order_count"]:
        parts.append(numbers.plural(row["order_count"], "order") + " in force")
    if row["bail_count"]:
        parts.append("on bail")
    if row["programme_count"]:
        parts.append(str(row["programmes"] or numbers.plural(row["programme_count"], "programme")))
    absent = measured.absent
    if len(absent) == 3 and not parts:
        return "not measured"
    gap = f" ({numbers.listed(absent)} not measured)" if absent else ""
    return ("; ".join(parts) or "nothing on record") + gap


def why_unmanaged_is_open(measured: Measured) -> str:
    """What "unmanaged" means while a table is missing; empty if none is."""
    if not measured.absent:
        return ""
    return f"Not measured: {numbers.listed(measured.absent)}. Here unmanaged means not known to be managed."


def harm(value: float | None) -> str:
    """A sum of harm; an unknown one is "not measured", never zero."""
    return "not measured" if value is None else numbers.decimal(value, 1)


def harms(row: Row, lens: str | None) -> str:
    """A person's harm by each lens, and which of them counts."""
    assumed = ", partly from an assumed weight" if row["is_severity_assumed"] else ""
    read = numbers.plural(row["behaviour_event_count"], "event")
    return (
        f"Harm by lens: severity {harm(row['harm_css'])}{assumed}; sentencing {harm(row['harm_cchi'])}; behaviour "
        f"{harm(row['harm_behaviour'])}, from {read} whose words could be read."
        + (f" Gravity uses {lens}." if lens else "")
    )


def points(value: float | None) -> str:
    """12; 7.5; not known."""
    return "not known" if value is None else f"{value:g}"


def component(value: float | None) -> str:
    """0.82; not known."""
    return "not known" if value is None else numbers.decimal(value)


def components(row: Row, settings: Mapping[str, float]) -> pl.DataFrame:
    """One row per component: meaning, value, weight and points in the score."""
    rows = []
    for column, (name, says) in COMPONENTS.items():
        weight = settings.get(f"rfgv.{column}_weight")
        value = row[column]
        points = None if weight is None or value is None else 100 * weight * value
        rows.append((name, says, value, weight, points))
    schema = {"component": pl.String, "says": pl.String, "value": pl.Float64, "weight": pl.Float64,
              "points": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        words=pl.col("value").map_elements(component, return_dtype=pl.String, skip_nulls=False)
    )


def scale(settings: Mapping[str, float]) -> str:
    """The scale of frequency and gravity; "" if a copy of before has no such setting."""
    events, harm = settings.get("rfgv.half_events"), settings.get(f"rfgv.half_{lens_of(settings)}")
    if events is None or harm is None:
        return ""
    return (
        f"Frequency is 0.5 with {events:g} events, gravity with a harm of {harm:g}. More always counts for more, and "
        "neither reaches 1."
    )


def place_finding(row: Row, parts: pl.DataFrame, lens: str | None) -> str:
    """The reasons for this rank, in a sentence."""
    if row["rfgv_score"] is None:
        return f"No score: {why_no_score(row, lens)}"
    highest = pl.col("value").round(2) == pl.col("value").round(2).max()
    most = numbers.listed(name.lower() for name in parts.filter(highest)["component"])
    return f"Score {numbers.decimal(row['rfgv_score'], 1)} of 100, mainly because of {most}"


def change(row: Row | None) -> str:
    """The test of escalation of one dyad and measure.

    Rising and falling only if the test calls it.
    """
    if row is None or row["status"] != "tested":
        return TOO_FEW
    if not row["is_called"]:
        return NO_CHANGE
    return f"{row['direction']}, beyond chance"


def changes(tests: pl.DataFrame, dyad_ref: str) -> tuple[str, str]:
    """Frequency and severity of one dyad."""
    rows = {r["measure"]: r for r in tests.filter(pl.col("dyad_ref") == dyad_ref).iter_rows(named=True)}
    return change(rows.get("frequency")), change(rows.get("severity"))

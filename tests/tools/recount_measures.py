"""The six headline measures of every period, counted in polars and plain Python from a force's files alone.

Nothing of the product is imported. What is asked of single crimes (class, removal, outcome, suspects) is in recount.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import polars as pl
import recount
from delivered_force import (
    CHARGED,
    FORCE,
    LONDON,
    Extract,
    Moments,
    classes,
    is_removed,
    london_day,
    moment,
    months_before,
    next_month,
)

AT_END = ("open_caseload", "repeat_suspect_12m")  # of the end of a month: they do not add up
COUNTS = ("recorded", "open_caseload")  # the others are shares
Cell = tuple[str, date, int, int | None]  # measure, month, counted, of


def monthly(extract: Extract, moments: Moments, covered: Iterable[date], people: Mapping[str, str]) -> pl.DataFrame:
    """Every measure of every month."""
    ends = [month for month in covered if all(months_before(month, ago) in covered for ago in range(12))]
    cells = [*_recorded(extract, moments), *_charged(extract, moments), *_assessed(extract, moments)]
    cells += _open(extract, ends)
    cells += _repeat(extract, moments, ends, people)
    return pl.DataFrame(cells, schema=["measure", "month", "counted", "of"], orient="row")


def _recorded(extract: Extract, moments: Moments) -> list[Cell]:
    """Stalking and harassment by London month of recording, and how many of those within 24 hours of the report."""
    kept = [crime["crime_id"] for crime in extract.crimes() if not is_removed(extract, crime, moments.as_of)]
    at = {
        name: pl.col(f"{name}_ts").str.to_datetime(time_zone="UTC", strict=False) for name in ("reported", "recorded")
    }
    delay = (pl.col("recorded") - pl.col("reported")).dt.total_microseconds()
    crimes = (
        pl.read_csv(extract.data / "force" / "crime.csv", infer_schema=False)
        .filter(pl.col("force_code") == FORCE, pl.col("class_code").is_in(list(classes("in scope"))))
        .join(pl.DataFrame({"crime_id": kept}), on="crime_id", how="semi")
        .with_columns(**at)
        .filter(pl.col("recorded").is_not_null())
        .with_columns(
            month=pl.col("recorded").dt.convert_time_zone(str(LONDON)).dt.date().dt.truncate("1mo"),
            delay=pl.when(delay >= 0).then(delay),
        )
    )
    by_month = crimes.group_by("month").agg(
        all=pl.len(), in_time=(pl.col("delay") <= 24 * 3_600_000_000).sum(), known=pl.col("delay").count()
    )
    return [
        cell for month, count, in_time, known in by_month.iter_rows()
        for cell in (("recorded", month, count, None), ("recorded_24h", month, in_time, known))
    ]  # fmt: skip


def _charged(extract: Extract, moments: Moments) -> list[Cell]:
    """Charged within a year of recording, of the crimes that were followed for one."""
    found: dict[date, list[bool]] = defaultdict(list)
    for crime in recount.followed_crimes(extract, moments):
        if crime.followed_days >= 365:
            found[crime.month].append(crime.group == CHARGED and crime.end_day <= 365)
    return [("charged_365", month, sum(charged), len(charged)) for month, charged in found.items()]


def _assessed(extract: Extract, moments: Moments) -> list[Cell]:
    """Assessed within 24 hours, of the crimes whose risk was to be assessed by then, by month of the report."""
    found: dict[date, list[str]] = defaultdict(list)
    for crime in extract.crimes():
        reported = moment(crime["reported_ts"])
        if reported is None or reported > moments.as_of or crime["class_code"] not in classes("risk assessed"):
            continue
        if not is_removed(extract, crime, moments.as_of):
            state = recount.risk_state(extract, crime, moments.as_of)
            if state != "not_yet_due":
                found[london_day(reported).replace(day=1)].append(state)
    return [
        ("risk_assessed", month, states.count("met"), len(states) - states.count("not_known"))
        for month, states in found.items()
    ]


def _open(extract: Extract, ends: Iterable[date]) -> list[Cell]:
    """Open crimes of stalking and harassment at the end of each month."""
    midnights = {m: datetime.combine(next_month(m), datetime.min.time(), LONDON).astimezone(UTC) for m in ends}
    return [("open_caseload", month, recount.caseload(extract, at).open_count, None) for month, at in midnights.items()]


def _repeat(extract: Extract, moments: Moments, ends: Iterable[date], people: Mapping[str, str]) -> list[Cell]:
    """Suspects with an event in the twelve months to the end of each, and those of them with two or more."""
    pairs = defaultdict(list)
    for report in recount.reports(extract, extract.crimes(), people, moments):
        pairs[report.suspect, report.victim or report.crime].append(report)
    events: dict[str, set[tuple[str, date]]] = defaultdict(set)
    for (suspect, _), pair in pairs.items():
        for first in recount.first_reports(pair):
            events[suspect].add((first.crime, london_day(first.reported).replace(day=1)))
    found = []
    for end in ends:
        begin = months_before(end, 11)
        within = [{crime for crime, month in of if begin <= month <= end} for of in events.values()]
        found.append(("repeat_suspect_12m", end, sum(len(of) > 1 for of in within), sum(map(bool, within))))
    return found


def by_period(cells: pl.DataFrame, covered: Iterable[date]) -> dict[tuple[str, str, date], tuple[int, int | None]]:
    """(measure, period, its first month) -> counted, of. What stands at an end is that of the period's last month."""
    month, held = pl.col("month"), sorted(covered)
    quarter, year = month.dt.truncate("1q"), month.dt.offset_by("-3mo").dt.truncate("1y").dt.offset_by("3mo")
    sums = cells.filter(~pl.col("measure").is_in(AT_END))
    parts = [cells.with_columns(kind=pl.lit("month"), start=month)]
    parts += [sums.with_columns(kind=pl.lit("quarter"), start=quarter)]
    parts += [sums.with_columns(kind=pl.lit("financial_year"), start=year)]
    for end in held:
        begin = months_before(end, 11)
        if all(months_before(end, ago) in held for ago in range(12)):
            within = sums.filter(month.is_between(begin, end))
            parts.append(within.with_columns(kind=pl.lit("rolling_12"), start=pl.lit(begin)))
    ends = cells.filter(pl.col("measure").is_in(AT_END), month.dt.month() % 3 == 0)
    parts.append(ends.with_columns(kind=pl.lit("quarter"), start=quarter))
    whole = pl.concat(parts).group_by("measure", "kind", "start").agg(pl.col("counted", "of").sum())
    return {
        (measure, kind, start): (counted, None if measure in COUNTS else of)
        for measure, kind, start, counted, of in whole.iter_rows()
    }

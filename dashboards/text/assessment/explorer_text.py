"""The words of the explorer: periods, values, and whether a change is more than chance alone. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from assets.methods.comparison import chance_of_shares
from dashboards.text import comparisons, numbers
from dashboards.text.breakdowns import BREAKDOWNS, part_name

PERIODS = {
    "month": "Months", "quarter": "Quarters", "financial_year": "Financial years", "calendar_year": "Calendar years",
    "rolling_12": "Years to each month", "to_date": "To date",
}  # fmt: skip
MONTHS = {"month": 1, "quarter": 3, "financial_year": 12, "calendar_year": 12, "rolling_12": 12}
EARLIER = "judged in the latest period alone: choose it"
EVERY_PART = "All, side by side"
SO_FAR = "Hollow points are so far: not all their cases had the time that the measure gives them. They are not judged."
NOWCAST = (
    "Bars are nowcasts: the share to be expected once every crime of the month had its time. They are not judged."
)
OPEN_ENDED = "This duty has no time limit: recent months are not complete, and none is judged."
UNLIKELY = 0.05  # probability below which a difference is more than chance
FEW_UNKNOWN = 0.1  # a share of cases without a known part below which nothing is said
CLICK_PERIOD = "Click a point, or its period in the table, for the parts of that period."
CLICK_PART = "Click a part, in the chart or in the table, for its own series."
NAME_NOBODY = "Name no person: neither victim, suspect nor officer."
IN_DOCUMENTS = "They are in the assessment from the next build, and in every download of the series."
NO_BOUNDARIES = "no boundaries of districts are delivered"
NO_OUTLINES = "the file of district boundaries has no outline for this force"
ADD_MAP = "To have one, put a file district_boundaries.geojson into the data folder and build again."
NAME_DISTRICTS = "Name the districts in the file as the extract does."
MAP_OF_SHARES = "A map shows levels: differences between districts may be chance, see the intervals."
MAP_OF_COUNTS = "A map shows levels: differences may be chance, and a count is higher where more people are."
ASSURANCE = {
    "consistently_met": "consistently met", "hit_or_miss": "hit or miss", "consistently_missed": "consistently missed",
}  # fmt: skip
ASSURED = {
    "consistently_met": "all values between the monthly limits meet it",
    "hit_or_miss": "by chance alone a month meets it or misses it",
    "consistently_missed": "no value between the monthly limits meets it",
}
NOT_ADDED = (
    "The medians of the parts do not add up to that of the whole, because a median is no sum. Their events do."
)
NO_REST = "not worked out: a median of the rest does not follow from those of the whole and of the part"
NOT_OVER_TIME = "For each part over time, choose “Nothing else” under “And by”."
NO_PAIRS = "In this period nothing of this measure was due for any pair of parts, or every pair has too few cases."
PAIRS = (
    "A pair that is not in the table has none. A figure from too few cases is hidden, and so are others from which it "
    "could be worked out, by row or by column."
)
OF_SUSPECTS = (
    "Each crime counts once: by the first entered of its suspects who are named and not eliminated. Suspects are not "
    "offenders: most are not convicted."
)
OF_PEOPLE = (
    "Each person counts once: in the part of the latest event in the twelve months. By sex, age or ethnicity it is "
    "that of the first entered victim or suspect of its crime. Suspects are not offenders: most are not convicted."
)
OF_RELATIONSHIPS = (
    "The relationship is the closest that is entered for any victim, suspect or offender of the crime."
)
GAPS = (
    "Where cases are rare, a month without one says nothing. A longer time without one than chance gives does. The "
    "limit is the longest that chance gives in all but 13.5 of 10,000."
)
PEAKS = "With most in each part, of what is shown."
OVERLAP = "Years to each month share months with their neighbours, so no trend may be read from one to the next."


def period(period_type: str, start: dt.date, end: dt.date) -> str:
    """Oct 2025; Oct to Dec 2025; 2024/25; 2025; year to Mar 2026; Apr 2020 to Mar 2026."""
    if period_type == "month":
        return numbers.month(start)
    if period_type == "financial_year":
        return f"{start.year}/{(start.year + 1) % 100:02d}"
    if period_type == "calendar_year":
        return str(start.year)
    if period_type == "rolling_12":
        return f"year to {numbers.month(end)}"
    is_within = start.year == end.year and period_type == "quarter"
    return f"{start.strftime('%b') if is_within else numbers.month(start)} to {numbers.month(end)}"


def gap_name(*, is_count: bool, is_turned: bool) -> str:
    """What a chart of gaps counts. `is_turned`: of a share that is nearly always met, the misses are the cases."""
    if is_count:
        return "Months since the last case"
    return "Met in a row" if is_turned else "In a row without one that is met"


def gap(last: Mapping[str, Any]) -> str:
    """3, at most 7 by chance; 9, more than the 7 that chance gives."""
    value, most = numbers.number(last["gap"]), numbers.number(int(last["longest_gap"]))
    is_long = last["gap"] > last["longest_gap"]
    return f"{value}, more than the {most} of chance" if is_long else f"{value}, at most {most} by chance"


def of_times(hours: float) -> str:
    """What weekday and hour are of, and of which offences neither is known. `hours`: the longest span with an hour."""
    return (
        "Weekday and hour are of the offence, in London time; of a course of conduct they are those of its last "
        "incident, at its end. Of another offence the weekday is known where it started and ended on one day, the hour "
        f"where it lasted {numbers.plural(round(hours), 'hour')} at most."
    )


def peak(names: Sequence[str], count: int, known: int | None, *, is_sure: bool) -> tuple[str, str]:
    """The weekday or hour with most of those shown, several where they are equal, and its count in small print."""
    if not names:
        return "none shown", comparisons.HIDDEN
    said = f"{numbers.number(count)}{' each' if len(names) > 1 else ''}"
    said += f" of {numbers.number(known)} known" if known is not None else ""
    return ", ".join(names), said if is_sure else f"{said}; a hidden one may have more"


def nowcast(row: Mapping[str, Any]) -> str:
    """What a nowcast holds, and of how many: 80% interval 3.1% to 6.0% (of 249 crimes)."""
    limits = f"{numbers.share(row['lower_80'])} to {numbers.share(row['upper_80'])}"
    return f"80% interval {limits} (of {numbers.plural(row['crime_count'], 'crime')})"


def nowcasts_before(row: Mapping[str, Any]) -> str:
    """How far earlier nowcasts of the measure were off, and what their intervals held."""
    missed, usual = (f"{100 * row[name]:.1f} points" for name in ("error", "pooled_error"))
    return (
        f"Of {numbers.number(row['test_count'])} earlier nowcasts {numbers.share(row['inside_80'])} held what came "
        f"within their 80% interval. They missed it by {missed} on average; the share of all earlier crimes by {usual}."
    )


def when(kind: str, period_type: str, start: dt.date, end: dt.date) -> str:
    """The period of a figure; of one that is counted at a month's end, that month: twelve months to Mar 2026."""
    if kind == "share_at_end":
        return f"twelve months to {numbers.month(end)}"
    return f"at the end of {numbers.month(end)}" if kind == "count_at_end" else period(period_type, start, end)


def extremes(rows: Sequence[Mapping[str, Any]], *, is_count: bool, events: str) -> str:
    """The highest and the lowest of the known parts that are shown; "" for fewer than three, or if all are equal."""
    if len(rows) < 3:
        return ""
    low, high = (pick(rows, key=lambda row: row["value"]) for pick in (min, max))
    if low["value"] == high["value"]:
        return ""
    is_share = not is_count and not events
    ends = (
        f"{row['name']} ({comparisons.value(row, is_count=is_count, events=events)}"
        + (f", {row['numerator']:,} of {row['denominator']:,})" if is_share else ")")
        for row in (high, low)
    )
    highest, lowest = ends
    said = f"Of those shown, highest: {highest}; lowest: {lowest}."
    chance = chance_of_shares([(row["numerator"], row["denominator"]) for row in rows]) if is_share else None
    if chance is None:
        return said
    tested = f"(chi-square test, p {'below 0.01' if chance < 0.01 else f'{chance:.2f}'})"
    if chance < UNLIKELY:
        return f"{said} The shares differ by more than chance {tested}."
    return f"{said} Chance alone may put them in this order {tested}."


def series_name(measure_name: str, breakdown: str, part: str) -> str:
    """Stalking recorded, whole force; Stalking recorded, Invented District 2."""
    return f"{measure_name}, {numbers.lowered(part_name(breakdown, part))}"


def direction(measure: Mapping[str, Any]) -> str:
    """Which way is better, in words."""
    return {
        "higher_is_better": "Higher is better.", "lower_is_better": "Lower is better.",
    }.get(str(measure["direction"]), "Neither way is better by itself.")  # fmt: skip


def counted(measure: Mapping[str, Any]) -> str:
    """Crimes recorded within 24 hours, of crimes whose delay is known."""
    numerator, of = str(measure["numerator_words"]), measure["denominator_words"]
    if not of or of == numerator:  # of a count, and of a median
        return f"{numerator}."
    return f"{numerator}, of {of[:1].lower()}{of[1:]}."


def differs(measure: Mapping[str, Any]) -> str:
    """How its counts differ from those of the standard of the same facts; "" if they do not."""
    words = measure.get("differs")  # which a copy of an earlier release does not have
    return f"Other counts than the standard: {words}" if words else ""


def target(value: float, measure: Mapping[str, Any], *, is_count: bool, events: str = "") -> str:
    """At least 95.0%; at most 500; 500 or 30 days where neither way is better."""
    words = comparisons.days(value) if events else numbers.number(value) if is_count else numbers.share(value)
    bound = {"higher_is_better": "at least ", "lower_is_better": "at most "}.get(str(measure["direction"]), "")
    return f"{bound}{words}"


def assurance(verdict: Mapping[str, Any] | None, measure: Mapping[str, Any]) -> str:
    """Whether the process as it is will meet the target, by its limits; in words why that is not known."""
    if measure["direction"] not in ("higher_is_better", "lower_is_better"):
        return "no assurance: neither way is better"
    code = None if verdict is None else verdict["target_verdict"]
    if verdict is None or code is None:
        return "no assurance: no limits by month"
    before = "; the limits are of before the signal" if verdict["signal"] else ""
    return f"{ASSURANCE[code]}: {ASSURED[code]}{before}"


def no_map(why: str) -> str:
    """Why there is no map, and what to do."""
    return f"There is no map: {why}. {ADD_MAP}"


def answer(name: str, part: str, when: str, shown: str, more: str, before: str, changed: str) -> str:
    """The finding in one or two sentences."""
    first = f"{name}, {numbers.lowered(part)}, {when}: {shown}{', ' + more if more else ''}."
    if changed == comparisons.HIDDEN:
        return first
    if changed in comparisons.NOT_COMPARED:
        return f"{first} {numbers.capital(changed)}."
    return f"{first} A year before it was {before}: {changed}."


def hidden_parts(count: int) -> str:
    """That a part which is not shown may be the highest or lowest."""
    return f"{numbers.plural(count, 'part')} hidden to protect few people: the highest or lowest may be among them."


def no_pair(name: str, part: str, *, is_count: bool) -> str:
    """The answer for a pair without a row: nothing was counted, or nothing was due for it or enough for any."""
    said = "none, and none a year before" if is_count else "nothing or too little was due, so there is no figure"
    return f"{name}, {numbers.lowered(part)}: {said}."


def not_known(breakdown: str, unknown: Sequence[Mapping[str, Any]], whole: Sequence[Mapping[str, Any]]) -> str:
    """How many have no known part, where that is one in ten or more: the parts then differ by what was entered too.

    Each is of the period: one row, or none; of wards, one not known in each district. "" where there is nothing to say,
    or a small number would show.
    """
    if not unknown or not whole or whole[0]["is_hidden"] or any(row["is_hidden"] for row in unknown):
        return ""
    name = "numerator" if whole[0]["denominator"] is None else "denominator"
    count, total = sum(row[name] for row in unknown), whole[0][name]
    if not total or count / total < FEW_UNKNOWN:
        return ""
    return (
        f"{BREAKDOWNS[breakdown]} is not known for {numbers.number(count)} of {numbers.number(total)}. So the other "
        "parts are too small, and they can change because more or less is entered."
    )

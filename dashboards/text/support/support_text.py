"""Need, reach and value in plain sentences. Pure: published rows in, words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers

Row = Mapping[str, Any]
STEPS = (
    ("known", "Known to police"), ("offered", "Offered support"), ("consented", "Consented to support"),
    ("accepted", "Accepted by a service"),
    ("engaged", "Engaged (two contacts or more)"), ("completed", "Completed"),
)  # fmt: skip
STALKING = ("known_stalking", "Known to police as victims of stalking")
STEP_OF = {
    "offered": "known", "consented": "offered", "accepted": "offered", "engaged": "accepted", "completed": "accepted",
}  # fmt: skip
BREAKDOWNS = {
    "sex": "Sex", "age": "Age", "ethnicity": "Ethnic group", "disability": "Disability",
    "sexual_orientation": "Sexual orientation", "religion": "Religion", "area": "Area",
}  # fmt: skip
MOVED = {
    "arrivals +20 %": "A fifth more are accepted", "arrivals -20 %": "A fifth fewer are accepted",
    "case_days +20 %": "A case lasts a fifth longer", "case_days -20 %": "A case lasts a fifth less",
}  # fmt: skip
WAITS = {
    "offer_contact": "from the offer to the first contact",
    "sent_contact": "from sending the referral to the first contact",
    "acceptance": "from the offer to the acceptance",
    "contact": "from the acceptance to the first contact",
}
BRIEF_WAITS = ("offer_contact", "acceptance")  # the whole wait, and its first part
CALENDAR = "calendar "  # how the code of a calendar year begins
NOT_CALIBRATED = "not calibrated"
NO_NEED_BY_AREA = (
    "No district has an estimate of need: one national prevalence would rank districts by their population alone."
)
RELEASED_GAPS = ("referral", "take_up")  # the difference of two released counts, no estimate


def about(value: float | None) -> str:
    """29,700: an estimate rounded to three figures."""
    return numbers.NO_VALUE if value is None else numbers.about(value)


def between(low: float | None, high: float | None) -> str:
    """27,200 to 32,300."""
    return f"{about(low)} to {about(high)}"


def clause(row: Row | None, done: str) -> str:
    """1,630 were offered support.

    Without a number, says that it is suppressed, or not measured.
    """
    if row is None or row["token"] == "not measured":
        return f"how many {done} is not measured"
    return f"how many {done} is suppressed" if row["token"] else f"{row['text']} {done}"


def reach(need: Row | None, figures: Mapping[str, Row], year: str) -> str:
    """The funnel in one sentence."""
    known = ", ".join(
        (
            clause(figures.get("known_stalking"), f"victims of stalking were known to police in {year}"),
            clause(figures.get("known"), "victims of stalking or harassment"),
            clause(figures.get("offered"), "were offered support"),
        )
    )
    known += f" and {clause(figures.get('accepted'), 'were accepted by a service')}"
    if need is None:
        return (
            f"{numbers.capital(known)}. The number of people stalked is not estimated: residents by sex and age were "
            "not delivered."
        )
    return (
        f"About {about(need['need_count'])} people a year are expected to be stalked "
        f"({between(need['need_lower'], need['need_upper'])} by the survey's error alone); {known}."
    )


def funnel(need: Row | None, figures: Mapping[str, Row]) -> pl.DataFrame:
    """Step, value to draw, words and limits of the funnel.

    Need and the survey's estimate come first, then the released steps.
    """
    rows: list[dict[str, Any]] = []
    if need is not None:
        count, limits = need["need_count"], between(need["need_lower"], need["need_upper"])
        rows.append(_step("Expected victims of stalking in a year", count, about(count), limits, "95% survey interval"))
        wanted = need["eligible_count"]
        limits = between(need["eligible_lower"], need["eligible_upper"])
        shares = " to ".join(numbers.share(need[f"support_wanted_{end}"], 0) for end in ("lower", "upper"))
        basis = f"survey interval, and an assumed share of {shares}"
        rows.append(_step("Of these, would take up support", wanted, about(wanted), limits, basis))
    for code, name in (STALKING, *STEPS):
        row = figures.get(code)
        if row is None:
            continue
        limits = f"{row['least']:,} to {row['greatest']:,}" if row["least"] is not None else "suppressed"
        rows.append(_step(name, row["value"], row["text"], limits, "range of the rounded count"))
    schema = {"step": pl.String, "value": pl.Float64, "words": pl.String, "limits": pl.String, "basis": pl.String}
    return pl.DataFrame(rows, schema=schema)


def _step(name: str, value: float | None, words: str, limits: str, basis: str) -> dict[str, Any]:
    return {"step": name, "value": value, "words": words, "limits": limits, "basis": basis}


def spread(row: Row) -> str:
    """412 (126 to 1,640): an area's victims with their part of those without an area."""
    if row["spread_count"] is None or row["spread_upper"] is None:
        return "suppressed"
    return f"{about(row['spread_count'])} ({row['spread_lower']:,} to {row['spread_upper']:,})"


def largest_gap(rows: pl.DataFrame) -> str:
    """The largest of the gaps within the services' reach."""
    held = rows.filter(pl.col("gap_code").is_in(RELEASED_GAPS) & pl.col("gap_count").is_not_null())
    if held.is_empty():
        return "The gaps between the steps are suppressed or not measured"
    top = held.sort("gap_count", descending=True).row(0, named=True)
    return (
        f"Largest gap among victims known to police: {numbers.in_sentence(top['gap_name'])}, "
        f"{gap_size(top['gap_code'], top['gap_count'])} ({gap_size(top['gap_code'], top['gap_lower'])} to "
        f"{gap_size(top['gap_code'], top['gap_upper'])} before rounding)"
    )


def missing_out(rows: pl.DataFrame, breakdown: str) -> str:
    """The group that differs from the largest beyond chance; or that none does."""
    name = BREAKDOWNS[breakdown].lower()
    held = rows.filter(pl.col("rate_ratio").is_not_null())
    if held.is_empty():
        return f"Groups by {name} cannot be compared: too many figures are suppressed"
    apart = held.filter((pl.col("ratio_upper") < 1) | (pl.col("ratio_lower") > 1))
    if apart.is_empty():
        return f"No group by {name} differs beyond chance from the largest group, {held['reference_group'][0]}"
    lowest = apart.sort("rate_ratio").row(0, named=True)
    word = "less often" if lowest["rate_ratio"] < 1 else "more often"
    return (
        f"{lowest['group_name']} reach this step {word} than {lowest['reference_group']}: "
        f"{numbers.decimal(lowest['rate_ratio'])} times ({numbers.decimal(lowest['ratio_lower'])} to "
        f"{numbers.decimal(lowest['ratio_upper'])})"
    )


def not_recorded(rows: pl.DataFrame) -> str:
    """The number of victims whose group is not known."""
    share = rows["not_recorded_share"].drop_nulls()
    if share.is_empty():
        return "The number whose group is not recorded is suppressed."
    if not share[0]:
        return "The group is recorded for all of them."
    return f"Not recorded for {numbers.share(share[0], 0)} of them, which may hide a difference or create one."


def wait_verdict(points: pl.DataFrame, code: str) -> str:
    """The control chart's verdict on the latest month of a wait that has one."""
    held = points.filter(pl.col("value").is_not_null()).sort("month")
    start = f"The wait {WAITS[code]}"
    if held.is_empty():
        return f"{start}: every month is suppressed or not measured"
    last = held.row(-1, named=True)
    if last["limits_status"] != "drawn":
        return f"{start} by month: too few months, or too little variation, for limits"
    if not last["signal"]:
        return f"{start} gives no signal in {numbers.month(last['month'])}"
    return f"{start}: {numbers.month(last['month'])} {numbers.signal(last['signal'], last['signal_direction'])}"


def wait_period(code: str) -> str:
    """Year to 31 Mar 2026; calendar year 2025."""
    if code.startswith(CALENDAR):
        return f"calendar year {code.removeprefix(CALENDAR)}"
    return f"year to {numbers.day(dt.date.fromisoformat(code))}"


def capacity(rows: pl.DataFrame) -> str:
    """The services that accepted more than their capacity for the year."""
    held = rows.filter(pl.col("over_capacity_count").is_not_null())
    if held.is_empty():
        return "Whether services can take what they accept is not measured: the caseload or the count is missing."
    over = held.filter(pl.col("over_capacity_count") > 0)
    if over.is_empty():
        return f"No service accepted more than its capacity for the year ({numbers.plural(held.height, 'service')})."
    names = numbers.listed(over["service_name"].to_list())
    return f"{names} accepted more than {'its' if over.height == 1 else 'their'} capacity for the year."


def gap_size(code: str, value: float | None) -> str:
    """580; room for 835 where services can take more than was accepted. Only an estimate is rounded."""
    if value is None:
        return "suppressed or not measured"
    if code in RELEASED_GAPS:
        return numbers.number(value)
    return f"room for {about(-value)}" if code == "capacity" and value < 0 else about(value)


def option_name(row: Row) -> str:
    """As it is; one more advocate; all services as one."""
    if row["option_code"] == "pooled":
        return "All services as one"
    if row["option_code"] == "stay":
        return "As it is"
    return f"{row['added_fte']:.0f} more" if row["added_fte"] != 1 else "One more advocate"


def wait(row: Row) -> str:
    """7.6 days (4.9 to 23.8): the wait of people who are offered support in a year's time."""
    if row["wait_days"] is None:
        return NOT_CALIBRATED
    value, low, high = (numbers.decimal(row[name], 1) for name in ("wait_days", "wait_lower", "wait_upper"))
    return _in_runs(f"{value} days", low, high, is_one=value == low == high)


def waiting(row: Row) -> str:
    """56 (2 to 110): people who wait for a place in a year's time."""
    if row["waiting_count"] is None:
        return NOT_CALIBRATED
    value, low, high = (about(row[name]) for name in ("waiting_count", "waiting_lower", "waiting_upper"))
    return _in_runs("nobody" if value == "0" else value, low, high, is_one=value == low == high)


def _in_runs(words: str, low: str, high: str, *, is_one: bool) -> str:
    """What runs of the model give. A range without width would be read as certainty of the world."""
    return f"{words} in nearly every run of the model" if is_one else f"{words} ({low} to {high})"


def days(value: float | None) -> str:
    """4.9 days; or that there is no figure."""
    return "suppressed or not measured" if value is None else f"{numbers.decimal(value, 1)} days"


def interval(value: float | None, low: float | None, high: float | None, form: Callable[[float], str]) -> str:
    """4.9 (4.8 to 4.9)."""
    if value is None:
        return numbers.NO_VALUE
    return form(value) if low is None or high is None else f"{form(value)} ({form(low)} to {form(high)})"


def options(rows: pl.DataFrame) -> str:
    """What a year with current staff would bring to the service with the longest wait, and one more advocate."""
    stated = rows.filter((pl.col("assumption") == "as stated") & (pl.col("option_code") != "pooled"))
    stay = stated.filter(pl.col("option_code") == "stay")
    known, unknown = (stay.filter(pl.col("wait_days").is_null() == is_null) for is_null in (False, True))
    if known.is_empty():
        return f"No wait can be foretold: {_not_given(unknown)}."
    first = known.sort("wait_days", descending=True).row(0, named=True)
    name = first["service_name"]
    asked, left_out = "wait in a year would be", ""
    if not unknown.is_empty():
        asked = "wait that can be foretold for a year's time is"
        left_out = f" {unknown.height} of {numbers.plural(stay.height, 'service')} cannot be: {_not_given(unknown)}."
    one = stated.filter((pl.col("service_name") == name) & (pl.col("place") == 1))
    more = "" if one.is_empty() else f" With one more advocate: {wait(one.row(0, named=True))}."
    grows = "; more is accepted than it can take" if first["status"] == "grows" else ""
    return (
        f"With current staff the longest {asked} {wait(first)}, with {name}{grows}.{left_out} "
        f"Of {name}, {days(first['measured_days'])} are measured now, and the model gives {days(first['model_days'])}. "
        f"Waiting for a place in a year: {waiting(first)}.{more}"
    )


def _not_given(unknown: pl.DataFrame) -> str:
    return f"the model does not give the measured wait of {numbers.listed(unknown['service_name'].to_list())}"


def calibration(rows: pl.DataFrame) -> str:
    """Whether the model gives the measured waits."""
    middle = rows.filter(pl.col("bound") == "middle")
    good = middle.filter(pl.col("status") == "calibrated")
    if good.height == middle.height:
        return f"The model gives the measured wait of {numbers.plural(good.height, 'service')}"
    return f"The model gives the measured wait of {good.height} of {numbers.plural(middle.height, 'service')}"


def capacity_range(ends: Mapping[str, Row]) -> str:
    """504 (504 or more); 381 (360 to 402): cases a year that the places on record can take."""
    middle = ends.get("middle")
    if middle is None or middle["capacity_count"] is None:
        return NOT_CALIBRATED
    low = numbers.number(ends["lower"]["capacity_count"])
    high = f" to {numbers.number(ends['upper']['capacity_count'])}" if middle["is_bounded"] else " or more"
    return f"{numbers.number(middle['capacity_count'])} ({low}{high})"

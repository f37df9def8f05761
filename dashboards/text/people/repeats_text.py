"""Repeat and serial suspects of the whole force in sentences.

Pure: published rows in, plain words out. A share is given with its denominator, its interval, and the share expected by
chance alone. Data that was not delivered is "not measured", never "none". `rule` suppresses small counts
(dashboards/text/small_numbers.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.numbers import interval, local_day, share_of
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

Row = Mapping[str, Any]

NO_ONE_KNOWN = "a person recorded under two keys counts as two"
ADVISORY = (
    "Advisory only: these figures help people to decide where to look. They decide nothing about anybody. "
    "Suspects are not offenders: being named in a report is not a finding of guilt."
)
SENTENCING = (
    "Harm by sentences under-represents stalking: a course of conduct is one crime of low weight, however long it "
    "lasted."
)
WINDOWS = {90: "three months", 365: "a year", 730: "two years", 1095: "three years"}
TO_WINDOWS = {90: "the three months", 365: "the year", 730: "the two years", 1095: "the three years"}


def window(days: int) -> str:
    """A year; 400 days."""
    return WINDOWS.get(days, f"{days:,} days")


def to_window(days: int) -> str:
    """The year; the 400 days."""
    return TO_WINDOWS.get(days, f"the {days:,} days")


# the answer


def answer(row: Row, rule: SmallNumbers) -> str:
    """For a chief officer: repeat suspects, and crimes without a known suspect.

    Two sentences.
    """
    span = f"{to_window(row['window_days'])} to {numbers.day(local_day(row['as_of_at']))}"
    total, again, serial = row["suspect_count"], row["repeat_suspect_count"], row["serial_suspect_count"]
    crimes, unknown = row["crime_count"], row["unknown_suspect_crime_count"]
    if crimes and unknown is None:
        return f"In {span}, repeat suspects are not measured: the extract does not say who is suspected."
    if not total:
        found = f"In {span}, no suspect is named."
    else:
        found = (
            f"In {span}, {rule.suppress_part(again, total)} of {numbers.plural(total, 'suspect')} are repeat "
            f"suspects ({rule.suppress_share(again, total)}), {rule.suppress_count(serial)} of them with two or more "
            "victims."
            if not rule.is_small(total)
            else f"In {span}, {rule.few} suspects are named."
        )
    if not crimes:
        return f"{found} No crime of stalking or harassment was recorded."
    share = share_of(unknown, crimes) if rule.is_enough(crimes) else TOO_FEW
    of = numbers.plural(crimes, "crime")
    return (
        f"{found} No suspect is named in {numbers.number(unknown)} of {of} of stalking and harassment ({share}): "
        "whether they are repeats is not known."
    )


def whole(row: Row) -> tuple[str, str]:
    """Whether the extract reaches back as far as the window."""
    days = window(row["window_days"])
    if row["is_whole_window"]:
        return "Yes", f"the extract covers {days} or more"
    return "No", f"the extract covers less than {days}: repeats are under-counted"


def linked(row: Row, rule: SmallNumbers) -> tuple[str, str]:
    """Whether records were linked into people.

    Without linkage every person key is its own person.
    """
    total, unseen = row["suspect_count"], row["unlinked_suspect_count"]
    if not total:
        return "Not measured", "no suspect is named"
    if unseen >= total:
        return "Not measured", f"no records were linked: {NO_ONE_KNOWN}"
    if not unseen:
        return "Yes", "every suspect's records have been through linkage"
    some = "Nearly all" if rule.is_enough(total) else "In part"
    return (
        numbers.share((total - unseen) / total) if rule.may_show_share(unseen, total) else some,
        f"of suspects; not measured for {rule.suppress_count(unseen)} of {numbers.number(total)}: {NO_ONE_KNOWN}",
    )


def pairs(row: Row) -> list[tuple[str, str, str]]:
    """The pairs of victim and suspect that the record system counts too; nothing where it delivered none."""
    ours, theirs = row.get("pair_count"), row.get("delivered_pair_count")
    if not ours:
        return []
    of = f"of {numbers.plural(ours, 'pair')} of victim and suspect: the record system counts as many crimes of them"
    return [("Pairs as the force counts them", numbers.number(theirs), of)]


def windows_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The shortest and the longest window side by side."""
    if not rows["suspect_count"].sum():
        return "No suspect is named in any window"
    again, total = pl.col("repeat_suspect_count"), pl.col("suspect_count")
    known = rows.filter(rule.find_shown(again, total)).sort("window_days")
    if known.is_empty():
        return "Too few suspects are named for a share in any window"
    first, last = known.row(0, named=True), known.row(-1, named=True)
    words = f"{numbers.share(_again(first))} of suspects are repeat suspects in {window(first['window_days'])}"
    if known.height == 1:
        return words
    words = f"{words}, {numbers.share(_again(last))} in {window(last['window_days'])}"
    return f"{words}: a longer window finds more repeats" if _again(last) > _again(first) else words


def _again(row: Row) -> float:
    return float(row["repeat_suspect_count"] / row["suspect_count"])


# how soon


def at_day(rows: pl.DataFrame, cause: str, day: int) -> dict[str, Any] | None:
    """The row of a cause at a headline day."""
    found = rows.filter((pl.col("cause") == cause) & (pl.col("day") == day))
    return found.row(0, named=True) if found.height else None


def incidence_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The longest day with a known share, for the same victim and for another."""
    if not rule.is_enough(followed(rows)):
        return f"How soon suspects are reported again is not measured: {_too_few_followed(rows, rule)}"
    known = rows.filter(
        pl.col("is_headline") & pl.col("incidence").is_not_null() & (pl.col("cause") == "same victim")
    ).sort("day")
    if known.is_empty():
        return "How soon suspects are reported again is not measured: no one was followed long enough"
    same = known.row(-1, named=True)
    other = at_day(rows, "another victim", same["day"])
    words = (
        f"Within {same['day']} days of a first event, {numbers.share(same['incidence'])} of suspects are reported "
        "again for the same victim"
    )
    if other is None or other["incidence"] is None:
        return words
    return f"{words} and {numbers.share(other['incidence'])} for another victim"


def followed(rows: pl.DataFrame) -> int:
    """People whose next event was looked for."""
    return int(max(rows["person_count"].drop_nulls().to_list(), default=0))


def _too_few_followed(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    return f"{rule.suppress_count(followed(rows))} suspects were followed, {TOO_FEW}"


def headline_facts(rows: pl.DataFrame, rule: SmallNumbers) -> list[tuple[str, str, str]]:
    """Facts by headline day: same victim, with others in the small print.

    The small print gives another victim and death.
    """
    if not rule.is_enough(followed(rows)):
        return [("Reported again", "Too few", _too_few_followed(rows, rule))]
    facts = []
    for day in sorted(set(rows.filter("is_headline")["day"].to_list())):
        same, other, death = (at_day(rows, cause, day) for cause in ("same victim", "another victim", "death"))
        small = [f"{interval(same['lower'], same['upper'])}; {numbers.number(same['at_risk_count'])} still at risk"
                 if same and same["incidence"] is not None else "no one was followed that long"]  # fmt: skip
        if other and other["incidence"] is not None:
            limits = interval(other["lower"], other["upper"])
            small.append(f"another victim {numbers.share(other['incidence'])}, {limits}")
        if death and death["incidence"]:
            small.append(f"death {numbers.share(death['incidence'])}")
        facts.append((f"Same victim, {day} days", numbers.share(same["incidence"] if same else None), "; ".join(small)))
    return facts


def curve_words(rows: pl.DataFrame, cause: str) -> str:
    """Same victim 5.3% by day 30, 11.7% by day 90."""
    held = rows.filter((pl.col("cause") == cause) & pl.col("is_headline")).sort("day")
    values = ", ".join(f"{numbers.share(r['incidence'])} by day {r['day']}" for r in held.iter_rows(named=True))
    return f"{cause} {values}"


def runs(weeks: Iterable[int]) -> str:
    """2 to 9 and 12."""
    found = []
    for _, stretch in groupby(enumerate(sorted(weeks)), key=lambda pair: pair[1] - pair[0]):
        held = [week for _, week in stretch]
        found.append(str(held[0]) if len(held) == 1 else f"{held[0]} to {held[-1]}")
    return numbers.listed(found, most=20)


def outside(rows: pl.DataFrame) -> tuple[list[int], list[int]]:
    """Weeks above and below the band of the same events at other dates."""
    above = rows.filter(pl.col("hazard") > pl.col("permuted_upper"))["week"].to_list()
    below = rows.filter(pl.col("hazard") < pl.col("permuted_lower"))["week"].to_list()
    return above, below


def shown_weeks(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The weeks with `is_hidden`: without the rate of a week that has a small count of events, or leaves one."""
    hidden = rule.find_revealing(pl.col("event_count"), pl.col("at_risk_count")).fill_null(value=False)
    return rows.with_columns(hazard=pl.when(~hidden).then("hazard"), is_hidden=hidden)


def weeks_finding(rows: pl.DataFrame) -> str:
    """The weeks outside the band; one or two occur by chance and are not called."""
    measured = rows.drop_nulls(["hazard", "permuted_lower", "permuted_upper"])
    if measured.is_empty():
        return "The time to the next event is not measured: no dyad was at risk"
    above, below = outside(measured)
    by_chance = max(2, round(0.1 * measured.height))
    count = len(above) + len(below)
    if count <= by_chance:
        return (
            f"No week after an event differs beyond chance: {count} of {measured.height} are outside the band, and "
            "one or two would be by chance"
        )
    parts = [f"above the band in {_weeks(above)}" if above else "", f"below it in {_weeks(below)}" if below else ""]
    return f"The next event of a dyad comes {_timing(above, below)}: " + " and ".join(filter(None, parts))


def _timing(above: Sequence[int], below: Sequence[int]) -> str:
    """Sooner, if every week above the band precedes every week below it; or later."""
    if above and (not below or max(above) < min(below)):
        return "sooner than by chance"
    if above and below and min(above) > max(below):
        return "later than by chance"
    return "at other times than by chance"


def _weeks(weeks: Sequence[int]) -> str:
    return f"{'week' if len(weeks) == 1 else 'weeks'} {runs(weeks)}"


# worse

GROWS = {"frequency": ("become more frequent", "less frequent"), "severity": ("become more severe", "less severe")}


def escalation_finding(row: Row, rule: SmallNumbers) -> str:
    """Dyads that rise or fall beyond chance, of those tested.

    Nothing is said of the others.
    """
    more, less = GROWS.get(row["measure"], (f"rise in {row['measure']}", "fall"))
    tested, rising, falling = row["tested_count"], row["rising_count"], row["falling_count"]
    if not tested:
        return f"Whether dyads {more} is not measured: none has enough events for a test"
    if not able(row):
        return (
            f"Whether dyads {more} is not measured: {numbers.number(tested)} were tested, and no order of their events "
            "could differ from chance"
        )
    if not rising and not falling:
        return (
            f"{numbers.capital(row['measure'])}: none of the {numbers.number(tested)} dyads tested rises or falls "
            "beyond chance"
        )
    return (
        f"{numbers.capital(row['measure'])}: of {numbers.number(tested)} dyads tested "
        f"{rule.suppress_count_or_none(rising)} {more} beyond chance and {rule.suppress_count_or_none(falling)} {less}"
    )


def able(row: Row) -> int:
    """Dyads tested in which some order of events could differ from chance.

    All of them where a copy does not say.
    """
    return int(row.get("able_count", row["tested_count"]) or 0)


def escalation_heading(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """Both measures in one line."""
    if not rows["tested_count"].sum():
        return "Whether it gets worse is not measured: no dyad has enough events for a test"
    if not sum(able(row) for row in rows.iter_rows(named=True)):
        return "Whether it gets worse is not measured: no order of the events tested could differ from chance"
    if not all(able(row) for row in rows.iter_rows(named=True)):
        return "; ".join(escalation_finding(row, rule) for row in rows.iter_rows(named=True))
    if not rows["rising_count"].sum() and not rows["falling_count"].sum():
        return "No dyad tested rises or falls beyond chance"
    return "; ".join(escalation_finding(row, rule) for row in rows.iter_rows(named=True))


def untested(row: Row, least_events: int | None, rule: SmallNumbers) -> str:
    """The share that could be tested; nothing is said of the rest."""
    total, tested = row["dyad_count"], row["tested_count"]
    if not total:
        return "No dyad is known."
    least = f"the {least_events} events that a test needs" if least_events else "enough events for a test"
    share = f" ({numbers.share(tested / total)})" if rule.may_show_share(tested, total) else ""
    return (
        f"{numbers.capital(rule.suppress_part(tested, total))} of {numbers.number(total)} dyads of suspect and "
        f"victim{share} have {least}. Whether the others get worse is not measured: that does not mean no change."
    )

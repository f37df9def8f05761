"""Outcomes of crimes in sentences. Pure: published rows in, plain words out.

A share is of crimes by date of recording, with all outcomes competing. It is given with its denominator and interval.
What is not known yet has no figure. `rule` suppresses small counts (dashboards/text/small_numbers.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from assets.methods.survival.estimates import followed_share_limits
from dashboards.data.verdicts import CHARGED as CHARGED_90
from dashboards.data.verdicts import NO_PEERS, WHOLE, Watch, missing_words
from dashboards.text import numbers
from dashboards.text.breakdowns import CLASSES, class_name
from dashboards.text.numbers import interval, share_of
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers
from dashboards.text.tile import Tile

Row = Mapping[str, Any]

CHARGED, OPEN, OTHER = "Charged or summonsed", "No outcome yet", "Other outcomes"
CHARGED_GROUP, OPEN_GROUP = "Charged/Summonsed", "Not yet assigned an outcome"
SHORT = {  # published group -> its name on a chart; the rest are other outcomes
    CHARGED_GROUP: CHARGED,
    "Out-of-court (formal)": "Out of court",
    "Out-of-court (informal)": "Out of court",
    "Evidential difficulties (suspect identified; victim supports action)": "Evidence lacking, victim supports",
    "Evidential difficulties (victim does not support action)": "Victim does not support action",
    "Investigation complete – no suspect identified": "No suspect identified",
    OPEN_GROUP: OPEN,
}
PARTS = (CHARGED, *dict.fromkeys(name for name in SHORT.values() if name not in (CHARGED, OPEN)), OTHER, OPEN)
PLAIN = {"8Q": "stalking", "8L": "harassment", "8M": "racially or religiously aggravated harassment",
         "8R": "malicious communications", "8U": "controlling or coercive behaviour",
         "S&H": "stalking and harassment"}  # fmt: skip
END_WORDS = {"Evidence lacking, victim supports": "evidence lacking though the victim supports action",
             "Victim does not support action": "victim does not support action",
             "No suspect identified": "no suspect identified",
             "Out of court": "dealt with out of court"}  # fmt: skip
CODES = {"Charged/Summonsed": "Charged or summonsed (1, 1A)", "14": "No suspect, victim does not support (14)",
         "15": "Evidence lacking, victim supports (15)", "16": "Victim does not support (16)"}  # fmt: skip
WAYS = {"crime": "Crimes with a named suspect", "suspect": "Suspects, any charge",
        "course of conduct": "Courses of conduct, any charge"}  # fmt: skip
BREAKDOWNS = {"relationship": "Relationship", "domestic_flag": "Domestic abuse flag", "unit": "Unit",
              "regime": "Recording regime"}  # fmt: skip
NOT_COMPARED = "not compared: no Home Office outcomes are loaded, or the force is invented"
NOT_WATCHED = "not watched: crimes open after a year were recorded the year before"
DEFINITIONS = (
    "How it is counted: a charge rate can mean seven things. Here it is the share of crimes charged within a given "
    "number of days of recording. In the last matured year, every crime was followed for the whole time. Elsewhere it "
    "is the cumulative incidence: all outcomes compete, and open crimes count for as long as they were followed. "
    "Charges so far over crimes recorded, or closed, in a year are too low while cases are young, so they are not "
    "given. Charges of a year over crimes, or outcomes, of the same year are called in-period ratios. Treating other "
    "outcomes as lost to follow-up would give several times the true share, so it is not done."
)
NOT_EVERY = "An outcome does not show how good the work was: consider what victims wanted and what evidence there was."


def plain(code: str) -> str:
    """stalking; harassment; for the middle of a sentence."""
    return numbers.lowered(PLAIN.get(code, f"class {code}"))


def counted(rows: pl.DataFrame, name: str, rule: SmallNumbers) -> str:
    """8.6%, 95% interval 7.1 to 10.3%: a short group of merged rows within a year.

    Words if the total is too small, or it would reveal a small count.
    """
    total, count = rows["crime_count"][0], of_part(rows, name)
    if not rule.may_show_share(count, total):
        return TOO_FEW
    return f"{numbers.share(count / total)}, {interval(*limits_of_part(rows, name))}"


def estimated(row: Row, rule: SmallNumbers) -> str:
    """8.9% (95% interval 5.7 to 12.8%): a share that also uses open crimes."""
    if row["incidence"] is None:
        return "not known yet"
    if is_small(row, rule):
        return TOO_FEW
    told = numbers.share(row["incidence"])
    return told if row["lower"] is None else f"{told} ({interval(row['lower'], row['upper'])})"


def in_order() -> pl.Expr:
    """Classes as the page lists them, stalking first."""
    return pl.col("offence_class").replace_strict({code: n for n, code in enumerate(CLASSES)}, default=len(CLASSES))


def is_small(row: Row, rule: SmallNumbers) -> bool:
    """Whether a share is of too few crimes, or reveals a small count of those with an outcome or without."""
    return row["incidence"] is not None and not rule.may_show_share(
        round(row["incidence"] * row["at_risk_count"]), row["at_risk_count"]
    )


def is_known(row: Row, rule: SmallNumbers) -> bool:
    """Whether the share of a row may be given."""
    return row["incidence"] is not None and not is_small(row, rule)


def guarded(rows: pl.DataFrame, rule: SmallNumbers, share: str = "incidence") -> pl.DataFrame:
    """The rows without figures of too few crimes, and without those that would reveal a small count of crimes."""
    total = pl.col("at_risk_count")
    hidden = rule.find_revealing((pl.col(share) * total).round(), total).fill_null(value=False)
    figures = [c for c in (share, "lower", "upper", "median_days") if c in rows.columns]
    shown = ~hidden & (total >= rule.fewest_in_share)
    return rows.with_columns(pl.when(shown).then(pl.col(c)) for c in figures)


# the last matured year


def merged(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """matured_outcomes of one class in short groups by day.

    Small groups are counted among the other outcomes. If these are few together, the next smallest group joins them. No
    small group can then be worked out from the rest. Limits of groups together have the greatest design effect of those
    with a crime.
    """
    names = pl.col("outcome_group").replace_strict(SHORT, default=OTHER, return_dtype=pl.String)
    total = rows["crime_count"][0]
    effect = pl.when(pl.col("outcome_count") > 0).then("design_effect").max().fill_null(pl.col("design_effect").max())
    groups = rows.filter(~pl.col("is_code")).group_by("day", part=names)
    counts = groups.agg(pl.col("outcome_count").sum(), effect)
    others = [OTHER]
    sizes = counts.group_by("part").agg(least=pl.col("outcome_count").filter(pl.col("outcome_count") > 0).min())
    for name, least in sizes.sort(pl.col("least").fill_null(0), "part").iter_rows():
        if name in (CHARGED, OPEN, OTHER) or least is None:
            continue
        if rule.is_small(least) or any(map(rule.is_small, _by_day(counts, others))):
            others.append(name)
    part_name = pl.when(pl.col("part").is_in(others)).then(pl.lit(OTHER)).otherwise("part")
    joined = counts.group_by("day", part=part_name).agg(pl.col("outcome_count").sum(), effect)
    order = pl.col("part").replace_strict({name: n for n, name in enumerate(PARTS)}, return_dtype=pl.Int64)
    return joined.sort(order, "day").with_columns(
        crime_count=pl.lit(total), share=pl.col("outcome_count") / total,
        bounds=pl.struct("outcome_count", "design_effect").map_elements(
            lambda row: list(followed_share_limits(row["outcome_count"], total, row["design_effect"])),
            return_dtype=pl.List(pl.Float64),
        ),
    ).with_columns(lower=pl.col("bounds").list.get(0), upper=pl.col("bounds").list.get(1)).drop("bounds")  # fmt: skip


def protected(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """Merged rows of several classes with `is_hidden`, without suppressed shares.

    A part is suppressed if its share may not be shown (`find_shown`). Secondary suppression adds parts of the same day
    from which one could be worked out.
    """
    parts = []
    for _, day in rows.with_row_index("place").group_by("named", "day", maintain_order=True):
        few = day.select(~rule.find_shown(pl.col("outcome_count"), pl.col("crime_count"))).to_series().to_list()
        parts.append(day.with_columns(is_hidden=pl.Series(rule.suppress_others(day["outcome_count"].to_list(), few))))
    shares = [pl.when(~pl.col("is_hidden")).then(pl.col(c)).alias(c) for c in ("share", "lower", "upper")]
    return pl.concat(parts).sort("place").drop("place").with_columns(shares)


def _by_day(counts: pl.DataFrame, names: Sequence[str]) -> list[int]:
    held = counts.filter(pl.col("part").is_in(names)).group_by("day").agg(pl.col("outcome_count").sum())
    return held["outcome_count"].to_list()


def of_part(rows: pl.DataFrame, name: str, day: int = 365) -> int:
    """Crimes of a short group by a day."""
    held = rows.filter((pl.col("part") == name) & (pl.col("day") == day))["outcome_count"]
    return int(held[0]) if held.len() else 0


def limits_of_part(rows: pl.DataFrame, name: str) -> tuple[float, float]:
    """Limits of the share of a short group within a year; of no crime where there is no such group."""
    held = rows.filter((pl.col("part") == name) & (pl.col("day") == 365)).select("lower", "upper")
    return held.row(0) if held.height else followed_share_limits(0, rows["crime_count"][0])


def answer(years: Mapping[str, pl.DataFrame], last_date: dt.date, rule: SmallNumbers) -> str:
    """The share charged within a year, with counts and intervals.

    `years` maps a class to its merged rows.
    """
    said = []
    for code, rows in years.items():
        total, charged = rows["crime_count"][0], of_part(rows, CHARGED)
        of = f"{rule.suppress_count(total)} {plain(code)} crimes"
        said.append(f"{rule.suppress_part(charged, total)} of {of} ({counted(rows, CHARGED, rule)})")
    return (
        f"{numbers.capital(' and '.join(said))} were charged within 365 days. These crimes were recorded in the year "
        f"to {numbers.day(last_date)}, and each was followed for a year."
    )


def others(years: Mapping[str, pl.DataFrame], rule: SmallNumbers) -> str:
    """The two most frequent other outcomes, by class."""
    last = pl.concat(rows.filter(pl.col("day") == 365) for rows in years.values())
    ends = (
        last.filter(~pl.col("part").is_in([CHARGED, OPEN, OTHER]))
        .group_by("part")
        .agg(pl.col("outcome_count").sum())
        .sort("outcome_count", "part", descending=[True, False])["part"]
        .head(2)
    )
    told = []
    for name in ends:
        of = [(plain(code), of_part(rows, name), rows["crime_count"][0]) for code, rows in years.items()]
        shares = [f"{numbers.share(n / total)} of {crimes}" for crimes, n, total in of if rule.may_show_share(n, total)]
        told += [f"{END_WORDS.get(name, name)} ({', '.join(shares)})"] if shares else []
    if not told:
        return "Too few crimes to separate outcomes"
    return f"Most frequent other outcomes: {'; '.join(told)}"


def in_words(code: str, rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """Stalking (8Q) after 365 days: charged or summonsed 8.6%, ..."""
    last = rows.filter(pl.col("day") == 365)
    told = [f"{name.lower()} {numbers.share(n / total) if rule.may_show_share(n, total) else TOO_FEW}"
            for name, n, total in last.select("part", "outcome_count", "crime_count").iter_rows()]  # fmt: skip
    return f"{class_name(code)} after 365 days: {', '.join(told)}"


def tiles(years: Mapping[str, pl.DataFrame], unread: Mapping[str, Row], watch: Watch,
          peers: Mapping[str, str], rule: SmallNumbers) -> list[Tile]:  # fmt: skip
    """Charged within a year and still open after it, by class.

    `unread` are rows of metrics.unread_outcomes. `peers` are the Home Office ratio's verdicts on each class compared
    with other forces, where held.
    """
    found = []
    for name, label in ((CHARGED, "charged within 365 days"), (OPEN, "no outcome after 365 days")):
        for code, rows in years.items():
            total, count = rows["crime_count"][0], of_part(rows, name)
            shown = rule.may_show_share(count, total)
            small = f"{rule.suppress_part(count, total)} of {rule.suppress_count(total)} crimes"
            missing = unread.get(code, {})
            change = watch.over_time(CHARGED_90, WHOLE if code == "S&H" else code)
            found.append(
                Tile(
                    label=f"{numbers.capital(plain(code))}: {label}",
                    value=numbers.share(count / total) if shown else "Too few",
                    small=f"{small}; {interval(*limits_of_part(rows, name))}" if shown else small,
                    over_time=f"within 90 days: {change}" if name == CHARGED else NOT_WATCHED,
                    peers=peers.get(code, NOT_COMPARED) if name == CHARGED else NO_PEERS,
                    missing=missing_words(missing.get("unread_count"), missing.get("crime_count"), rule),
                    owner=watch.owner("outcomes"),
                )
            )
    return found


# over time, how long, who, where


def latest_finding(rows: pl.DataFrame, code: str, rule: SmallNumbers) -> str:
    """The last quarter that could be followed for a year."""
    held = rows.filter((pl.col("outcome_group") == CHARGED_GROUP) & pl.col("incidence").is_not_null()).sort("cohort")
    if held.is_empty():
        return f"{class_name(code)}: no quarter could be followed for a year"
    row = held.row(-1, named=True)
    return (
        f"{class_name(code)}: {estimated(row, rule)} of {rule.suppress_count(row['at_risk_count'])} crimes recorded "
        f"in {numbers.quarter(row['cohort'])} charged within 365 days, the latest quarter followed for a year"
    )


def lately(rows: pl.DataFrame, rule: SmallNumbers, years: int = 6) -> pl.DataFrame:
    """The quarters of the last years with enough crimes for a share."""
    held = rows.filter(pl.col("at_risk_count") >= rule.fewest_in_share)
    if held.is_empty():
        return held
    start = first_day(str(held["cohort"].max())).year - years
    return held.filter(pl.col("cohort").str.slice(0, 4).cast(pl.Int64) >= start)


def first_day(cohort: str) -> dt.date:
    """First day of a quarter."""
    year, number = cohort.split("-Q")
    return dt.date(int(year), 3 * int(number) - 2, 1)


def waiting_finding(rows: pl.DataFrame, code: str, rule: SmallNumbers) -> str:
    """The median wait, and the number without an outcome after a year."""
    held = rows.filter(pl.col("offence_class") == code).sort("day")
    if held.is_empty():
        return f"{class_name(code)}: no crimes in the last two years"
    row = held.row(-1, named=True)
    if not rule.is_enough(row["at_risk_count"]):
        return f"{class_name(code)}: too few crimes for a median or a share"
    start = f"{class_name(code)}: {half_words(row)}"
    return f"{start}; no outcome after 365 days: {estimated({**row, 'incidence': row['open_share']}, rule)}"


def half_words(row: Row) -> str:
    """half have an outcome within 40 days; the median time is not known yet."""
    if row["median_days"] is not None:
        return f"half have an outcome within {row['median_days']:,.0f} days"
    if row["open_share"] is not None and row["open_share"] > 0.5:
        return "fewer than half have an outcome within a year"
    return "the median time to an outcome is not known yet"


def suspects_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """Charged by crime compared with charged by suspect."""
    held = {r["unit_type"]: r for r in rows.filter(pl.col("day") == 365).iter_rows(named=True)}
    crimes, suspects = held.get("crime"), held.get("suspect")
    if crimes is None or suspects is None:
        return "Whether suspects were charged is not known"
    if not (is_known(crimes, rule) or is_known(suspects, rule)):
        return "Whether suspects are charged within 365 days is not known yet: too few could be followed"
    return (
        f"Charged within 365 days: suspects, with any offence: {estimated(suspects, rule)}; "
        f"crimes with a named suspect: {estimated(crimes, rule)}"
    )


def alternate_finding(row: Row, rule: SmallNumbers) -> str:
    """Stalking charged as harassment."""
    total, other = row["charge_count"], row["alternate_count"]
    name = class_name(row["offence_class"])
    if not total:
        return f"{name}: no charges in the last two years"
    of = f"{rule.suppress_part(other, total)} of {rule.suppress_count(total)} charges"
    words = f"{name}: {of} were for an offence other than the one recorded"
    return f"{words} ({share_of(other, total)})" if rule.may_show_share(other, total) else words


def breakdown_finding(rows: pl.DataFrame, what: str, code: str) -> str:
    """The breakdown shown; intervals show which part is first or last."""
    held = rows.filter(pl.col("incidence").is_not_null())
    if held.is_empty():
        return f"{class_name(code)} by {what.lower()}: no share is known yet"
    return f"{class_name(code)}: charged within 365 days, by {what.lower()}"


def removed_finding(row: Row, rule: SmallNumbers) -> str:
    """Cancelled and transferred."""
    total, gone, moved = row["recorded_count"], row["cancelled_count"], row["transferred_count"]
    name = class_name(row["offence_class"])
    if gone is None or moved is None:
        return f"{name}: how many of {rule.suppress_count(total)} recorded in two years were cancelled is not measured"
    return (
        f"{name}: of {rule.suppress_count(total)} recorded in two years, {rule.suppress_part(gone, total)} were "
        f"cancelled and {rule.suppress_part(moved, total)} transferred to another force"
    )


def advice_finding(rows: pl.DataFrame, code: str, rule: SmallNumbers) -> str:
    """Two shares side by side, with a note that the difference is not an effect."""
    held = {r["early_advice"]: r for r in rows.iter_rows(named=True)}
    if not any(is_known(row, rule) for row in held.values()):
        return f"{class_name(code)}: too few crimes could be followed to compare those with early advice and without"
    told = [f"{estimated(held[name], rule)} {words}" for name, words in
            (("asked for", "with early advice"), ("not asked for", "without")) if name in held]  # fmt: skip
    return f"{class_name(code)} charged within 365 days: {'; '.join(told)}. This does not show the effect of advice"

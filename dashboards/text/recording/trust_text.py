"""The meaning of recording quality for every other figure, in sentences.

Pure: published rows in, plain sentences out. Every share has an interval, and every interval a denominator. What is not
measured is named: a missing figure is never good news.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.content import Number, Runs, number, text
from dashboards.text.small_numbers import TOO_FEW

Row = Mapping[str, Any]
TRUST, AUDITS = "metrics.recording_trust", "core.audit_estimates"
DIMENSIONS = {  # dimension of the national data dictionary -> what it asks of a record
    "accuracy": "the right class and the right outcome",
    "integrity": "facts that agree with one another",
    "timeliness": "recorded, assessed and reviewed in time",
    "completeness": "no required information left out",
    "conformity": "codes and forms that are valid",
    "duplication": "each crime recorded once",
}
CHANGED = ("higher", "lower")


def interval(row: Row, low: str = "kept_lower", high: str = "kept_upper") -> str:
    """95% interval 91.0% to 93.4%."""
    return numbers.interval(row[low], row[high])


def by_code(trust: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """metrics.recording_trust by measure, including rows that are not measured."""
    return {row["measure_code"]: row for row in trust.iter_rows(named=True)}


def is_measured(row: Row | None) -> bool:
    """Whether the row has a share of enough records."""
    return row is not None and row["state"] == "measured"


def is_too_few(row: Row | None) -> bool:
    """Whether something could be assessed, but on too few records for a share."""
    return row is not None and row["state"] == "too few"


def fact(row: Row | None, label: str, words: str) -> tuple[str, str, str]:
    """A share as a fact, with `words` below it; said to be of too few records, or not measured."""
    if is_too_few(row):
        return label, "Too few", TOO_FEW
    if row is None or not is_measured(row):
        return label, "Not measured", "the data needed were not delivered"
    return label, numbers.share(row["kept_share"]), words


def span(row: Row) -> str:
    """The twelve months to Mar 2026; shorter where the extract is."""
    first, last = row["first_month"], row["last_month"]
    if first is None or last is None:
        return "no months"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return f"the {months} months to {numbers.month(last)}" if months > 1 else numbers.month(last)


def whole_force(audits: pl.DataFrame) -> dict[str, Any] | None:
    """Recording accuracy of the last signed-off audit of whole reports.

    Strata E and H; None without one.
    """
    rows = audits.filter(
        (pl.col("metric") == "recording_accuracy")
        & (pl.col("stratum") == "overall")
        & pl.col("strata").str.contains("H")
        & (pl.col("rated") > 0)
    ).sort("signed_off_at", "cycle_ref")
    return rows.row(-1, named=True) if rows.height else None


def headline(measures: Mapping[str, Row], audit: Row | None) -> Runs:
    """For a chief officer: what is tested, and what no test of records can see.

    Two sentences.
    """
    kept = measures.get("standards|all")
    if is_too_few(kept):
        tested = text("Too few records were assessed to say how far the recording standards are met.")
    elif kept is None or not is_measured(kept):
        tested = text("Compliance with the recording standards is not measured.")
    else:
        first, last = (_of_all(name, "month") for name in ("first_month", "last_month"))
        low, high = _of_all("kept_lower", "share"), _of_all("kept_upper", "share")
        met = _of_all("kept_share", "share")
        tested = text(met, " of tests of the recording standards are met (95% interval ", low, " to ", high, "), ",
                      first, " to ", last, ".")  # fmt: skip
    if audit is None:
        return text(*tested, " Whether every reported crime was recorded is not measured.")
    key = {name: audit[name] for name in ("cycle_ref", "metric", "stratum")}
    passed, rated = (number(AUDITS, name, "whole", **key) for name in ("passed", "rated"))
    of = " Of the crimes in the audited reports that should have been recorded, "
    signed = text(" (audit signed off ", number(AUDITS, "signed_off_at", "day", **key))
    if audit["lower"] is not None:
        low, high = (number(AUDITS, name, "share", **key) for name in ("lower", "upper"))
        signed = text(*signed, "; 95% interval ", low, " to ", high, " of all such reports")
    return text(*tested, of, passed, " of ", rated, " were", *signed, ").")


def _of_all(column: str, form: str) -> Number:
    """A figure of all the recording standards together."""
    return number(TRUST, column, form, measure_code="standards|all")


def dimension_finding(rows: pl.DataFrame) -> str:
    """The weakest dimension, with its figures; and those that are not measured."""
    held = rows.filter(pl.col("kept_share").is_not_null()).sort("kept_share")
    few = rows.filter(pl.col("state") == "too few")["dimension"].to_list()
    blank = rows.filter(pl.col("kept_share").is_null() & ~pl.col("dimension").is_in(few))["dimension"].to_list()
    words = (
        "Compliance by dimension: too few records were assessed for a share"
        if few
        else "No dimension of the national data dictionary could be measured"
    )
    if held.height:
        low = held.row(0, named=True)
        words = (
            f"Lowest compliance: {low['dimension']}, {numbers.share(low['kept_share'])} of "
            f"{numbers.number(low['judged_count'])} tests"
        )
    words += f"; too few records: {numbers.listed(few)}" if few and held.height else ""
    return words + (f"; not measured: {numbers.listed(blank)}" if blank and held.height else "")


def meanings(
    measures: Mapping[str, Row], audit: Row | None, series: Row | None, outcome_tests: tuple[int, int] | None
) -> list[tuple[str, str]]:
    """(figure, what our recording means for it).

    `outcome_tests` are tests of outcomes: (met, assessed).
    """
    return [
        ("How much is recorded", _counts(audit)),
        ("Stalking against harassment", _classes(measures.get("former_partner_stalking|principal"))),
        ("Change over time", _change(measures.get("recorded_within_limit"), series)),
        ("Outcomes", _outcomes(outcome_tests)),
        ("Repeat victims and suspects", _people(measures.get("standards|completeness"))),
        (
            "Comparison with other forces",
            (
                "How other forces record is not measured here. A difference between forces may be a difference in "
                "recording: ask before acting on it."
            ),
        ),
    ]


def _counts(audit: Row | None) -> str:
    if audit is None:
        return (
            "Counts are of recorded crime. How much was reported but not recorded is not known. A count is therefore a "
            "minimum, and a rise may be better recording."
        )
    found = f"An audit found {audited(audit)} crimes recorded that its reports required."
    if audit["lower"] is None or audit["lower"] <= 0:
        return f"{found} How many of all reported crimes were not recorded is not known."
    least, most = (round(100 * (1 / audit[side] - 1)) for side in ("upper", "lower"))
    more = f"{least} to {most}" if least else f"up to {most}"  # never none, where some were not recorded
    return (
        f"{found} For every 100 crimes recorded, {more} more were reported and not recorded (95% interval). Audits "
        "look where crime is expected, so this may be too high."
    )


def audited(row: Row) -> str:
    """40 of 41: what passed, of what was rated."""
    return f"{numbers.number(row['passed'])} of {numbers.number(row['rated'])}"


def _classes(row: Row | None) -> str:
    if is_too_few(row):
        return (
            "Too few crimes by former partners to say how they are classified. Stalking recorded as harassment would "
            "make stalking too low and harassment too high."
        )
    if row is None or not is_measured(row):
        return (
            "How conduct by former partners is classified is not measured. Stalking recorded as harassment would make "
            "stalking too low and harassment too high."
        )
    return (
        f"Of conduct by former partners, {numbers.share(row['kept_share'])} is recorded as stalking "
        f"({numbers.number(row['kept_count'])} of {numbers.number(row['judged_count'])}; {interval(row)}). The rest is "
        "harassment, and each needs a recorded reason. Where there is none, stalking is too low."
    )


def _change(delay: Row | None, series: Row | None) -> str:
    if is_too_few(delay):
        words = "Too few crimes to say how soon they are recorded."
    elif delay is None or not is_measured(delay):
        words = "How soon crimes are recorded is not measured."
    else:
        words = (
            f"{numbers.share(delay['kept_share'])} of stalking and harassment is recorded within 24 hours "
            f"({numbers.number(delay['kept_count'])} of {numbers.number(delay['judged_count'])}; {interval(delay)}): a "
            "month is nearly complete once it has ended."
            if delay["kept_share"] >= 0.9
            else f"Only {numbers.share(delay['kept_share'])} of stalking and harassment is recorded within 24 hours "
            f"({interval(delay)}): the latest month will still rise."
        )
    if series is None:
        return words
    if series["verdict"] in CHANGED:
        return (
            f"{words} Compliance itself gives a signal ({series['verdict']}): a later change in "
            "other figures may be a change in recording."
        )
    if series["verdict"] == "no_change":
        return (
            f"{words} Compliance itself is within the expected range in its latest month: no sign that recording "
            "explains a later change."
        )
    return f"{words} It is too early to say whether compliance itself changed."


def _outcomes(tests: tuple[int, int] | None) -> str:
    if tests is None or not tests[1]:
        return "Whether outcome codes are plausible is not measured: outcome rates use the codes as entered."
    kept, judged = tests
    return (
        f"{numbers.share(kept / judged)} of {numbers.number(judged)} tests of outcomes and removals are met. The "
        f"other {numbers.number(judged - kept)} stay in outcome rates as entered until they are corrected."
    )


def _people(row: Row | None) -> str:
    if is_too_few(row):
        return (
            "Too few records to say how complete they are: a person who is not named is missing from repeat figures."
        )
    if row is None or not is_measured(row):
        return "Completeness of records is not measured: a person who is not named is missing from repeat figures."
    return (
        f"{numbers.share(row['kept_share'])} of tests of completeness are met ({interval(row)}). A person who is not "
        "named is missing from repeat figures, so these are minimums too."
    )


def window(points: pl.DataFrame, months: int = 36) -> pl.DataFrame:
    """The last months of a series; its limits use the whole series and do not change."""
    last = points["month"].max()
    if not isinstance(last, dt.date):
        return points
    index = last.year * 12 + last.month - months
    return points.filter(pl.col("month") >= dt.date(index // 12, index % 12 + 1, 1))

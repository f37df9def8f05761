"""Real changes: verdicts of control charts, and ranks since the last assessment."""

from __future__ import annotations

from dashboards.data.published import optional
from dashboards.data.signals import VERDICTS as WATCHED
from dashboards.data.verdicts import CHARGED, WHOLE
from dashboards.documents.assessment.evidence import CHANGES, VERDICTS, Evidence, Row, score
from dashboards.documents.assessment.judgement import Judgement, so_what
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Number, Runs, Table, joined, number, text

SIGNALS = ("higher", "lower")
CHARTED = (*SIGNALS, "no_change")  # verdicts of charts that have limits
MOST = 3  # statements on change; the last one names those that have none of their own
NAMED = 6  # things that one statement names
FALL = (
    "a fall alone is not success. Before moving effort away, find out whether fewer crimes happen, are reported or are "
    "recorded."
)
MEASURES = "metrics.protection_measures"


def changes(evidence: Evidence) -> list[Judgement]:
    """The changes that began with the latest month, the least likely by chance first; the others are counted.

    Says so if nothing changed.
    """
    signals, ranks = chart_signals(evidence), rank_changes(evidence)
    new = [(table, row) for table, row in signals if row["is_new"]]
    found = [_signal(evidence, table, row) for table, row in new] + [_rank_change(evidence, row) for row in ranks]
    if not signals and not found:
        return [_nothing(evidence)]
    rest = [_in_short(evidence, table, row) for table, row in new] + [j.statement for j in found[len(new) :]]
    if len(found) <= MOST - (len(new) < len(signals)):
        rest = []
    else:
        found, rest = found[: MOST - 1], rest[MOST - 1 :]
    standing = [row for _, row in signals if not row["is_new"]]
    return [*found, *([_the_rest(rest, len(standing))] if rest or standing else [])]


def _nothing(evidence: Evidence) -> Judgement:
    held = is_measured(evidence)
    words = "No theme shows a change in recorded crimes beyond chance." if held else "Change is not measured."
    why = "from each theme's control chart; a small change could be missed." if held else "none can be given."
    return Judgement("change", text(words), text(why), text("no resource needs to move because of a change."))


def is_measured(evidence: Evidence) -> bool:
    """Whether the verdicts of the themes' control charts are published."""
    return optional(evidence.reader.table, VERDICTS) is not None


def _the_rest(rest: list[Runs], standing: int) -> Judgement:
    """New signals without a statement of their own, each with its figures, and how many began earlier."""
    said: Runs = ()
    if rest:
        more = f" And {len(rest) - NAMED} more: annex A." if len(rest) > NAMED else ""
        also = "Also, with how often chance alone would give such a signal: "
        said = text(also, *joined(rest[:NAMED]), *([more] if more else []))
    if standing:
        both = "signal that began earlier continues", "signals that began earlier continue"
        said = text(*said, *([" "] if said else []), f"{numbers.capital(numbers.plural(standing, *both))}: annex A.")
    return Judgement(
        "change",
        said,
        text("not graded here; each is based on one chart or one pair of intervals."),
        text("ask the same of each of them."),
    )


def annex(evidence: Evidence) -> list[Block]:
    """Every signal of a chart, new ones first."""
    rows = tuple(
        (
            text(_charted(evidence, table, row)),
            _signal_clause(table, row),
            text("latest month" if row["is_new"] else "earlier"),
            text(number(table, "chance_of_signal", "of_100", **_key(table, row))),
        )
        for table, row in chart_signals(evidence)
    )
    headings = ("Chart", "Signal", "Began", "By chance alone")
    made = Table("Signals of change", headings, rows, (0.4, 0.35, 0.12, 0.13))
    return [Heading(1, "Annex A: signals of change"), made] if rows else []


def by_chance(evidence: Evidence) -> Runs:
    """The number of signals that chance alone would give now on all charts examined."""
    parts: list[Runs] = []
    watched = [row for row in _watched(evidence) if row["verdict"] in CHARTED]
    drawn = tuple(row["series_ref"] for row in watched if "series_ref" in row)  # not in copies of earlier releases
    themes = [row for row in optional(evidence.rows, VERDICTS) or [] if row["verdict"] in CHARTED]
    examined: list[tuple[str, str, dict[str, tuple[str, ...]]]] = []
    if themes:
        examined.append((VERDICTS, "of themes", {"verdict": CHARTED}))
    if drawn:
        examined.append((WATCHED, "of charges and protection", {"series_ref": drawn}))
    for table, name, key in examined:
        count = number(table, "verdict", "whole", total="count", **key)
        expected = number(table, "chance_of_signal", "one_decimal", total="sum", **key)
        looked = f" charts {name} examined, chance alone would give about "
        parts.append(text("of " if parts else "Of ", count, looked, expected, " signals now"))
    return text(*joined(parts, "; "), ".") if parts else ()


def is_any(evidence: Evidence) -> bool:
    """Whether there is any change beyond chance."""
    return bool(chart_signals(evidence) or rank_changes(evidence))


def chart_signals(evidence: Evidence) -> list[tuple[str, Row]]:
    """Charts of themes and watched shares with a signal now, as (table, row).

    Watched shares are charges and protection. New ones come first, then the least likely by chance.
    """
    themes = {row["theme_code"] for row in evidence.scores}
    held = [(VERDICTS, row) for row in optional(evidence.rows, VERDICTS) or [] if row["theme_code"] in themes]
    held += [(WATCHED, row) for row in _watched(evidence)]
    found = [(table, row) for table, row in held if row["verdict"] in SIGNALS]
    # equal chances: themes, then charges, then protection
    found.sort(
        key=lambda one: (
            one[1]["chance_of_signal"], one[0] == WATCHED, one[1].get("measure_code", CHARGED) != CHARGED,
            *_key(*one).values(),
        )
    )  # fmt: skip
    return sorted(found, key=lambda one: not one[1]["is_new"])


def _watched(evidence: Evidence) -> list[Row]:
    """The verdicts of the whole force's duties of protection, and of the charges of the force and of each class."""
    duties = {row["measure_code"] for row in optional(evidence.rows, MEASURES) or []}
    return [
        row
        for row in optional(evidence.rows, WATCHED) or []
        if (row["breakdown"] == "none" and row["measure_code"] in duties | {CHARGED})
        or (row["breakdown"] == "class" and row["measure_code"] == CHARGED)
    ]


def _key(table: str, row: Row) -> dict[str, str]:
    names = ("theme_code",) if table == VERDICTS else ("measure_code", "breakdown", "breakdown_value")
    return {name: row[name] for name in names}


def rank_changes(evidence: Evidence) -> list[Row]:
    """The themes whose rank differs from the last assessment, beyond both intervals."""
    held = {row["theme_code"]: row for row in optional(evidence.rows, CHANGES) or [] if row["change"] in SIGNALS}
    return [held[row["theme_code"]] for row in evidence.ranked if row["theme_code"] in held]


def _rank_change(evidence: Evidence, row: Row) -> Judgement:
    theme = next(s for s in evidence.scores if s["theme_code"] == row["theme_code"])

    def then(column: str, form: str) -> Number:
        return number(CHANGES, column, form, theme_code=row["theme_code"])

    said = text(
        f"{theme['theme_name']}: rank ",
        score(theme, "rank", "whole"),
        ", in the assessment as of ",
        then("last_as_of_date", "day"),
        " rank ",
        then("last_rank", "whole"),
        "; their 90% intervals do not overlap.",
    )
    return Judgement("change", said, text(score(theme, "confidence", "words"), "."), so_what(evidence, theme))


def signal_words(table: str, row: Row) -> Runs:
    """Oct 2025 ends a run of months above the average, with limits and chance."""
    key = _key(table, row)
    return text(
        *_signal_clause(table, row),
        " (limits since ",
        number(table, "segment_first_month", "month", **key),
        "); chance alone would give a signal on ",
        number(table, "chance_of_signal", "of_100", **key),
        " such charts.",
    )


def _signal_clause(table: str, row: Row) -> Runs:
    """Oct 2025 ends a run of months above the average.

    Gives only the direction where the rule is not published.
    """
    key = _key(table, row)
    month = number(table, "latest_month" if table == VERDICTS else "latest_period", "month", **key)
    if row.get("signal"):
        return text(month, " ", number(table, "signal", "signal", **key))
    return text(month, " gives a signal: ", number(table, "verdict", "words", **key), " than chance alone would give")


def _in_short(evidence: Evidence, table: str, row: Row) -> Runs:
    key = _key(table, row)
    often = number(table, "chance_of_signal", "of_100", **key)
    return text(_charted(evidence, table, row), ": ", *_signal_clause(table, row), " (", often, ").")


def _charted(evidence: Evidence, table: str, row: Row) -> str:
    """The thing that a chart counts."""
    if table == WATCHED:
        return f"{measure_name(evidence, row)}, share"
    return f"{evidence.name(row['theme_code'])}, recorded crimes"


def _signal(evidence: Evidence, table: str, row: Row) -> Judgement:
    return _theme_change(evidence, row) if table == VERDICTS else _measure_change(evidence, row)


def _theme_change(evidence: Evidence, row: Row) -> Judgement:
    said = text(_charted(evidence, VERDICTS, row), ": ", *signal_words(VERDICTS, row))
    theme = next(s for s in evidence.scores if s["theme_code"] == row["theme_code"])
    follows = so_what(evidence, theme) if row["verdict"] == "higher" else text(FALL)
    return Judgement("change", said, text(score(theme, "confidence", "words"), "."), follows)


def _measure_change(evidence: Evidence, row: Row) -> Judgement:
    said = text(_charted(evidence, WATCHED, row), ": ", *signal_words(WATCHED, row))
    reach = text(
        "not graded: a single measure, ",
        number(WATCHED, "segment_point_count", "whole", **_key(WATCHED, row)),
        " months since the last recording change.",
    )
    return Judgement("change", said, reach, text("find out what changed in practice before drawing a conclusion."))


def measure_name(evidence: Evidence, row: Row) -> str:
    """The name of a watched share."""
    if row["measure_code"] == CHARGED:
        part = "S&H" if row["breakdown_value"] == WHOLE else row["breakdown_value"]
        return f"Charged or summonsed, {numbers.readable(str(part))}"
    named = optional(evidence.rows, MEASURES, measure_code=row["measure_code"]) or [{}]
    return str(named[0].get("measure_name") or f"Protection, {numbers.readable(str(row['measure_code']))}")

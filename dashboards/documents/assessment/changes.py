"""What changed that is not noise: the verdicts of control charts, and ranks beside the last assessment issued."""

from __future__ import annotations

from dashboards import wording
from dashboards.documents.assessment.evidence import CHANGES, VERDICTS, Evidence, Row, score
from dashboards.documents.assessment.judgement import Judgement, so_what
from dashboards.documents.content import Number, Runs, number, text
from dashboards.watching import VERDICTS as WATCHED

SIGNALS = ("higher", "lower")
MOST_SIGNALS = 3
FALL = (
    "a fall is no success by itself. Find out whether fewer happen, fewer are reported or fewer are recorded before "
    "any effort is moved away."
)
MEASURES = "metrics.protection_measures"


def changes(evidence: Evidence) -> list[Judgement]:
    """What changed that is not noise; where nothing did, that."""
    found = [_theme_change(evidence, row) for row in theme_signals(evidence)]
    found += [_rank_change(evidence, row) for row in rank_changes(evidence)]
    found += [_measure_change(evidence, row) for row in watched_signals(evidence)]
    if found:
        return found[:MOST_SIGNALS] + ([_more()] if len(found) > MOST_SIGNALS else [])
    held = evidence.is_published(VERDICTS)
    words = "No theme's recorded crimes can be told from what chance would give." if held else "Change is not measured."
    why = "from the control charts of each theme; a small change could pass unseen" if held else "none can be given"
    return [Judgement("change", text(words), text(why), text("No resource need move because of a change."))]


def is_any(evidence: Evidence) -> bool:
    """Whether anything is told from chance."""
    return bool(theme_signals(evidence) or rank_changes(evidence) or watched_signals(evidence))


def theme_signals(evidence: Evidence) -> list[Row]:
    """The themes whose latest month is told from chance, by rank."""
    held = {row["theme_code"]: row for row in evidence.rows(VERDICTS)}
    rows = [held[row["theme_code"]] for row in evidence.scores if row["theme_code"] in held]
    return [row for row in rows if row["verdict"] in SIGNALS]


def watched_signals(evidence: Evidence) -> list[Row]:
    """The watched shares (charges, protection) told from chance, the least likely by chance first."""
    rows = [row for row in evidence.rows(WATCHED) if row["verdict"] in SIGNALS]
    return sorted(rows, key=lambda row: (row["chance_of_signal"], row["subject"], row["code"]))


def rank_changes(evidence: Evidence) -> list[Row]:
    """The themes whose rank differs from the last assessment issued, beyond both intervals."""
    held = {row["theme_code"]: row for row in evidence.rows(CHANGES) if row["change"] in SIGNALS}
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
        "; their 90 % intervals have nothing in common.",
    )
    return Judgement("change", said, text(score(theme, "confidence", "words"), "."), so_what(evidence, theme))


def chance_words(table: str, **key: str) -> Runs:
    """With nothing changed since Feb 2024, such a signal has a remote chance (2 %)."""
    since = number(table, "segment_first_month", "month", **key)
    chance = number(table, "chance_of_signal", "likelihood", **key)
    return text("with nothing changed since ", since, ", such a signal would be ", chance)


def _theme_change(evidence: Evidence, row: Row) -> Judgement:
    key = {"theme_code": row["theme_code"]}
    month = number(VERDICTS, "latest_month", "month", **key)
    said = text(
        f"{evidence.name(row['theme_code'])}: recorded crimes in ",
        month,
        " were ",
        number(VERDICTS, "verdict", "words", **key),
        " than chance would give; ",
        *chance_words(VERDICTS, **key),
        ".",
    )
    theme = next(s for s in evidence.scores if s["theme_code"] == row["theme_code"])
    follows = so_what(evidence, theme) if row["verdict"] == "higher" else text(FALL)
    return Judgement("change", said, text(score(theme, "confidence", "words"), "."), follows)


def _measure_change(evidence: Evidence, row: Row) -> Judgement:
    key = {"subject": row["subject"], "code": row["code"]}
    said = text(
        f"{measure_name(evidence, row)}: the share in ",
        number(WATCHED, "latest_month", "month", **key),
        " was ",
        number(WATCHED, "verdict", "words", **key),
        " than chance would give; ",
        *chance_words(WATCHED, **key),
        ".",
    )
    reach = text(
        "not graded: one measure of its own, ",
        number(WATCHED, "segment_point_count", "whole", **key),
        " months since the last change of recording.",
    )
    return Judgement("change", said, reach, text("Find out what changed in the work before anything is concluded."))


def measure_name(evidence: Evidence, row: Row) -> str:
    """What a watched share is called."""
    named = evidence.rows(MEASURES, measure_code=row["code"]) if row["subject"] == "protection" else []
    if named and named[0].get("measure_name"):
        return str(named[0]["measure_name"])
    what = {"charged": "Charged or summonsed", "protection": "Protection"}.get(row["subject"], row["subject"])
    return f"{what}, {wording.readable(str(row['code']))}"


def _more() -> Judgement:
    return Judgement(
        "change",
        text("Further changes can be told from chance: see the chapters of the themes."),
        text("as said there."),
        text("Read them before resources are moved."),
    )

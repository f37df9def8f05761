"""The assessment in words. Pure: rows in, plain sentences out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data.verdicts import chart_words
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

INFORMED = (
    "MoRiLE-informed: harm, likelihood and organisational position are scored by this product's own scheme, which a "
    "force may change. Risk is harm times likelihood over 100. Confidence is graded beside risk and never multiplied "
    "into it: missing knowledge must not look like safety."
)
NO_RANKING = "Too little is known to rank the themes"
SCHEMES = (
    "Each other scheme changes one choice: a weight, points, cut-points, or what fills in parts without data. How many "
    "schemes agree is no probability."
)
CHANGES = {
    "higher": "higher rank in every scheme",
    "lower": "lower rank in every scheme",
    "no clear change": "no clear change",
    "other scheme": "scored by another scheme: no change is called",
    "other themes": "ranked among other themes: no change is called",
    "overridden": "overridden then or now: no change is called",
    "not ranked": "not ranked: counts crimes of other themes",
    "new": "not in the last assessment",
}
GRADES = {"A": "A (best placed)", "B": "B", "C": "C", "D": "D (worst placed)"}
PER_INVESTIGATOR = "crimes per investigator"
KINDS = {
    "not measured": "not measured", "entered": "judged in the list of themes, not measured",
    "low confidence": "low confidence",
}  # fmt: skip


def is_ranked(scores: pl.DataFrame) -> bool:
    """Whether enough is known for an order of the themes: metrics.theme_scores decides."""
    return bool(scores["is_ranking_shown"].any())


def no_ranking(scores: pl.DataFrame) -> str:
    """Why no order is shown, in one sentence."""
    known = scores["known_theme_share"].max()
    if known is None:
        return f"{NO_RANKING}: none of them has a rank."
    return f"{NO_RANKING}: {numbers.share(float(str(known)), 0)} of them have enough crimes."


def ranked(scores: pl.DataFrame) -> pl.DataFrame:
    """The themes that have a rank, the first on top."""
    return scores.filter(pl.col("rank").is_not_null()).sort("rank", "place")


def answer(scores: pl.DataFrame) -> str:
    """The highest risk, and how many other schemes keep it and the first three."""
    order = ranked(scores)
    if order.is_empty():
        return "No theme is ranked."
    if not is_ranked(scores):
        return f"{no_ranking(scores)} No score below is a reason to act on its own."
    first = order.row(0, named=True)
    return (
        f"{first['theme_name']} has the highest risk score, as in {first['first_scheme_count']} of "
        f"{first['scheme_count']} other schemes. {kept(first)}."
    )


def kept(row: Mapping[str, Any]) -> str:
    """The same three themes come first in 7 of 17 other schemes."""
    return f"The same three themes come first in {row['kept_scheme_count']} of {row['scheme_count']} other schemes"


def among_first(row: Mapping[str, Any]) -> str:
    """9 of 17 other schemes: those in which a theme is among the first three."""
    return f"{row['top_scheme_count']} of {row['scheme_count']} other schemes"


def basis(row: Mapping[str, Any]) -> str:
    """How many parts of a theme's risk are measured, judged and filled in."""
    rest = row["part_count"] - row["measured_count"] - row["judged_count"]
    return (
        f"Of {row['part_count']} parts of this risk {row['measured_count']} are measured, {row['judged_count']} "
        f"judged, {rest} filled in without data"
    )


def place(row: Mapping[str, Any]) -> str:
    """3 (3 to 6)."""
    if row["rank"] is None:
        return "not ranked"
    return f"{row['rank']} ({row['rank_low']} to {row['rank_high']})"


def override_words(row: Mapping[str, Any]) -> str:
    """Rank without overrides, and the number of overrides."""
    if not row["is_overridden"]:
        return "none"
    count = numbers.plural(row["override_count"], "override")
    return count if row["rank"] is None else f"{count}; rank {row['automatic_rank']} without"


def chart_signals(scores: pl.DataFrame, verdicts: pl.DataFrame) -> list[tuple[str, str]]:
    """(theme, sentence) for each theme whose chart gives a signal in its latest month."""
    if verdicts.is_empty():
        return []
    named = dict(scores.select("theme_code", "theme_name").iter_rows())
    grades = dict(scores.select("theme_code", "confidence").iter_rows())
    return [
        (
            row["theme_code"],
            f"{named[row['theme_code']]}: {chart_words(row)}. Confidence {grades[row['theme_code']]}.",
        )
        for row in verdicts.filter(pl.col("verdict").is_in(["higher", "lower"]))
        .sort("theme_code")
        .iter_rows(named=True)
        if row["theme_code"] in named
    ]


def by_chance(verdicts: pl.DataFrame) -> str:
    """The number of signals expected by chance on all charts examined."""
    drawn = verdicts.filter(pl.col("verdict").is_in(["higher", "lower", "no_change"])) if verdicts.height else verdicts
    if drawn.is_empty():
        return "No theme has enough months for a control chart."
    expected = sum(drawn["chance_of_signal"].to_list())
    return (
        f"On {numbers.plural(drawn.height, 'control chart')}, chance alone would give about "
        f"{numbers.decimal(expected, 1)} signals now."
    )


def grade(row: Mapping[str, Any]) -> str:
    """B; where some data is missing, with the grades that are possible."""
    if row["organisation_grade"] is None:
        return "not known: no part is measured"
    best, worst = row["organisation_grade_best"], row["organisation_grade_worst"]
    return GRADES[row["organisation_grade"]] + (f", {best} to {worst} possible" if best != worst else "")


def asked(entries: pl.DataFrame) -> pl.DataFrame:
    """The recommendations that wait for a decision, with the `decision` asked for.

    Starters ask for none. Documents have the rows as of the build that they rest on.
    """
    words = pl.col("fields").str.json_path_match("$.decision_asked").fill_null("")
    is_waiting = pl.col("status") == "needs_decision"
    return (
        entries.filter((pl.col("register") == "recommendations") & ~pl.col("is_closed") & ~pl.col("is_starter"))
        .with_columns(decision=pl.when(words != "").then(words).when(is_waiting).then("title").otherwise(pl.lit("")))
        .filter(pl.col("decision") != "")
    )


def five(
    scores: pl.DataFrame, found: tuple[str, str], gaps: pl.DataFrame, outside: str, entries: pl.DataFrame
) -> list[tuple[str, str, str]]:
    """The five questions of a chief officer as (label, value, small print). `found`: the findings in short."""
    top = ranked(scores).head(3)
    highest = (
        " · ".join(top["theme_name"].to_list()),
        "among the first three in "
        + "; ".join(f"{among_first(r)} ({numbers.in_sentence(r['theme_name'])})" for r in top.iter_rows(named=True)),
    )
    low = scores.filter(pl.col("confidence") == "Low").height
    current = entries.filter(~pl.col("is_closed") & ~pl.col("is_starter")) if entries.height else entries
    waiting = asked(entries).height if entries.height else 0
    late = current.filter(pl.col("is_overdue").fill_null(False)).height if current.height else 0
    return [
        ("What has changed?", *found),
        ("Highest risks", *(highest if is_ranked(scores) else ("no ranking", no_ranking(scores)))),
        ("Where do we differ from other forces?", outside, "outside the 99.8% limits of a funnel of forces"),
        (
            "What can we not see?",
            numbers.plural(gaps.height, "gap"),
            f"{low} of {scores.height} themes of low confidence",
        ),
        (
            "Which decisions are needed?",
            numbers.plural(waiting, "decision"),
            f"{late} of {numbers.plural(current.height, 'open entry', 'open entries')} overdue today",
        ),
    ]


def gap_words(gap: Mapping[str, Any], theme: str) -> str:
    """Psychological harm of breaches of protective orders.

    For a gap of the whole theme, the confidence in it.
    """
    about = numbers.in_sentence(theme)
    return (
        f"{numbers.in_sentence(gap['gap'].split(':')[0])} of {about}" if gap["part_code"] else f"confidence in {about}"
    )


def gaps_finding(gaps: pl.DataFrame, *, is_ranked: bool) -> str:
    """The first gap that decides which themes are the first three; `gaps` has `theme`, the name of each."""
    if not is_ranked:
        return f"{NO_RANKING}, so none of {numbers.plural(gaps.height, 'gap')} comes first"
    deciding = gaps.filter("is_decisive")
    if deciding.is_empty():
        return "No single gap decides which themes are the first three"
    first = deciding.sort("place").row(0, named=True)
    about = gap_words(first, first["theme"])
    more = f", and {numbers.plural(deciding.height - 1, 'other gap')}" if deciding.height > 1 else ""
    return f"Which themes are the first three depends on {about}{more}"


def matrix_finding(scores: pl.DataFrame) -> str:
    """The themes that are highest in both."""
    if not is_ranked(scores):
        return f"{NO_RANKING}: scores of {numbers.plural(scores.height, 'theme')}"
    high = ranked(scores).filter(pl.col("risk") >= 25)
    if high.is_empty():
        return "No theme reaches a risk of 25"
    named = numbers.listed([numbers.in_sentence(name) for name in high["theme_name"]], 4)
    return f"{numbers.plural(high.height, 'theme has', 'themes have')} a risk of 25 or more: {named}"


def matrix_alt(scores: pl.DataFrame) -> str:
    """The marks of the matrix, one after another."""
    told = "; ".join(
        f"{r['theme_code']} {r['theme_name']}: likelihood {r['likelihood']:.0f}, harm {r['harm']:.0f}, confidence "
        f"{r['confidence']}"
        for r in scores.iter_rows(named=True)
    )
    return f"Harm against likelihood, 0 to 100 each. {told}."


def places_finding(order: pl.DataFrame) -> str:
    """How many other schemes have the same first three."""
    return kept(order.row(0, named=True)) if is_ranked(order) else no_ranking(order).removesuffix(".")


def places_alt(order: pl.DataFrame) -> str:
    """Each theme with the range of its rank."""
    told = "; ".join(
        f"{r['theme_name']} rank {r['rank']}, {r['rank_low']} to {r['rank_high']}" for r in order.iter_rows(named=True)
    )
    return f"Ranks by risk with their ranges over the schemes: {told}."


def value(row: Mapping[str, Any], rule: SmallNumbers, digits: int = 1) -> str:
    """A fact's value in its unit, with its interval; in words where there is none."""
    if row["value"] is None:
        return f"not shown: it, or what it leaves out, is {rule.few}" if row["is_small"] else "not measured"
    if row["unit"] == "share":
        return f"{numbers.share(row['value'], digits)}{_between(row, lambda v: numbers.share(v, digits))}"
    if row["unit"] == "per 1,000":
        return f"{numbers.decimal(row['value'])}{_between(row, numbers.decimal)}"
    if row["unit"] == PER_INVESTIGATOR:
        return numbers.decimal(row["value"], 1)
    return f"{numbers.number(row['value'])}{_between(row, numbers.number)}"


def _between(row: Mapping[str, Any], form: Any) -> str:
    return "" if row["lower"] is None else f" ({form(row['lower'])} to {form(row['upper'])})"


def part_score(row: Mapping[str, Any]) -> str:
    """2; 4 by override, automatic score 2; not measured."""
    if row["score"] is None:
        return "not measured"
    if row["override_ref"] is None:
        return str(row["score"])
    automatic = "not measured" if row["automatic_score"] is None else str(row["automatic_score"])
    return f"{row['score']} by override; automatic score {automatic}"


def theme_answer(row: Mapping[str, Any], verdict: Mapping[str, Any] | None, year: Mapping[str, Any] | None) -> str:
    """What a theme's risk rests on, then the theme in short."""
    held = "" if year is None or year["value"] is None else f"{numbers.number(year['value'])} crimes in twelve months. "
    if row["rank"] is None:
        stands = "It counts crimes of other themes and is not ranked."
    elif not row["is_ranking_shown"]:
        stands = f"{NO_RANKING}. Confidence {row['confidence']}."
    else:
        stands = (
            f"Rank {row['rank']} by risk, {row['rank_low']} to {row['rank_high']} over all schemes. Among the first "
            f"three in {among_first(row)}. Confidence {row['confidence']}."
        )
    trend = "" if verdict is None else f" On its chart: {chart_words(verdict)}."
    return f"{basis(row)}. {held}{stands}{trend}"

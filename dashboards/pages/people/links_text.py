"""Review of links in words and rows.

Pure: published rows and decisions in, text and frames out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from assets.methods.agreement import Agreement
from assets.methods.exact import chance_of_so_few
from casework.choices.link_reasons import REASONS
from casework.people.links import Held, Pair, settled_verdict, state_of
from dashboards.text import numbers

VERDICTS = {"same": "One person", "different": "Two people", "unsure": "Unsure"}
OBEYED = {"same": "the next build links the two records", "different": "the next build keeps the two records apart"}
KINDS = {
    "name_frequency": "How common the name is",
    "name_part_count": "Parts of the name",
    "has_birth_date": "Date of birth recorded",
    "is_first_january": "Born on a 1 January",
    "has_postcode": "Postcode recorded",
    "has_number": "Telephone, e-mail or PNC number recorded",
    "ethnicity_self_defined": "Ethnicity, self-defined",
}
YES_NO = {"true": "yes", "false": "no"}
MEASURES = {  # measure -> (what it is a share of, what was counted in it, column of the denominator)
    "precision": ("pairs that the weight links", "are one person", "linked_pair_count"),
    "recall": ("pairs that are one person", "are linked by their weight", "same_pair_count"),
}
DECIDED: Mapping[str, Any] = {
    "person_key_l": pl.String,
    "person_key_r": pl.String,
    "settled": pl.String,
    "reason": pl.String,
    "first": pl.String,
    "second": pl.String,
    "third": pl.String,
    "is_blind": pl.Boolean,
    "decided_at": pl.Datetime("us", "UTC"),
    "effect": pl.String,
    "match_weight": pl.Float64,
}
ALPHA = 0.05  # over all comparisons together (Bonferroni)
UNTOLD = "unsure: the weight decides"


def nearest_first(pairs: pl.DataFrame, limit: float | None) -> list[Pair]:
    """The uncertain pairs in reading order.

    Pairs whose other records overruled the weight come first, then the nearest to the limit.
    """
    distance = (pl.col("match_weight") - (limit or 0.0)).abs()
    overruled = pl.col("is_linked") != pl.col("is_linked_by_weight")
    rows = (
        pairs.filter("is_uncertain")
        .with_columns(distance=pl.when(overruled).then(0.0).otherwise(distance))
        .sort("distance", "person_key_l", "person_key_r")
    )
    return list(rows.select("person_key_l", "person_key_r").iter_rows())


def answer(counts: Mapping[str, int]) -> str:
    """The progress of the review, in one sentence."""
    done = counts["settled"] + counts["untold"]
    left = counts["unread"] + counts["half"]
    differ = f", {numbers.number(counts['differ'])} on which two readers disagree" if counts["differ"] else ""
    return (
        f"{numbers.plural(counts['pairs'], 'pair')} of records may be one person: {numbers.number(done)} "
        f"decided{differ}, {numbers.number(left)} still to be read by two people."
    )


def kappa(agreement: Agreement) -> tuple[str, str]:
    """Value and small print of the readers' agreement."""
    if not agreement.pairs:
        return "not measured", "no pair has been read by two people yet"
    pairs = f"{numbers.plural(agreement.pairs, 'pair')} read blind by two"
    if agreement.kappa is None:
        return "not defined", f"{agreement.reason}; {pairs}"
    same = f"same answer on {agreement.same:,} ({numbers.share(agreement.observed)})"
    return f"{agreement.kappa:.2f}", f"95% interval {agreement.lower:.2f} to {agreement.upper:.2f}; {pairs}, {same}"


def last_run(run: Mapping[str, Any]) -> str:
    """The last linkage in words: time, method and result, or why there was none."""
    at, reason = numbers.moment(run["run_at"].isoformat()), str(run["reason"] or "").rstrip(".")
    if run["manner"] == "none":
        return f"Records of people are not linked: {reason}."
    if run["manner"] == "refused":
        rest = "Earlier links still apply" if run["is_measured"] else "Every person key counts as one person"
        return f"The last linkage, {at}, was refused: {reason}. {rest}."
    if run["manner"] == "combined":
        return f"Records were {reason}: {_came_to(run)}."
    how = "Every record was linked again" if run["manner"] == "full" else "The new and changed records were linked"
    left = run["left_out_count"] or 0
    left_words = f"; {numbers.plural(left, 'row was', 'rows were')} left out: {run['left_out_reason']}" if left else ""
    why = f" ({reason.removeprefix('full rebuild: ')})" if run["manner"] == "full" and reason else ""
    return f"{how} on {at}{why}: {_came_to(run)}{left_words}."


def _came_to(run: Mapping[str, Any]) -> str:
    records, people = run["record_count"], run["person_count"]
    return f"{numbers.plural(records, 'record')} of {numbers.plural(people, 'person', 'people')}"


def decided(held: Mapping[Pair, Held], pairs: pl.DataFrame | None) -> pl.DataFrame:
    """Every decided pair, the latest first: keys, verdicts, weights.

    Neither a name nor the readers' identities.
    """
    known = {(r["person_key_l"], r["person_key_r"]): r for r in pairs.to_dicts()} if pairs is not None else {}
    rows = [_decided_row(pair, h, known.get(pair)) for pair, h in held.items() if state_of(h) in ("settled", "untold")]
    return pl.DataFrame(rows, schema=dict(DECIDED), orient="row").sort("decided_at", descending=True)


def _decided_row(pair: Pair, held: Held, row: Mapping[str, Any] | None) -> tuple[Any, ...]:
    verdict = settled_verdict(held)
    last = held.latest.get("registrar") or held.latest["first"]
    is_done = row is not None and row["is_decided"] and row["is_linked"] == (verdict == "same")
    effect = UNTOLD if verdict is None else "the build has applied it" if is_done else OBEYED[verdict]
    said = [VERDICTS.get(held.verdict(role) or "", "not asked") for role in ("first", "second", "registrar")]
    at = max(dt.datetime.fromisoformat(d["decided_at"]) for d in held.latest.values())
    is_blind = all(d["is_blind"] for d in held.latest.values())
    words = VERDICTS[verdict or "unsure"]
    return (*pair, words, REASONS[last["reason_code"]], *said, is_blind, at, effect, row and row["match_weight"])


def share_words(row: Mapping[str, Any], measure: str) -> str:
    """71 of 80 are one person (88.8%, 95% interval 80.0 to 94.0%).

    Says so if it is not measured.
    """
    of, counted, total = MEASURES[measure]
    if row[measure] is None:
        return f"not measured: no reviewed pair is among the {of}"
    limits = numbers.limits(row[f"{measure}_lower"], row[f"{measure}_upper"])
    count = f"{row['right_pair_count']:,} of {row[total]:,}"
    return f"{count} {counted} ({numbers.share(row[measure])}, 95% interval {limits})"


def quality_finding(whole: Mapping[str, Any], measure: str) -> str:
    """Recall: of the pairs that are one person, 8 of 10 are linked by their weight..."""
    of = "" if whole[measure] is None else f"of the {MEASURES[measure][0]}, "
    return f"{numbers.capital(measure)}: {of}{share_words(whole, measure)}"


def worse_groups(quality: pl.DataFrame) -> str:
    """Groups whose records are linked worse than all other pairs, beyond chance.

    Every group of every kind is tested.
    """
    whole = quality.filter(pl.col("stratum_type") == "all").row(0, named=True)
    groups = quality.filter(pl.col("stratum_type").is_in(list(KINDS))).to_dicts()
    tried = [
        (chance_of_so_few(g["right_pair_count"], g[total], whole["right_pair_count"], whole[total]), measure, g)
        for measure, (_, _, total) in MEASURES.items()
        for g in groups
        if 0 < g[total] < whole[total]
    ]
    if not tried:
        return "Groups cannot be compared: there is no reviewed pair to compare."
    test = f"{numbers.plural(len(tried), 'comparison')} with all other pairs, exact test, 5% over all of them together"
    worse = sorted((t for t in tried if t[0] * len(tried) < ALPHA), key=lambda t: t[0])
    if not worse:
        return (
            f"No group is linked worse beyond chance ({test}). With few pairs a real difference may be missed: read "
            "the intervals."
        )
    found = [
        f"{measure} for “{KINDS[g['stratum_type']].lower()}: {group_name(g['stratum_type'], g['stratum'])}”, "
        f"{share_words(g, measure)}"
        for _, measure, g in worse
    ]
    return (
        f"Linked worse beyond chance: {'; '.join(found)} ({test}). Have these links read before you rely on them."
    )


def group_name(kind: str, value: str) -> str:
    """The value of a kind in words."""
    if kind == "name_part_count":
        return numbers.plural(int(value), "part") if value.isdigit() else value
    return YES_NO.get(value, value)

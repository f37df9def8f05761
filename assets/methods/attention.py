"""What deserves attention: findings in one order, by one rule, each as a sentence with a question and a post to ask.

A change comes from methods.change. A part that differs from the rest of its force is found here, on the scale of
angles, with the spread between parts beyond chance (Spiegelhalter, 2005). That spread is taken from the other parts, so
that a part cannot hide itself. Benjamini and Hochberg (1995) keep the share of false findings below a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import false_discovery_control, norm, t

from assets.methods.change import KEY, angle, q_values
from assets.methods.comparison import UNCLEAR

Row = dict[str, Any]
Settings = Mapping[str, float]

PRIOR_DF = 12  # the spread between parts is half that of its own measure, half that of all, at this number of parts
STANDING, BETTER, LESSER = 0.5, 0.5, 0.5  # of a weight: not new, for the better, a measure that does not lead
EXPLAINED = 0.5  # of the cases more or fewer than expected in a whole, those of one of its parts
BY_CHANCE = ("change", "outlier", "data")  # kinds that are judged against chance: they come first
FOUND = {
    "attention_rank": pl.Int64, "kind": pl.String, "measure_code": pl.String, "breakdown": pl.String,
    "breakdown_value": pl.String, "period_start": pl.Date, "period_end": pl.Date, "numerator": pl.Int64,
    "denominator": pl.Int64, "value": pl.Float64, "expected": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "q_value": pl.Float64, "is_new": pl.Boolean, "is_better": pl.Boolean, "weight": pl.Float64, "also_count": pl.Int64,
    "sentence": pl.String, "question": pl.String, "post": pl.String,
}  # fmt: skip


def findings(rows: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """The findings in the order of their weight, with the columns of FOUND.

    `rows`: one a change, part, duty, order or decision, with the columns of metrics.attention's SELECT. Raises KeyError
    for a subject without a setting of its harm.
    """
    settings: Settings = dict(reference_settings.select("key", "value").iter_rows())
    candidates = [row for row in rows.iter_rows(named=True) if row["kind"] != "outlier"]
    candidates += outliers(rows.filter(pl.col("kind") == "outlier").to_dicts(), settings["attention.false_findings"])
    held = [_weighed(row, settings) for row in candidates if _may_be_said(row, settings)]
    named = _alone(_inmost(_of_classes(sorted(held, key=_order))))
    said = [row | {"sentence": sentence(row), "question": question(row)} for row in named]
    return _ranked(said)


def released(rows: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """The findings for those who commission services, from released figures alone, with the columns of FOUND.

    `rows`: one a measure of the force or a district that can be compared with a year before, with the columns of
    metrics.released_attention's SELECT. Its `change` is the verdict from exact counts. Which are named is decided over
    all rows together, by how far each is from no change on the scale of its own interval.
    """
    settings: Settings = dict(reference_settings.select("key", "value").iter_rows())
    compared = [row for row in rows.to_dicts() if row["upper"] > row["lower"]]  # else nothing says how clear it is
    if not compared:
        return _ranked([])
    # the longer arm: the other may end at no change, where the exact verdict is a change
    arms = np.array([max(row["upper"] - row["expected"], row["expected"] - row["lower"]) for row in compared])
    moves = np.array([abs(row["value"] - row["expected"]) for row in compared])
    is_key = np.array([row["measure_code"] in KEY for row in compared])
    q = q_values(2 * norm.sf(moves * settings["intervals.z"] / arms), is_key)
    named = [
        _weighed(row | {"q_value": float(share)}, settings)
        for row, share in zip(compared, q, strict=True)
        if row["change"] != UNCLEAR and share <= settings["attention.false_findings"]
    ]
    asked = "What changed in {} within the year, and is it meant to last?"
    return _ranked(
        [row | {"sentence": _released_sentence(row), "question": asked.format(_place(row))}
         for row in sorted(named, key=_order)]
    )  # fmt: skip


def _ranked(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame([row | {"attention_rank": place} for place, row in enumerate(rows, start=1)], schema=FOUND)


def _order(row: Row) -> tuple[Any, ...]:
    """What is judged against chance first, then by weight."""
    name = str(row["measure_code"]), row["breakdown"], row["breakdown_value"]
    return row["kind"] not in BY_CHANCE, -row["weight"], *name


def outliers(parts: list[Row], rate: float) -> list[Row]:
    """The parts that differ from the rest of their force, with what is expected of them and its 95% limits.

    `rate`: most false findings, as a share of all of them. Parts of one measure and breakdown are compared together.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in parts:
        if row["rest_denominator"] and row["denominator"]:
            groups.setdefault((row["measure_code"], row["breakdown"]), []).append(row)
    measured = [_beside(group) for group in groups.values() if len(group) > 1]
    if not measured:
        return []
    usual = float(np.mean([spread.mean() for _, _, spread, _ in measured]))
    found: list[Row] = []
    p: list[float] = []
    for group, z, spread, deviation in measured:
        df = len(group) - 1
        each = np.maximum((df * spread + PRIOR_DF * usual) / (df + PRIOR_DF), 1.0)
        p += list(2 * t.sf(np.abs(z) / np.sqrt(each), df + PRIOR_DF))
        width = t.ppf(0.975, df + PRIOR_DF) * np.sqrt(each) * deviation
        for row, wide in zip(group, width, strict=True):
            middle = angle(row["rest_numerator"], row["rest_denominator"])
            low, high = (float(np.sin(np.clip(middle + move, 0, np.pi / 2)) ** 2) for move in (-wide, wide))
            rest = row["rest_numerator"] / row["rest_denominator"]
            found.append(row | {"expected": rest, "lower": low, "upper": high})
    q = false_discovery_control(p)
    return [row | {"q_value": float(value)} for row, value in zip(found, q, strict=True) if value <= rate]


def _beside(group: list[Row]) -> tuple[list[Row], Any, Any, Any]:
    """Each part beside the rest: how far it differs by chance's measure, the spread of the others, and that measure."""
    n, of, rest_n, rest_of = (
        np.array([row[name] for row in group], dtype=float)
        for name in ("numerator", "denominator", "rest_numerator", "rest_denominator")
    )
    deviation = np.sqrt(1 / (4 * of + 2) + 1 / (4 * rest_of + 2))
    z = (angle(n, of) - angle(rest_n, rest_of)) / deviation
    squares = z**2
    # of the others the largest is left out too: two parts that differ do not hide each other
    kept = max(len(group) - 2, 1)
    spread = np.array([np.sort(np.delete(squares, place))[:kept].mean() for place in range(len(group))])
    return group, z, spread, deviation


def _may_be_said(row: Row, settings: Settings) -> bool:
    """Whether the finding has no small number, and a share cases enough."""
    smallest, fewest = settings["suppression.smallest_shown"], settings["shares.minimum_denominator"]
    if row["kind"] == "decision":
        return True
    if row["denominator"] is None:
        return bool(row["numerator"] >= smallest)
    missed = row["denominator"] - row["numerator"]
    is_days = row["measure_kind"] == "median"
    return bool(row["denominator"] >= fewest and (is_days or min(row["numerator"], missed) >= smallest))


def _weighed(row: Row, settings: Settings) -> Row:
    """The finding with its value, whether it is better, and its weight: harm times cases beyond the limits."""
    row = row | {"also_count": 0, "likewise": []}
    value = row["value"] if "value" in row else _counted_value(row)
    harm = settings[f"attention.harm_{row['subject'] or 'decisions'}"] * (1.0 if row["is_lead"] else LESSER)
    if row["expected"] is None:
        cases = row["denominator"] - row["numerator"] if row["kind"] == "duty" else row["numerator"]
        return row | {"value": value, "is_better": None, "weight": harm * cases}
    is_more = value > row["expected"]
    size = max(value - row["upper"], row["lower"] - value, 0.0)
    if row["measure_kind"] == "median":
        size = size / max(row["expected"], 1.0)
    cases = size * (row["denominator"] or 1)
    is_better = None if row["direction"] == "neither" else is_more == (row["direction"] == "higher_is_better")
    part = (BETTER if is_better else 1.0) * (1.0 if row["is_new"] else STANDING)
    return row | {"value": value, "is_better": is_better, "weight": harm * cases * part}


def _counted_value(row: Row) -> float:
    """The share or count of what was counted; else the latest value."""
    if row["denominator"] is not None and row["measure_kind"] != "median":
        return float(row["numerator"] / row["denominator"])
    if row["measure_kind"] == "count" and row["expected"] is not None:
        return float(row["numerator"])
    return row["latest_value"]  # type: ignore[no-any-return]


def _inmost(ordered: list[Row]) -> list[Row]:
    """Of what differs likewise in a part and in the whole around it one finding, which names the other in its sentence.

    It is that of the part where this is EXPLAINED of the whole, else that of the whole.
    """
    judged = [row for row in ordered if row["expected"] is not None]
    left = {_of_part(row, row["breakdown"], row["breakdown_value"]): row for row in judged}
    inner = [row for by in ("district", "unit") for row in judged if row["breakdown"] == by]  # from the whole inwards
    for row in inner:
        district = [("district", row["district"])] if row["breakdown"] == "unit" else []
        around = [*district, ("none", "all")]
        whole = next((left[key] for key in (_of_part(row, *part) for part in around) if key in left), None)
        if whole is None or not _is_alike(row, whole):
            continue
        first, second = (row, whole) if _beyond(row) >= EXPLAINED * _beyond(whole) else (whole, row)
        del left[_of_part(row, second["breakdown"], second["breakdown_value"])]
        first["likewise"] += [_place(second), *second["likewise"]]
    return [row for row in ordered if row["expected"] is None or any(row is kept for kept in left.values())]


def _of_part(row: Row, breakdown: str, value: str) -> tuple[str, ...]:
    return row["kind"], row["measure_code"], breakdown, value


def _is_alike(row: Row, whole: Row) -> bool:
    """Whether both go the same way, and both are new or both are not."""
    ways = [(one["is_new"], one["value"] > one["expected"]) for one in (row, whole)]
    return bool(ways[0] == ways[1])


def _beyond(row: Row) -> float:
    """How many cases more or fewer than expected."""
    return abs(float(row["value"] - row["expected"])) * float(row["denominator"] or 1)


def _of_classes(ordered: list[Row]) -> list[Row]:
    """Classes are shares of one count, so that one that grows makes others fall: they are one finding.

    A count of the force gives way to it where the class is EXPLAINED of it, before parts are compared with that count.
    The finding has the place of the first of them.
    """
    of_class = next((row for row in ordered if row["kind"] == "data"), None)
    if of_class is None:
        return ordered
    alike = [row for row in ordered if row["kind"] == "data" or _is_explained(row, of_class)]
    of_class["also_count"] += len(alike) - 1
    others = [row for row in ordered if row is alike[0] or not any(row is other for other in alike)]
    return [of_class if row is alike[0] else row for row in others]


def _alone(ordered: list[Row]) -> list[Row]:
    """Of several findings on one part, subject and direction the first, which counts the others.

    A standard gives way to a measure of the same facts on the same part.
    """
    of_measures = {
        (code, *_part(row)) for row in ordered if row["expected"] is not None for code in str(row["rule_codes"]).split()
    }
    held: dict[tuple[Any, ...], Row] = {}
    for row in ordered:
        if row["expected"] is None or row["kind"] == "data":
            held[(row["kind"], row["measure_code"])] = row
        elif (row["measure_code"], *_part(row)) not in of_measures:
            first = held.setdefault((row["subject"], *_part(row)), row)
            first["also_count"] += first is not row
    return list(held.values())


def _is_explained(row: Row, of_class: Row) -> bool:
    """Whether a change in the crimes of the force is for the greater part that of a class."""
    if row["breakdown"] != "none" or row["measure_kind"] != "count" or row["subject"] != of_class["subject"]:
        return False
    more, of_it = (float(one["value"] - one["expected"]) for one in (row, of_class))
    return of_it / more >= EXPLAINED if more else False


def _part(row: Row) -> tuple[Any, ...]:
    """Where a finding is, and which way it goes."""
    return row["breakdown"], row["breakdown_value"], row["is_better"], row["value"] > row["expected"]


def sentence(row: Row) -> str:
    """The finding in words: what was counted, since when, what is expected."""
    if row["kind"] == "decision":
        counted = _count(row["numerator"], "decision or action", "decisions or actions")
        return f"{counted} overdue, the first since {_month(row['period_start'])}."
    name = _name(row)
    if row["kind"] == "order":
        return f"{name}: {row['numerator']:,}, in {_month(row['period_end'])}."
    between = f"{_month(row['period_start'])} to {_month(row['period_end'])}"
    if row["kind"] == "duty":
        missed = row["denominator"] - row["numerator"]
        missed_words = f"{missed:,} of {row['denominator']:,} missed{' so far' if row['is_so_far'] else ''}"
        return f"{name}: {_share(row['value'])} met, {missed_words}, {between}."
    value, expected, lower, upper = (_value(row, row[column]) for column in ("value", "expected", "lower", "upper"))
    if row["denominator"] is not None:
        counted = "" if row["measure_kind"] == "median" else f"{row['numerator']:,} "
        value += f" ({counted}of {row['denominator']:,})"
    also = f" The same in {_listed(row['likewise'])}." if row["likewise"] else ""
    if row["kind"] == "outlier":
        return f"{name}: {value}, rest of the force {expected}, {between}.{also}"
    return f"{name}: {value} since {_month(row['period_start'])}, {expected} expected ({lower} to {upper}).{also}"


def question(row: Row) -> str:
    """What to ask of the post."""
    part = _place(row)
    asked = {
        "change": f"What changed in {part} in {_month(row['period_start'])}, and is it meant to last?",
        "outlier": f"What does {part} do otherwise than the rest of the force?",
        "data": f"Is class {part} used otherwise since {_month(row['period_start'])}, and who decided it?",
        "duty": "Why were these missed, and who sees to it by which day?",
        "order": "Who renews these orders before they end?",
        "decision": "Who decides, and by which day?",
    }
    return asked[row["kind"]]


def _released_sentence(row: Row) -> str:
    """The finding as commissioners may read it: to a whole point, beside the quarter a year before."""
    between = f"{_month(row['period_start'])} to {_month(row['period_end'])}"
    if row["denominator"] is None:
        return f"{_name(row)}: {row['value']:,.0f}, {between}; {row['expected']:,.0f} a year before."
    value, before = (f"{100 * row[column]:.0f}%" for column in ("value", "expected"))
    return f"{_name(row)}: {value} of {row['denominator']:,}, {between}; {before} a year before."


def _name(row: Row) -> str:
    """The measure, and the part where it is not the whole force."""
    return str(row["measure_name"]) + ("" if row["breakdown"] == "none" else f", {row['breakdown_value']}")


def _place(row: Row) -> str:
    return "the force" if row["breakdown"] == "none" else str(row["breakdown_value"])


def _listed(names: list[str]) -> str:
    *first, last = sorted(names)
    return f"{', '.join(first)} and {last}" if first else last


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one} is" if number == 1 else f"{number:,} {many} are"


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _value(row: Row, value: float) -> str:
    """A value as the measure prints it: count, share, or days."""
    if row["measure_kind"] == "median":
        return f"{value:.1f} days"
    return f"{value:,.0f}" if row["denominator"] is None else _share(value)


def _share(value: float) -> str:
    """A share with one decimal; never all or none while it is not."""
    shown = f"{100 * value:.1f}%"
    if shown == "100.0%" and value < 1:
        return "99.9%"
    return "0.1%" if shown == "0.0%" and value > 0 else shown

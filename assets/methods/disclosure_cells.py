"""From exact counts to what is released of them, and what the attack knows of their structure.

Rows are those of core.disclosure_cells and core.released_before. A figure that was released stands until its count has
moved by three or more, so that nobody who knows of one more victim learns from two releases which numbers lay beside
the limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from assets.methods.disclosure import MOST, Cell, Part, Rule, Sum, Token, possible, protect

Row = Mapping[str, Any]
Made = Mapping[str, tuple[Cell, int | None]]
STEADY = 2  # a change of the count by so many moves no figure that was released


def rule_of(settings: Mapping[str, float]) -> Rule:
    """The rule that a force has chosen."""
    return Rule(
        int(settings["disclosure.suppress_to"]),
        int(settings["disclosure.round_to"]),
        bool(settings["disclosure.hides_zero"]),
        int(settings["disclosure.share_minimum"]),
    )


def controlled(
    cells: Sequence[Row], earlier: Sequence[Row], settings: Mapping[str, float]
) -> dict[str, tuple[Cell, int | None]]:
    """Cell -> as it is released, and the count that this rests on: the one of today, or of the release it is kept from.

    `earlier` are the releases of core.released_before, the latest of a cell last.
    """
    rule = rule_of(settings)
    counts = {row["cell_ref"]: row["person_count"] for row in cells}
    before = {row["cell_ref"]: row for row in earlier if _is_of(row, rule)}
    made = {}
    for row in cells:
        cell = _cell(row, counts, rule, settings)
        made[row["cell_ref"]] = (None if cell.is_other else _kept(row, before)) or (cell, row["person_count"])
    return made


def _is_of(earlier: Row, rule: Rule) -> bool:
    """Whether a release was made by the rule that is in force."""
    return (earlier["suppress_to"], earlier["round_to"], earlier["hides_zero"]) == (
        rule.suppress_to, rule.round_to, rule.hides_zero
    )  # fmt: skip


def _kept(row: Row, before: Mapping[str, Row]) -> tuple[Cell, int] | None:
    """The figure released before, where the count has hardly moved since. A nought is a nought: it stands for nothing
    else."""
    then, now = before.get(row["cell_ref"]), row["person_count"]
    if then is None or now is None or abs(now - then["person_count"]) > STEADY or (then["value"] == 0 and now > 0):
        return None
    token = Token(then["token"])
    slack = STEADY if now != then["person_count"] else 0
    return Cell(token, then["value"], is_other=then["is_other"], slack=slack), then["person_count"]


def _cell(row: Row, counts: Mapping[str, int | None], rule: Rule, settings: Mapping[str, float]) -> Cell:
    count, whole = row["person_count"], counts.get(row["parent_ref"] or "")
    cell = protect(count, rule)
    if cell.token is not Token.SHOWN:
        return cell
    is_class = whole is not None and 0 < whole < settings["disclosure.class_minimum"] and count in (0, whole)
    return Cell(Token.SUPPRESSED, is_other=True) if is_class or row["is_of_one_suspect"] else cell


def sums_of(cells: Sequence[Row]) -> list[Sum]:
    """Which groups add up to which total; and that those who are supported are those whom a service accepted."""
    parts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in cells:
        if row["total_ref"] is not None and row["person_count"] is not None:
            parts[row["total_ref"], row["breakdown"]].append(row["cell_ref"])
    sums = [Sum(total, tuple(members)) for (total, _), members in sorted(parts.items())]
    held = {row["cell_ref"] for row in cells}
    for row in cells:
        same = f"accepted|{row['period_code']}|all|all"
        if (row["measure_code"], row["breakdown"], row["group_code"]) == ("known", "support", "accepted"):
            sums += [Sum(same, (row["cell_ref"],))] if same in held else []
    return sums


def nested_of(cells: Sequence[Row]) -> list[Part]:
    """Which counts are parts of which."""
    measured = {row["cell_ref"] for row in cells if row["person_count"] is not None}
    return [Part(row["cell_ref"], row["parent_ref"]) for row in cells
            if row["cell_ref"] in measured and row["parent_ref"] in measured]  # fmt: skip


def learnt_before(cells: Sequence[Row], earlier: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """What earlier releases of the same count tell of it, by the rules that they were made with."""
    today = {row["cell_ref"]: row["person_count"] for row in cells}
    found: dict[str, tuple[int, int]] = {}
    for then in earlier:
        ref = then["cell_ref"]
        if ref not in today or today[ref] != then["person_count"]:
            continue
        rule = Rule(then["suppress_to"], then["round_to"], then["hides_zero"])
        low, high = possible(Cell(Token(then["token"]), then["value"], is_other=then["is_other"]), rule)
        before = found.get(ref, (0, MOST))
        found[ref] = max(before[0], low), min(before[1], high)
    return found


def together(cells: Sequence[Row]) -> list[list[Row]]:
    """The cells that have any bearing on one another: those of a year and of one unit, victims or offers."""
    groups: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for row in cells:
        groups[row["period_code"], row["measure_code"].startswith("referrals")].append(row)
    return [groups[key] for key in sorted(groups)]

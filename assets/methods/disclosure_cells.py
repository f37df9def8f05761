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
    by_ref = {row["cell_ref"]: row for row in cells}
    before = {row["cell_ref"]: row for row in earlier if _is_of(row, rule)}
    made: dict[str, tuple[Cell, int | None]] = {}

    def make(row: Row) -> tuple[Cell, int | None]:
        """Totals and what a cell is a part of come first: whether it can be shown hangs on theirs."""
        ref = row["cell_ref"]
        if ref not in made:
            same = by_ref.get(_same_as(row))
            if same is not None:  # one count under two names has one figure
                made[ref] = make(same)
                return made[ref]
            whole, total = (by_ref.get(row[name] or "") for name in ("parent_ref", "total_ref"))
            above = (whole, make(whole)[0]) if whole is not None else None
            of_all = (total, make(total)[0]) if total is not None else None
            cell = _cell(row, above, of_all, rule, settings)
            made[ref] = _kept(row, before, cell) or (cell, row["person_count"])
        return made[ref]

    for row in cells:
        make(row)
    return made


def _same_as(row: Row) -> str:
    """The supported among those known are those whom a service accepted."""
    is_supported = (row["measure_code"], row["breakdown"], row["group_code"]) == ("known", "support", "accepted")
    return f"accepted|{row['period_code']}|all|all" if is_supported else ""


def _is_of(earlier: Row, rule: Rule) -> bool:
    """Whether a release was made by the rule that is in force."""
    return (earlier["suppress_to"], earlier["round_to"], earlier["hides_zero"]) == (
        rule.suppress_to, rule.round_to, rule.hides_zero
    )  # fmt: skip


def _kept(row: Row, before: Mapping[str, Row], cell: Cell) -> tuple[Cell, int] | None:
    """The figure released before, where the count has hardly moved since. A nought is a nought: it stands for nothing
    else, and cannot be taken back."""
    then, now = before.get(row["cell_ref"]), row["person_count"]
    if then is None or now is None or abs(now - then["person_count"]) > STEADY:
        return None
    is_nought = then["value"] == 0
    if (is_nought and now > 0) or (cell.is_other and not is_nought):
        return None
    slack = STEADY if now != then["person_count"] else 0
    return Cell(Token(then["token"]), then["value"], is_other=then["is_other"], slack=slack), then["person_count"]


def _cell(
    row: Row, whole: tuple[Row, Cell] | None, total: tuple[Row, Cell] | None, rule: Rule, settings: Mapping[str, float]
) -> Cell:
    """By the rule; and not released where it would tell something of everybody in a small group, or of one suspect."""
    count = row["person_count"]
    cell = protect(count, rule)
    if cell.token is not Token.SHOWN:
        return cell
    if count == 0 and total is not None and total[0]["person_count"] == 0 and total[1].value == 0:
        return cell  # nobody at all reached it: the total says so of every group
    is_class = False
    if whole is not None and whole[0]["person_count"] is not None:
        of = whole[0]["person_count"]
        is_class = 0 < of < settings["disclosure.class_minimum"] and count in (0, of)
        # a nought under a count that is not shown would tell what that is, or that none of a few got so far
        is_class = is_class or (count == 0 and whole[1].token is Token.SUPPRESSED)
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


def learnt_from_rule(cells: Sequence[Row], made: Made, settings: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """A nought that is shown under a count that is shown tells that this is of ten or more: else it would be hidden."""
    by_ref = {row["cell_ref"]: row for row in cells}
    least = int(settings["disclosure.class_minimum"])
    found = {}
    for row in cells:
        whole, total = by_ref.get(row["parent_ref"] or ""), by_ref.get(row["total_ref"] or "")
        if whole is None or made[row["cell_ref"]][0].value != 0 or not made[whole["cell_ref"]][0].value:
            continue
        if total is not None and made[total["cell_ref"]][0].value == 0:
            continue
        if whole["person_count"] >= least:  # else it is a figure that stands from before
            found[whole["cell_ref"]] = (least, MOST)
    return found


def both(
    one: Mapping[str, tuple[int, int]], other: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """What two kinds of knowledge leave together."""
    return {
        ref: (
            max(one.get(ref, (0, MOST))[0], other.get(ref, (0, MOST))[0]),
            min(one.get(ref, (0, MOST))[1], other.get(ref, (0, MOST))[1]),
        )
        for ref in {*one, *other}
    }


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

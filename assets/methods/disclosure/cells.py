"""Disclosure control of the cells of a release: from exact counts to released figures.

Rows are those of core.disclosure_cells and core.released_before. A released figure changes only when its count has
changed by three or more. So nobody who knows of one more victim learns from two releases which counts were close to
the threshold. Knowledge from earlier releases is in assets/methods/disclosure/releases.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

import polars as pl

from assets.methods.comparison import Spread
from assets.methods.disclosure.control import (
    MOST,
    NO_SHARE,
    PROTECTED,
    Attack,
    Cell,
    Part,
    Rule,
    Share,
    Sum,
    Token,
    complement,
    is_rounded,
    lines_of,
    nearest,
    possible,
    protect,
)
from assets.methods.disclosure.releases import (
    ALL,
    STEADY,
    Knowledge,
    Names,
    cell_of,
    is_by,
    is_implied_by_zero,
    is_public_zero,
    read_earlier_releases,
    rule_then,
    same_as,
    step,
    wholes_of,
)
from assets.methods.disclosure.shares import name_of_share, name_of_verdict, with_shares

Row = Mapping[str, Any]
Made = Mapping[str, tuple[Cell, int | None]]
Z = 1.96  # of 95% intervals, where no setting has another
FORCES = 50  # their releases are kept: each is asked for by its figures, by the attack on them and at publication
NO_SPREADS: Mapping[str, Spread] = {}
_controlled: dict[bytes, dict[str, tuple[Cell, int | None]]] = {}
GONE = "no longer released"  # what is recorded of a cell that was released before and is no longer


def rule_of(settings: Mapping[str, float]) -> Rule:
    """The rule that a force has chosen."""
    return Rule(
        int(settings["disclosure.suppress_to"]),
        int(settings["disclosure.round_to"]),
        bool(settings["disclosure.hides_zero"]),
        int(settings["disclosure.share_minimum"]),
        int(settings["disclosure.unrounded_below"]),
    )


def spreads_of(verdicts: pl.DataFrame) -> dict[str, Spread]:
    """Measure -> how its monthly counts vary, of the rows of metrics.measure_verdicts."""
    held = verdicts.filter(pl.col("breakdown") == "none", pl.col("extra_variance").is_not_null())
    rows = held.select("measure_code", "extra_variance", "pair_count").iter_rows()
    return {code: Spread(extra, pairs) for code, extra, pairs in rows}


def controlled(
    cells: Sequence[Row],
    earlier: Sequence[Row],
    settings: Mapping[str, float],
    spreads: Mapping[str, Spread] = NO_SPREADS,
) -> dict[str, tuple[Cell, int | None]]:
    """Cell -> its released form, and the count behind it (today's, or that of the release it is kept from).

    `earlier` are the rows of core.released_before, the earliest first; `spreads` widen the limits of counts that are
    compared. Under `disclosure.complement`, verdicts, then shares, then cells are left out until no count can be worked
    out. Where that cannot help, as with a count that an earlier release and any total of today give, cells are left out
    of the release: no count is behind them. Then nobody can say whether theirs are those of an earlier release.
    """
    asked = sha256(repr((cells, earlier, sorted(settings.items()), sorted(spreads.items()))).encode()).digest()
    left_out: frozenset[str] = frozenset()
    while asked not in _controlled:
        made, remaining, lines = _with_further(cells, earlier, settings, spreads, left_out)
        if remaining:
            left_out = _leave_out(cells, made, left_out, remaining, lines)
            continue
        if len(_controlled) == FORCES:
            _controlled.clear()
        _controlled[asked] = made
    return _controlled[asked]


def _with_further(
    cells: Sequence[Row],
    earlier: Sequence[Row],
    settings: Mapping[str, float],
    spreads: Mapping[str, Spread],
    left_out: frozenset[str],
) -> tuple[dict[str, tuple[Cell, int | None]], list[str], list[Collection[str]]]:
    """A release with what else it must leave out, what can be worked out all the same, and its sums and orders."""
    last = {row["cell_ref"]: row for row in earlier}  # a share that was released no more is not kept
    rule, z = rule_of(settings), settings.get("intervals.z", Z)

    def make(further: frozenset[str]) -> dict[str, tuple[Cell, int | None]]:
        figures = _by_rule(cells, earlier, settings, further, left_out)
        return with_shares(cells, figures, last, rule, further, z, spreads)

    made = make(frozenset())
    if not settings["disclosure.complement"]:
        return made, [], []
    rows = in_release(cells, made)
    knowledge = read_earlier_releases(rows, earlier, int(settings["disclosure.class_minimum"]))

    first = Release(rows, earlier, made, settings, knowledge)

    def leaks(further: frozenset[str]) -> list[str]:
        tried = Release(rows, earlier, make(further), settings, knowledge) if further else first
        return tried.leaks()

    first = Release(rows, earlier, made, settings, knowledge)
    lines: list[Collection[str]] = [(one.total, *one.parts) for one in first.sums]
    lines += [(inside.part, inside.whole) for inside in (*nested_of(rows), *knowledge.nested)]
    lines += _lines_of_shares(rows, made)
    further, remaining = complement(leaks, lines, _free(rows, made, knowledge, rule))
    return (make(further) if further else made), remaining, lines


def _lines_of_shares(cells: Sequence[Row], made: Made) -> Iterator[Collection[str]]:
    """What a share and a verdict bear on, with their names: leaving them out may close a leak there."""
    for row in cells:
        ref, share = row["cell_ref"], made[row["cell_ref"]][0].share
        about = [name for name in (ref, row["parent_ref"]) if name is not None]
        if share.value is not None or share.rest != NO_SHARE.rest:
            yield name_of_share(ref), *about
        if share.change is not None:
            before = row["before_ref"]
            yield name_of_verdict(ref), *about, before


def in_release(cells: Sequence[Row], made: Made) -> list[Row]:
    """The cells as a release has them: those that are left out have no count."""
    return [row if made[row["cell_ref"]][1] is not None else {**row, "person_count": None} for row in cells]


def _leave_out(
    cells: Sequence[Row], made: Made, left_out: frozenset[str], leaks: Sequence[str], lines: Sequence[Collection[str]]
) -> frozenset[str]:
    """Cells to leave out for these leaks: the nearest, with all that would show them.

    That is the rest of a breakdown, the groups of a total, and a count under its other name.
    """
    shown = {ref: (int(cell.token is Token.SHOWN),) for ref, (cell, count) in made.items() if count is not None}
    beside, refs = lines_of(lines), frozenset(made)
    chosen = {nearest(name, beside, shown, left_out) for name in leaks}
    found, more = left_out, refs if None in chosen else left_out.union(filter(None, chosen))
    while found != more:
        found = more
        of = {(row["total_ref"], row["breakdown"]) for row in cells if row["cell_ref"] in found and row["total_ref"]}
        more = (found | {same_as(ref) for ref in found} & refs).union(
            row["cell_ref"]
            for row in cells
            if (row["total_ref"], row["breakdown"]) in of
            or row["total_ref"] in found
            or same_as(row["cell_ref"]) in found
        )
    return found


def _free(cells: Sequence[Row], made: Made, knowledge: Knowledge, rule: Rule) -> dict[str, tuple[int, ...]]:
    """What may be left out in addition, with its cost: verdicts, shares, groups, zeros, totals; few before many.

    Not a total that stays exact, nor a cell that an earlier release has already disclosed.
    """
    found: dict[str, tuple[int, ...]] = {}
    held = {row["cell_ref"] for row in cells}
    for row in cells:
        share = made[row["cell_ref"]][0].share
        if share.change is not None:
            found[name_of_verdict(row["cell_ref"])] = -2, row["person_count"]
        if share.value is not None or share.rest != NO_SHARE.rest:
            found[name_of_share(row["cell_ref"])] = -1, row["person_count"]
    for row in cells:
        ref, cell = row["cell_ref"], made[row["cell_ref"]][0]
        if cell.token is not Token.SHOWN or cell.is_exact or same_as(ref) in held:
            continue
        (low, high), (least, most) = possible(cell, rule), knowledge.limits.get(ref, (0, MOST))
        if not low <= least <= most <= high:
            rank = 2 if row["breakdown"] == ALL else 0 if cell.value else 1
            found[ref] = (rank, row["person_count"])
    return found


def _by_rule(
    cells: Sequence[Row],
    earlier: Sequence[Row],
    settings: Mapping[str, float],
    further: frozenset[str],
    left_out: frozenset[str],
) -> dict[str, tuple[Cell, int | None]]:
    """Each cell by the rule, or its earlier figure where that is kept; `further` cells are always suppressed.

    Under a total that is not shown no group is released, whatever its count. Of seven groups with one person each a
    total of at most seven would say everything; and who knew that groups are withheld only then would know it too.
    """
    rule = rule_of(settings)
    by_ref = {row["cell_ref"]: row for row in cells}
    last = {row["cell_ref"]: row for row in earlier if row["person_count"] is not None}
    # a breakdown that was withheld is decided again
    before = {r: row for r, row in last.items() if is_by(row, rule) and row["token"] != Token.WITHHELD.value}
    made: dict[str, tuple[Cell, int | None]] = {}

    def make(row: Row) -> tuple[Cell, int | None]:
        """Make a cell; totals and wholes come first, because a part is shown only under a whole that is shown."""
        ref = row["cell_ref"]
        if ref in left_out:
            made[ref] = Cell(Token.WITHHELD, is_other=True), None
        if ref not in made:
            same = by_ref.get(same_as(ref))
            if same is not None:  # one count under two names has one figure
                made[ref] = make(same)
                return made[ref]
            whole, total = (by_ref.get(row[name] or "") for name in ("parent_ref", "total_ref"))
            above = (whole, make(whole)[0]) if whole is not None else None
            of_all = (total, make(total)[0]) if total is not None else None
            is_exact = bool(settings["disclosure.exact_totals"]) and _may_be_exact(row, by_ref, rule)
            cell = _cell(row, above, of_all, rule, settings, is_exact)
            if of_all is not None and of_all[1].token in PROTECTED and cell.token is not Token.MISSING:
                cell = Cell(Token.WITHHELD, is_other=True)
            if ref in further and cell.token is Token.SHOWN:
                cell = Cell(Token.SUPPRESSED, is_other=True)
            made[ref] = _kept(row, before, cell) or (cell, row["person_count"])
        return made[ref]

    for row in cells:
        make(row)
    return made


def _kept(row: Row, before: Mapping[str, Row], cell: Cell) -> tuple[Cell, int] | None:
    """The figure released before, where the count has moved by less than three since.

    A zero represents nothing but zero, and cannot be withdrawn.
    """
    then, now = before.get(row["cell_ref"]), row["person_count"]
    if then is None or now is None or abs(now - then["person_count"]) > STEADY:
        return None
    is_nought = then["value"] == 0
    if (is_nought and now > 0) or (cell.is_other and not is_nought):
        return None
    if cell.is_exact and then["token"] == Token.SHOWN.value:
        return None  # exact is as of today
    slack = STEADY if now != then["person_count"] else 0
    return Cell(Token(then["token"]), then["value"], is_other=then["is_other"], slack=slack), then["person_count"]


def _may_be_exact(row: Row, by_ref: Mapping[str, Row], rule: Rule) -> bool:
    """Whether a count of the whole population may stay exact.

    Not where it would disclose how few people are outside a part of it, such as known victims without an offer.
    """
    if row["breakdown"] != ALL or row["person_count"] is None:
        return False
    whole = by_ref.get(row["parent_ref"] or "")
    while whole is not None:
        if whole["person_count"] is not None and 0 < whole["person_count"] - row["person_count"] <= rule.suppress_to:
            return False
        whole = by_ref.get(whole["parent_ref"] or "")
    return True


def _cell(
    row: Row,
    whole: tuple[Row, Cell] | None,
    total: tuple[Row, Cell] | None,
    rule: Rule,
    settings: Mapping[str, float],
    is_exact: bool,
) -> Cell:
    """A cell by the rule; suppressed where it would disclose something of a whole small group, or of few people."""
    count = row["person_count"]
    cell = protect(count, rule)
    if cell.token is not Token.SHOWN:
        return cell
    if count == 0 and total is not None and total[0]["person_count"] == 0 and total[1].value == 0:
        return cell  # nobody at all reached it: the total shows that for every group
    if is_exact:
        cell = Cell(Token.SHOWN, count, is_exact=True)
    is_class = False
    if whole is not None and whole[0]["person_count"] is not None:
        of = whole[0]["person_count"]
        is_class = 0 < of < settings["disclosure.class_minimum"] and count in (0, of)
        # a zero under a suppressed count would disclose that count, or that none of a few got so far
        is_class = is_class or (count == 0 and whole[1].token in PROTECTED)
    return Cell(Token.SUPPRESSED, is_other=True) if is_class or row["is_of_few_people"] else cell


def sums_of(cells: Sequence[Row]) -> list[Sum]:
    """Which groups add up to which total; supported victims are those whom a service accepted."""
    parts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in cells:
        if row["total_ref"] is not None and row["person_count"] is not None:
            parts[row["total_ref"], row["breakdown"]].append(row["cell_ref"])
    sums = [Sum(total, tuple(members)) for (total, _), members in sorted(parts.items())]
    held = {row["cell_ref"] for row in cells if row["person_count"] is not None}
    twins = [(same_as(row["cell_ref"]), row["cell_ref"]) for row in cells if row["cell_ref"] in held]
    return sums + [Sum(same, (ref,)) for same, ref in twins if same in held]


def nested_of(cells: Sequence[Row]) -> list[Part]:
    """Which counts are parts of which; an order that the counts do not obey is left out, because nobody can know it."""
    counts = {row["cell_ref"]: row["person_count"] for row in cells if row["person_count"] is not None}
    return [
        Part(row["cell_ref"], whole)
        for row in cells
        for whole in wholes_of(row)
        if whole in counts and row["person_count"] is not None and row["person_count"] <= counts[whole]
    ]


def learnt_from_rule(cells: Sequence[Row], made: Made, settings: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """A zero shown under a shown count implies ten or more people: else it would be suppressed."""
    least = int(settings["disclosure.class_minimum"])
    shown = {row["cell_ref"]: {"value": made[row["cell_ref"]][0].value, **row} for row in cells}
    found = {}
    for row in shown.values():
        whole, total = shown.get(row["parent_ref"] or ""), shown.get(row["total_ref"] or "")
        # where it has fewer, the zero is a figure kept from before
        if whole is not None and is_implied_by_zero(row, whole, total) and whole["person_count"] >= least:
            found[whole["cell_ref"]] = (least, MOST)
    return found


@dataclass
class Release:
    """A release that is proposed now, beside all earlier ones; `knowledge` is the knowledge from those."""

    cells: Sequence[Row]
    earlier: Sequence[Row]
    made: Made
    settings: Mapping[str, float]
    knowledge: Knowledge

    def __post_init__(self) -> None:
        knowledge, names, today = self.knowledge, Names(self.cells), self._said()
        self.sums = {*sums_of(self.cells), *knowledge.sums, *today.sums}
        nested = {*nested_of(self.cells), *knowledge.nested, *today.nested}
        self.rests = knowledge.rests | today.rests
        last = {row["cell_ref"]: row for row in self.earlier if row["counted"] is not None}
        for row in written(self.cells, self.made, self.settings):
            if row["cell_ref"] in last and row["counted"] is not None:
                nested.update(step(names, last[row["cell_ref"]], row))
        self.attack = Attack(
            {row["cell_ref"]: self.made[row["cell_ref"]][0] for row in self.cells},
            sorted(self.sums, key=lambda one: (one.total, one.parts)),
            rule_of(self.settings),
            both(both(knowledge.limits, today.limits), learnt_from_rule(self.cells, self.made, self.settings)),
            sorted(nested, key=lambda inside: (inside.part, inside.whole, inside.by)),
            sorted({*knowledge.bands, *today.bands}, key=str),
            {row["cell_ref"]: row["person_count"] for row in self.cells if row["person_count"] is not None}
            | {names.name_of(row): row["counted"] for row in self.earlier if row["counted"] is not None}
            | self.rests,
        )

    def _said(self) -> Knowledge:
        """What the shares and verdicts of this release say."""
        said, rule = Knowledge(), rule_of(self.settings)
        counts = {row["cell_ref"]: row["person_count"] for row in self.cells}
        for row in self.cells:
            ref, whole = row["cell_ref"], row["parent_ref"]
            share = self.made[ref][0].share
            if share.count != NO_SHARE.count:
                said.narrow(ref, *share.count)
            if whole in counts and share != NO_SHARE:
                ends = (ref, counts[ref]), (whole, counts[whole])
                said.read_share(*ends, share, (self.made[ref][0], self.made[whole][0]), rule)
        return said

    def leaks(self) -> list[str]:
        """Cells that this release would disclose and the earlier ones do not: of today, and earlier counts.

        A zero that concerns no small group is public, so it is none of them.
        """
        bearing = self.attack.bearing_on({row["cell_ref"] for row in self.cells})
        moved = {name: row for name, row in self.knowledge.moved.items() if name in bearing}
        rests = {name: count for name, count in self.rests.items() if name in bearing}
        suppress_to = rule_of(self.settings).suppress_to
        found = self.attack.leaks(
            [name for name, row in moved.items() if Token(row["token"]) in PROTECTED]
            + [name for name, count in rests.items() if count <= suppress_to],
            [name for name, row in moved.items() if is_rounded(cell_of(row), rule_then(row))]
            + [name for name, count in rests.items() if count > suppress_to],
        )
        known = self._known(found)
        by_ref, least = {row["cell_ref"]: row for row in self.cells}, int(self.settings["disclosure.class_minimum"])
        hides_zero = rule_of(self.settings).hides_zero
        public = {r for r, row in by_ref.items() if is_public_zero(row, by_ref, "person_count", least, hides_zero)}
        return [name for name in found if name not in known | public]

    def _known(self, names: Sequence[str]) -> set[str]:
        """Cells that the earlier releases disclose alone: suppressing them now protects nothing."""
        knowledge = self.knowledge
        if not names or not self.earlier:
            return set()
        sums, nested = sorted(knowledge.sums, key=str), sorted(knowledge.nested, key=str)
        bands = sorted(knowledge.bands, key=str)
        alone = Attack({}, sums, rule_of(self.settings), knowledge.limits, nested, bands)
        return set(alone.single(name for name in names if name in alone.place))


def written(cells: Sequence[Row], made: Made, settings: Mapping[str, float]) -> list[dict[str, Any]]:
    """The rows to record of a release, by the names of raw.released_cells."""
    rule = rule_of(settings)
    return [
        {
            "cell_ref": row["cell_ref"], "person_count": count, "counted": row["person_count"],
            "token": cell.token.value, "value": cell.value, "is_other": cell.is_other, "suppress_to": rule.suppress_to,
            "round_to": 1 if cell.is_exact else rule.round_to, "hides_zero": rule.hides_zero,
            "total_ref": row["total_ref"], "parent_ref": row["parent_ref"], **_written_share(cell.share),
        }
        for row in in_release(cells, made) for cell, count in [made[row["cell_ref"]]]
    ]  # fmt: skip


def _written_share(share: Share) -> dict[str, Any]:
    """A share, a verdict and what they leave of the counts; empty where that is everything."""

    def of(end: Any, none: Any) -> Any:
        return None if end == none else float(end) if isinstance(end, Fraction) else end

    return {
        "share": share.value, "change": share.change,
        "share_least": of(share.low, NO_SHARE.low), "share_greatest": of(share.high, NO_SHARE.high),
        "rest_least": of(share.rest[0], NO_SHARE.rest[0]), "rest_greatest": of(share.rest[1], NO_SHARE.rest[1]),
        "least": of(share.count[0], None) if share.count != NO_SHARE.count else None,
        "greatest": of(share.count[1], None) if share.count != NO_SHARE.count else None,
    }  # fmt: skip


def both(one: Mapping[str, tuple[int, int]], other: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """What two kinds of knowledge permit together."""
    found = dict(one)
    for ref, (low, high) in other.items():
        least, most = found.get(ref, (0, MOST))
        found[ref] = max(least, low), min(most, high)
    return found

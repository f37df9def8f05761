"""What is released to those who commission services cannot be undone: leaks are caught, and what is safe passes.

No build. Of each kind of leak the two ends of its range in every run, or one where its number changes nothing; the rest
with `make trials`.
"""

import datetime as dt
import itertools

import duckdb
import pytest
import trials
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from invented_support import YEAR, settings
from worked import Row, made

from assets.methods.disclosure.cells import GONE, Release, controlled, nested_of, rule_of, written
from assets.methods.disclosure.control import Cell, Rule, possible
from assets.methods.disclosure.releases import Names, cell_of, read_earlier_releases
from pipelines.delivery.ledger import create_log_tables
from pipelines.publication import disclosure, withheld
from pipelines.tables.cards import AUDIENCES, all_cards
from pipelines.tables.forces import NONE_KNOWN
from pipelines.tables.lineage import downstream_of
from pipelines.tables.warehouse import STATE, record_state

AT = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
EXACT = {"disclosure__round_to": 1}  # totals stay exact: the rule that leaks
PARENTS = {"offered": "known", "accepted": "offered", "engaged": "accepted", "completed": "accepted"}


def table(counts: dict[str, dict[str, int]], breakdown: str = "sex") -> list[Row]:
    """core.disclosure_cells of measure -> group -> count, with the totals that the groups add up to."""
    rows = []
    for measure, groups in counts.items():
        for group, count in {"all": sum(groups.values()), **groups}.items():
            kind = "all" if group == "all" else breakdown
            whole = PARENTS.get(measure)
            rows.append(
                {
                    "cell_ref": f"{measure}|{YEAR}|{kind}|{group}", "measure_code": measure, "period_code": YEAR,
                    "breakdown": kind, "group_code": group, "group_name": group, "place": 0, "person_count": count,
                    "total_ref": f"{measure}|{YEAR}|all|all" if group != "all" else None,
                    "parent_ref": f"{whole}|{YEAR}|{kind}|{group}" if whole in counts else None,
                    "is_of_few_people": False,
                }
            )  # fmt: skip
    return rows


def before(
    cell_ref: str,
    count: int,
    token: str,
    value: int | None,
    round_to: int = 5,
    suppress_to: int = 7,
    at: dt.datetime = AT,
) -> Row:
    """A count as it was released once."""
    return {
        "published_at": at, "cell_ref": cell_ref, "person_count": count, "counted": count, "token": token,
        "value": value, "is_other": False, "suppress_to": suppress_to, "round_to": round_to, "hides_zero": False,
        "total_ref": None, "parent_ref": None,
    }  # fmt: skip


def attacked(cells: list[Row], earlier: list[Row] | None = None, **changes: float) -> dict[str, Row]:
    rows = made("metrics.disclosure_attack", core_disclosure_cells=cells, core_released_before=earlier or [],
                reference_settings=settings(**changes))  # fmt: skip
    return {row["cell_ref"].split("|", 2)[0] + " " + row["cell_ref"].rsplit("|", 1)[1]: row for row in rows}


def pinned(cells: list[Row], earlier: list[Row] | None = None, **changes: float) -> set[str]:
    return {name for name, row in attacked(cells, earlier, **changes).items() if row["is_pinned"]}


def released(cells: list[Row], earlier: list[Row] | None = None, **changes: float) -> dict[str, str]:
    rows = made("metrics.released_figures", core_disclosure_cells=cells, core_released_before=earlier or [],
                reference_settings=settings(**changes))  # fmt: skip
    return {f"{r['measure_code']} {r['group_code']}": r["text"] for r in rows}


# Releases that can be undone (fifty with `make trials`), each with the count that somebody learns from it.
LEAKS: list[tuple[str, list[Row], list[Row], dict[str, float], str]] = [  # one small group beside an exact total
    (f"one small group of {n}", table({"known": {"a": n, "b": 40, "c": 31}}), [], EXACT, "known a")
    for n in trials.count((1, 7), range(1, 8))
]
for n in trials.count((2, 11), range(2, 12)):  # the same among ever more groups
    groups = {"a": 3, **{f"g{i}": 20 + i for i in range(n)}}
    LEAKS.append((f"one small group among {n + 1}", table({"known": groups}), [], EXACT, "known a"))
for total, a in ((2, 1), (14, 7)):  # two small groups whose sum leaves one way alone
    for n in trials.count((2,), range(3)):
        groups = {"a": a, "b": total - a, **{f"g{i}": 50 for i in range(n + 1)}}
        LEAKS.append((f"two small groups of {a}, {n + 1} more", table({"known": groups}), [], EXACT, "known a"))
for k in trials.count((3, 7), range(3, 8)):  # as many small groups as their sum, or all at the limit
    LEAKS.append(
        (f"{k} groups of one", table({"known": {f"s{i}": 1 for i in range(k)} | {"b": 99}}), [], EXACT, "known s0")
    )
    LEAKS.append(
        (f"{k} groups of seven", table({"known": {f"s{i}": 7 for i in range(k)} | {"b": 99}}), [], EXACT, "known s0")
    )
for n in trials.count((2, 6), range(2, 7)):  # an earlier release by a finer rule, and the exact total
    row = before(f"known|{YEAR}|sex|a", n, "*", None, round_to=1, suppress_to=n)
    two = table({"known": {"a": n, "b": 7, "c": 31}})
    LEAKS.append((f"told before: at most {n}", two, [row], EXACT, "known a"))
for n in trials.count((2,), range(2, 8)):  # a part of a part: what is accepted of one who was offered is one
    cells = table({"offered": {"a": 1, "b": 30 + n}, "accepted": {"a": 1, "b": 20}})
    LEAKS.append((f"a part of one, {n}", cells, [], EXACT, "accepted a"))
for n in trials.count((3,), range(3, 9)):  # the supported are those whom a service accepted: one total tells the other
    cells = table({"known": {"accepted": 3, "not accepted": 30 + n}}, "support")
    cells += table({"accepted": {"a": 1, "b": 1, "c": 1}})
    LEAKS.append((f"the same count twice, {n}", cells, [], EXACT, "accepted all"))


@pytest.mark.trials
@pytest.mark.parametrize(("cells", "earlier", "rule", "leak"), [pytest.param(*row[1:], id=row[0]) for row in LEAKS])
def test_each_leak_is_caught_and_closed(
    cells: list[Row], earlier: list[Row], rule: dict[str, float], leak: str
) -> None:
    assert leak in pinned(cells, earlier, **rule, disclosure__complement=0)
    assert leak not in pinned(cells, earlier), "the rule that ships closes it"
    exact_totals = rule | {"disclosure__exact_totals": 1}
    assert pinned(cells, earlier, **exact_totals) == set(), "further cells do, where totals stay exact"
    told = released(cells, earlier, **exact_totals)
    totals = [r for r in cells if r["breakdown"] == "all" and r["person_count"] > 7]
    assert [told[f"{r['measure_code']} all"] for r in totals] == [f"{r['person_count']:,}" for r in totals]


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.sampled_from([1, 5]),
)
@budget(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_bounds_are_those_of_every_table_that_could_have_been(
    known: list[int], parts: list[int], round_to: int
) -> None:
    """Two measures, one a part of the other: the attack finds just what trying all tables finds."""
    offered = {f"g{i}": n for i, n in enumerate(known)}
    accepted = {f"g{i}": min(n, parts[i]) for i, n in enumerate(known)}
    cells = table({"offered": offered, "accepted": accepted})
    rule = Rule(7, round_to)
    chosen = dict(made_settings(round_to))
    shown = {ref: cell for ref, (cell, _) in controlled(cells, [], chosen).items()}

    def ref(measure: str, group: str) -> str:
        return f"{measure}|{YEAR}|{'all' if group == 'all' else 'sex'}|{group}"

    def span(measure: str, group: str) -> range:
        low, high = possible(shown[ref(measure, group)], rule)
        return range(low, min(high, 26) + 1)

    seen: dict[str, set[int]] = {}
    names = list(offered)
    for wholes in itertools.product(*(span("offered", g) for g in names)):
        if not _fits(sum(wholes), shown[ref("offered", "all")], rule):
            continue
        for inside in itertools.product(
            *([n for n in span("accepted", g) if n <= w] for g, w in zip(names, wholes, strict=True))
        ):
            if _fits(sum(inside), shown[ref("accepted", "all")], rule):
                for g, w, n in zip(names, wholes, inside, strict=True):
                    seen.setdefault(ref("offered", g), set()).add(w)
                    seen.setdefault(ref("accepted", g), set()).add(n)
                seen.setdefault(ref("offered", "all"), set()).add(sum(wholes))
                seen.setdefault(ref("accepted", "all"), set()).add(sum(inside))
    rows = made("metrics.disclosure_attack", core_disclosure_cells=cells, core_released_before=[],
                reference_settings=settings(disclosure__round_to=round_to, disclosure__complement=0))  # fmt: skip
    told = {row["cell_ref"] for row in rows if row["is_pinned"]}
    if not any(cell.is_other for cell in shown.values()):
        assert told == {
            name for name, ways in seen.items()
            if len(ways) == 1 and ways != {0}
            and (shown[name].value is None or (round_to > 1 and shown[name].value and min(ways) < 30))
        }  # fmt: skip
    for row in rows:
        if not shown[row["cell_ref"]].is_other:
            found = seen[row["cell_ref"]]
            assert (row["least"], row["greatest"]) == (min(found), max(found)), row["cell_ref"]
            assert row["person_count"] in found
            assert row["is_pinned"] == (len(found) == 1 and found != {0}), "that there is none is public"


def _fits(total: int, cell: Cell, rule: Rule) -> bool:
    low, high = possible(cell, rule)
    return low <= total <= high


def made_settings(round_to: int) -> list[tuple[str, float]]:
    rows = settings(disclosure__round_to=round_to, disclosure__complement=0)
    return [(row["key"], row["value"]) for row in rows]


def logged(*releases: list[Row], **changes: float) -> list[Row]:
    """core.released_before of some releases, one after another, each made after those before it."""
    chosen = {row["key"]: row["value"] for row in settings(**changes)}
    log: list[Row] = []
    for n, cells in enumerate(releases):
        rows = written(cells, controlled(cells, log, chosen), chosen)
        held = {row["cell_ref"] for row in rows}
        gone = [dict.fromkeys(rows[0]) | {"cell_ref": ref, "token": GONE}
                for ref in {row["cell_ref"] for row in log} - held]  # fmt: skip
        log += [{"published_at": AT + dt.timedelta(days=n), **row} for row in rows + gone]
    return log


AS_CAUGHT = EXACT | {"disclosure__complement": 0}  # leaks are refused and not closed
# What an earlier drawing tells with today's, and neither by itself: groups then, groups now, the limit of the rule
REDRAWN: list[tuple[str, dict[str, int], dict[str, int], int]] = []
for limit in trials.count((4, 9), range(4, 10)):
    others = {f"g{i}": 40 + i for i in range(limit - 3)}
    REDRAWN += [
        # north and east add up to one below twice the limit; north and the new part to what is one above it
        (f"greatest below {limit}", {**others, "south": 30, "north": limit - 1, "east": limit, "west": 50},
         {**others, "upper south": 29, "lower south": 1, "north": limit - 1, "east and west": 50 + limit}, limit),
        (f"least below {limit}", {**others, "south": 30, "north": 2, "east": 1, "west": 50},
         {**others, "upper south": 30 - limit, "lower south": limit, "north": 2, "east and west": 51}, limit),
    ]  # fmt: skip


class TestEarlierGroupings:
    """Areas or age bands that were drawn anew: the sums of the earlier drawing are known."""

    @pytest.mark.trials
    @pytest.mark.parametrize(("name", "then", "now", "limit"), REDRAWN, ids=[row[0] for row in REDRAWN])
    def test_what_two_drawings_tell_together_is_caught_and_closed(
        self, name: str, then: dict[str, int], now: dict[str, int], limit: int
    ) -> None:
        rule = AS_CAUGHT | {"disclosure__suppress_to": limit}
        breakdown = "area" if limit % 2 else "age"
        first, second = table({"known": then}, breakdown), table({"known": now}, breakdown)
        assert pinned(first, **rule) == pinned(second, **rule) == set(), "neither tells anything by itself"
        rows = attacked(second, logged(first, **rule), **rule)
        told = {n: row["is_earlier"] for n, row in rows.items() if row["is_pinned"]}
        assert told == {"known north": False, "known lower south": False, "known east": True}
        between = table({"known": {"all of it": sum(then.values())}}, breakdown)
        assert "known north" in pinned(second, logged(first, between, between, **rule), **rule), "however long ago"
        north = now["north"] - 1 if name.startswith("greatest") else now["north"] + 1
        moved = table({"known": now | {"north": north}}, breakdown)
        assert pinned(moved, **rule) == pinned(moved, logged(first, **rule), **rule) == set(), "a count has moved"
        # further cells close it, and the rounding that ships is not refused
        for closing in (EXACT, {"disclosure__complement": 0}):
            closing = closing | {"disclosure__suppress_to": limit}
            assert pinned(second, logged(first, **closing), **closing) == set()

    def test_an_area_that_was_cut_is_what_its_parts_add_up_to(self) -> None:
        """No map is needed where nothing else has moved: the one that is gone is the sum of those that are new."""
        first = table({"known": {"a": 20, "b": 5, "c": 3}}, "area")
        second = table({"known": {"a": 20, "b1": 1, "b2": 4, "c": 3}}, "area")
        assert attacked(second, **AS_CAUGHT)["known b1"]["greatest"] == 6
        rows = attacked(second, logged(first, **AS_CAUGHT), **AS_CAUGHT)
        assert (rows["known c"]["least"], rows["known c"]["greatest"]) == (1, 6)
        third = table({"known": {"a": 20, "b1": 1, "b2": 4, "c1": 2, "c2": 1}}, "area")
        rows = attacked(third, logged(first, second, **AS_CAUGHT), **AS_CAUGHT)
        assert (rows["known b2"]["least"], rows["known b2"]["greatest"]) == (1, 5)

    def test_months_stand_in_two_years(self) -> None:
        """Two rolling years share nine months: the sums of both are known."""

        def year(end: str, months: dict[str, int]) -> list[Row]:
            total = f"referrals|{end}|all|all"
            kept = {"measure_code": "referrals", "period_code": end, "place": 0, "parent_ref": None,
                    "is_of_few_people": False}  # fmt: skip
            groups = [("all", "all", total, None, sum(months.values()))]
            groups += [("month", m, f"referrals|month|{m}", total, n) for m, n in months.items()]
            return [kept | {"breakdown": b, "group_code": g, "group_name": g, "cell_ref": ref, "total_ref": of,
                            "person_count": n} for b, g, ref, of, n in groups]  # fmt: skip

        first = year("2025-09-30", {"2024-10-01": 7, "2025-01-01": 30, "2025-07-01": 6, "2025-08-01": 22})
        second = year("2025-12-31", {"2025-01-01": 30, "2025-07-01": 6, "2025-08-01": 22, "2025-10-01": 1})
        assert pinned(first, **AS_CAUGHT) == pinned(second, **AS_CAUGHT) == set()
        told = pinned(second, logged(first, **AS_CAUGHT), **AS_CAUGHT)
        assert told == {"referrals 2025-07-01", "referrals 2025-10-01", "referrals 2024-10-01"}

    def test_a_number_that_changed_moved_by_three(self) -> None:
        first = table({"known": {"a": 5, "b": 7, "c": 9}})
        second = table({"known": {"a": 8, "b": 7, "c": 6}})
        assert pinned(first, **AS_CAUGHT) == pinned(second, **AS_CAUGHT) == set()
        assert {"known b", "known c"} <= pinned(second, logged(first, **AS_CAUGHT), **AS_CAUGHT)

    def test_what_the_earlier_releases_told_by_themselves_stops_nothing(self) -> None:
        cells = table({"known": {"a": 6, "b": 40}})
        told = before(f"known|{YEAR}|sex|a", 6, "", 6, round_to=1, suppress_to=1)
        assert pinned(cells, **AS_CAUGHT) == {"known a"}
        assert pinned(cells, [told], **AS_CAUGHT) == set()

    def test_a_release_that_was_written_down_in_part_tells_no_sums(self) -> None:
        first = [row for row in logged(table({"known": {"a": 6, "b": 7, "c": 40}}, "area"), **AS_CAUGHT)
                 if not row["cell_ref"].endswith("|c")]  # fmt: skip
        second = table({"known": {"a": 6, "d": 7, "e": 40}}, "area")
        rows = attacked(second, first, **AS_CAUGHT)
        assert (rows["known a"]["least"], rows["known a"]["greatest"]) == (6, 7)


@pytest.mark.trials
@given(
    st.tuples(*[st.integers(0, 6)] * 3), st.integers(0, 6), st.tuples(*[st.integers(0, 6)] * 2), st.booleans(),
    st.sampled_from([1, 3]),
)  # fmt: skip
@budget(max_examples=trials.count(50, 150), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_two_drawings_tell_just_what_trying_all_counts_finds(
    then: tuple[int, int, int], moved: int, new: tuple[int, int], is_same: bool, round_to: int
) -> None:
    """Areas a, b and c, then a, d and e: every pair of tables that fits both releases, one after another."""
    chosen = {r["key"]: r["value"] for r in settings(
        disclosure__suppress_to=2, disclosure__round_to=round_to, disclosure__complement=0)}  # fmt: skip
    rule = rule_of(chosen)
    first = table({"known": dict(zip("abc", then, strict=True))}, "area")
    second = table({"known": {"a": then[0] if is_same else moved, "d": new[0], "e": new[1]}}, "area")
    log = logged(first, disclosure__suppress_to=2, disclosure__round_to=round_to, disclosure__complement=0)
    made_now = controlled(second, log, chosen)
    release = Release(second, log, made_now, chosen, read_earlier_releases(second, log, 10))
    names = Names(second)
    old = {row["cell_ref"].rsplit("|", 1)[1]: row for row in log}
    now = {row["group_code"]: (row, made_now[row["cell_ref"]][0]) for row in second}
    totals = possible(cell_of(old["all"]), rule), possible(now["all"][1], rule)
    # a group that is not released may be any number, but none above its total
    spans = [(low, min(high, totals[0][1])) for low, high in (possible(cell_of(old[g]), rule) for g in "abc")]
    spans += [(low, min(high, totals[1][1])) for low, high in (possible(now[g][1], rule) for g in "ade")]

    def ties(group: str, before: int, after: int) -> bool:
        """What is known of a count of both releases."""
        (row, cell), earlier = now[group], old[group]
        change = row["person_count"] - earlier["counted"]
        if change == 0:
            return before == after
        is_seen = (earlier["token"], earlier["value"]) != (cell.token.value, cell.value) and earlier["value"] != 0
        return not is_seen or (after - before >= 3 if change > 0 else before - after >= 3)

    ways: dict[str, set[int]] = {}
    for a1, b, c, a2, d, e in itertools.product(*(range(low, high + 1) for low, high in spans)):
        sums = a1 + b + c, a2 + d + e
        is_fit = all(low <= n <= high for n, (low, high) in zip(sums, totals, strict=True))
        if is_fit and ties("a", a1, a2) and ties("all", *sums):
            for group, n in zip(("a", "b", "c", "all"), (a1, b, c, sums[0]), strict=True):
                ways.setdefault(names.name_of(old[group]), set()).add(n)
            for group, n in zip(("a", "d", "e", "all"), (a2, d, e, sums[1]), strict=True):
                ways.setdefault(now[group][0]["cell_ref"], set()).add(n)
    assert release.attack.bounds(ways) == {name: (min(found), max(found)) for name, found in ways.items()}


class TestFurtherCells:
    """Complementary suppression: by the setting that ships, and where totals stay exact."""

    def test_a_group_is_hidden_before_a_release_is_refused(self) -> None:
        cells = table({"known": dict.fromkeys("abcd", 13)})
        assert pinned(cells, disclosure__complement=0) == {"known a", "known b", "known c", "known d"}
        told = released(cells)
        assert pinned(cells) == set()
        assert sorted(told.values()) == ["*", "15", "15", "15", "50"] and told["known all"] == "50"

    def test_what_was_hidden_so_stays_so_and_is_not_written_down_again(self) -> None:
        cells = table({"known": dict.fromkeys("abcd", 13)})
        first, second = logged(cells)[:5], logged(cells, cells)[5:]
        assert [row | {"published_at": AT} for row in second] == first
        assert "*" in {row["token"] for row in first}

    def test_what_nobody_could_work_out_is_not_hidden(self) -> None:
        cells = table({"known": {"a": 3, "b": 40, "c": 31}})
        assert list(released(cells).values()).count("*") == 1

    def test_a_nought_under_a_further_cell_is_hidden_with_it(self) -> None:
        cells = table({"known": dict.fromkeys("abcd", 13), "offered": {"a": 0, "b": 13, "c": 13, "d": 13}})
        told = released(cells)
        hidden = [n for n in "abcd" if told[f"known {n}"] == "*"]
        assert hidden and pinned(cells) == set()
        assert all(told[f"offered {n}"] != "0" for n in hidden)

    def test_one_count_under_two_names_is_hidden_under_both(self) -> None:
        groups = dict.fromkeys("abcd", 13)
        cells = table({"known": {"accepted": 52, "not accepted": 90}}, "support") + table({"accepted": groups})
        log = [before(f"accepted|{YEAR}|sex|{n}", 13, "", 15) for n in groups]  # what was told is told
        assert released(cells, log, disclosure__complement=0)["accepted all"] == "50"
        told = released(cells, log)
        assert told["known accepted"] == told["accepted all"] == "*" and pinned(cells, log) == set()

    def test_totals_stay_exact_and_of_today(self) -> None:
        rule = {"disclosure__exact_totals": 1.0}
        first, second = table({"known": {"a": 12, "b": 41}}), table({"known": {"a": 13, "b": 41}})
        assert released(first, **rule) == {"known all": "53", "known a": "10", "known b": "40"}
        assert released(second, logged(first, **rule), **rule)["known all"] == "54", "no total stands from before"
        assert released(second, logged(first))["known all"] == "55"
        few = table({"known": {"a": 3, "b": 4}})
        assert released(few, **rule)["known all"] == "*", "few are few, all of them too"

    def test_a_total_that_was_few_is_not_told_by_one_victim_more(self) -> None:
        rule = {"disclosure__exact_totals": 1.0}
        log = logged(table({"known": {"a": 7, "b": 0}}), **rule)
        assert released(table({"known": {"a": 8, "b": 0}}), log, **rule)["known all"] == "*"

    def test_two_exact_totals_do_not_tell_how_few_lie_between(self) -> None:
        """Of 53 known 50 were offered support: three were not, which no total may tell; nor by way of a third."""
        counts = {"known": {"a": 12, "b": 41}, "offered": {"a": 12, "b": 38}, "accepted": {"a": 12, "b": 36}}
        told = released(table(counts), disclosure__exact_totals=1)
        assert [told[f"{n} all"] for n in counts] == ["53", "50", "50"]
        told = released(table(counts | {"accepted": {"a": 10, "b": 22}}), disclosure__exact_totals=1)
        assert told["accepted all"] == "32"

    def test_limits_of_an_exact_total_are_itself(self) -> None:
        rows = made("metrics.released_figures", core_disclosure_cells=table({"known": {"a": 12, "b": 41}}),
                    core_released_before=[], reference_settings=settings(disclosure__exact_totals=1))  # fmt: skip
        limits = {row["group_code"]: (row["least"], row["greatest"]) for row in rows}
        assert limits == {"all": (53, 53), "a": (6, 14), "b": (36, 44)}

    @pytest.mark.parametrize("round_to", [1, 5])
    @pytest.mark.trials
    @pytest.mark.parametrize("small", trials.count((1, 7), range(1, 8)))
    def test_no_group_is_told_by_an_exact_total(self, small: int, round_to: int) -> None:
        rule = {"disclosure__exact_totals": 1.0, "disclosure__round_to": round_to}
        for others in ({"b": 9}, {"b": 40, "c": 31}, {"b": 8, "c": 0}, {"b": small, "c": 90, "d": 14}):
            cells = table({"known": {"a": small, **others}, "offered": {"a": min(small, 2), **others}}, "area")
            assert pinned(cells, **rule) == set()
            told = released(cells, **rule)
            total = small + sum(others.values())
            assert told["known all"] == f"{total}" and told["known a"] == "*"
            assert round_to > 1 or "*" in {told[f"known {n}"] for n in others}

    @pytest.mark.parametrize("others", [{}, {"none": 0}])
    def test_under_a_total_that_is_not_shown_no_group_is_released(self, others: dict[str, int]) -> None:
        """Seven groups of one: all suppressed, a total of at most seven said what each is, and the release was refused.
        Groups of a small total are withheld however they are, so that withholding says nothing of them."""
        for groups in ({f"g{i}": 1 for i in range(7)}, {"g0": 7}, {"g0": 3, "g1": 4}):
            cells = table({"known": groups | others, "offered": dict.fromkeys(groups, 1) | others}, "area")
            told = released(cells)
            assert pinned(cells) == set() and told["known all"] == "*"
            assert {told[f"known {name}"] for name in groups | others} == {"not released"}
        cells = table({"known": {"g0": 3, "g1": 40}} | {"offered": {"g0": 0, "g1": 0}}, "area")
        assert released(cells)["offered g0"] == "0", "a total of zero is shown, and what it says of each group"

    def test_a_group_that_was_withheld_is_decided_again(self) -> None:
        few, more = table({"known": {"a": 3, "b": 4}}), table({"known": {"a": 3, "b": 5}})
        log = logged(few)
        assert [row["token"] for row in log] == ["*", "not released", "not released"]
        assert released(more, log)["known all"] == "*", "one victim more moves no figure over the limit"
        told = released(table({"known": {"a": 3, "b": 40}}), log)
        assert told == {"known all": "45", "known a": "*", "known b": "40"}

    def test_a_leak_that_nothing_closes_costs_its_breakdown_alone(self) -> None:
        """The one group was released as it is, and so was the total: nothing that is hidden now hides the other."""
        cells = table({"known": {"a": 5, "b": 40}}, "area")
        log = [
            before(f"known|{YEAR}|area|b", 40, "", 40, round_to=1),
            before(f"known|{YEAR}|all|all", 45, "", 45, round_to=1),
        ]
        assert pinned(cells, log, **EXACT) == set()
        told = released(cells, log, **EXACT)
        assert told == {"known all": "45", "known a": "not released", "known b": "not released"}

    def test_a_group_of_none_that_did_not_exist_before_hides_nothing(self) -> None:
        """As crimes without flags, once a correction has removed the crime of a flag."""
        first, second = ({"known": {"a": 3, "b": 2} | more, "recorded": {"a": 40, "b": 30} | more}
                         for more in ({}, {"c": 0}))  # fmt: skip
        log = logged(table(first))
        assert pinned(table(second), log) == set()
        told = released(table(second), log)
        assert [told[f"recorded {n}"] for n in ("all", *"abc")] == ["70", "40", "30", "0"]
        assert {told[f"known {n}"] for n in "abc"} == {"not released"}


class TestRule:
    def test_few_are_not_released_and_others_rounded(self) -> None:
        cells = table({"known": {"a": 0, "b": 1, "c": 7, "d": 8, "e": 32}})
        assert released(cells) == {"known all": "50", "known a": "0", "known b": "*", "known c": "*", "known d": "10",
                                   "known e": "30"}  # fmt: skip

    def test_another_rule_by_the_settings(self) -> None:
        cells = table({"known": {"a": 0, "b": 9, "c": 32}})
        told = released(cells, disclosure__suppress_to=9, disclosure__round_to=1, disclosure__hides_zero=1)
        assert told == {"known all": "41", "known a": "*", "known b": "*", "known c": "32"}

    @pytest.mark.parametrize(
        ("offered", "accepted", "text"),
        [(9, 0, "*"), (9, 9, "*"), (9, 8, "10"), (10, 0, "0"), (10, 10, "10"), (8, 8, "*"), (7, 0, "*"), (0, 0, "0")],
    )
    def test_that_all_or_none_of_a_small_group_share_something_is_not_told(
        self, offered: int, accepted: int, text: str
    ) -> None:
        cells = table({"offered": {"a": offered, "b": 40}, "accepted": {"a": accepted, "b": 30}})
        assert released(cells)["accepted a"] == text

    def test_a_nought_under_what_is_not_shown_is_not_shown(self) -> None:
        """Else it would tell that none of a few got so far, or that the hidden count is none."""
        cells = table({"known": {"a": 9, "b": 40}, "offered": {"a": 8, "b": 30}, "accepted": {"a": 0, "b": 20},
                       "engaged": {"a": 0, "b": 15}})  # fmt: skip
        told = released(cells)
        assert (told["offered a"], told["accepted a"], told["engaged a"]) == ("10", "*", "*")
        told = released(
            table({"known": {"a": 5, "b": 40}, "offered": {"a": 0, "b": 30}, "accepted": {"a": 0, "b": 20}})
        )
        assert (told["offered a"], told["accepted a"]) == ("*", "*")

    def test_where_nobody_at_all_got_so_far_every_group_says_so(self) -> None:
        cells = table({"known": {"a": 8, "b": 40}, "offered": {"a": 0, "b": 0}})
        assert {name: text for name, text in released(cells).items() if name.startswith("offered")} == {
            "offered all": "0", "offered a": "0", "offered b": "0"
        }  # fmt: skip
        assert pinned(cells) == set()

    def test_the_supported_have_one_figure_under_both_their_names(self) -> None:
        cells = table({"known": {"accepted": 8, "not accepted": 40}}, "support")
        cells += table({"offered": {"a": 8}, "accepted": {"a": 8}})
        told = released(cells)
        assert told["known accepted"] == told["accepted all"] == "*"

    def test_limits_do_not_tell_whose_count_has_moved(self) -> None:
        ref = f"known|{YEAR}|sex|a"
        cells = table({"known": {"a": 21, "b": 40}})
        earlier = [before(ref, 20, "", 20)]
        rows = made("metrics.released_figures", core_disclosure_cells=cells, core_released_before=earlier)
        limits = {r["group_code"]: (r["least"], r["greatest"]) for r in rows}
        assert limits["a"] == (16, 24) and limits["b"] == (36, 44)

    def test_the_attack_knows_that_a_nought_is_shown_under_ten_or_more_alone(self) -> None:
        ones = dict.fromkeys("bcef", 1)
        accepted, engaged = {"a": 10, "d": 8, **ones}, {"a": 0, "d": 8, **dict.fromkeys(ones, 0)}
        cells = table({"accepted": accepted, "engaged": engaged}, "area")
        assert {"accepted b", "accepted c"} <= pinned(cells, disclosure__complement=0)
        assert pinned(cells) == set(), "a further cell closes it"

    def test_a_nought_that_was_released_stands_and_stops_nothing(self) -> None:
        cells = table({"known": {"a": 9, "b": 40}, "offered": {"a": 0, "b": 30}})
        then = before(f"offered|{YEAR}|sex|a", 0, "", 0)
        assert released(cells, [then])["offered a"] == "0" and pinned(cells, [then]) == set()

    @pytest.mark.parametrize(("suppress_to", "round_to"), [(1, 5), (2, 10), (4, 20)])
    def test_a_rule_that_shows_somebody_as_nobody_is_none(self, suppress_to: int, round_to: int) -> None:
        with pytest.raises(ValueError, match="no count is rounded to zero"):
            Rule(suppress_to, round_to)

    def test_a_group_behind_which_one_suspect_stands_is_not_told(self) -> None:
        cells = [row | {"is_of_few_people": row["group_code"] == "a"} for row in table({"known": {"a": 20, "b": 40}})]
        assert released(cells)["known a"] == "*" and released(cells)["known b"] == "40"
        assert attacked(cells)["known a"]["is_pinned"] is False

    def test_what_is_not_measured_is_told_apart_from_nought_and_from_few(self) -> None:
        cells = [row | {"person_count": None} for row in table({"known": {"a": 3}})]
        assert set(released(cells).values()) == {"not measured"}


    def test_where_there_are_no_counts_there_is_nothing_to_attack(self) -> None:
        log = [before(f"known|{YEAR}|sex|a", 5, "*", None)]
        assert attacked([]) == attacked([], log) == {} and released([], log) == {}


class TestReleasesInARow:
    CELL = f"known|{YEAR}|sex|a"

    def told(self, count: int, *earlier: Row) -> str:
        return released(table({"known": {"a": count, "b": 40}}), list(earlier))["known a"]

    @pytest.mark.parametrize(("now", "text"), [(7, "*"), (8, "*"), (9, "*"), (10, "10"), (5, "*"), (0, "0")])
    def test_one_more_victim_moves_no_figure_over_the_limit(self, now: int, text: str) -> None:
        """Who knows that one was added would learn that there had been seven, and that there are eight."""
        assert self.told(now, before(self.CELL, 7, "*", None)) == text

    def test_changes_add_up_against_the_count_that_the_figure_rests_on(self) -> None:
        first = before(self.CELL, 12, "", 10)
        assert [self.told(n, first) for n in (13, 14, 15)] == ["10", "10", "15"]

    def test_the_latest_release_counts(self) -> None:
        earlier = [before(self.CELL, 12, "", 10), before(self.CELL, 15, "", 15, at=AT + dt.timedelta(days=90))]
        assert self.told(13, *earlier) == "15"

    def test_a_nought_never_stands_for_somebody(self) -> None:
        assert self.told(1, before(self.CELL, 0, "", 0)) == "*"

    def test_a_release_by_another_rule_is_not_kept_but_known_to_the_attack(self) -> None:
        then = before(self.CELL, 12, "", 12, round_to=1)
        assert self.told(12, then) == "10"
        cells = table({"known": {"a": 6, "b": 40}})
        assert attacked(cells, [before(self.CELL, 6, "*", None, suppress_to=6)])["known a"]["greatest"] == 6

    def test_a_figure_that_stands_may_be_two_more_or_fewer(self) -> None:
        row = next(r for r in made(
            "metrics.released_figures", core_disclosure_cells=table({"known": {"a": 13, "b": 40}}),
            core_released_before=[before(self.CELL, 12, "", 10)]) if r["group_code"] == "a")  # fmt: skip
        assert (row["least"], row["greatest"]) == (6, 14), "as of every 10, whether its count has moved or not"


class TestPublication:
    def warehouse(self, cells: list[Row]) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("set timezone = 'UTC'")
        con.execute(STATE)
        for schema in ("raw", "reference", "core", "metrics"):
            con.execute(f"create schema {schema}")
        create_log_tables(con)
        self.put(con, "core.disclosure_cells", cells)
        self.put(con, "reference.settings", settings())
        self.put(con, "metrics.measure_verdicts", [])
        self.renew(con)
        return con

    def put(self, con: duckdb.DuckDBPyConnection, name: str, rows: list[Row]) -> None:
        kinds = {c.name: c.type for c in all_cards()[name].columns}
        con.execute(f"create or replace table {name} ({', '.join(f'{c} {k}' for c, k in kinds.items())})")
        of_force = {"force_code": NONE_KNOWN} if "force_code" in kinds else {}
        for row in (of_force | row for row in rows):
            con.execute(
                f"insert into {name} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
            )
        record_state(con, name, "made", len(rows), 0.0)

    def renew(self, con: duckdb.DuckDBPyConnection) -> None:
        """What the next build makes of what was released."""
        logged = con.sql("select * from raw.released_cells").pl().to_dicts()
        self.put(con, "core.released_before", made("core.released_before", raw_released_cells=logged))
        cells, earlier = (
            con.sql(f"select * from core.{t}").pl().to_dicts() for t in ("disclosure_cells", "released_before")
        )
        for name in ("metrics.released_figures", "metrics.disclosure_attack"):
            rows = made(name, core_disclosure_cells=cells, core_released_before=earlier)
            self.put(con, name, rows)

    def test_a_release_is_written_down_once_and_known_to_the_next(self) -> None:
        con = self.warehouse(table({"known": {"a": 12, "b": 40}}))
        for n in range(3):
            disclosure.record(con, f"run {n}", AT + dt.timedelta(days=n))
            self.renew(con)
        assert con.sql("select count(*), count(distinct run_ref) from raw.released_cells").fetchall() == [(3, 1)]
        self.put(con, "core.disclosure_cells", table({"known": {"a": 13, "b": 44}}))
        disclosure.record(con, "later", AT + dt.timedelta(days=9))
        found = con.sql(
            "select cell_ref, person_count, counted, value from raw.released_cells where run_ref = 'later' order by all"
        )
        assert found.fetchall() == [
            (f"known|{YEAR}|all|all", 57, 57, 55), (f"known|{YEAR}|sex|a", 12, 13, 10),
            (f"known|{YEAR}|sex|b", 44, 44, 45),
        ]  # fmt: skip

    def test_a_release_by_a_clock_that_was_set_back_is_the_latest(self) -> None:
        con = self.warehouse(table({"known": {"a": 12, "b": 40}}))
        disclosure.record(con, "first", AT)
        for run, count in (("second", 30), ("third", 12)):
            self.put(con, "core.disclosure_cells", table({"known": {"a": count, "b": 40}}))
            self.renew(con)
            disclosure.record(con, run, AT - dt.timedelta(hours=1))
        found = con.sql(
            f"select run_ref, person_count from raw.released_cells where cell_ref = 'known|{YEAR}|sex|a'"
            " order by published_at"
        )
        assert found.fetchall() == [("first", 12), ("second", 30), ("third", 12)]

    def test_that_a_group_is_released_no_more_is_written_down_once(self) -> None:
        con = self.warehouse(table({"known": {"a": 12, "b": 40}}, "area"))
        disclosure.record(con, "first", AT)
        self.put(con, "core.disclosure_cells", table({"known": {"a": 12, "c": 40}}, "area"))
        for n in range(1, 3):
            disclosure.record(con, f"later {n}", AT + dt.timedelta(days=n))
            self.renew(con)
        found = con.sql(
            "select run_ref, cell_ref, token, person_count from raw.released_cells where run_ref <> 'first'"
            " order by all"
        )
        assert found.fetchall() == [
            ("later 1", f"known|{YEAR}|area|b", "no longer released", None), ("later 1", f"known|{YEAR}|area|c", "", 40)
        ]  # fmt: skip
        self.put(con, "core.disclosure_cells", table({"known": {"a": 12, "b": 40}}, "area"))
        disclosure.record(con, "back", AT + dt.timedelta(days=9))
        found = con.sql("select cell_ref, token from raw.released_cells where run_ref = 'back' order by all")
        assert found.fetchall() == [(f"known|{YEAR}|area|b", ""), (f"known|{YEAR}|area|c", "no longer released")]

    def test_a_figure_that_comes_back_is_written_down_again(self) -> None:
        con = self.warehouse(table({"known": {"a": 12, "b": 40}}))
        for n, count in enumerate((12, 30, 12)):
            self.put(con, "core.disclosure_cells", table({"known": {"a": count, "b": 40}}))
            disclosure.record(con, f"run {n}", AT + dt.timedelta(days=n))
            self.renew(con)
        assert con.sql("select value from metrics.released_figures where group_code = 'a'").fetchall() == [(10,)]

    def test_a_leak_stops_every_table_that_rests_on_it(self) -> None:
        con = self.warehouse(table({"known": {"a": 3, "b": 40}}))
        assert disclosure.refused(con) == {}
        con.execute("update metrics.disclosure_attack set is_pinned = true")
        refused = disclosure.refused(con)
        assert set(refused) == {disclosure.RELEASED, *downstream_of({disclosure.RELEASED})}
        assert "1 protected counts could be worked out" in refused["metrics.support_gaps"]
        assert "complement 1" not in refused["metrics.support_gaps"], "which ships"
        con.execute("create table if not exists build.failed_tables (table_name varchar, reason varchar)")
        con.execute("create schema if not exists quality")
        columns = "'' as rule_code, '' as table_name, '' as message, 'PASS' as status"
        con.execute(f"create or replace table quality.rule_results as select {columns}")
        assert withheld.reasons(con) == refused and withheld.reasons(con, "command") == {}, "officers lose nothing"

    def test_nothing_reaches_those_who_commission_services_but_through_disclosure_control(self) -> None:
        """A table for them that rests on records of people by another way is not published, whoever adds it."""
        assert disclosure.not_controlled() == ()
        for table_name in ("metrics.repeat_summary", "metrics.protection_measures", "core.disclosure_cells"):
            assert disclosure._people_under(table_name), table_name
        assert "commissioning" in AUDIENCES and not disclosure._people_under("metrics.support_options")
        assert set(disclosure.VETTED) <= set(all_cards())


def test_those_who_commission_services_are_told_no_rows_of_records_of_people() -> None:
    from pipelines.publication.publish import _rows

    for source in ("crime", "referrals", "person"):
        assert _rows(source, 12_000, 5, "commissioning") == {}
        assert _rows(source, 12_000, 5, "command") == {"rows": 12_000}
    assert _rows("services", 20, 5, "commissioning") == {"rows": 20}


class TestMeasures:
    """Measures of one crime: what one of them says bears on the others."""

    def test_an_outcome_within_90_days_is_one_within_180(self) -> None:
        """Six or seven within 90 days: so three to five within 180 are ruled out."""
        later = table({"outcome_180": {"a": 6, "b": 20, "c": 4}})
        earlier = table({"outcome_90": {"a": 6, "b": 7, "c": 0}})
        alone = attacked(later, **AS_CAUGHT)["outcome_180 a"]
        assert (alone["least"], alone["greatest"]) == (3, 7)
        both = attacked(later + earlier, **AS_CAUGHT)["outcome_180 a"]
        assert (both["least"], both["greatest"]) == (6, 7)
        then = attacked(later, logged(earlier, **AS_CAUGHT), **AS_CAUGHT)["outcome_180 a"]
        assert (then["least"], then["greatest"]) == (3, 7), "a release that said nothing of 180 days"
        then = attacked(later, logged(later + earlier, **AS_CAUGHT), **AS_CAUGHT)["outcome_180 a"]
        assert (then["least"], then["greatest"]) == (6, 7), "and one that did, whatever is released now"

    def test_a_charge_is_an_outcome_and_within_180_days_where_it_is_within_90(self) -> None:
        cells = table({code: {"a": 20, "b": 30} for code in ("charged_90", "charged_180", "outcome_90", "recorded")})
        parts = {(part.part.split("|")[0], part.whole.split("|")[0]) for part in nested_of(cells)}
        assert parts == {("charged_90", "charged_180"), ("charged_90", "outcome_90")}

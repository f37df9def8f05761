"""What is released to those who commission services cannot be undone: leaks are caught, and what is safe passes."""

from __future__ import annotations

import datetime as dt
import itertools

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from invented_support import YEAR, settings
from worked import Row, made

from assets.methods.disclosure import Cell, Rule, possible
from assets.methods.disclosure_cells import controlled
from pipelines import disclosure
from pipelines.cards import AUDIENCES, all_cards
from pipelines.ledger import create_log_tables
from pipelines.lineage import downstream_of
from pipelines.warehouse import STATE, record_state

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
                    "is_of_one_suspect": False,
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
        "published_at": at, "cell_ref": cell_ref, "person_count": count, "token": token, "value": value,
        "is_other": False, "suppress_to": suppress_to, "round_to": round_to, "hides_zero": False,
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


# Fifty releases that can be undone, each with the count that somebody learns from it.
LEAKS: list[tuple[str, list[Row], list[Row], dict[str, float], str]] = [  # one small group beside an exact total
    (f"one small group of {n}", table({"known": {"a": n, "b": 40, "c": 31}}), [], EXACT, "known a") for n in range(1, 8)
]
for n in range(2, 12):  # the same among ever more groups
    groups = {"a": 3, **{f"g{i}": 20 + i for i in range(n)}}
    LEAKS.append((f"one small group among {n + 1}", table({"known": groups}), [], EXACT, "known a"))
for total, a in ((2, 1), (14, 7)):  # two small groups whose sum leaves one way alone
    for n in range(3):
        groups = {"a": a, "b": total - a, **{f"g{i}": 50 for i in range(n + 1)}}
        LEAKS.append((f"two small groups of {a}, {n + 1} more", table({"known": groups}), [], EXACT, "known a"))
for k in range(3, 8):  # as many small groups as their sum, or all at the limit
    LEAKS.append(
        (f"{k} groups of one", table({"known": {f"s{i}": 1 for i in range(k)} | {"b": 99}}), [], EXACT, "known s0")
    )
    LEAKS.append(
        (f"{k} groups of seven", table({"known": {f"s{i}": 7 for i in range(k)} | {"b": 99}}), [], EXACT, "known s0")
    )
for n in range(2, 7):  # an earlier release by a finer rule leaves one way alone, with the exact total
    row = before(f"known|{YEAR}|sex|a", n, "*", None, round_to=1, suppress_to=n)
    two = table({"known": {"a": n, "b": 7, "c": 31}})
    LEAKS.append((f"told before: at most {n}", two, [row], EXACT, "known a"))
for n in range(2, 8):  # a part of a part: what is accepted of one who was offered is one
    cells = table({"offered": {"a": 1, "b": 30 + n}, "accepted": {"a": 1, "b": 20}})
    LEAKS.append((f"a part of one, {n}", cells, [], EXACT, "accepted a"))
for n in range(3, 9):  # the supported are those whom a service accepted: one total tells the other
    cells = table({"known": {"accepted": 3, "not accepted": 30 + n}}, "support")
    cells += table({"accepted": {"a": 1, "b": 1, "c": 1}})
    LEAKS.append((f"the same count twice, {n}", cells, [], EXACT, "accepted a"))


class TestLeaks:
    def test_there_are_fifty_or_more(self) -> None:
        assert len(LEAKS) >= 50

    @pytest.mark.parametrize(("name", "cells", "earlier", "rule", "leak"), LEAKS, ids=[row[0] for row in LEAKS])
    def test_each_is_caught(
        self, name: str, cells: list[Row], earlier: list[Row], rule: dict[str, float], leak: str
    ) -> None:
        assert leak in pinned(cells, earlier, **rule)

    @pytest.mark.parametrize(("name", "cells", "earlier", "rule", "leak"), LEAKS, ids=[row[0] for row in LEAKS])
    def test_the_rule_that_ships_closes_it(
        self, name: str, cells: list[Row], earlier: list[Row], rule: dict[str, float], leak: str
    ) -> None:
        assert leak not in pinned(cells, earlier)


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.sampled_from([1, 5]),
)
@budget(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
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
                reference_settings=settings(disclosure__round_to=round_to))  # fmt: skip
    for row in rows:
        if not shown[row["cell_ref"]].is_other:
            found = seen[row["cell_ref"]]
            assert (row["least"], row["greatest"]) == (min(found), max(found)), row["cell_ref"]
            assert row["person_count"] in found
            assert row["is_pinned"] == (len(found) == 1)


def _fits(total: int, cell: Cell, rule: Rule) -> bool:
    low, high = possible(cell, rule)
    return low <= total <= high


def made_settings(round_to: int) -> list[tuple[str, float]]:
    return [(row["key"], row["value"]) for row in settings(disclosure__round_to=round_to)]


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
        cells = table({"accepted": {"a": 10, "b": 1, "c": 1}, "engaged": {"a": 0, "b": 1, "c": 1}}, "area")
        assert {"accepted b", "accepted c"} <= pinned(cells)

    def test_a_nought_that_was_released_stands_and_stops_nothing(self) -> None:
        cells = table({"known": {"a": 9, "b": 40}, "offered": {"a": 0, "b": 30}})
        then = before(f"offered|{YEAR}|sex|a", 0, "", 0)
        assert released(cells, [then])["offered a"] == "0" and pinned(cells, [then]) == set()

    @pytest.mark.parametrize(("suppress_to", "round_to"), [(1, 5), (2, 10), (4, 20)])
    def test_a_rule_that_shows_somebody_as_nobody_is_none(self, suppress_to: int, round_to: int) -> None:
        with pytest.raises(ValueError, match="no count is rounded to nought"):
            Rule(suppress_to, round_to)

    def test_a_group_behind_which_one_suspect_stands_is_not_told(self) -> None:
        cells = [row | {"is_of_one_suspect": row["group_code"] == "a"} for row in table({"known": {"a": 20, "b": 40}})]
        assert released(cells)["known a"] == "*" and released(cells)["known b"] == "40"
        assert attacked(cells)["known a"]["is_pinned"] is False

    def test_what_is_not_measured_is_told_apart_from_nought_and_from_few(self) -> None:
        cells = [row | {"person_count": None} for row in table({"known": {"a": 3}})]
        assert set(released(cells).values()) == {"not measured"}


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
        self.renew(con)
        return con

    def put(self, con: duckdb.DuckDBPyConnection, name: str, rows: list[Row]) -> None:
        kinds = {c.name: c.type for c in all_cards()[name].columns}
        con.execute(f"create or replace table {name} ({', '.join(f'{c} {k}' for c, k in kinds.items())})")
        for row in rows:
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
            "select cell_ref, person_count, value from raw.released_cells where run_ref = 'later' order by all"
        )
        assert found.fetchall() == [(f"known|{YEAR}|all|all", 57, 55), (f"known|{YEAR}|sex|b", 44, 45)]

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

    def test_nothing_reaches_those_who_commission_services_but_through_disclosure_control(self) -> None:
        """A table for them that rests on records of people by another way is not published, whoever adds it."""
        assert disclosure.not_controlled() == ()
        for table_name in ("metrics.repeat_summary", "metrics.protection_measures", "core.disclosure_cells"):
            assert disclosure._people_under(table_name), table_name
        assert "commissioning" in AUDIENCES and not disclosure._people_under("metrics.support_options")
        assert set(disclosure.VETTED) <= set(all_cards())


def test_those_who_commission_services_are_told_no_rows_of_records_of_people() -> None:
    from pipelines.publish import _rows

    for source in ("crime", "referrals", "person"):
        assert _rows(source, 12_000, 5, "commissioning") == {}
        assert _rows(source, 12_000, 5, "command") == {"rows": 12_000}
    assert _rows("services", 20, 5, "commissioning") == {"rows": 20}

"""Figures by force: each force's are those of a build of that force alone; no other force's rows move them."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from worked import Row, made, only

from pipelines.cards import all_cards
from pipelines.delivery.messages import no_such_force
from pipelines.lineage import build_order, named_by
from pipelines.publication.forces import mark_of

A, B, NEIGHBOUR = "E23000013", "E23000035", "E23000012"
BOTH = [{"force_code": A}, {"force_code": B}]
AT = dt.datetime(2026, 3, 31, 22, 59, 59, tzinfo=dt.UTC)


def crime(ref: str, force: str | None) -> Row:
    return {"crime_ref": ref, "force_code": force}


class TestRowsOfAForce:
    """metrics.unread_outcomes counts crimes by class; its SELECT names no force."""

    outcomes = tuple(
        {"crime_ref": ref, "offence_class": "8Q", "is_principal": True, "is_outcome_unread": ref.endswith("!"),
         "removal_type": "", "followed_days": 400}
        for ref in ("a1", "a2!", "b1", "n1!")
    )

    def counts(self, forces: list[Row], crimes: list[Row]) -> dict[str | None, tuple[int, int]]:
        rows = made("metrics.unread_outcomes", core_outcome_times=list(self.outcomes), core_force_scope=forces,
                    core_crimes=crimes)  # fmt: skip
        return {row["force_code"]: (row["crime_count"], row["unread_count"])
                for row in only(rows, offence_class="8Q")}  # fmt: skip

    def test_each_force_has_its_own_crimes(self) -> None:
        crimes = [crime("a1", A), crime("a2!", A), crime("b1", B), crime("n1!", NEIGHBOUR)]
        assert self.counts(BOTH, crimes) == {A: (2, 1), B: (1, 0)}

    def test_a_neighbours_crimes_are_not_the_only_forces(self) -> None:
        crimes = [crime("a1", A), crime("a2!", A), crime("b1", A), crime("n1!", NEIGHBOUR)]
        assert self.counts([{"force_code": A}], crimes) == {A: (3, 1)}

    def test_where_no_force_is_known_all_crimes_count_together(self) -> None:
        crimes = [crime(ref, "42") for ref in ("a1", "a2!", "b1", "n1!")]
        assert self.counts([], crimes) == {"unknown": (4, 2)}

    def test_a_force_without_a_series_takes_none_from_the_others(self) -> None:
        weeks = [{"force_code": A, "series_ref": "extract", "week": dt.date(2025, 1, 6) + dt.timedelta(7 * n),
                  "crime_count": 50 + n % 3} for n in range(30)]  # fmt: skip
        for scope in (BOTH, BOTH[::-1]):
            points = made("metrics.demand_week_points", metrics_demand_weeks=weeks, core_force_scope=scope)
            assert {row["force_code"] for row in points} == {A} and len(points) == 30

    def test_no_figure_of_one_force_moves_when_another_is_added(self) -> None:
        alone = self.counts([{"force_code": A}], [crime("a1", A), crime("a2!", A)] + [
            crime(ref, NEIGHBOUR) for ref in ("b1", "n1!")])  # fmt: skip
        together = self.counts(BOTH, [crime("a1", A), crime("a2!", A), crime("b1", B), crime("n1!", B)])
        assert alone[A] == together[A]


class TestPeopleAcrossForces:
    def reports(self) -> list[Row]:
        """One suspect: an event in each of two forces. Another: two events in one force."""
        def report(ref: str, suspect: str, day: int) -> Row:
            at = dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC)
            return {"as_of_at": AT, "is_current": True, "suspect_ref": suspect, "victim_ref": f"v{ref}",
                    "dyad_ref": f"{suspect}>v{ref}", "crime_ref": ref, "reported_at": at}  # fmt: skip

        return [report("a1", "across", 1), report("b1", "across", 20), report("a2", "within", 1),
                report("a3", "within", 20)]  # fmt: skip

    def windows(self, people: list[Row]) -> list[Row]:
        return made("metrics.cross_border_repeats", metrics_repeat_suspects=people, metrics_repeat_victims=[])

    def test_events_of_a_person_are_made_for_each_force_and_for_all_together(self) -> None:
        crimes = [crime("a1", A), crime("a2", A), crime("a3", A), crime("b1", B)]
        events = made("core.suspect_events", core_reports_as_of=self.reports(), core_force_scope=BOTH,
                      core_crimes=crimes)  # fmt: skip
        count = {(row["force_code"], row["suspect_ref"]): 0 for row in events}
        for row in events:
            count[row["force_code"], row["suspect_ref"]] += 1
        assert count == {(A, "across"): 1, (B, "across"): 1, (A, "within"): 2, ("all", "across"): 2,
                         ("all", "within"): 2}  # fmt: skip

    def test_people_who_are_repeat_only_across_forces_are_counted(self) -> None:
        def person(ref: str, force: str, is_repeat: bool) -> Row:
            return {"person_ref": ref, "window_days": 365, "force_code": force, "is_repeat": is_repeat}

        people = [person("across", A, False), person("across", B, False), person("across", "all", True),
                  person("within", A, True), person("within", "all", True),
                  person("once", B, False), person("once", "all", False)]  # fmt: skip
        [row] = self.windows(people)
        assert (row["person_count"], row["several_forces_count"], row["repeat_count"], row["only_across_count"]) == (
            3, 1, 2, 1)  # fmt: skip

    def test_an_extract_of_one_force_has_no_such_row(self) -> None:
        assert self.windows([{"person_ref": "p", "window_days": 365, "force_code": A, "is_repeat": True}]) == []


class TestForcesWithFigures:
    def held(self, *crimes: tuple[str | None, int], chosen: str | None = None) -> dict[str | None, str | None]:
        counted = [crime(f"{force}-{number}", force) for force, count in crimes for number in range(count)]
        known = [{"force_code": code, "force_name": code, "force_type": "territorial"} for code in (A, B, NEIGHBOUR)]
        wanted = [{"force_code": chosen}] if chosen else []
        rows = made("core.extract_forces", core_crimes=counted, core_forces=known, raw_requested_force=wanted)
        assert all(row["has_figures"] is (row["why_none"] is None) for row in rows)
        return {row["force_code"]: row["why_none"] for row in rows}

    def test_a_force_with_a_few_crimes_beside_many_has_none(self) -> None:
        assert self.held((A, 150), (NEIGHBOUR, 5)) == {A: None, NEIGHBOUR: "too few crimes"}

    def test_a_tenth_of_the_force_with_most_or_a_hundred_crimes_is_enough(self) -> None:
        assert self.held((A, 50), (NEIGHBOUR, 5)) == {A: None, NEIGHBOUR: None}
        assert self.held((A, 1_200), (B, 100))[B] is None

    def test_a_body_that_is_no_police_force_has_none(self) -> None:
        words = "no police force that is known"
        assert self.held((A, 30), ("Action Fraud", 500), (None, 2)) == {A: None, "Action Fraud": words, None: words}

    def test_a_force_chosen_in_the_mapping_is_the_only_one(self) -> None:
        assert self.held((A, 30), (B, 300), chosen=A) == {A: None, B: "another force is chosen in mapping.toml"}


def test_a_chosen_force_without_crimes_is_refused_and_no_other_is_added_up_in_its_place() -> None:
    con = duckdb.connect()
    con.execute("create schema raw; create table raw.crime (force_code varchar)")
    con.execute(f"insert into raw.crime values ('{A}'), ('{A}'), ('Action Fraud')")
    assert no_such_force(con, "") == no_such_force(con, A) == []
    for wrong in (B, "Action Fraud", "e23000013"):
        [words] = no_such_force(con, wrong)
        assert f"which has Action Fraud, {A}; saw {wrong!r}" in words and "Nothing is published" in words
    con.execute("delete from raw.crime")
    assert no_such_force(con, B) == [], "without an extract there is nothing to choose from"


FIGURES = sorted(
    card.table for card in build_order()
    if card.schema == "metrics" and set(card.audience) and mark_of(card) == ""
)  # fmt: skip
# of everyone together, or of open data: each says so in its card or names its own forces
OF_ALL = {
    "metrics.cross_border_repeats", "metrics.linkage_quality", "metrics.register_summary", "metrics.survey_prevalence",
}  # fmt: skip


@pytest.mark.parametrize("table", FIGURES)
def test_a_figure_without_force_rests_on_no_record_of_the_extract(table: str) -> None:
    """Every table of the extract's figures is by force, or says in its card that it is of all forces together."""
    card = all_cards()[table]
    if table in OF_ALL:
        return
    rests, waiting = set[str](), [table]
    while waiting:
        for name in named_by(all_cards()[waiting.pop()]):
            if name not in rests:
                rests.add(name)
                waiting.append(name)
    assert not rests & {"core.crimes", "core.incidents", "core.persons"}, f"{table} has no force_code"
    assert card.by_force is False


@pytest.mark.parametrize("table", [card.table for card in build_order() if card.by_force])
def test_who_reads_a_table_made_for_each_force_goes_by_force_too(table: str) -> None:
    """Its rows of several forces would be added up by a reader that knows no force."""
    readers = [card for card in build_order() if table in named_by(card)]
    unaware = [card for card in readers if not card.by_force and card.maker is not None]
    blind = [card.table for card in unaware if card.maker is not None and "force_code" not in card.maker.read_text()]
    assert blind == []

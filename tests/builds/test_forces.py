"""Figures by force: each force's are those of a build of that force alone; no other force's rows move them."""

import datetime as dt

import duckdb
import pytest
from worked import Row, made, only

from pipelines.delivery.messages import no_such_force
from pipelines.mapping.decisions import NOT_NAMED
from pipelines.tables.cards import all_cards
from pipelines.tables.forces import mark_of
from pipelines.tables.lineage import build_order, named_by

A, B, NEIGHBOUR = "E23000013", "E23000035", "E23000012"
BOTH = [{"force_code": A}, {"force_code": B}]
AT = dt.datetime(2026, 3, 31, 22, 59, 59, tzinfo=dt.UTC)
MOMENTS = {"as_of_at": AT, "received_at": AT}


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

    def test_no_figure_of_one_force_moves_when_another_is_added(self) -> None:
        alone = self.counts([{"force_code": A}], [crime("a1", A), crime("a2!", A)] + [
            crime(ref, NEIGHBOUR) for ref in ("b1", "n1!")])  # fmt: skip
        together = self.counts(BOTH, [crime("a1", A), crime("a2!", A), crime("b1", B), crime("n1!", B)])
        assert alone[A] == together[A]


class TestRecordsWithoutACrime:
    """An order, a breach, bail or a referral that no crime links to a force."""

    parties = ({"crime_ref": "a1", "record_key": "s-a"}, {"crime_ref": "b1", "record_key": "s-b"},
               {"crime_ref": "a1", "record_key": "s-both"}, {"crime_ref": "b1", "record_key": "s-both"})  # fmt: skip
    of_people = (
        {"person_key": "s-a", "force_code": A, "is_only_force": True},
        {"person_key": "s-b", "force_code": B, "is_only_force": True},
        {"person_key": "s-both", "force_code": A, "is_only_force": False},
        {"person_key": "s-both", "force_code": B, "is_only_force": False},
    )
    only = ({"force_code": A},)

    def order_force(self, respondent: str, victim: str | None = None, **given: list[Row]) -> str | None:
        order = {"order_ref": "o", "respondent_key": respondent, "victim_key": victim, "considered_at": AT}
        [row] = made("core.order_facts", core_orders=[order], core_person_forces=list(self.of_people), **given)
        code: str | None = row["force_code"]
        return code

    def test_a_person_is_of_each_force_with_a_crime_that_they_are_in(self) -> None:
        rows = made("core.person_forces", core_parties=list(self.parties),
                    core_crimes=[crime("a1", A), crime("b1", B)])  # fmt: skip
        assert sorted(rows, key=str) == sorted(self.of_people, key=str)

    def test_an_order_is_of_the_force_that_knows_the_respondent_else_the_victim(self) -> None:
        assert self.order_force("s-a") == self.order_force("s-a", "s-b") == A
        assert self.order_force("nobody", "s-b") == self.order_force("s-both", "s-b") == B

    def test_its_own_crime_goes_before_its_people(self) -> None:
        pair = {"suspect_key": "s-a", "victim_key": "v", "crime_ref": "b1", "reported_at": AT}
        assert self.order_force("s-a", "v", core_pair_crimes=[pair], core_crimes=[crime("b1", B)]) == B

    def test_an_order_that_nothing_links_is_the_only_forces_and_of_none_of_two(self) -> None:
        assert self.order_force("nobody", core_only_force=list(self.only)) == A
        assert self.order_force("nobody") is self.order_force("s-both") is None

    def test_a_crime_of_no_force_gives_its_order_to_none(self) -> None:
        pair = {"suspect_key": "s-a", "victim_key": "v", "crime_ref": "c", "reported_at": AT}
        assert self.order_force("s-a", "v", core_pair_crimes=[pair], core_crimes=[crime("c", None)],
                                core_only_force=list(self.only)) is None  # fmt: skip

    def test_an_incident_is_of_its_own_force_else_of_its_crimes(self) -> None:
        incidents = [{"incident_ref": "own", "force_code": B}, {"incident_ref": "crime's"}, {"incident_ref": "none"}]
        rows = made("core.incident_facts", core_incidents=incidents, core_extract_moments=[{"as_of_at": AT}],
                    core_crimes=[crime("a1", A) | {"incident_ref": ref} for ref in ("own", "crime's")])  # fmt: skip
        assert {row["incident_ref"]: row["force_code"] for row in rows} == {"own": B, "crime's": A, "none": None}

    def listed(self, code: str, **given: list[Row]) -> set[str]:
        """The breaches on the meeting list of a force."""
        breaches = [{"breach_ref": f"of {force}", "breached_at": AT, "force_code": force} for force in (A, B, None)]
        rows = made("metrics.meeting_lists", core_order_breaches=breaches, core_extract_moments=[{"as_of_at": AT}],
                    core_crimes=[crime("a1", A), crime("b1", B)], **given)  # fmt: skip
        return {row["record_ref"] for row in only(rows, list_code="order_breaches", period="daily", force_code=code)}

    def test_a_breach_without_a_crime_is_on_the_list_of_its_own_force_alone(self) -> None:
        assert self.listed(A, core_force_scope=BOTH) == {f"of {A}"}
        assert self.listed(B, core_force_scope=BOTH) == {f"of {B}"}

    def programme(self, only_force: list[Row], scope: list[Row]) -> dict[str, int]:
        """Force -> people in a programme: of a force's crime, of a neighbour's, of none."""
        people = [{"person_ref": key, "person_key": key} for key in ("s-a", "s-b", "nobody")]
        stages = [{"person_ref": p["person_ref"], "programme": "drive", "stage": "identified",
                   "from_date": AT.date()} for p in people]  # fmt: skip
        rows = made("metrics.management_funnel", core_managements=stages, core_people=people, core_force_scope=scope,
                    core_person_forces=list(self.of_people), core_extract_moments=[{"as_of_at": AT}],
                    core_crimes=[crime("a1", A), crime("b1", B)], core_only_force=only_force)  # fmt: skip
        return {row["force_code"]: row["person_count"] for row in rows}

    def test_a_person_in_a_neighbours_crimes_alone_is_not_the_only_forces(self) -> None:
        assert self.programme(list(self.only), [{"force_code": A}]) == {A: 2}, "s-a, and the one in no crime"
        assert self.programme([], BOTH) == {A: 1, B: 1}

    def test_records_of_no_force_are_counted_beside_several_forces_only(self) -> None:
        given: dict[str, list[Row]] = {
            "core_order_facts": [{"order_ref": "o1"}, {"order_ref": "o2", "force_code": A},
                                 {"order_ref": "o3", "crime_ref": "c"}],
            "core_crimes": [crime("c", None)], "core_incident_facts": [{"incident_ref": "i"}],
            "core_managements": [{"person_ref": "p"}, {"person_ref": "p"}],
        }  # fmt: skip
        rows = made("core.rows_of_no_force", core_force_scope=BOTH, **given)
        assert {row["record_type"]: row["row_count"] for row in rows} == {
            "incidents": 1, "orders": 1, "people in a programme": 1}  # fmt: skip
        for forces in ({"core_force_scope": [{"force_code": A}], "core_only_force": list(self.only)}, {}):
            assert made("core.rows_of_no_force", **forces, **given) == []


def test_what_a_rule_counts_of_no_one_force_is_in_each_forces_measure() -> None:
    """A record without force is the only force's; beside another force it is nobody's."""
    def examined(scope: list[Row], only_force: list[Row]) -> dict[str, int]:
        counts = [{"rule_code": "R", "table_name": "t", "force_code": force, "examined_count": count,
                   "breach_count": 0, "not_evaluable_count": 0}
                  for force, count in ((A, 1), (B, 10), (None, 100), ("all", 1_000))]  # fmt: skip
        rows = made("metrics.measure_cells", quality_rule_counts=counts, core_force_scope=scope,
                    quality_rule_results=[{"rule_code": "R", "table_name": "t", "measure_code": "R"}],
                    core_only_force=only_force, core_extract_moments=[{"as_of_at": AT}])  # fmt: skip
        return {row["force_code"]: row["denominator"] for row in only(rows, breakdown="none")}

    assert examined(BOTH, []) == {A: 1_001, B: 1_010}
    assert examined([{"force_code": A}], [{"force_code": A}]) == {A: 1_101}


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


class TestWhenAForcesRecordingBeginsAndEnds:
    """Of 43 invented forces in one extract, 36 months of one were 35 in a build of it alone: others recorded longer."""

    def force(self, code: str, first: str, last: str) -> Row:
        return {"force_code": code, "first_recorded_at": first, "last_recorded_at": last}

    def test_it_is_that_of_its_own_crimes_up_to_the_receipt(self) -> None:
        crimes = [crime("a1", A) | {"recorded_at": "2025-01-02 10:00+00"}, crime("a2", A) | {"recorded_at": AT},
                  crime("b1", B) | {"recorded_at": "2024-05-01 10:00+00"},
                  crime("b2", B) | {"recorded_at": "2026-09-01 10:00+00"}]  # fmt: skip
        rows = made("core.force_moments", core_crimes=crimes, core_extract_moments=[MOMENTS])
        names = ("first_recorded_at", "last_recorded_at")
        seen = {row["force_code"]: [f"{row[name]:%Y-%m}" for name in names] for row in rows}
        assert seen == {A: ["2025-01", "2026-03"], B: ["2024-05", "2024-05"]}

    def test_a_month_that_another_force_ends_is_not_whole_for_this_one(self) -> None:
        held = [self.force(A, "2026-01-01 00:00+00", "2026-03-31 22:59+00"),
                self.force(B, "2026-02-01 00:00+00", "2026-03-30 12:00+00")]  # fmt: skip
        crimes = [crime(f"{code}{month}", code) | {"recorded_month": f"2026-0{month}-01"}
                  for code in (A, B) for month in (1, 2, 3)]  # fmt: skip
        rows = made("metrics.demand_months", core_extract_moments=[MOMENTS], core_force_moments=held,
                    core_force_scope=[row | {"force_name": row["force_code"]} for row in BOTH],
                    core_crimes=crimes)  # fmt: skip
        months = {code: sorted({row["month"].month for row in only(rows, force_code=code)}) for code in (A, B)}
        assert months == {A: [1, 2, 3], B: [2]}

    def test_a_year_is_covered_for_the_force_whose_records_cover_it(self) -> None:
        held = [self.force(A, "2023-01-01 00:00+00", "2026-03-31 12:00+00"),
                self.force(B, "2025-07-01 00:00+00", "2026-03-31 12:00+00")]  # fmt: skip
        whole = MOMENTS | {key: held[0][key] for key in ("first_recorded_at", "last_recorded_at")}
        given = {"core_extract_moments": [whole], "core_force_moments": held, "core_force_scope": BOTH}
        rows = made("core.support_periods", **given)
        assert {(row["force_code"], row["period_type"]): row["is_held"] for row in rows} == {
            (A, "current"): True, (A, "previous"): True, (B, "current"): False, (B, "previous"): False}  # fmt: skip


class TestForcesWithFigures:
    def held(self, *crimes: tuple[str | None, int], chosen: str | None = None) -> dict[str | None, str | None]:
        counted = [crime(f"{force}-{number}", force) for force, count in crimes for number in range(count)]
        known = [{"force_code": code, "force_name": code, "force_type": "territorial"} for code in (A, B, NEIGHBOUR)]
        wanted = [{"force_code": chosen}] if chosen else []
        rows = made("core.extract_forces", core_crimes=counted, reference_forces=known, raw_requested_force=wanted)
        assert all(row["has_figures"] is (row["why_none"] is None) for row in rows)
        return {row["force_code"]: row["why_none"] for row in rows}

    def test_a_force_with_a_few_crimes_beside_many_has_none(self) -> None:
        assert self.held((A, 150), (NEIGHBOUR, 5)) == {A: None, NEIGHBOUR: "too few crimes"}

    def test_a_tenth_of_the_force_with_most_or_a_hundred_crimes_is_enough(self) -> None:
        assert self.held((A, 50), (NEIGHBOUR, 5)) == {A: None, NEIGHBOUR: None}
        assert self.held((A, 1_200), (B, 100))[B] is None

    def test_a_force_that_nobody_named_keeps_its_figures_beside_a_neighbours_few_crimes(self) -> None:
        assert self.held((NOT_NAMED, 500), (NEIGHBOUR, 5)) == {NOT_NAMED: None, NEIGHBOUR: "too few crimes"}
        assert self.held((NOT_NAMED, 500), (A, 150)) == {NOT_NAMED: "no police force that is known", A: None}

    def test_a_body_that_is_no_police_force_has_none(self) -> None:
        words = "no police force that is known"
        assert self.held((A, 30), ("Action Fraud", 500), (None, 2)) == {A: None, "Action Fraud": words, None: words}

    @pytest.mark.parametrize("crimes", [3, 30])
    def test_a_force_that_is_chosen_alone_has_figures_however_few_its_crimes(self, crimes: int) -> None:
        """Without figures of its own the crimes of all forces would be added up in its place."""
        assert self.held((A, crimes), (B, 300), chosen=A) == {A: None, B: "another force is chosen in mapping.toml"}

    def test_the_only_force_is_the_one_beside_which_no_other_has_crimes_enough(self) -> None:
        def only_force(*rows: tuple[str, bool, bool]) -> list[Row]:
            names = ("force_code", "has_figures", "has_enough_crimes")
            return made("core.only_force", core_extract_forces=[dict(zip(names, row, strict=True)) for row in rows])

        alone = [{"force_code": A}]
        assert only_force((A, True, True), (NEIGHBOUR, False, False)) == alone
        assert only_force((A, True, False), (NEIGHBOUR, False, False)) == alone, "chosen, with a few crimes"
        assert only_force((A, True, True), (B, True, True)) == []
        assert only_force((A, True, True), (B, False, True)) == [], "chosen of two: the rest may be the other's"


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

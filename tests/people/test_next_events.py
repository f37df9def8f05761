"""How soon a suspect comes up again, whether it gets worse, how far few hold most: from events to figures."""

from datetime import timedelta
from typing import Any

import pytest
from invented_suspects import AS_OF, ago, report
from worked import Row, made

PEOPLE = [{"person_key": key, "person_ref": key} for key in ("S", "T")]


def times(*reports: Row, **given: list[Row]) -> list[tuple[str, int, int, str]]:
    events = made("core.suspect_events", core_reports_as_of=list(reports))
    rows = made("core.suspect_risk_times", core_suspect_events=events, core_people=PEOPLE, **given)
    return [(row["suspect_ref"], row["entry_day"], row["end_day"], row["cause"]) for row in rows]


def remand(start: float, stop: float | None, person: str = "S") -> dict[str, list[Row]]:
    ended = ago(stop) if stop is not None else None
    return {
        "core_custodies": [{"custody_ref": "K", "person_key": person}],
        "core_bails": [{"custody_ref": "K", "bail_type": "remand", "started_at": ago(start), "ended_at": ended}],
    }


class TestTimeAtRisk:
    def test_until_the_next_event_by_whose_victim_it_is(self) -> None:
        found = times(
            report("C1", 100), report("C2", 60),
            report("D1", 100, suspect_ref="T"), report("D2", 60, suspect_ref="T", victim_ref="W"),
        )  # fmt: skip
        assert found == [("S", 0, 40, "same victim"), ("T", 0, 40, "another victim")]

    def test_until_the_as_of_moment_where_nothing_came(self) -> None:
        assert times(report("C1", 100)) == [("S", 0, 100, "")]
        assert times(report("C1", 0.5)) == [("S", 0, 0, "")]

    def test_until_death(self) -> None:
        dead = {"core_persons": [{"person_key": "S", "death_date": ago(70).date()}]}
        assert times(report("C1", 100), **dead) == [("S", 0, 30, "death")]
        assert times(report("C1", 100), report("C2", 80), **dead) == [("S", 0, 20, "same victim")]

    def test_time_on_remand_is_not_at_risk(self) -> None:
        assert times(report("C1", 100), **remand(90, 60)) == [("S", 0, 10, ""), ("S", 40, 100, "")]
        assert times(report("C1", 100), **remand(90, None)) == [("S", 0, 10, "")]
        assert times(report("C1", 100), report("C2", 50), **remand(90, 60)) == [
            ("S", 0, 10, ""), ("S", 40, 50, "same victim")
        ]  # fmt: skip

    def test_an_event_that_is_reported_during_remand_is_not_lost(self) -> None:
        found = times(report("C1", 100), report("C2", 80), **remand(90, 60))
        assert found == [("S", 0, 10, ""), ("S", 19, 20, "same victim")]

    def test_spells_that_overlap_are_one(self) -> None:
        spells = remand(90, 60)
        spells["core_bails"].append(spells["core_bails"][0] | {"started_at": ago(70), "ended_at": ago(40)})
        assert times(report("C1", 100), **spells) == [("S", 0, 10, ""), ("S", 60, 100, "")]

    def test_events_before_the_last_three_years_begin_no_clock(self) -> None:
        assert times(report("C1", 1200), report("C2", 100)) == [("S", 0, 100, "")]


def test_incidence_of_the_next_event_worked_by_hand() -> None:
    """Four people: one again on day 20 (same victim), one on day 50 (another), one dead on day 40, one to day 400."""
    rows = [("A", 0, 20, "same victim"), ("B", 0, 50, "another victim"), ("C", 0, 40, "death"), ("D", 0, 400, "")]
    given = [dict(zip(("suspect_ref", "entry_day", "end_day", "cause"), row, strict=True)) for row in rows]
    found = made("metrics.next_event_incidence", core_suspect_risk_times=given)
    at = {(row["cause"], row["day"]): row["incidence"] for row in found if row["is_headline"]}
    assert at["same victim", 30] == pytest.approx(1 / 4)
    assert at["another victim", 30] == 0
    assert at["another victim", 90] == pytest.approx((3 / 4) * (2 / 3) * (1 / 2))
    assert at["death", 365] == pytest.approx((3 / 4) * (1 / 3))
    assert {row["person_count"] for row in found} == {4}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("A", 0, 10, ""), ("A", 5, 20, "death"), ("B", 5, 20, "")], "overlap: 1"),
        ([("A", 0, 10, "death"), ("A", 15, 20, ""), ("B", 0, 20, "")], "follow an event of that person: 1"),
    ],
)
def test_stretches_that_contradict_each_other_are_refused(rows: list[tuple[str, int, int, str]], words: str) -> None:
    given = [dict(zip(("suspect_ref", "entry_day", "end_day", "cause"), row, strict=True)) for row in rows]
    with pytest.raises(ValueError, match=words):
        made("metrics.next_event_incidence", core_suspect_risk_times=given)


def test_a_person_of_several_stretches_counts_once() -> None:
    rows = [("A", 0, 10, ""), ("A", 20, 40, "death"), ("B", 0, 10, ""), ("B", 10, 60, ""), ("C", 0, 400, "")]
    given = [dict(zip(("suspect_ref", "entry_day", "end_day", "cause"), row, strict=True)) for row in rows]
    found = made("metrics.next_event_incidence", core_suspect_risk_times=given)
    assert {row["person_count"] for row in found} == {3}
    assert {row["at_risk_count"] for row in found if row["day"] in (14, 30)} == {2, 3}


def dyad(*days: float, points: tuple[float, ...] = (), **changed: Any) -> list[Row]:
    return [
        {"as_of_at": AS_OF, "is_current": True, "dyad_ref": "D", "victim_ref": "V", "event_at": ago(day),
         "behaviour_points": points[n] if points else 1.0} | changed
        for n, day in enumerate(days)
    ]  # fmt: skip


def test_escalation_is_called_only_beyond_chance_and_never_below_five_events() -> None:
    closing = [1000 - 2 ** (10 - n / 2) + 1 for n in range(18)]  # gaps that shorten each time
    days = sorted((1000 - day for day in closing), reverse=True)
    points = tuple(float(n) for n in range(18))
    rows = made("metrics.dyad_escalation",
                core_suspect_events=[*dyad(*days, points=points), *dyad(400, 300, 200, 100, dyad_ref="E")])  # fmt: skip
    assert {(row["dyad_ref"], row["measure"], row["direction"], row["is_called"]) for row in rows} == {
        ("D", "frequency", "rising", True), ("D", "severity", "rising", True)
    }  # fmt: skip
    steady = made("metrics.dyad_escalation", core_suspect_events=dyad(*[500 - 50 * n for n in range(9)]))
    assert [row["is_called"] for row in steady] == [False, False]
    dyads = [*dyad(*days, points=points), *dyad(100, dyad_ref="F")]
    summary = made("metrics.escalation_summary", core_suspect_events=dyads, metrics_dyad_escalation=rows)
    assert [(row["measure"], row["dyad_count"], row["tested_count"], row["rising_count"]) for row in summary] == [
        ("frequency", 2, 1, 1), ("severity", 2, 1, 1)
    ]  # fmt: skip


def test_weeks_since_the_last_event() -> None:
    rows = [row for n in range(40) for row in dyad(300, 300 - 10, dyad_ref=f"D{n}")]
    weeks = {row["week"]: row for row in made("metrics.next_event_weeks", core_suspect_events=rows)}
    assert weeks[2]["event_count"] == 40 and weeks[2]["hazard"] > weeks[2]["permuted_upper"]
    assert weeks[1]["event_count"] == 0
    late = dyad(20, 12.0, dyad_ref="X")
    late[1]["event_at"] -= timedelta(hours=1)  # nearly eight days apart is less than eight dates
    assert len(made("metrics.next_event_weeks", core_suspect_events=[*rows, *late])) == 26


def test_random_dates_do_not_rest_on_the_references_of_people() -> None:
    """References are drawn by chance in every home; two homes of the same events drew other dates."""
    given = [[row for n in range(40) for row in dyad(300 + n % 7, 200 - n % 5, dyad_ref=name(n))]
             for name in (lambda n: f"D{n:02}", lambda n: f"E{97 * n % 41:02}")]  # fmt: skip
    one, two = (made("metrics.next_event_weeks", core_suspect_events=rows) for rows in given)
    assert one == two


def test_the_last_digits_of_a_sum_are_no_order_of_people() -> None:
    noise = [[{"person_ref": f"P{n:03}", "window_days": 730, "harm_css": n // 10 + sign * n % 3 * 1e-13,
               "harm_behaviour": n // 20 * 2.0} for n in range(100)] for sign in (1, 0)]  # fmt: skip
    one, two = (made("metrics.lens_agreement", metrics_repeat_suspects=rows) for rows in noise)
    assert one == two and one[0]["tau"] is not None


def test_lenses_that_rank_alike_and_lenses_that_do_not() -> None:
    rows = [{"person_ref": f"P{n:03}", "window_days": 730, "harm_css": n, "harm_behaviour": 2 * n, "harm_cchi": -n}
            for n in range(200)]  # fmt: skip
    compared = made("metrics.lens_agreement", metrics_repeat_suspects=rows)
    found = {(row["lens"], row["other_lens"]): row for row in compared}
    assert (found["severity", "behaviour"]["tau"], found["severity", "behaviour"]["on_both_count"]) == (1, 100)
    assert (found["sentencing", "severity"]["tau"], found["sentencing", "severity"]["on_both_count"]) == (-1, 0)


def test_a_lens_that_is_not_measured_is_in_no_comparison() -> None:
    rows = [{"person_ref": f"P{n:03}", "window_days": 730, "harm_css": n, "harm_behaviour": n} for n in range(40)]
    found = made("metrics.lens_agreement", metrics_repeat_suspects=rows)
    assert [(row["lens"], row["other_lens"], row["listed_count"]) for row in found] == [("severity", "behaviour", 40)]

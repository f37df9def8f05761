"""The back-test of the lists, by worked example: what a list would have caught; it knows nothing of what came later."""

from datetime import UTC, date, datetime
from typing import Any

from worked import Row, made, only

NOW = datetime(2026, 4, 1, tzinfo=UTC)
FIRST, SECOND = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
TWO = [{"backtest_list_length": 2, "backtest_horizon_days": 365, "backtest_high_harm_points": 4}]  # fmt: skip


def scored(at: datetime, **scores: float | None) -> list[Row]:
    return [
        {"as_of_at": at, "is_current": at == NOW, "suspect_ref": ref, "window_days": 730, "rfgv_score": score}
        for ref, score in scores.items()
    ]


def event(suspect: str, at: datetime, points: float | None, ref: str = "") -> Row:
    return {"as_of_at": NOW, "is_current": True, "suspect_ref": suspect, "event_ref": ref or f"{suspect}{at:%y%m%d}",
            "event_at": at, "behaviour_points": points}  # fmt: skip


def ranked(*rows: Row) -> list[Row]:
    return made("core.ranked_suspects", core_suspect_windows=list(rows), core_settings=TWO)


def later(*events: Row) -> list[Row]:
    moments: list[dict[str, Any]] = [
        {"as_of_at": at, "known_by_at": at, "is_current": at == NOW} for at in (FIRST, SECOND, NOW)
    ]
    return made("core.later_events", core_as_of_moments=moments, core_suspect_events=list(events),
                core_settings=TWO)  # fmt: skip


def test_a_list_is_the_highest_scores_and_a_score_that_is_not_known_is_on_none() -> None:
    rows = ranked(*scored(FIRST, A=10, B=30, C=20, D=None))
    assert {row["suspect_ref"]: (row["rank"], row["is_listed"]) for row in rows} == {
        "B": (1, True), "C": (2, True), "A": (3, False)
    }  # fmt: skip


def test_the_year_after_an_origin_and_no_more() -> None:
    rows = later(
        event("A", FIRST, 9),  # at the origin: not later
        event("A", datetime(2025, 2, 1, 0, 0, 1, tzinfo=UTC), 4),
        event("A", datetime(2026, 2, 1, tzinfo=UTC), 3),
        event("A", datetime(2026, 2, 2, tzinfo=UTC), 9),
        event("B", datetime(2025, 6, 1, tzinfo=UTC), None),
    )
    of_first = [(row["suspect_ref"], row["is_high_harm"]) for row in only(rows, as_of_at=FIRST)]
    assert sorted(of_first) == [("A", False), ("A", True), ("B", False)]


def test_what_the_list_would_have_caught() -> None:
    lists = ranked(*scored(FIRST, A=30, B=20, C=10, D=5), *scored(SECOND, A=30, C=20, B=10, D=5))
    summer = datetime(2025, 6, 1, tzinfo=UTC)
    events = later(
        event("A", summer, 5), event("A", datetime(2025, 7, 1, tzinfo=UTC), 6), event("C", summer, 4),
        event("D", summer, 2), event("E", summer, 8),  # nobody knew of E
    )  # fmt: skip
    rows = made("metrics.ranking_backtest", core_ranked_suspects=lists, core_later_events=events)
    first, second = only(rows, as_of_at=FIRST)[0], only(rows, as_of_at=SECOND)[0]
    assert (first["high_harm_event_count"], first["of_ranked_count"], first["captured_count"]) == (4, 3, 2)
    assert (first["captured_share"], first["captured_at_random"]) == (0.5, 3 / 4 * 2 / 4)
    assert first["listed_with_high_harm_count"] == 1
    assert (second["captured_count"], second["listed_with_high_harm_count"]) == (3, 2)
    assert (first["stability"], second["stability"]) == (None, 1 / 3)  # A of A, B and C


def test_groups_are_compared_by_who_was_listed_with_and_without_cause() -> None:
    lists = ranked(*scored(FIRST, A=30, B=20, C=10))
    events = later(event("A", datetime(2025, 6, 1, tzinfo=UTC), 5), event("C", datetime(2025, 6, 1, tzinfo=UTC), 5))
    people = [{"person_key": ref.lower(), "person_ref": ref} for ref in "ABC"]
    persons = [{"person_key": "a", "sex": "male"}, {"person_key": "b", "sex": "male"}, {"person_key": "c"}]
    rows = made("metrics.ranking_by_group", core_ranked_suspects=lists, core_later_events=events, core_people=people,
                core_persons=persons)  # fmt: skip
    by_sex = {row["group_name"]: row for row in only(rows, group_type="sex")}
    assert (by_sex["male"]["captured_share"], by_sex["male"]["false_positive_share"]) == (1, 1)
    assert (by_sex["not stated"]["captured_share"], by_sex["not stated"]["false_positive_share"]) == (0, None)


def test_those_listed_are_followed_whether_or_not_they_come_up_again() -> None:
    windows = [*scored(FIRST, A=80, B=60, C=10), *scored(SECOND, A=70, C=50)]
    adopted = [{"person_ref": "A", "programme": "matac", "stage": "adopted", "from_date": date(2025, 2, 10)}]
    moments = [{"as_of_at": at, "known_by_at": at, "is_current": False} for at in (FIRST, SECOND)]
    rows = made("metrics.score_after_listing", core_suspect_windows=windows, core_ranked_suspects=ranked(*windows),
                metrics_ranking_choice=[{"method": "score", "is_used": True}],
                core_managements=adopted, core_as_of_moments=moments)  # fmt: skip
    assert [(row["cohort"], row["months_since"], row["mean_score"]) for row in rows] == [
        ("adopted since", 0, 80), ("adopted since", 1, 70), ("never managed", 0, 60), ("never managed", 1, 0),
    ]  # fmt: skip

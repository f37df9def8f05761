"""An assessment is kept as issued, once, and the next one held against it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from worked import Row, made

from casework.assessment import assessments
from casework.store.database import open_store
from casework.store.refusal import Refused

SCORE: Row = {
    "theme_code": "T1", "risk": 30.0, "rank": 2, "rank_low": 2, "rank_high": 4, "scheme_version": 1, "scheme_hash": "a",
    "override_count": 0,
}  # fmt: skip
DAY = date(2026, 3, 31)


class TestIssuing:
    def test_what_was_published_is_kept(self, tmp_path: Path) -> None:
        engine = open_store(tmp_path)
        ref = assessments.issue(engine, " Spring  2026 ", DAY, "m1", [SCORE], "Invented Analyst")
        [held] = assessments.issued(engine)
        assert (held["assessment_ref"], held["title"], held["as_of_date"]) == (ref, "Spring 2026", "2026-03-31")

    def test_one_publication_is_issued_once(self, tmp_path: Path) -> None:
        engine = open_store(tmp_path)
        assessments.issue(engine, "Spring", DAY, "m1", [SCORE], "Invented Analyst")
        with pytest.raises(Refused, match="issued already, as “Spring”"):
            assessments.issue(engine, "Again", DAY, "m1", [SCORE], "Invented Analyst")

    def test_it_has_a_title_and_themes(self, tmp_path: Path) -> None:
        engine = open_store(tmp_path)
        with pytest.raises(Refused, match="title"):
            assessments.issue(engine, " ", DAY, "m1", [SCORE], "Invented Analyst")
        with pytest.raises(Refused, match="nothing to issue"):
            assessments.issue(engine, "Spring", DAY, "m1", [], "Invented Analyst")
        assert assessments.issued(engine) == []


def issued(ref: str, day: date, hour: str, **more: Any) -> Row:
    return {**SCORE, "assessment_ref": ref, "title": ref, "as_of_date": day, "issued_at": f"{hour}:00+00", **more}


def change(then: list[Row], **now: Any) -> list[Row]:
    score = {**SCORE, "as_of_date": DAY, **now}
    return made("metrics.theme_changes", metrics_theme_scores=[score], core_issued_assessments=then)


class TestChanges:
    BEFORE = issued("A1", date(2025, 9, 30), "2025-10-01 09:00")

    def test_without_an_earlier_assessment_there_is_nothing(self) -> None:
        assert change([]) == []
        assert change([issued("A1", DAY, "2026-04-01 09:00")]) == []

    @pytest.mark.parametrize(
        ("low", "high", "word"),
        [(1, 1, "higher"), (1, 2, "no clear change"), (4, 6, "no clear change"), (5, 6, "lower")],
    )
    def test_a_place_has_changed_where_the_intervals_have_nothing_in_common(
        self, low: int, high: int, word: str
    ) -> None:
        [row] = change([self.BEFORE], rank=low, rank_low=low, rank_high=high)
        assert (row["change"], row["last_rank"]) == (word, 2)

    def test_the_last_issued_counts(self) -> None:
        later = issued("A2", date(2025, 12, 31), "2026-01-02 09:00", rank=7, rank_low=7, rank_high=7)
        [row] = change([self.BEFORE, later])
        assert (row["last_assessment_ref"], row["change"]) == ("A2", "higher")

    def test_under_another_scheme_no_change_is_called(self) -> None:
        [row] = change([self.BEFORE], rank=1, rank_low=1, rank_high=1, scheme_hash="b")
        assert row["change"] == "other scheme"

    def test_another_version_is_another_scheme_though_its_numbers_are_alike(self) -> None:
        [row] = change([self.BEFORE], rank=1, rank_low=1, rank_high=1, scheme_version=2)
        assert row["change"] == "other scheme"

    def test_an_override_then_or_now_is_no_change(self) -> None:
        [row] = change([self.BEFORE], rank=1, rank_low=1, rank_high=1, override_count=1)
        assert row["change"] == "overridden"

    def test_a_theme_that_it_lacked_is_new(self) -> None:
        [row] = change([self.BEFORE], theme_code="T9", rank=None)
        assert (row["change"], row["last_rank"]) == ("new", None)

    def test_among_other_themes_no_place_has_changed(self) -> None:
        then = [self.BEFORE, {**self.BEFORE, "theme_code": "C1", "rank": 1}]
        [row] = change(then, rank=1, rank_low=1, rank_high=1)
        assert row["change"] == "other themes"

    def test_a_theme_without_a_place_has_no_change(self) -> None:
        before = {**self.BEFORE, "rank": None, "rank_low": None, "rank_high": None}
        [row] = change([before], rank=None, rank_low=None, rank_high=None)
        assert row["change"] == "not ranked"
